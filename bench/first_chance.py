"""What a process would gain by knowing which loops were hot in an earlier one: first runs of small
sizes, with the usual thresholds, and compiled at the first chance.

    python3 -m bench.first_chance [--keep]

A saved profile can spare the iterations before a loop is compiled, and not the compiling. Who
compiles everything at the first chance spares them all, so what that gains is the most that a
profile could for programs whose code is all hot.
"""

from __future__ import annotations

import argparse
import sys
import time

import pymdvm
from bench.kept_chapter import keep
from bench.report import table
from bench.results import geometric_mean
from bench.suite import BENCHMARKS
from bench.workshop import bytecode

TITLE = "## Compiling at the first chance"
AT_ONCE = "threshold=2,function_threshold=2,trace_eagerness=2"
VMS = 4
PART = 40  # of the size of a benchmark
SIZES = {"fib": 24}


def seconds(program: pymdvm.Program, jit: str | None = None) -> float:
    """Processor time of one run."""
    began = time.thread_time()
    program.run(stdout=len, jit=jit)
    return time.thread_time() - began


def measure(name: str, size: int) -> tuple[float, float, float]:
    """Milliseconds of a first run, of one that compiles at once, and of a later run, each the best
    of several VMs.
    """
    path = bytecode(name, size)
    cold, at_once, warm = [], [], []
    for _ in range(VMS):
        with pymdvm.VM() as vm:
            program = vm.load(path)
            cold.append(seconds(program))
            warm.append(min(seconds(program) for _ in range(3)))
        with pymdvm.VM() as vm:
            at_once.append(seconds(vm.load(path), AT_ONCE))
    return min(cold) * 1e3, min(at_once) * 1e3, min(warm) * 1e3


def chapter() -> str:
    """The table, as a chapter of docs/performance.md."""
    rows, ratios = [], []
    for benchmark in BENCHMARKS:
        size = SIZES.get(benchmark.name, max(benchmark.size // PART, 1))
        print(f"{benchmark.title}, {size}", file=sys.stderr, flush=True)
        cold, at_once, warm = measure(benchmark.name, size)
        ratios.append(at_once / cold)
        rows.append([f"{benchmark.title} {size:,}", f"{cold:.1f}", f"{at_once:.1f}", f"{warm:.1f}"])
    faster = sum(ratio < 0.9 for ratio in ratios)
    slower = sum(ratio > 1.1 for ratio in ratios)
    mean = geometric_mean(ratios)
    return (
        f"{TITLE}\n\nWritten by `python3 -m bench.first_chance --keep`. Milliseconds of processor "
        "time of the first run in a new VM, small sizes, best of "
        f"{VMS} VMs; the same with `{AT_ONCE}`; and of a later run. A profile of earlier processes "
        "could spare the first iterations, not the compiling; what spares all of them makes "
        f"{faster} of {len(rows)} programs faster by more than a tenth and {slower} slower, "
        f"{mean:.2f} times the time in the geometric mean. So no profile is saved: what is "
        f"lost at the start is the compiling.\n\n"
        f"{table(['first run, ms', 'usual', 'at once', 'later run'], rows)}\n"
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench.first_chance",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--keep", action="store_true", help="put the table into docs/performance.md"
    )
    arguments = parser.parse_args()
    text = chapter()
    print(text)
    if arguments.keep:
        keep(TITLE, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
