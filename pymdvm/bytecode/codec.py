"""The .mdbc file format: a Program to bytes and back.

How an instruction is laid out follows from the operand kinds in mdvm.opcodes; this module only
knows how each kind is stored. The reader accepts whatever the VM loads and refuses the rest with
the VM's own texts.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from mdvm import opcodes
from mdvm.errors import INVALID_URL
from mdvm.opcodes import RANGE_CONDITION
from pymdvm.bytecode.model import (
    I32_MAX,
    I32_MIN,
    I64_MAX,
    I64_MIN,
    U8_MAX,
    U16_MAX,
    U32_MAX,
    U64_MAX,
    BytecodeError,
    Constant,
    ConstantKind,
    FormatError,
    FormatLimitError,
    Function,
    Instruction,
    OperandValue,
    Program,
    check_range,
    check_type,
    utf8_bytes,
)

MAGIC = b"MDBC"
HEADER_SIZE = 28
# The VM compares a file's length with this before it looks at the magic number.
SHORTEST_CHECKED = 24

_Content = TypeVar("_Content")


class _Field:
    """A little-endian integer of fixed width."""

    def __init__(self, code: str, smallest: int, largest: int) -> None:
        self.layout = struct.Struct("<" + code)
        self.smallest = smallest
        self.largest = largest


_U8 = _Field("B", 0, U8_MAX)
_U16 = _Field("H", 0, U16_MAX)
_U32 = _Field("I", 0, U32_MAX)
_U64 = _Field("Q", 0, U64_MAX)
_I32 = _Field("i", I32_MIN, I32_MAX)
_I64 = _Field("q", I64_MIN, I64_MAX)

# The operand kinds that are a single integer: how it is stored and what an error calls it.
_SIMPLE_KINDS: dict[int, tuple[_Field, str]] = {
    opcodes.WRITE: (_U8, "register"),
    opcodes.READ: (_U8, "register"),
    opcodes.UPDATE: (_U8, "register"),
    opcodes.CONSTANT: (_U16, "constant index"),
    opcodes.NAME: (_U16, "constant index"),
    opcodes.MESSAGE: (_U16, "constant index"),
    opcodes.TYPE: (_U16, "type"),
    opcodes.SCOPE: (_U16, "scope"),
    opcodes.JUMP_DISTANCE: (_I32, "jump distance"),
    opcodes.CONDITION: (_U8, "condition"),
}


# The kinds of constants of version 2.
_LATEST_KINDS = (ConstantKind.FUNCTION, ConstantKind.URL)


def check_instruction(instruction: Instruction, version: int) -> None:
    """Raise FormatLimitError unless the instruction can be stored in a file of this version that
    loads.
    """
    _write_instruction(bytearray(), instruction, version)


def write(program: Program) -> bytes:
    """The bytes of the .mdbc file; always the same for equal Programs.  Raises FormatLimitError if
    a value does not fit.
    """
    check_type("what is written", program, Program)
    sections = [
        _name_section(program),
        _constants_section(program),
        _functions_section(program),
        _instructions_section(program),
    ]
    data = bytearray(MAGIC)
    _write_field(data, _U32, "version", program.version)
    _write_field(data, _U32, "flags", program.flags)
    offset = HEADER_SIZE
    for section in sections:
        _write_field(data, _U32, "section offset", offset)
        offset += len(section)
    for section in sections:
        data += section
    return bytes(data)


def _name_section(program: Program) -> bytearray:
    section = bytearray()
    _write_string(section, program.name)
    return section


def _constants_section(program: Program) -> bytearray:
    section = bytearray()
    _write_field(section, _U32, "number of constants", len(program.constants))
    for constant in program.constants:
        if constant.kind in _LATEST_KINDS and program.version != opcodes.LATEST:
            raise FormatLimitError(
                f"a constant of kind {constant.kind.name.lower()} takes a file of version "
                f"{opcodes.LATEST}, and this one has version {program.version}"
            )
        section.append(constant.kind)
        payload: Any = constant.payload
        if constant.kind is ConstantKind.INT:
            _write_field(section, _I64, "int constant", payload)
        elif constant.kind is ConstantKind.FLOAT:
            _write_field(section, _U64, "float bits", payload)
        elif constant.kind in (ConstantKind.STRING, *_LATEST_KINDS):
            _write_string(section, payload)
        elif constant.kind is ConstantKind.BOOL:
            section.append(1 if payload else 0)
    return section


def _functions_section(program: Program) -> bytearray:
    section = bytearray()
    _write_field(section, _U32, "number of functions", len(program.functions))
    for function in program.functions:
        _write_string(section, function.name)
        _write_field(section, _U32, "function target", function.target)
    return section


def _instructions_section(program: Program) -> bytearray:
    section = bytearray()
    _write_field(section, _U32, "number of instructions", len(program.instructions))
    for instruction in program.instructions:
        _write_instruction(section, instruction, program.version)
    return section


def _write_field(data: bytearray, field: _Field, what: str, value: int) -> None:
    check_range(what, value, field.smallest, field.largest)
    data += field.layout.pack(value)


def _write_string(data: bytearray, text: str) -> None:
    encoded = utf8_bytes(text)
    _write_field(data, _U32, "string length", len(encoded))
    data += encoded


def _write_instruction(data: bytearray, instruction: Instruction, version: int) -> None:
    check_range("opcode", instruction.opcode, 0, len(opcodes.OPCODES) - 1)
    opcode = opcodes.OPCODES[instruction.opcode]
    if opcode.number >= opcodes.opcode_count(version):
        raise FormatLimitError(
            f"opcode {opcode.number}, {opcode.name}, takes a file of version {opcode.version}, and "
            f"this one has version {version}"
        )
    if len(instruction.operands) != len(opcode.operands):
        raise FormatLimitError(
            f"{opcode.name} takes {len(opcode.operands)} operands, not {len(instruction.operands)}"
        )
    data.append(instruction.opcode)
    condition = 0
    for operand, value in zip(opcode.operands, instruction.operands):
        if operand.kind == opcodes.CONDITION:
            assert isinstance(value, int)
            condition = value
            check_range("condition", condition, 0, RANGE_CONDITION)
        if operand.kind == opcodes.RANGE:
            expected = 2 if condition == RANGE_CONDITION else 0
            if not isinstance(value, tuple) or len(value) != expected:
                raise FormatLimitError(
                    f"after condition {condition} the range is a tuple of {expected} ints"
                )
        _write_operand(data, operand.kind, value)


def _write_operand(data: bytearray, kind: int, value: Any) -> None:
    if kind in _SIMPLE_KINDS:
        field, what = _SIMPLE_KINDS[kind]
        _write_field(data, field, what, value)
    elif kind == opcodes.RANGE:
        for bound in value:
            _write_field(data, _I64, "bound", bound)
    elif kind == opcodes.ARGUMENTS:
        _write_field(data, _U8, "number of arguments", len(value))
        for register in value:
            _write_field(data, _U8, "register", register)
    elif kind == opcodes.SOURCES:
        _write_field(data, _U8, "number of sources", len(value))
        for register, label in value:
            _write_field(data, _U8, "register", register)
            _write_field(data, _U16, "label", label)
    elif kind == opcodes.RESULT:
        if not value or len(value) != (2 if value[0] else 1):
            raise FormatLimitError("a result is (0,) or (has, register)")
        _write_field(data, _U8, "`has`", value[0])
        for register in value[1:]:
            _write_field(data, _U8, "register", register)
    else:
        raise BytecodeError(f"operands of kind {opcodes.KIND_NAMES[kind]} cannot be stored")


@dataclass(frozen=True)
class Section:
    """Where one section of a file stands.

    offset, size: int, in bytes
    """

    name: str
    offset: int
    size: int


def read(data: bytes) -> Program:
    """The Program that the bytes of an .mdbc file hold.  Raises FormatError, with the VM's text, if
    they do not load.
    """
    return _read(data)[0]


def read_sections(data: bytes) -> list[Section]:
    """The header and the four sections, in the order in which they are read.  Raises FormatError as
    `read` does.
    """
    return _read(data)[1]


def _read(data: bytes) -> tuple[Program, list[Section]]:
    if not isinstance(data, (bytes, bytearray)):
        raise TypeError(f"what is read must be bytes, not {type(data).__name__}")
    if len(data) < SHORTEST_CHECKED:
        raise FormatError("Invalid bytecode format")
    if data[:4] != MAGIC:
        raise FormatError("Invalid magic number")
    reader = _Reader(data)
    reader.seek(len(MAGIC))
    version = reader.field(_U32)
    flags = reader.field(_U32)
    offsets = [reader.field(_U32) for _ in range(4)]
    sections = [Section("header", 0, HEADER_SIZE)]

    def read_section(section: str, offset: int, read_content: Callable[[], _Content]) -> _Content:
        reader.seek(offset)
        content = read_content()
        sections.append(Section(section, offset, reader.position - offset))
        return content

    name = read_section("name", offsets[0], reader.string)
    constants = read_section(
        "constants",
        offsets[1],
        lambda: [_read_constant(reader, version) for _ in range(reader.field(_U32))],
    )
    functions = read_section(
        "functions",
        offsets[2],
        lambda: [Function(reader.string(), reader.field(_U32)) for _ in range(reader.field(_U32))],
    )
    instructions = read_section(
        "instructions",
        offsets[3],
        lambda: [_read_instruction(reader, version) for _ in range(reader.field(_U32))],
    )
    return Program(
        name, version, flags, tuple(constants), tuple(functions), tuple(instructions)
    ), sections


class _Reader:
    """A position in the bytes of a file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.position = 0

    def seek(self, offset: int) -> None:
        if offset > len(self._data):
            raise FormatError("Invalid offset")
        self.position = offset

    def take(self, size: int) -> bytes:
        end = self.position + size
        if end > len(self._data):
            raise FormatError("Unexpected EOF")
        taken = self._data[self.position : end]
        self.position = end
        return taken

    def field(self, field: _Field) -> int:
        value: int = field.layout.unpack(self.take(field.layout.size))[0]
        return value

    def string(self) -> str:
        encoded = self.take(self.field(_U32))
        try:
            return encoded.decode("utf-8")
        except UnicodeDecodeError:
            raise FormatError("Invalid UTF-8") from None


def _read_constant(reader: _Reader, version: int) -> Constant:
    tag = reader.field(_U8)
    if tag == ConstantKind.INT:
        return Constant.integer(reader.field(_I64))
    if tag == ConstantKind.FLOAT:
        return Constant.float_bits(reader.field(_U64))
    if tag == ConstantKind.STRING:
        return Constant.string(reader.string())
    if tag == ConstantKind.BOOL:
        return Constant.of(reader.field(_U8) != 0)
    if tag == ConstantKind.EMPTY:
        return Constant.empty()
    if version == opcodes.LATEST and tag == ConstantKind.FUNCTION:
        return Constant.function(reader.string())
    if version == opcodes.LATEST and tag == ConstantKind.URL:
        return _read_url(reader)
    raise FormatError(f"Invalid constant tag: {tag}")


def _read_url(reader: _Reader) -> Constant:
    try:
        return Constant.url(reader.string())
    except FormatLimitError:
        raise FormatError(INVALID_URL) from None


def _read_instruction(reader: _Reader, version: int) -> Instruction:
    number = reader.field(_U8)
    if number >= opcodes.opcode_count(version):
        raise FormatError(f"Invalid opcode: {number}")
    operands: list[OperandValue] = []
    condition = 0
    for operand in opcodes.OPCODES[number].operands:
        if operand.kind == opcodes.RANGE:
            bounds = 2 if condition == RANGE_CONDITION else 0
            operands.append(tuple([reader.field(_I64) for _ in range(bounds)]))
            continue
        value = _read_operand(reader, operand.kind)
        if operand.kind == opcodes.CONDITION:
            assert isinstance(value, int)
            if value > RANGE_CONDITION:
                raise FormatError(f"Invalid opcode: {value}")
            condition = value
        operands.append(value)
    return Instruction(number, tuple(operands))


def _read_operand(reader: _Reader, kind: int) -> OperandValue:
    if kind in _SIMPLE_KINDS:
        return reader.field(_SIMPLE_KINDS[kind][0])
    if kind == opcodes.ARGUMENTS:
        return tuple([reader.field(_U8) for _ in range(reader.field(_U8))])
    if kind == opcodes.SOURCES:
        return tuple([(reader.field(_U8), reader.field(_U16)) for _ in range(reader.field(_U8))])
    if kind == opcodes.RESULT:
        has = reader.field(_U8)
        return (has, reader.field(_U8)) if has else (has,)
    raise BytecodeError(f"operands of kind {opcodes.KIND_NAMES[kind]} cannot be read")
