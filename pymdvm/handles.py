"""Handles of programs, and when the engine may forget a program: when nothing can use it any more.

That is later than a finalizer runs. The garbage collector calls the finalizers of all that it has
found, in any order, before it ends any of it (PEP 442): another object's finalizer may still use
the program, or save it. So a handle's finalizer says only that the handle may have ended, and
the session, which forgets programs, looks whether it has.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from weakref import ReferenceType, ref


class Handle:
    """Keeps a program.

    number: int, what the engine calls it
    """

    __slots__ = ("__weakref__", "_ended", "number")

    def __init__(self, number: int, ended: deque[tuple[int, ReferenceType[Handle]]]) -> None:
        """ended: where to say that this handle may have ended."""
        self.number = number
        self._ended = ended

    def __del__(self, reference: Callable[[Handle], ReferenceType[Handle]] = ref) -> None:
        # The module's names may be gone when Python ends.
        self._ended.append((self.number, reference(self)))


class Handles:
    """All handles of a session.

    ended: not empty when some may have ended

    A handle can end at any moment and in any thread, also while the engine is in use; `take_ended`
    is for the thread that is using it.
    """

    def __init__(self) -> None:
        self.ended: deque[tuple[int, ReferenceType[Handle]]] = deque()
        self._saved: list[tuple[int, ReferenceType[Handle]]] = []

    def new(self, number: int) -> Handle:
        """The handle of a program."""
        return Handle(number, self.ended)

    def take_ended(self, otherwise: int) -> int:
        """The number of a program to forget, `otherwise` if there is none."""
        while self.ended:
            number, handle = self.ended.popleft()
            if handle() is None:
                return number
            self._saved.append((number, handle))
        return otherwise

    def look_again(self) -> None:
        """Have `take_ended` look at those too that had not ended when it looked last."""
        saved, self._saved = self._saved, []
        self.ended.extend(saved)
