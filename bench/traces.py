"""Compares what the JITs of two builds of mdvm-c make of the programs of the suite.

    python3 -m bench.traces MDVM MDVM [--only NAME ...] [--fast]

For builds by another RPython: how many loops and bridges each compiles, how many operations it
records, and how many operations and guards are left when the trace has been optimised, as
PYPYLOG=jit-summary counts them. Times are the processor's, of one run each, and say little of short
programs.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import contestants as who
from bench.results import geometric_mean
from bench.suite import Benchmark, UnknownBenchmark, named
from bench.workshop import CannotBuild

LONGEST = 120  # seconds after which a run is given up


@dataclass(frozen=True)
class Traces:
    """What the JIT of one run has done.

    compiled: loops and bridges
    recorded, left, guards: operations that were recorded; those and the guards that are left
    tracing: seconds of recording
    """

    compiled: int
    recorded: int
    left: int
    guards: int
    tracing: float


def read_summary(text: str) -> Traces:
    """text: of the section jit-summary.  Raises KeyError for another one."""
    figures: dict[str, list[str]] = {}
    for line in text.splitlines():
        name, colon, rest = line.partition(":")
        if colon:
            figures.setdefault(name.strip(), rest.split())
    return Traces(
        int(figures["Total # of loops"][0]) + int(figures["Total # of bridges"][0]),
        int(figures["recorded ops"][0]),
        int(figures["opt ops"][0]),
        int(figures["opt guards"][0]),
        float(figures["Tracing"][1]),
    )


def traces(build: Path, benchmark: Benchmark, size: int) -> Traces:
    """Run a program.  Raises CannotBuild where it fails or the build says nothing of its JIT."""
    command = who.command_of_build(build, benchmark, size)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "summary"
        environment: Mapping[str, str] = {**os.environ, "PYPYLOG": f"jit-summary:{log}"}
        try:
            subprocess.run(
                command, env=environment, stdout=subprocess.DEVNULL, timeout=LONGEST, check=True
            )
            return read_summary(log.read_text())
        except (subprocess.SubprocessError, OSError, KeyError) as error:
            raise CannotBuild(f"{benchmark.name} with {build}: {error!r}") from None


def row(benchmark: Benchmark, first: Traces, second: Traces) -> str:
    """A line of the table."""
    pairs = (
        (first.compiled, second.compiled),
        (first.recorded, second.recorded),
        (first.left, second.left),
        (first.guards, second.guards),
    )
    cells = [f"{before:,}, {after:,}" for before, after in pairs]
    times = f"{1000 * first.tracing:.0f}, {1000 * second.tracing:.0f}"
    return f"| {' | '.join([benchmark.title, *cells, times])} |"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="bench.traces",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("builds", nargs=2, type=Path, metavar="MDVM")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", help="the programs (all)")
    parser.add_argument("--fast", action="store_true", help="small sizes")
    options = parser.parse_args(arguments)
    builds = [build.absolute() for build in options.builds]
    print("| program | compiled | recorded | left | guards left | ms of recording |")
    print("|---|---:|---:|---:|---:|---:|")
    ratios = []
    try:
        for benchmark in named(options.only):
            if not benchmark.size:
                continue
            size = benchmark.quick if options.fast else benchmark.size
            first, second = (traces(build, benchmark, size) for build in builds)
            print(row(benchmark, first, second), flush=True)
            ratios.append(second.left / first.left if first.left else None)
    except (CannotBuild, UnknownBenchmark) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    mean = geometric_mean(ratios)
    if mean is not None:
        print(f"\nOperations left, geometric mean of the ratios: {mean:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
