"""Random programs on both VMs, as many as you like.

    python3 -m tests.differential.fuzz [--seed S] [--count N] [--first I] [--mode M]

Program number I of seed S is always the same. The exit status is 1 if a program differs; the first
one is shown, cut down.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .comparison import Comparison
from .oracle import reason_there_is_none
from .outcome import COMPILED, COUNTED, PLAIN, TRACED
from .programs import program
from .shrinking import shrunk
from .source import Item

BATCH = 500
# Without its counter a loop never ends.
SECONDS_WHEN_SHRINKING = 1.0

MODES = (PLAIN, TRACED, COUNTED, COMPILED)


def seed_of(seed: object, number: int) -> str:
    """What programs.program takes for one program of a run."""
    return f"{seed}/{number}"


def first_failure(
    comparison: Comparison, seed: object, numbers: Sequence[int], mode: str = PLAIN
) -> str:
    """A report of the first program that differs, cut down; "" if none does."""
    for start in range(0, len(numbers), BATCH):
        batch = numbers[start : start + BATCH]
        found = comparison.mismatches([program(seed_of(seed, number)) for number in batch], mode)
        if found:
            position, mismatch = found[0]
            return report(comparison, seed, batch[position], mismatch.items, mode, len(found))
    return ""


def report(
    comparison: Comparison, seed: object, number: int, items: Sequence[Item], mode: str, count: int
) -> str:
    """What to print about a program that differs."""
    hurried = Comparison(comparison.folder, SECONDS_WHEN_SHRINKING)
    try:
        smaller = shrunk(items, lambda candidate: hurried.mismatch(candidate, mode) is not None)
    finally:
        hurried.close()
    mismatch = comparison.mismatch(smaller, mode)
    shown = mismatch.show() if mismatch else "  it differs in some runs only"
    again = (
        f"python3 -m tests.differential.fuzz --seed {seed} --first {number} --count 1 --mode {mode}"
    )
    return f"seed {seed}, program {number} differs, and {count - 1} more of its batch; again: {again}\n{shown}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", default="0")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first program")
    parser.add_argument(
        "--mode",
        choices=MODES,
        default=PLAIN,
        help="in debug mode; with instructions counted; compiled at once",
    )
    options = parser.parse_args()
    if reason_there_is_none():
        print(reason_there_is_none(), file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        comparison = Comparison(Path(folder))
        try:
            numbers = range(options.first, options.first + options.count)
            failure = first_failure(comparison, options.seed, numbers, options.mode)
        finally:
            comparison.close()
    print(failure or f"{options.count} programs agree")
    print(f"compared: {dict(comparison.compared)}; set aside: {dict(comparison.set_aside)}")
    return 1 if failure else 0


if __name__ == "__main__":
    sys.exit(main())
