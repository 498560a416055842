"""The model of an .mdbc file: what the writer, the reader, the builder and the assembler pass to
each other.

A Program holds exactly what a file says, with nothing resolved or interpreted: raw constant
indices, jump distances and function targets, valid or not. Two Programs are equal when a VM cannot
tell their files apart. Everything here is immutable, and values that differ in a single bit (0.0
and -0.0, two NaNs, 1 and True) are different constants.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Union

from mdvm import opcodes
from mdvm.loading.module import DEFAULT_FLAGS, DEFAULT_VERSION
from pymdvm.values import URL, is_url
from pymdvm.values import Function as FunctionValue

DEFAULT_NAME = "__main__"

# The ranges of the integers that a file can hold.
U8_MAX = 2**8 - 1
U16_MAX = 2**16 - 1
U32_MAX = 2**32 - 1
U64_MAX = 2**64 - 1
I32_MIN, I32_MAX = -(2**31), 2**31 - 1
I64_MIN, I64_MAX = -(2**63), 2**63 - 1

OperandValue = Union[int, tuple[int, ...], tuple[tuple[int, int], ...]]
ConstantValue = Union[None, bool, int, float, str, FunctionValue]


class BytecodeError(Exception):
    """The base of every error about .mdbc content."""


class FormatError(BytecodeError):
    """The bytes are not a valid .mdbc file.  The text is the VM's own for the same defect."""


class FormatLimitError(BytecodeError, ValueError):
    """A value does not fit where the file format stores it."""


class ConstantKind(IntEnum):
    """The kinds of constants, numbered as the file tags them."""

    INT = 1
    FLOAT = 2
    STRING = 3
    BOOL = 4
    EMPTY = 5
    FUNCTION = 6
    URL = 7


@dataclass(frozen=True)
class Constant:
    """One entry of the constant pool.

    payload is an int for INT, the 64 bits as an unsigned int for FLOAT, a str for STRING, FUNCTION
    (its name) and URL, a bool for BOOL and None for EMPTY. Only files of version 2 have FUNCTION
    and URL. Use the class methods, or `Constant.of` for a Python value.
    """

    kind: ConstantKind
    payload: None | bool | int | str

    @classmethod
    def of(cls, value: ConstantValue) -> Constant:
        """The constant of a Python value: None (Empty), bool, int, float, str, pymdvm.URL or
        pymdvm.Function.

        Raises FormatLimitError for an int outside 64 bits and for a str that UTF-8 cannot hold,
        TypeError for other types.
        """
        if value is None:
            return cls.empty()
        if isinstance(value, bool):
            return cls(ConstantKind.BOOL, value)
        if isinstance(value, int):
            return cls.integer(value)
        if isinstance(value, float):
            return cls.float_bits(float_to_bits(value))
        if isinstance(value, URL):
            return cls.url(value)
        if isinstance(value, str):
            return cls.string(value)
        if isinstance(value, FunctionValue):
            return cls.function(value.name)
        raise TypeError(f"a constant is None, bool, int, float or str, not {type(value).__name__}")

    @classmethod
    def empty(cls) -> Constant:
        """The constant Empty."""
        return cls(ConstantKind.EMPTY, None)

    @classmethod
    def integer(cls, value: int) -> Constant:
        """An int constant.  Raises FormatLimitError outside 64 bits."""
        check_range("the int constant", value, I64_MIN, I64_MAX)
        return cls(ConstantKind.INT, value)

    @classmethod
    def float_bits(cls, bits: int) -> Constant:
        """A float constant from its IEEE 754 bits, so that any NaN can be written.  Raises
        FormatLimitError outside 64 bits.
        """
        check_range("the bits of a float", bits, 0, U64_MAX)
        return cls(ConstantKind.FLOAT, bits)

    @classmethod
    def string(cls, value: str) -> Constant:
        """A string constant.  Raises FormatLimitError if it holds a surrogate."""
        utf8_bytes(value)
        return cls(ConstantKind.STRING, value)

    @classmethod
    def function(cls, name: str) -> Constant:
        """A function of that name.  Raises FormatLimitError if it holds a surrogate."""
        utf8_bytes(name)
        return cls(ConstantKind.FUNCTION, name)

    @classmethod
    def url(cls, text: str) -> Constant:
        """A URL.  Raises FormatLimitError if it is none, or holds a surrogate."""
        utf8_bytes(text)
        if not is_url(text):
            raise FormatLimitError(f"{text!r} is no URL: it begins with no scheme and colon")
        return cls(ConstantKind.URL, str(text))

    @property
    def value(self) -> ConstantValue:
        """The Python value."""
        if self.kind is ConstantKind.FUNCTION:
            assert isinstance(self.payload, str)
            return FunctionValue(self.payload)
        if self.kind is ConstantKind.URL:
            assert isinstance(self.payload, str)
            return URL(self.payload)
        if self.kind is ConstantKind.FLOAT:
            assert isinstance(self.payload, int)
            return bits_to_float(self.payload)
        return self.payload


@dataclass(frozen=True)
class Function:
    """One entry of the function table: a name and the index of the instruction where the function
    begins.
    """

    name: str
    target: int


@dataclass(frozen=True)
class Instruction:
    """One instruction: the opcode's number and one value for each operand of mdvm.opcodes, in the
    same order.

    Most operands are ints. The others: arguments are a tuple of registers; sources a tuple of
    (register, label); a result is (has,) when `has` is 0 and else (has, register); a range is ()
    or, after condition 2, (smallest, largest).
    """

    opcode: int
    operands: tuple[OperandValue, ...]

    @property
    def name(self) -> str:
        """The opcode's name, such as "LOAD_CONST"."""
        return str(opcodes.OPCODES[self.opcode].name)


@dataclass(frozen=True)
class Program:
    """The content of one .mdbc file."""

    name: str = DEFAULT_NAME
    version: int = DEFAULT_VERSION
    flags: int = DEFAULT_FLAGS
    constants: tuple[Constant, ...] = ()
    functions: tuple[Function, ...] = ()
    instructions: tuple[Instruction, ...] = ()


def float_to_bits(value: float) -> int:
    """The IEEE 754 bits of a float, as an unsigned int."""
    bits: int = struct.unpack("<Q", struct.pack("<d", value))[0]
    return bits


def bits_to_float(bits: int) -> float:
    """The float with these IEEE 754 bits."""
    value: float = struct.unpack("<d", struct.pack("<Q", bits))[0]
    return value


def utf8_bytes(text: str) -> bytes:
    """The UTF-8 bytes of a str.  Raises FormatLimitError if it holds a surrogate, TypeError for
    what is no str.
    """
    check_type("a string in a file", text, str)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise FormatLimitError(
            f"a string holds the surrogate U+{ord(text[error.start]):04X}, which UTF-8 cannot"
        ) from None


def check_range(what: str, value: int, smallest: int, largest: int) -> None:
    """Raise FormatLimitError, naming `what`, unless smallest <= value <= largest; TypeError unless
    the value is an int.
    """
    check_type(what, value, int)
    if not smallest <= value <= largest:
        raise FormatLimitError(f"{what} {value} is not in {smallest}..{largest}")


def check_type(what: str, value: object, expected: type) -> None:
    """Raise TypeError, naming `what`, unless the value is of this type."""
    if not isinstance(value, expected):
        article = "an" if expected is int else "a"
        raise TypeError(f"{what} must be {article} {expected.__name__}, not {type(value).__name__}")
