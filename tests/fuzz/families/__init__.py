"""Families of programs: in each, loops in which one thing varies.

A family is a function of a Writer and a number of iterations; the number is large where the JIT is
to compile by its own measure and small where it is told to hurry. `@family` adds it to FAMILIES
under its name. The same rng gives the same program.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.differential.source import Item

from ..writer import Writer

Family = Callable[[Writer, int], None]

FAMILIES: dict[str, Family] = {}


def family(write: Family) -> Family:
    """Registers a family under its function's name."""
    FAMILIES[write.__name__] = write
    return write


def program_of(name: str, seed: object, length: int) -> list[Item]:
    """The program that a seed gives in a family; length: iterations of its loop."""
    writer = Writer(random.Random(f"{name}/{seed}"))
    FAMILIES[name](writer, length)
    return writer.items


# They register themselves.
from . import aliasing, calls, containers, control, numbers, texts, whole  # noqa: E402, F401
