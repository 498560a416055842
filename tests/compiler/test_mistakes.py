"""Typical mistakes (mistakes/*.cases): where each is found, how often, and what mends it.

A case is

    %% a few words
    the source
    %finds LINE:COLUMN CODE        for each finding, in their order
    %mended                        whether the fixes that are offered leave no error
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import NamedTuple

import pytest

from pymdvm.compiler.frontend.findings import has_errors
from pymdvm.compiler.frontend.fixes import apply_fixes
from pymdvm.compiler.frontend.front import check

FOLDER = Path(__file__).parent / "mistakes"
FILE = "program.md"


class Mistake(NamedTuple):
    """found: "LINE:COLUMN CODE" of each finding."""

    name: str
    source: str
    found: tuple[str, ...]
    is_mended: bool


def read_mistakes(path: Path) -> list[Mistake]:
    """Those of a file."""
    _, *parts = ("\n" + path.read_text(encoding="utf-8")).split("\n%% ")
    mistakes = []
    for part in parts:
        name, *lines = part.rstrip("\n").split("\n")
        found = tuple(line[len("%finds ") :] for line in lines if line.startswith("%finds "))
        source = "\n".join(line for line in lines if not line.startswith("%")) + "\n"
        mistakes.append(Mistake(name, source, found, "%mended" in lines))
    return mistakes


MISTAKES = [mistake for path in sorted(FOLDER.glob("*.cases")) for mistake in read_mistakes(path)]


def outcome_of(mistake: Mistake) -> tuple[tuple[str, ...], bool]:
    """What is found, and whether the fixes that are offered leave no error."""
    findings = check(mistake.source, FILE)
    found = tuple(
        f"{finding.place.line}:{finding.place.column} {finding.code}" for finding in findings
    )
    fixes = [finding.fix for finding in findings if finding.fix is not None]
    mended, count = apply_fixes(mistake.source, fixes)
    return found, bool(count) and not has_errors(check(mended, FILE))


@pytest.mark.parametrize("mistake", MISTAKES, ids=[mistake.name for mistake in MISTAKES])
def test_mistakes(mistake: Mistake) -> None:
    assert outcome_of(mistake) == (mistake.found, mistake.is_mended)


def test_there_are_enough_of_them() -> None:
    """Of a hundred, ninety have one finding and sixty a fix."""
    count = len(MISTAKES)
    assert count >= 100
    assert sum(len(mistake.found) == 1 for mistake in MISTAKES) >= 0.9 * count
    assert sum(mistake.is_mended for mistake in MISTAKES) >= 0.6 * count


# The lines in front of most mistakes of habits.cases.
PREAMBLE = "".join(f"{line}\n" for line in MISTAKES[0].source.split("\n")[:7])
ALONE = [
    mistake.source[len(PREAMBLE) :]
    for mistake in MISTAKES
    if mistake.source.startswith(PREAMBLE)
    and len(mistake.found) == 1
    and mistake.found[0].endswith(" syntax")
    and "# Utility" not in mistake.source  # a function goes up to the next heading
]


def test_each_of_several_is_found_once() -> None:
    """After an error the parser goes on behind it, and nothing else is taken for one."""
    assert len(ALONE) > 100
    chance = random.Random(1)
    for _ in range(30):
        some = chance.sample(ALONE, 5)
        findings = check(PREAMBLE + "\n" + "\n".join(some), FILE)
        assert len(findings) == 5, "\n".join(some)
