"""The listing of a program with its cross references, line by line, for people and for tools that
write something beside it.

The references are comments, so the text of all lines still assembles to the same program.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from mdvm.debugging import disassembler
from mdvm.debugging.source_notes import note_places
from pymdvm.inspection.instruction_locations import InstructionLocations
from pymdvm.inspection.references import References
from pymdvm.vm_text import from_vm

COMMENT_COLUMN = 44  # where the comments of the instructions stand too
MOST_REFERENCES = 8  # a line names no more


class LineKind(Enum):
    """What a line holds."""

    BLANK = disassembler.BLANK
    DIRECTIVE = disassembler.DIRECTIVE
    FUNCTION = disassembler.FUNCTION
    LABEL = disassembler.LABEL
    INSTRUCTION = disassembler.INSTRUCTION


@dataclass(frozen=True)
class ListingLine:
    """One line.

    index: of the instruction, of the instruction after the label, or of the function in the table;
        else -1
    """

    text: str
    kind: LineKind
    index: int


def listing_lines(
    module: Any, references: References | None = None, metadata: Any = None
) -> list[ListingLine]:
    """The lines of a loaded mdvm.loading.module.Module.

    references: what to write beside labels and functions, if anything; metadata: the module's
    mdvm.loading.metadata.Metadata, to write beside the instructions where in the source they come
    from.
    """
    vm_lines = disassembler.listing_lines(module)
    if metadata is not None:
        note_places(vm_lines, metadata)
    lines = [ListingLine(from_vm(line.text), LineKind(line.kind), line.index) for line in vm_lines]
    if references is None:
        return lines
    locations = InstructionLocations(module)
    return [_with_references(line, references, locations) for line in lines]


def _with_references(
    line: ListingLine, references: References, locations: InstructionLocations
) -> ListingLine:
    if line.kind is LineKind.LABEL:
        sources, how = references.jumps_to.get(line.index, []), "from"
    elif line.kind is LineKind.FUNCTION:
        sources, how = references.calls_to.get(line.index, []), "called from"
    else:
        return line
    if not sources:
        return line
    return ListingLine(
        f"{line.text:<{COMMENT_COLUMN - 1}} ; {how} {_named(sources, line.kind, locations)}",
        line.kind,
        line.index,
    )


def _named(sources: list[int], kind: LineKind, locations: InstructionLocations) -> str:
    """Jumps stay in one function as a rule, so their indices say enough."""
    names = [
        str(source) if kind is LineKind.LABEL else f"{locations.function_of(source)} {source}"
        for source in sources[:MOST_REFERENCES]
    ]
    if len(sources) > MOST_REFERENCES:
        names.append(f"{len(sources) - MOST_REFERENCES} more")
    return ", ".join(names)
