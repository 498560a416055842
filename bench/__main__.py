"""Runs the benchmarks and writes a report.

    python3 -m bench [--only NAME ...] [--fast]   everything, or a part of it; --keep writes
                                                  docs/performance.md
    python3 -m bench --targets [--from FILE]      only whether the targets are met
    python3 -m bench --readme                     the quick tables of README.md, with no other
                                                  packages

The results go to build/bench/results.json, which `pyperf` reads: to compare two runs, keep the
first file and say `.toolchain/bench/bin/python -m pyperf compare_to FIRST.json
build/bench/results.json --table`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import contestants, experiments, readme
from bench.report import PICTURE, has_picture, report, targets_table, with_kept_sweep
from bench.results import Results, load, save
from bench.suite import UnknownBenchmark, named
from bench.targets import MISSED, verdicts
from bench.timing import LONGEST, WrongAnswer
from bench.workshop import FOLDER, TOP, CannotBuild

RESULTS = FOLDER / "results.json"
KEPT = TOP / "docs" / "performance.md"


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", nargs="*", default=[], metavar="NAME", help="the benchmarks to run (all)"
    )
    parser.add_argument(
        "--sections",
        nargs="*",
        choices=experiments.SECTIONS,
        help="the tables to measure (all; --fast: main)",
    )
    parser.add_argument(
        "--fast", action="store_true", help="small sizes and few rounds, for one quick look"
    )
    parser.add_argument(
        "--rounds", type=int, help="how often everything is run at least (5; --fast: 3)"
    )
    parser.add_argument(
        "--longest",
        type=int,
        default=LONGEST,
        metavar="S",
        help=f"give a run up after S seconds ({LONGEST})",
    )
    parser.add_argument(
        "--baseline", type=Path, metavar="MDVM", help="another mdvm-c to compare with"
    )
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FILE",
        help="measure nothing, take these results",
    )
    parser.add_argument(
        "--keep", action="store_true", help="write docs/performance.md and its picture"
    )
    parser.add_argument(
        "--targets",
        action="store_true",
        help="print the targets only; the exit status is 1 if one is missed",
    )
    parser.add_argument("--readme", action="store_true", help="print the tables of README.md only")
    return parser.parse_args(arguments)


def in_environment() -> None:
    """Go on in the environment that has pyperf and matplotlib, which is made if need be. Does not
    return from elsewhere.
    """
    sys.path.insert(0, str(TOP / "tools"))
    from layout import TOOLCHAIN, ToolchainError
    from packages import environment

    try:
        python = environment(TOOLCHAIN, "bench")
    except ToolchainError as error:
        sys.exit(f"error: {error}")
    if Path(sys.prefix).resolve() != python.parent.parent.resolve():
        os.execv(str(python), [str(python), "-m", "bench", *sys.argv[1:]])


def measure(options: argparse.Namespace) -> Results:
    """Run what was asked for and keep the results in their file."""
    sections = options.sections or ([experiments.MAIN] if options.fast else experiments.SECTIONS)
    rounds = options.rounds or (3 if options.fast else 5)
    results = Results()
    for results in experiments.run(
        named(options.only),
        sections,
        rounds,
        options.fast,
        options.longest,
        say,
        baseline=options.baseline,
    ):
        save(results, RESULTS)
    return results


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def print_targets(results: Results) -> int:
    found = verdicts(results)
    print(targets_table(found))
    missed = sum(one.verdict == MISSED for one in found)
    print(f"\n{len(found)} targets, {missed} missed")
    return 1 if missed else 0


def write_report(results: Results, keep: bool) -> None:
    """Print it; write it and its picture to build/bench/, and to docs/ if it is to be kept."""
    from bench.picture import draw

    text = report(results)
    print(text)
    for folder, path in ((FOLDER, FOLDER / "report.md"), *([(KEPT.parent, KEPT)] if keep else [])):
        path.write_text(with_kept_sweep(text, path.read_text() if path.exists() else ""))
        if has_picture(results):
            draw(results, folder / PICTURE)
        say(
            f"written: {path.relative_to(TOP)}"
            + (f" and {PICTURE} beside it" if has_picture(results) else "")
        )


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(arguments)
    if not options.source and not contestants.BINARY.exists():
        say("there is no ./mdvm-c yet; run make first")
        return 1
    if not contestants.is_there(contestants.C):
        say("there is no gcc; on Debian: apt-get install gcc")
        return 1
    try:
        if options.readme:
            readme.run(options.rounds or 5, print)
            return 0
        in_environment()
        results = load(options.source) if options.source else measure(options)
        if options.targets:
            return print_targets(results)
        write_report(results, options.keep)
    except (WrongAnswer, CannotBuild, UnknownBenchmark) as error:
        say(f"error: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
