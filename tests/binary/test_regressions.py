"""What once went wrong: every program of tests/fuzz/regressions, compiled late, compiled at once,
and interpreted.

A line `; expect: TEXT` is a line of output, `; fails: TEXT` the error. A program without any of
them need only do the same in all three ways.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.binary.binary import DEFAULT, EAGER, FAILURE, JIT_OFF, SUCCESS, TOP, program, run

REGRESSIONS = sorted((TOP / "tests" / "fuzz" / "regressions").glob("*.mdasm"))
SECONDS = 30.0  # a hang is one of the things that went wrong
UNBOXED_OFF = ("--without", "unboxed-loops")


def noted(text: str, word: str) -> list[str]:
    """-> what stands after `; word:` in the lines of a program's text."""
    start = f"; {word}:"
    return [line[len(start) :].strip() for line in text.splitlines() if line.startswith(start)]


@pytest.mark.parametrize("source", REGRESSIONS, ids=lambda path: path.stem)
def test_a_program_that_once_went_wrong(source: Path, tmp_path: Path) -> None:
    text = source.read_text()
    path = program(tmp_path, text)
    expected, fails = noted(text, "expect"), noted(text, "fails")
    interpreted = run(*JIT_OFF, path, seconds=SECONDS)
    assert interpreted.status == (FAILURE if fails else SUCCESS), interpreted.short
    if fails:
        assert interpreted.err.decode().splitlines()[0] == f"Runtime error: {fails[0]}"
    if expected:
        assert interpreted.lines == expected
    for options in (DEFAULT, EAGER, UNBOXED_OFF):
        compiled = run(*options, path, seconds=SECONDS)
        assert compiled.short == interpreted.short, options
        assert compiled.out == interpreted.out, options
