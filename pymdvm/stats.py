"""What the runs of a program came to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Made(NamedTuple):
    """What came into being in memory, while the VM counted it. Numbers and frames that compiled
    code keeps in the processor's registers never do.

    ints, floats: int, boxes of numbers
    frames: int, of calls
    memory: int, the bytes of all objects together
    """

    ints: int
    floats: int
    frames: int
    memory: int


class Stats(NamedTuple):
    """The statistics of all runs of a program together.

    runs: int
    instructions: int, executed by those runs that counted them
    seconds: float, of running
    loops_compiled, bridges_compiled: int
    peak_memory: int, the most memory that this process has ever had resident, in KiB
    copied_containers, copied_elements: int, what was copied before a change because it was shared
    made: what those runs made that counted it; None if none could
    """

    runs: int
    instructions: int
    seconds: float
    loops_compiled: int
    bridges_compiled: int
    peak_memory: int
    copied_containers: int
    copied_elements: int
    made: Made | None


def stats_of(answer: Sequence[int]) -> Stats:
    """What the VM answers to protocol.STATISTICS, with names."""
    runs, instructions, microseconds, loops, bridges, memory, containers, elements = answer[:8]
    counted_runs, *numbers = answer[8:]
    made = Made(*numbers) if counted_runs else None
    seconds = microseconds / 1e6
    return Stats(runs, instructions, seconds, loops, bridges, memory, containers, elements, made)
