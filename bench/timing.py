"""Running commands in turn and comparing the processor time that they take.

The processor's speed drifts on a busy machine, so the commands are interleaved: each round runs
every command once, and a command's figure is the median of its rounds.
"""

from __future__ import annotations

import os
import statistics
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.workshop import launcher

LONGEST = 60  # seconds of wall time after which a command is given up


class WrongAnswer(Exception):
    """A command failed or printed something else than it must. Its text says which and what."""


class TooSlow(Exception):
    """A command was given up."""


@dataclass(frozen=True)
class Sample:
    """What one run took: user + system seconds, wall seconds, the peak of its memory in bytes."""

    cpu: float
    wall: float
    memory: int


@dataclass
class Contestant:
    """A command with the answer that it must give, and what its runs took.

    scale: how much more work the others do; a contestant too slow for the full size does a part of
        it, and its times are multiplied by this. It is 1 unless its result says otherwise.
    rounds: in how many rounds it takes part at most; a slow one need not run in all of them
    """

    name: str
    command: Sequence[str]
    answer: str
    scale: float = 1.0
    rounds: int = 1_000_000
    environment: dict[str, str] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    too_slow: bool = False

    def run(self, longest: int = LONGEST) -> None:
        """Run once and note what it took. Raises WrongAnswer, or TooSlow after so many seconds."""
        output, sample = run_command(self.command, longest, self.name, self.environment)
        if output != self.answer:
            raise WrongAnswer(
                f"{self.name} printed {output!r}, not {self.answer!r}: {' '.join(self.command)}"
            )
        self.samples.append(sample)

    def median(self) -> float:
        """The median of user + system seconds, for the full size of the work."""
        return statistics.median(sample.cpu for sample in self.samples) * self.scale


def run_command(
    command: Sequence[str],
    longest: int = LONGEST,
    name: str = "",
    environment: dict[str, str] | None = None,
) -> tuple[str, Sample]:
    """Run a command; what it printed, and what it took. Raises WrongAnswer if it fails, TooSlow
    after so many seconds.
    """
    reading, writing = os.pipe()
    try:
        process = subprocess.Popen(
            [str(launcher()), str(writing), str(longest), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=[writing],
            env={**os.environ, **(environment or {})},
        )
    finally:
        os.close(writing)
    with os.fdopen(reading, "rb") as report:
        output, errors = process.communicate()
        figures = report.read().split()
    if len(figures) != 5:
        raise WrongAnswer(
            f"{name or command[0]} could not be run: {errors.decode(errors='replace').strip()}"
        )
    status, user, system, wall, memory = map(int, figures)
    code = os.waitstatus_to_exitcode(status)
    if code == -9 and wall >= longest * 1_000_000:
        raise TooSlow(f"{name or command[0]} was given up after {longest} seconds")
    if code:
        tail = errors.decode(errors="replace").strip()[-400:]
        raise WrongAnswer(
            f"{name or command[0]}: status {code}, {tail or 'no message'}: {' '.join(command)}"
        )
    return output.decode().strip(), Sample((user + system) / 1e6, wall / 1e6, memory * 1024)


def measure(
    contestants: Sequence[Contestant],
    rounds: int,
    longest: int = LONGEST,
    report: Callable[[str], None] | None = None,
) -> None:
    """Run every contestant `rounds` times, in turn; one that is too slow only once. Raises
    WrongAnswer.
    """
    for number in range(rounds):
        for contestant in contestants:
            if number >= contestant.rounds or contestant.too_slow:
                continue
            try:
                contestant.run(longest)
            except TooSlow as problem:
                contestant.too_slow = True
                if report:
                    report(str(problem))
