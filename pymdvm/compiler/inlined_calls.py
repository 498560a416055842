"""Which instructions stand for calls that were inlined: what metadata says about them, collected
while instructions are written.
"""

from __future__ import annotations

from pymdvm.bytecode.metadata import InlinedCall
from pymdvm.compiler.mir.model import InlinedPlace, Place

_Call = tuple[str, int, int]
"""The called function's name in the source, the line and the column of the call."""


def calls_around(place: Place | None) -> tuple[_Call, ...]:
    """The inlined calls around a source location, outer ones first."""
    calls: list[_Call] = []
    while isinstance(place, InlinedPlace):
        calls.append((place.function, place.call.line, place.call.column))
        place = place.call
    return tuple(reversed(calls))


class InlinedCalls:
    """The stretches of instructions that belong to the same inlined call."""

    def __init__(self) -> None:
        self._open: list[tuple[_Call, int]] = []
        self._closed: list[InlinedCall] = []

    def note(self, calls: tuple[_Call, ...], index: int) -> None:
        """The instructions from index on are in these inlined calls, outer ones first."""
        common = 0
        while common < min(len(calls), len(self._open)) and self._open[common][0] == calls[common]:
            common += 1
        while len(self._open) > common:
            (function, line, column), first = self._open.pop()
            if first < index:
                self._closed.append(InlinedCall(first, index, function, line, column))
        self._open.extend((call, index) for call in calls[common:])

    def all(self) -> tuple[InlinedCall, ...]:
        """Those that are over: outer ones before inner ones."""
        # Inner ones were closed first, which decides where two have the same instructions.
        outer_first = reversed(self._closed)
        return tuple(sorted(outer_first, key=lambda call: (call.first, -call.end)))
