"""How the findings on typical mistakes (mistakes/*.cases) come out, counted.

    .toolchain/development/bin/python -m tests.compiler.count_mistakes

For each file and for all: how many mistakes it has, how many are found at the line and column that
the case names, how many have exactly one finding, and how many the offered fixes mend. The exit
status is 1 if a mistake is found elsewhere than its case says.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

from .test_mistakes import FOLDER, Mistake, outcome_of, read_mistakes


class Counts(NamedTuple):
    """mistakes: those that have a finding; the rest: how many of them."""

    mistakes: int
    placed: int
    found_once: int
    mended: int

    def line(self, name: str) -> str:
        """One row of the table."""
        shares = (f"{count} ({count / self.mistakes:.0%})" for count in self[1:])
        return "".join((f"{name:<12}{self.mistakes:>9}", *(f"{share:>14}" for share in shares)))


def count(mistakes: list[Mistake]) -> Counts:
    """The counts of these mistakes; what is no mistake, and so has no finding, does not count."""
    real = [mistake for mistake in mistakes if mistake.found]
    outcomes = [outcome_of(mistake) for mistake in real]
    return Counts(
        len(real),
        sum(found == mistake.found for mistake, (found, _) in zip(real, outcomes)),
        sum(len(found) == 1 for found, _ in outcomes),
        sum(mended for _, mended in outcomes),
    )


def main() -> int:
    paths: list[Path] = sorted(FOLDER.glob("*.cases"))
    counts = {path.stem: count(read_mistakes(path)) for path in paths}
    counts["all"] = Counts(*(sum(column) for column in zip(*counts.values())))
    print(f"{'':<12}{'mistakes':>9}{'right place':>14}{'one finding':>14}{'mended':>14}")
    for name, row in counts.items():
        print(row.line(name))
    return 0 if counts["all"].placed == counts["all"].mistakes else 1


if __name__ == "__main__":
    sys.exit(main())
