"""Metadata for debugging, the .mdbm file: the writer.  mdvm/loading/metadata.py reads it,
docs/bytecode.md describes the layout.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from mdvm import errors
from mdvm.debugging.source_notes import describe_stack
from mdvm.loading import metadata as reader
from mdvm.loading.program_file import read_program_file
from pymdvm.errors import RunError
from pymdvm.vm_text import bytes_from_vm, bytes_to_vm, from_vm, to_vm


@dataclass(frozen=True)
class Variable:
    """A variable of the source: in the register before the instructions from `first` up to
    `end`.
    """

    name: str
    register: int
    first: int
    end: int


@dataclass(frozen=True)
class FunctionMetadata:
    """What is known of one function.

    name: the source's
    first, end: its instructions
    parameters: their names
    """

    name: str
    first: int
    end: int
    parameters: tuple[str, ...]
    variables: tuple[Variable, ...]


@dataclass(frozen=True)
class Position:
    """The source location, counted from 1, of the instructions from `first` up to the next
    Position's; line 0 if unknown.
    """

    first: int
    line: int
    column: int


@dataclass(frozen=True)
class InlinedCall:
    """A call that was replaced by the instructions from `first` up to `end`.

    function: the called function's name in the source
    line, column: the source location of the call, line 0 if unknown
    """

    first: int
    end: int
    function: str
    line: int
    column: int


@dataclass(frozen=True)
class Metadata:
    """What a file of metadata says.

    source: the path of the source file
    functions, positions: in the order of instructions
    inlined: one before those inside it
    """

    source: str
    functions: tuple[FunctionMetadata, ...]
    positions: tuple[Position, ...]
    inlined: tuple[InlinedCall, ...] = ()

    def lines(self) -> tuple[int, ...]:
        """For each instruction its line in the source, 0 where that is not known."""
        found: list[int] = []
        count = max((function.end for function in self.functions), default=0)
        ends = [position.first for position in self.positions[1:]] + [count]
        for position, end in zip(self.positions, ends):
            found.extend([position.line] * (end - position.first))
        return tuple(found)


def write_metadata(metadata: Metadata, bytecode: bytes) -> bytes:
    """The bytes of the .mdbm file that belongs to these bytes of a .mdbc file."""
    digest = reader.hash_of(bytes_to_vm(bytecode))
    parts = [
        reader.MAGIC.encode("ascii"),
        struct.pack("<Iq", reader.VERSION, digest),
        _string(metadata.source),
    ]
    parts.append(struct.pack("<I", len(metadata.functions)))
    for function in metadata.functions:
        parts.append(_string(function.name))
        parts.append(struct.pack("<II", function.first, function.end))
        parts.append(_strings(function.parameters))
        parts.append(struct.pack("<I", len(function.variables)))
        for variable in function.variables:
            parts.append(_string(variable.name))
            parts.append(struct.pack("<BII", variable.register, variable.first, variable.end))
    parts.append(struct.pack("<I", len(metadata.positions)))
    for position in metadata.positions:
        parts.append(struct.pack("<III", position.first, position.line, position.column))
    parts.append(struct.pack("<I", len(metadata.inlined)))
    for call in metadata.inlined:
        parts.append(
            struct.pack("<II", call.first, call.end)
            + _string(call.function)
            + struct.pack("<II", call.line, call.column)
        )
    return b"".join(parts)


def _string(text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    return struct.pack("<I", len(data)) + data


def _strings(texts: Sequence[str]) -> bytes:
    return struct.pack("<I", len(texts)) + b"".join(_string(text) for text in texts)


def read_metadata(data: bytes, bytecode: bytes) -> Metadata:
    """The content of a .mdbm file.  Raises mdvm.loading.metadata.MetadataError unless it was made
    for these bytes of a .mdbc file.
    """
    found = reader.read_metadata(bytes_to_vm(data), bytes_to_vm(bytecode))
    functions = tuple(
        FunctionMetadata(
            from_vm(function.name),
            function.first,
            function.end,
            tuple(map(from_vm, function.parameters)),
            tuple(
                Variable(from_vm(each.name), each.register, each.first, each.end)
                for each in function.variables
            ),
        )
        for function in found.functions
    )
    positions = tuple(Position(each.first, each.line, each.column) for each in found.positions)
    inlined = tuple(
        InlinedCall(each.first, each.end, from_vm(each.function), each.line, each.column)
        for each in found.inlined
    )
    return Metadata(from_vm(found.source), functions, positions, inlined)


def read_beside(path: str) -> bytes:
    """The content of the .mdbm file beside a program, empty if there is none.  path: as a program
    is loaded from it.
    """
    try:
        return bytes_from_vm(read_program_file(bytes_to_vm(os.fsencode(path))).metadata)
    except errors.LoadError:
        return b""


def stack_lines(data: bytes, bytecode: bytes, error: RunError) -> list[str]:
    """Where in the source an error happened, a line for each call that was going on, as mdvm-c
    tells it.

    data: the content of the .mdbm file, empty if there is none; bytecode: that of the .mdbc file.
    """
    failed = errors.RunError(to_vm(error.text))
    failed.functions = [to_vm(entry.function) for entry in error.stack]
    failed.instructions = [entry.instruction for entry in error.stack]
    failed.omitted = error.omitted
    return [
        from_vm(line) for line in describe_stack(bytes_to_vm(data), bytes_to_vm(bytecode), failed)
    ]
