"""Live ranges: where a register holds a value that is still needed, as segments of program points.

The instruction number k reads at point 2k and writes at point 2k + 1, so a register whose value an
instruction reads for the last time and one that it writes do not meet.
"""

from __future__ import annotations

from bisect import bisect_left


class LiveRange:
    """Segments [starts[i], ends[i]) that do not touch each other, ascending."""

    __slots__ = ("starts", "ends")

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []

    def add(self, start: int, end: int) -> None:
        """Add a segment that overlaps none of those that are there; it may touch them."""
        starts, ends = self.starts, self.ends
        at = bisect_left(starts, start)
        touches_left = at > 0 and ends[at - 1] == start
        touches_right = at < len(starts) and starts[at] == end
        if touches_left and touches_right:
            ends[at - 1] = ends[at]
            del starts[at], ends[at]
        elif touches_left:
            ends[at - 1] = end
        elif touches_right:
            starts[at] = start
        else:
            starts.insert(at, start)
            ends.insert(at, end)

    def unite(self, other: LiveRange) -> None:
        """Add all segments of a range that this one does not meet."""
        for start, end in zip(other.starts, other.ends):
            self.add(start, end)

    def meets(self, other: LiveRange) -> bool:
        """Whether some point is in both."""
        few, many = (self, other) if len(self.starts) <= len(other.starts) else (other, self)
        starts, ends = many.starts, many.ends
        if not few.starts or few.starts[0] >= ends[-1] or few.ends[-1] <= starts[0]:
            return False
        for start, end in zip(few.starts, few.ends):
            at = bisect_left(starts, end) - 1
            if at >= 0 and ends[at] > start:
                return True
        return False

    def crosses_any(self, reads: list[int]) -> bool:
        """reads: the points where some instructions read, ascending -> whether a value is there
        before one and also after it.
        """
        for start, end in zip(self.starts, self.ends):
            at = bisect_left(reads, start)
            if at < len(reads) and reads[at] + 1 < end:
                return True
        return False

    def size(self) -> int:
        """How many points are in it."""
        return sum(self.ends) - sum(self.starts)
