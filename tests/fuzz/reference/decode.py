"""Files: bytes to a Module, or the text of the error with which loading must fail."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

from .values import Function, Url, is_url

# The operands of each opcode, in the order of the file: B u8, H u16, i i32, and A a call's
# arguments, R a return's value, P a phi's sources, C an assertion's condition with what follows it.
_OPERANDS = (
    "BH",
    "BB",
    "BH",
    "BH",
    "BH",
    "BBH",
    "BBH",
    "BBB",
    "BBB",
    "BBB",
    "BBB",
    "BBB",
    "BB",
    "BB",
    "BBB",
    "BBB",
    "BBB",
    "BBB",
    "BBB",
    "BBB",
    "BBB",
    "BBB",
    "i",
    "Bi",
    "Bi",
    "BBA",
    "R",
    "BP",
    "BC",
    "H",
    "H",
    "BBB",
    "BB",
    "BB",
    "BBB",
    "BBB",
    "BB",
    "B",
    "-",
    "-",
    "-",
    "B",
    "BBB",
    "BBB",
    "BB",
    "BBB",
    "BB",
    "BB",
    "B",
    "BB",
    # from here on only in files of version 2
    "BB",
    "BB",
    "BBB",
    "BBB",
    "BBB",
    "BBBB",
    "BBB",
    "B",
    "BB",
    "BB",
    "BBB",
    "BB",
    "BB",
)
_LATEST = 2
_PUBLISHED_OPCODES = 50


class LoadFailure(Exception):
    """The file must not load.  The exception's text is the error's."""


@dataclass
class Module:
    """What a file says.

    version: 2, or any other number for the published VM's. functions: (name, target) in order. instructions: of each its opcode and then its operands;
    places: where in the file each begins.
    """

    name: str = ""
    version: int = 1
    constants: list[Any] = field(default_factory=list)
    functions: list[tuple[str, int]] = field(default_factory=list)
    instructions: list[tuple[Any, ...]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)


class _Reader:
    def __init__(self, data: bytes, version: int) -> None:
        self.data = data
        self.at = 0
        self.is_latest = version == _LATEST
        self.operands = _OPERANDS if self.is_latest else _OPERANDS[:_PUBLISHED_OPCODES]

    def take(self, size: int) -> bytes:
        end = self.at + size
        if end > len(self.data):
            raise LoadFailure("Unexpected EOF")
        taken = self.data[self.at : end]
        self.at = end
        return taken

    def number(self, code: str) -> Any:
        layout = struct.Struct("<" + code)
        return layout.unpack(self.take(layout.size))[0]

    def seek(self, offset: int) -> None:
        if offset > len(self.data):
            raise LoadFailure("Invalid offset")
        self.at = offset

    def string(self) -> str:
        try:
            return self.take(self.number("I")).decode("utf-8")
        except UnicodeDecodeError:
            raise LoadFailure("Invalid UTF-8") from None

    def constant(self) -> Any:
        tag = self.number("B")
        if tag == 1:
            return self.number("q")
        if tag == 2:
            return self.number("d")
        if tag == 3:
            return self.string()
        if tag == 4:
            return self.number("B") != 0
        if tag == 5:
            return None
        if tag == 6 and self.is_latest:
            return Function(self.string())
        if tag == 7 and self.is_latest:
            text = self.string()
            if not is_url(text):
                raise LoadFailure("Invalid URL")
            return Url(text)
        raise LoadFailure(f"Invalid constant tag: {tag}")

    def instruction(self) -> tuple[Any, ...]:
        opcode = self.number("B")
        if opcode >= len(self.operands):
            raise LoadFailure(f"Invalid opcode: {opcode}")
        operands: list[Any] = [opcode]
        for code in self.operands[opcode]:
            if code in "BHi":
                operands.append(self.number(code))
            elif code == "A":
                operands.append(tuple(self.take(self.number("B"))))
            elif code == "R":
                operands.append(self.number("B") if self.number("B") else None)
            elif code == "P":
                operands.append(
                    tuple((self.number("B"), self.number("H")) for _ in range(self.number("B")))
                )
            elif code == "C":
                operands += self.condition()
        return tuple(operands)

    def condition(self) -> list[Any]:
        kind = self.number("B")
        if kind > 2:
            raise LoadFailure(f"Invalid opcode: {kind}")
        message = self.number("H")
        bounds = (self.number("q"), self.number("q")) if kind == 2 else None
        return [kind, message, bounds]


def decode(data: bytes) -> Module:
    """The module in a file.  Raises LoadFailure."""
    if len(data) < 24:
        raise LoadFailure("Invalid bytecode format")
    if data[:4] != b"MDBC":
        raise LoadFailure("Invalid magic number")
    if len(data) < 28:
        raise LoadFailure("Unexpected EOF")
    offsets = struct.unpack_from("<4I", data, 12)
    module = Module(version=struct.unpack_from("<I", data, 4)[0])
    reader = _Reader(data, module.version)
    reader.seek(offsets[0])
    module.name = reader.string()
    reader.seek(offsets[1])
    for _ in range(reader.number("I")):
        module.constants.append(reader.constant())
    reader.seek(offsets[2])
    for _ in range(reader.number("I")):
        module.functions.append((reader.string(), reader.number("I")))
    reader.seek(offsets[3])
    for _ in range(reader.number("I")):
        module.places.append(reader.at)
        module.instructions.append(reader.instruction())
    return module
