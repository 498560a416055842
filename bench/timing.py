"""Running commands in turn and comparing the processor time that they take.

The processor's speed drifts on a busy machine, so the commands are interleaved: each round runs every command once, and a
command's figure is the median of its rounds.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field


class WrongAnswer(Exception):
    """A command failed or printed something else than it must. Its text says which and what."""


@dataclass
class Contestant:
    """A command with the answer that it must give, and what its runs took.

    scale: how much more work the others do; a contestant too slow for the full size does a part of it, and its times are
    multiplied by this. It is 1 unless its result says otherwise.
    """

    name: str
    command: Sequence[str]
    answer: str
    scale: float = 1.0
    seconds: list[float] = field(default_factory=list)
    wall_seconds: list[float] = field(default_factory=list)

    def run(self) -> None:
        """Run once and note user + system seconds. Raises WrongAnswer."""
        started = time.perf_counter()
        process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        assert process.stdout is not None
        output = process.stdout.read().decode().strip()
        process.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.wall_seconds.append(time.perf_counter() - started)
        if process.returncode or output != self.answer:
            raise WrongAnswer(f"{self.name}: status {process.returncode}, printed {output!r}, not {self.answer!r}")
        self.seconds.append(usage.ru_utime + usage.ru_stime)

    def median(self) -> float:
        """The median of user + system seconds, for the full size of the work."""
        return statistics.median(self.seconds) * self.scale


def measure(contestants: Sequence[Contestant], rounds: int) -> None:
    """Run every contestant `rounds` times, in turn."""
    for _ in range(rounds):
        for contestant in contestants:
            contestant.run()
