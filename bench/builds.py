"""Compares builds of mdvm-c: the time of each program in multiples of that of the first build.

    python3 -m bench.builds MDVM MDVM ... [--only NAME ...] [--rounds N] [--fast]

For builds by another RPython, by another C compiler or of other sources. The builds take turns; a
figure is the least user + system time of the rounds, so that what else the machine does counts
little. The cells are in the order of the suite.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import contestants as who
from bench.report import times
from bench.results import geometric_mean
from bench.suite import Benchmark, UnknownBenchmark, named
from bench.timing import Contestant, WrongAnswer, measure
from bench.workshop import CannotBuild

COLUMNS = 7
LONGEST = 120  # seconds after which a run is given up


def contestant(build: Path, benchmark: Benchmark, size: int) -> Contestant:
    made = who.contestant(who.MDVM, benchmark, size)
    made.name = str(build)
    made.command = who.command_of_build(build, benchmark, size)
    return made


def ratios(
    builds: Sequence[Path], benchmark: Benchmark, size: int, rounds: int
) -> list[float | None]:
    """The times of all builds but the first in multiples of its; None for one that was too slow.

    Raises WrongAnswer.
    """
    entries = [contestant(build, benchmark, size) for build in builds]
    measure(entries, rounds, LONGEST)
    best = [min((sample.cpu for sample in entry.samples), default=None) for entry in entries]
    first = best[0]
    return [time / first if time and first else None for time in best[1:]]


def grid(cells: Sequence[str]) -> str:
    """A Markdown table without a heading, as wide as the documents have it."""
    lines = ["| " * COLUMNS + "|", "|---" * COLUMNS + "|"]
    for start in range(0, len(cells), COLUMNS):
        row = [*cells[start : start + COLUMNS], *[""] * COLUMNS][:COLUMNS]
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="bench.builds",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("builds", nargs="+", type=Path, metavar="MDVM")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", help="the programs (all)")
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is run (5)")
    parser.add_argument("--fast", action="store_true", help="small sizes")
    options = parser.parse_args(arguments)
    builds = [build.absolute() for build in options.builds]
    if len(builds) < 2 or options.rounds < 1:
        parser.error("it takes two builds or more, and a round")
    try:
        programs = [benchmark for benchmark in named(options.only) if benchmark.size]
        found = []
        for benchmark in programs:
            print(benchmark.title, file=sys.stderr, flush=True)
            size = benchmark.quick if options.fast else benchmark.size
            found.append(ratios(builds, benchmark, size, options.rounds))
    except (WrongAnswer, CannotBuild, UnknownBenchmark) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for build, column in zip(options.builds[1:], zip(*found)):
        cells = [f"{each.name} {times(ratio)}" for each, ratio in zip(programs, column)]
        print(f"{build}, geometric mean {times(geometric_mean(column))}\n\n{grid(cells)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
