"""What the runs of a program came to."""

from __future__ import annotations

from typing import NamedTuple


class Stats(NamedTuple):
    """The statistics of all runs of a program together.

    runs: int
    instructions: int, executed by those runs that counted them
    seconds: float, of running
    loops_compiled, bridges_compiled: int
    peak_memory: int, the most memory that this process has ever had resident, in KiB
    """

    runs: int
    instructions: int
    seconds: float
    loops_compiled: int
    bridges_compiled: int
    peak_memory: int
