"""Small programs as lists of lines: easy to make, to cut down and to turn into files.

A line names an instruction of mdvm.opcodes and its operands as pymdvm's Builder takes them, but for
three things: a jump names its label, LOAD_CONST takes the constant itself, and EntryOf stands for
an int constant, the place of a label.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union

from mdvm import opcodes
from mdvm.debugging.disassembler import disassemble
from mdvm.loading.loader import load_module
from pymdvm.bytecode import Builder, Constant, Label


@dataclass(frozen=True)
class EntryOf:
    """The index of the instruction behind a label, as an int constant."""

    label: str


@dataclass(frozen=True)
class Line:
    """One instruction."""

    name: str
    operands: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Mark:
    """A label; also an entry in the function table when it names a function."""

    label: str
    function: str | None = None


@dataclass(frozen=True)
class Latest:
    """Makes the program one of version 2."""


Item = Union[Line, Mark, Latest]


def line(name: str, *operands: Any) -> Line:
    """A line, written short."""
    return Line(name, operands)


def load(register: int, value: None | bool | int | float | str | Constant | EntryOf) -> Line:
    """The LOAD_CONST of a value.  Converted here, because 1, 1.0 and True must stay apart and equal
    NaNs together.
    """
    return Line(
        "LOAD_CONST",
        (register, value if isinstance(value, (Constant, EntryOf)) else Constant.of(value)),
    )


def function(name: str) -> Mark:
    """The place where a function begins."""
    return Mark(name, name)


def assemble(items: Iterable[Item]) -> bytes:
    """The bytes of the .mdbc file."""
    items = list(items)
    places = _places(items)
    version = opcodes.LATEST if Latest() in items else opcodes.PUBLISHED
    builder = Builder("differential", version)
    labels: dict[str, Label] = {}
    for item in items:
        if isinstance(item, Mark):
            builder.place(labels.setdefault(item.label, builder.label(item.label)))
            if item.function is not None:
                builder.function(item.function, places[item.label])
        elif isinstance(item, Line):
            builder.emit(item.name, *_operands(builder, item, labels, places))
    return builder.to_bytes()


def _places(items: Sequence[Item]) -> dict[str, int]:
    places = {}
    index = 0
    for item in items:
        if isinstance(item, Mark):
            places[item.label] = index
        elif isinstance(item, Line):
            index += 1
    return places


def _operands(
    builder: Builder, item: Line, labels: dict[str, Label], places: dict[str, int]
) -> list[Any]:
    converted: list[Any] = []
    for operand, value in zip(opcodes.BY_NAME[item.name].operands, item.operands):
        if operand.kind == opcodes.JUMP_DISTANCE and isinstance(value, str):
            converted.append(labels.setdefault(value, builder.label(value)))
        elif isinstance(value, EntryOf):
            converted.append(builder.constant(places[value.label]))
        elif isinstance(value, Constant):
            converted.append(builder.constant(value))
        else:
            converted.append(value)
    return converted


def write_file(folder: Path, name: str, items: Iterable[Item]) -> Path:
    """Assemble into a file."""
    path = folder / f"{name}.mdbc"
    path.write_bytes(assemble(items))
    return path


def listing(items: Iterable[Item]) -> str:
    """The program in the assembler's language."""
    text: str = disassemble(load_module(assemble(items).decode("latin-1")))
    return text.encode("latin-1").decode("utf-8")
