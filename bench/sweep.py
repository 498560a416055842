"""Tries parameters of the JIT and of the garbage collector, and optimisations turned off, over the
suite and writes a table.

    python3 -m bench.sweep [--only NAME ...] [--rounds N] [--keep] [--jit-off]
                           [PARAMETER=VALUE,VALUE ...]

One parameter is changed at a time, from the values that mdvm-c has. Each cell is the time in
multiples of that of the defaults, measured in turns with them; the last column is the geometric
mean. Parameters are those of `mdvm-c --jit help`, `nursery`, the size of the young generation (the
environment variable PYPY_GC_NURSERY), and `without`, an optimisation that is turned off: what it is
worth; with --jit-off, where the JIT is off, at the sizes that the published VM finishes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from bench import contestants as who
from bench.__main__ import KEPT
from bench.report import table, times, with_sweep
from bench.results import geometric_mean
from bench.suite import COMPILED, HAND, Benchmark, UnknownBenchmark, named
from bench.timing import Contestant, WrongAnswer, measure
from bench.workshop import FOLDER, CannotBuild
from mdvm.settings.optimisations import OPTIMISATIONS

NURSERY = "nursery"
WITHOUT = "without"
DEFAULTS = "the defaults"

# What is tried unless something else is asked for.
VALUES: dict[str, Sequence[str]] = {
    "threshold": ("200", "500", "2000", "4000"),
    "function_threshold": ("1619", "5039", "20039"),
    "trace_eagerness": ("50", "100", "400"),
    "trace_limit": ("6000", "24000"),
    "max_unroll_recursion": ("0", "1", "3", "7", "10", "18"),
    "loop_longevity": ("100", "10000"),
    "max_unroll_loops": ("1", "3"),
    "retrace_limit": ("0", "1", "8"),
    "disable_unrolling": ("1000", "100000"),
    NURSERY: ("512K", "2M", "8M", "32M"),
    WITHOUT: tuple(name for name, _ in OPTIMISATIONS),
}


def variants(values: dict[str, Sequence[str]]) -> dict[str, tuple[str, str]]:
    """Of each variant: what to call it, and the parameter and its value; the first changes
    nothing.
    """
    found = {DEFAULTS: ("", "")}
    for parameter, choices in values.items():
        for value in choices:
            found[f"{parameter}={value}"] = (parameter, value)
    return found


WAYS = {
    (HAND, False): who.MDVM,
    (COMPILED, False): who.MDVM_COMPILED,
    (HAND, True): who.MDVM_OFF,
    (COMPILED, True): who.MDVM_OFF_COMPILED,
}


def contestant(
    benchmark: Benchmark, size: int, shape: str, parameter: str, value: str, off: bool = False
) -> Contestant:
    """mdvm-c with one parameter changed; off: with the JIT off."""
    made = who.contestant(WAYS[shape, off], benchmark, size)
    binary, *rest = made.command
    if parameter == NURSERY:
        made.environment["PYPY_GC_NURSERY"] = value
    elif parameter == WITHOUT:
        made.command = [binary, "--without", value, *rest]
    elif parameter:
        made.command = [binary, "--jit", f"{parameter}={value}", *rest]
    made.name = f"{parameter}={value}" if parameter else DEFAULTS
    return made


def sweep(
    benchmarks: Sequence[Benchmark],
    values: dict[str, Sequence[str]],
    rounds: int,
    quick: bool,
    longest: int,
    off: bool = False,
) -> str:
    """The Markdown table. Raises WrongAnswer."""
    tried = variants(values)
    ratios: dict[str, list[float | None]] = {name: [] for name in tried}
    columns = []
    for benchmark in benchmarks:
        if off and not benchmark.published:
            continue
        for shape in (HAND, COMPILED):
            size = benchmark.quick if quick else benchmark.published if off else benchmark.size
            entries = [
                contestant(benchmark, size, shape, *change, off=off) for change in tried.values()
            ]
            print(f"sweep: {benchmark.title}, {shape}", file=sys.stderr, flush=True)
            measure(entries, rounds, longest)
            columns.append(benchmark.name if shape == HAND else f"{benchmark.name} (c)")
            first = entries[0].median() if entries[0].samples else None
            for name, entry in zip(tried, entries):
                ratios[name].append(entry.median() / first if entry.samples and first else None)
    rows = [
        [name, *map(times, figures), f"**{times(geometric_mean(figures))}**"]
        for name, figures in ratios.items()
    ]
    return table(["", *columns, "mean"], rows)


def chapter(text: str, quick: bool) -> str:
    """The table as a chapter of docs/performance.md."""
    command = "python3 -m bench.sweep --keep" + (" --fast" if quick else "")
    return (
        f"## Parameters and optimisations\n\nWritten by `{command}`. Times in multiples of "
        "those with the "
        "defaults, one parameter changed or one optimisation turned off (`without`) at a "
        "time; (c) is the compiler-shaped form."
        "\n\n" + text + "\n"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="bench.sweep",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "values",
        nargs="*",
        metavar="PARAMETER=VALUE,VALUE",
        help="what to try (a list of everything)",
    )
    parser.add_argument(
        "--only", nargs="*", default=[], metavar="NAME", help="the benchmarks to run (all)"
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often everything is run (3)")
    parser.add_argument("--fast", action="store_true", help="small sizes")
    parser.add_argument("--jit-off", action="store_true", help="all of it with the JIT off")
    parser.add_argument(
        "--longest", type=int, default=20, metavar="S", help="give a run up after S seconds (20)"
    )
    parser.add_argument(
        "--keep", action="store_true", help="put the table into docs/performance.md"
    )
    options = parser.parse_args(arguments)
    if options.keep and options.jit_off:
        parser.error("the table that is kept is that with the JIT on")
    values = dict(VALUES)
    if options.values:
        if not all("=" in text for text in options.values):
            parser.error("what to try is written PARAMETER=VALUE,VALUE")
        values = {
            name: choices.split(",")
            for name, choices in (text.split("=", 1) for text in options.values)
        }
    try:
        benchmarks = [benchmark for benchmark in named(options.only) if benchmark.size]
        table_of_all = sweep(
            benchmarks, values, options.rounds, options.fast, options.longest, options.jit_off
        )
        text = chapter(table_of_all, options.fast)
    except (WrongAnswer, CannotBuild, UnknownBenchmark) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(text)
    (FOLDER / "sweep.md").write_text(text)
    if options.keep:
        KEPT.write_text(with_sweep(KEPT.read_text() if KEPT.exists() else "# Performance\n", text))
    return 0


if __name__ == "__main__":
    sys.exit(main())
