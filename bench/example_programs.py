"""The programs of examples/ that have a twin in examples/python/: processor time of one run, start
included, and lines of code.

    python3 -m bench.example_programs [--rounds N] [--vm PATH]

Each round runs every program in both languages, one after the other; the least time of each counts.
The exit status is 1 if one is slower than its twin, or has more than three times its lines.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.workshop import TOP
from pymdvm.compiler.driver import compile_source
from pymdvm.compiler.frontend.parser import words_of

EXAMPLES = TOP / "examples"
TWINS = EXAMPLES / "python"
MOST_LINES = 3


def names() -> list[str]:
    """The examples that have a twin."""
    return sorted(path.stem for path in TWINS.glob("*.py"))


def lines_of_document(source: str) -> int:
    """Lines with code: prose, comments and empty lines do not count."""
    return len({line for word in words_of(source) for line in (word.line, word.end_line)})


def lines_of_python(source: str) -> int:
    """Lines that are not empty."""
    return sum(bool(line.strip()) for line in source.splitlines())


def seconds(command: list[str]) -> float:
    """User and system time of one run."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def measured(vm: Path, rounds: int) -> dict[str, tuple[float, float]]:
    """The least times of each example and its twin."""
    best: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in names():
            source = (EXAMPLES / f"{name}.md").read_text(encoding="utf-8")
            (Path(folder) / f"{name}.mdbc").write_bytes(compile_source(source, name).bytecode)
        for _ in range(rounds):
            for name in names():
                times = (
                    seconds([str(vm), str(Path(folder) / f"{name}.mdbc")]),
                    seconds([sys.executable, str(TWINS / f"{name}.py")]),
                )
                before = best.get(name, times)
                best[name] = (min(before[0], times[0]), min(before[1], times[1]))
    return best


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="bench.example_programs",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often each is run (5)")
    parser.add_argument("--vm", type=Path, default=TOP / "mdvm-c", help="the VM (mdvm-c)")
    options = parser.parse_args()
    best = measured(options.vm, options.rounds)
    print("| example | mdvm, ms | CPython, ms | times | lines | in Python |")
    print("|---|---|---|---|---|---|")
    status = 0
    for name, (mine, twin) in best.items():
        lines = lines_of_document((EXAMPLES / f"{name}.md").read_text(encoding="utf-8"))
        others = lines_of_python((TWINS / f"{name}.py").read_text(encoding="utf-8"))
        print(
            f"| {name} | {mine * 1000:.1f} | {twin * 1000:.1f} | {twin / mine:.1f} "
            f"| {lines} | {others} |"
        )
        if mine > twin or lines > MOST_LINES * others:
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
