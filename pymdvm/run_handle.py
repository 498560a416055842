"""What ends runs from outside."""

from __future__ import annotations

from array import array
from weakref import WeakSet

from pymdvm.engines.running import running_engines


class RunHandle:
    """Ends the runs that it was given to, from any thread: `program.run(handle=handle)` there,
    `handle.end()` here.

    One handle can be given to several runs.  Those that begin after `end` are ended at once.
    """

    __slots__ = ("__weakref__", "_others", "flag")

    def __init__(self) -> None:
        self.flag = array("i", [0])  # for the engine, which sets and reads it
        self._others: WeakSet[RunHandle] | None = None

    def end(self) -> None:
        """End these runs: each raises a LimitError of the kind "ended".  May be called at any time,
        also from a signal handler.
        """
        self.flag[0] = 1  # for runs that begin in an engine that is made from now on
        for engine in running_engines():
            engine.end(self.flag)
        if self._others is not None:
            for other in list(self._others):
                other.end()

    def end_too(self, other: RunHandle) -> None:
        """Have `end` of this one end the runs of another one."""
        if self._others is None:
            self._others = WeakSet()
        self._others.add(other)
        if self.ended:
            other.end()

    @property
    def ended(self) -> bool:
        """Whether `end` has been called."""
        return self.flag[0] != 0

    def __repr__(self) -> str:
        return f"<pymdvm.RunHandle: {'ended' if self.ended else 'not ended'}>"


def flag_of(handle: object) -> array[int] | None:
    """What the engine reads of the `handle` that a run was given.  Raises TypeError."""
    if handle is None:
        return None
    if not isinstance(handle, RunHandle):
        raise TypeError(f"handle must be a RunHandle, not {type(handle).__name__}")
    return handle.flag
