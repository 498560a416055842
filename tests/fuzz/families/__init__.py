"""Families of programs: in each, loops in which one thing varies.

A family is a function of a Writer and a number of iterations; the number is large where the JIT is
to compile by its own measure and small where it is told to hurry. `@family` adds it to FAMILIES
under its name, `@latest_family` one that takes version 2. The same rng gives the same program.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.differential.source import Item

from ..writer import Writer

Family = Callable[[Writer, int], None]

FAMILIES: dict[str, Family] = {}
# Those whose programs are of version 2.
LATEST: set[str] = set()
# How many of the programs of the others are too.
SHARE_OF_LATEST = 0.15


def family(write: Family) -> Family:
    """Registers a family under its function's name."""
    FAMILIES[write.__name__] = write
    return write


def latest_family(write: Family) -> Family:
    """Registers one whose programs are of version 2."""
    LATEST.add(write.__name__)
    return family(write)


def program_of(name: str, seed: object, length: int) -> list[Item]:
    """The program that a seed gives in a family; length: iterations of its loop."""
    drawn = random.Random(f"version of {name}/{seed}").random()
    is_latest = name in LATEST or drawn < SHARE_OF_LATEST
    writer = Writer(random.Random(f"{name}/{seed}"), is_latest)
    FAMILIES[name](writer, length)
    return writer.items


# They register themselves.
from . import (  # noqa: E402
    aliasing,  # noqa: F401
    builtins,  # noqa: F401
    calls,  # noqa: F401
    containers,  # noqa: F401
    control,  # noqa: F401
    functions,  # noqa: F401
    growing,  # noqa: F401
    holders,  # noqa: F401
    keys,  # noqa: F401
    numbers,  # noqa: F401
    texts,  # noqa: F401
    whole,  # noqa: F401
    whole_latest,  # noqa: F401
)
