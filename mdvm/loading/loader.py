"""Bytes to Module, or LoadError.

The format is described in docs/bytecode.md. Memory stays in proportion to the file whatever its
counts say, since every element that a count promises takes at least one byte of the file. Loading
checks; what the instructions do to registers is found out when they are about to run, see lower.py.
"""

from mdvm import errors, opcodes
from mdvm.system.arithmetic import bits_to_float
from mdvm.loading.encoding import condition_at, end_of, fixed_size
from mdvm.loading.module import STRIDE, FunctionEntry, Instructions, Module
from mdvm.objects import W_Float, W_Int, w_empty, w_false, w_true
from mdvm.opcodes import op
from mdvm.loading.reader import Reader
from mdvm.values.functions import W_Function
from mdvm.values.strings import W_Str, W_Url, is_url

_SMALLEST_FILE = 24
_SMALLEST_METADATA = 20
_SMALLEST_CONSTANT = 1  # bytes: a tag
_SMALLEST_FUNCTION = 8  # the length of its name, and its target

_NO_ENTRY = FunctionEntry("", 0)


def _read_constant(reader, version):
    tag = reader.read_u8()
    if tag == 1:
        return W_Int(reader.read_i64())
    if tag == 2:
        return W_Float(bits_to_float(reader.read_i64()))
    if tag == 3:
        return W_Str(reader.read_string())
    if tag == 4:
        return w_true if reader.read_u8() != 0 else w_false
    if tag == 5:
        return w_empty
    if version == opcodes.LATEST:
        if tag == 6:
            return W_Function(reader.read_string())
        if tag == 7:
            return _read_url(reader)
    raise errors.invalid_constant_tag(tag)


def _read_url(reader):
    text = reader.read_string()
    if not is_url(text):
        raise errors.LoadError(errors.INVALID_URL)
    return W_Url(text)


def _read_constants(reader, version):
    count = reader.read_u32()
    # growing a long list takes twice its memory
    constants = [w_empty] * min(count, reader.rest() // _SMALLEST_CONSTANT + 1)
    index = 0
    while index < count:
        constants[index] = _read_constant(reader, version)
        index += 1
    return constants


def _read_functions(reader):
    count = reader.read_u32()
    functions = [_NO_ENTRY] * min(count, reader.rest() // _SMALLEST_FUNCTION + 1)
    index = 0
    while index < count:
        name = reader.read_string()
        functions[index] = FunctionEntry(name, reader.read_u32())
        index += 1
    return functions


def read_instructions(reader, version):
    """reader: Reader, where their number stands; version: int, the file's -> Instructions.  Every
    one is checked, none is decoded.  Raises LoadError.
    """
    opcode_count = opcodes.opcode_count(version)
    data = reader.data
    count = reader.read_u32()
    # Each takes a byte at least, so if there are fewer bytes than instructions this many marks are
    # never needed.
    marks = [0] * (min(count, len(data) - reader.position + 1) // STRIDE + 1)
    defined = ["\0"] * 256
    offset = reader.position
    index = 0
    while index < count:
        if index % STRIDE == 0:
            marks[index // STRIDE] = offset
        end = _checked_end(data, offset, opcode_count)
        if ord(data[offset]) == op.DEFINE:
            defined[ord(data[offset + 1])] = "\1"
        offset = end
        index += 1
    return Instructions(data, count, marks, "".join(defined))


def _checked_end(data, offset, opcode_count):
    """opcode_count: int, how many opcodes the file can hold -> int, where the instruction that begins at
    offset ends.  Raises LoadError unless it is one and all there.
    """
    if offset >= len(data):
        raise errors.LoadError(errors.UNEXPECTED_EOF)
    opcode = ord(data[offset])
    if opcode >= opcode_count:
        raise errors.invalid_opcode(opcode)
    if opcode == op.ASSERT:
        condition = condition_at(data, offset)
        if condition >= len(opcodes.CONDITION_NAMES):
            raise errors.invalid_opcode(condition)
    end = offset + fixed_size(opcode)
    if end <= len(data):
        end = end_of(data, offset)
    if end > len(data):
        raise errors.LoadError(errors.UNEXPECTED_EOF)
    return end


def load_module(data):
    """data: str, the bytes of a .mdbc file, one byte a character -> Module.  Raises LoadError."""
    if len(data) < _SMALLEST_FILE:
        raise errors.LoadError(errors.INVALID_FORMAT)
    if data[:4] != "MDBC":
        raise errors.LoadError(errors.INVALID_MAGIC)
    reader = Reader(data)
    reader.seek(4)
    version = reader.read_u32()
    flags = reader.read_u32()
    name_offset = reader.read_u32()
    constants_offset = reader.read_u32()
    functions_offset = reader.read_u32()
    instructions_offset = reader.read_u32()
    reader.seek(name_offset)
    name = reader.read_string()
    reader.seek(constants_offset)
    constants = _read_constants(reader, version)
    reader.seek(functions_offset)
    functions = _read_functions(reader)
    reader.seek(instructions_offset)
    instructions = read_instructions(reader, version)
    return Module(name, version, flags, constants, functions, instructions)


def check_metadata(data):
    """data: str, the bytes of a .mdbm file.  Raises LoadError unless it looks like one; its content
    has no effect.
    """
    if len(data) < _SMALLEST_METADATA:
        raise errors.LoadError(errors.INVALID_FORMAT)
    if data[:4] != "MDBM":
        raise errors.LoadError(errors.INVALID_MAGIC)
