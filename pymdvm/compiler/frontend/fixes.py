"""Replacements that mend a source: what a finding offers, and applying them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pymdvm.compiler.frontend.syntax import Place


class Fix(NamedTuple):
    """text: what is to stand between start and end instead."""

    start: Place
    end: Place
    text: str

    def as_dict(self) -> dict[str, object]:
        """As JSON types."""
        return {
            "line": self.start.line,
            "column": self.start.column,
            "end_line": self.end.line,
            "end_column": self.end.column,
            "text": self.text,
        }


def replacing(place: Place, text: str) -> Fix:
    """Puts the text in the place of a span."""
    return Fix(Place(*place), Place(*getattr(place, "end", place)), text)


def inserting(place: Place, text: str) -> Fix:
    """Puts the text in front of a place."""
    return Fix(Place(*place), Place(*place), text)


def apply_fixes(source: str, fixes: Iterable[Fix]) -> tuple[str, int]:
    """The source with the fixes, and how many were applied: of two that overlap only the first."""
    starts = [0]
    for line in source.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    shift = 1 if source.startswith("\ufeff") else 0

    def offset(place: Place) -> int:
        extra = shift if place.line == 1 else 0
        return min(starts[place.line - 1] + place.column - 1 + extra, len(source))

    made: list[str] = []
    position = count = 0
    for fix in sorted(set(fixes)):
        start, end = offset(fix.start), offset(fix.end)
        if start < position:
            continue
        made += [source[position:start], fix.text]
        position = end
        count += 1
    made.append(source[position:])
    return "".join(made), count
