"""Where in its source an instruction comes from, as far as the metadata of a program say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pymdvm.inspection.instruction_locations import InstructionLocations
from pymdvm.vm_text import from_vm


class SourceLines:
    """The places of a program's instructions.

    path: str, the source file, as the metadata have it
    """

    def __init__(self, metadata: Any, text: Sequence[str] = ()) -> None:
        """metadata: mdvm.loading.metadata.Metadata; text: the lines of the source, if they are at
        hand.
        """
        self._metadata = metadata
        self._text = text
        self.path = from_vm(metadata.source)

    def line_of(self, instruction: int) -> int:
        """The number of its line, counted from 1; 0 where that is not known."""
        position = self._metadata.position(instruction)
        return 0 if position is None else int(position.line)

    def place_of(self, instruction: int) -> str:
        """Its `LINE:COLUMN`; nothing where that is not known."""
        position = self._metadata.position(instruction)
        return "" if position is None else f"{position.line}:{position.column}"

    def text_of(self, line: int) -> str:
        """What the source has there, without the space around it; nothing where the source is not
        at hand.
        """
        if not 1 <= line <= len(self._text):
            return ""
        return "".join(each if each.isprintable() else " " for each in self._text[line - 1]).strip()


class FunctionLines:
    """Names what a stack goes through by function and line, in the place of InstructionLocations,
    which names the function alone.
    """

    def __init__(self, locations: InstructionLocations, source: SourceLines) -> None:
        self._locations = locations
        self._source = source

    def function_of(self, instruction: int) -> str:
        """The name of the function that the instruction stands in, and its line in the source."""
        name = self._locations.function_of(instruction)
        line = self._source.line_of(instruction)
        return f"{name} ({self._source.path}:{line})" if line else name
