"""Parallel copies one after the other.

A copy can be done once nobody still needs what its target holds. When only cycles are left, one
target of a cycle is saved in a spare register first. (The method is the one in every textbook; a
clear account is Boissinot et al., Revisiting out-of-SSA translation for correctness, code quality
and efficiency, CGO 2009.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Location = TypeVar("Location")


def sequence_copies(
    pairs: Sequence[tuple[Location, Location]], spare: Callable[[], Location]
) -> list[tuple[Location, Location]]:
    """pairs: (target, source), to happen at once, the targets all different -> the same as copies
    one after the other.

    spare: gives a location that none of the pairs mentions; asked for only when there is a cycle.
    """
    pending = {target: source for target, source in pairs if target != source}
    readers: dict[Location, int] = {}
    for source in pending.values():
        readers[source] = readers.get(source, 0) + 1
    free = [target for target in pending if not readers.get(target)]
    done: list[tuple[Location, Location]] = []
    saved_at: Location | None = None
    while pending:
        while free:
            target = free.pop()
            source = pending.pop(target)
            done.append((target, source))
            readers[source] -= 1
            if not readers[source] and source in pending:
                free.append(source)
        if pending:
            # Whatever is left forms cycles, in which everything is read once.
            target = next(iter(pending))
            if saved_at is None:
                saved_at = spare()
            done.append((saved_at, target))
            reader = next(other for other, source in pending.items() if source == target)
            pending[reader] = saved_at
            readers[saved_at] = 1
            readers[target] = 0
            free.append(target)
    return done
