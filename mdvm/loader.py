"""Bytes to Module, or LoadError.

The format is described in docs/bytecode.md.  Memory stays in proportion to the file whatever its counts say, since every
element that a count promises takes at least one byte of the file.
"""
from mdvm import errors, opcodes
from mdvm.compat import bits_to_float
from mdvm.module import FunctionEntry, Module
from mdvm.objects import W_Float, W_Int, w_empty, w_false, w_true
from mdvm.reader import Reader
from mdvm.strings import W_Str

_SMALLEST_FILE = 24
_SMALLEST_METADATA = 20


def _read_constant(reader):
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
    raise errors.invalid_constant_tag(tag)


def _read_constants(reader):
    constants = []
    count = reader.read_u32()
    while len(constants) < count:
        constants.append(_read_constant(reader))
    return constants


def _read_functions(reader):
    functions = []
    count = reader.read_u32()
    while len(functions) < count:
        name = reader.read_string()
        functions.append(FunctionEntry(name, reader.read_u32()))
    return functions


def _read_arguments(reader, code):
    count = reader.read_u8()
    code.append(count)
    for _ in range(count):
        code.append(reader.read_u8())


def _read_sources(reader, code):
    count = reader.read_u8()
    code.append(count)
    for _ in range(count):
        code.append(reader.read_u8())
        code.append(reader.read_u16())


def _read_result(reader, code):
    has = reader.read_u8()
    code.append(has)
    if has:
        code.append(reader.read_u8())


def _read_condition(reader, code):
    condition = reader.read_u8()
    if condition >= len(opcodes.CONDITION_NAMES):
        raise errors.invalid_opcode(condition)
    code.append(condition)
    code.append(reader.read_u16())
    if condition == opcodes.RANGE_CONDITION:
        code.append(reader.read_i64())
        code.append(reader.read_i64())


def _read_operand(reader, code, kind):
    if kind == opcodes.WRITE or kind == opcodes.READ or kind == opcodes.UPDATE:
        code.append(reader.read_u8())
    elif kind == opcodes.CONSTANT or kind == opcodes.NAME or kind == opcodes.TYPE or kind == opcodes.SCOPE:
        code.append(reader.read_u16())
    elif kind == opcodes.JUMP_DISTANCE:
        code.append(reader.read_i32())
    elif kind == opcodes.ARGUMENTS:
        _read_arguments(reader, code)
    elif kind == opcodes.SOURCES:
        _read_sources(reader, code)
    elif kind == opcodes.RESULT:
        _read_result(reader, code)
    elif kind == opcodes.CONDITION:
        # The message and the bounds are read with it: the message's place depends on nothing, theirs on the condition.
        _read_condition(reader, code)


def _read_instructions(reader, code, starts):
    count = reader.read_u32()
    while len(starts) < count:
        number = reader.read_u8()
        if number >= len(opcodes.OPCODES):
            raise errors.invalid_opcode(number)
        starts.append(len(code))
        code.append(number)
        for operand in opcodes.OPCODES[number].operands:
            _read_operand(reader, code, operand.kind)


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
    constants = _read_constants(reader)
    reader.seek(functions_offset)
    functions = _read_functions(reader)
    reader.seek(instructions_offset)
    code = []
    starts = []
    _read_instructions(reader, code, starts)
    return Module(name, version, flags, constants, functions, code, starts)


def check_metadata(data):
    """data: str, the bytes of a .mdbm file.  Raises LoadError unless it looks like one; its content has no effect."""
    if len(data) < _SMALLEST_METADATA:
        raise errors.LoadError(errors.INVALID_FORMAT)
    if data[:4] != "MDBM":
        raise errors.LoadError(errors.INVALID_MAGIC)
