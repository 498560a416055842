"""Builds of mdvm-c beside each other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.builds import grid, main
from tests.host.markers import needs_gcc

FAST_FIB = ("--only", "fib", "--fast")
RIGHT = "Result: Int(196418)"


def build(path: Path, iterations: int, answer: str = RIGHT) -> str:
    """What stands for a build, and takes some time to answer."""
    counting = f"i=0; while [ $i -lt {iterations} ]; do i=$((i + 1)); done"
    path.write_text(f"#!/bin/sh\n{counting}\necho '{answer}'\n")
    path.chmod(0o755)
    return str(path)


@needs_gcc
def test_the_table_has_the_times_in_multiples_of_the_first_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, long, short = (
        build(tmp_path / name, size)
        for name, size in (("a", 100_000), ("b", 400_000), ("c", 20_000))
    )
    assert main([first, long, short, *FAST_FIB, "--rounds", "3"]) == 0
    table = r"(?m)^(.+), geometric mean (.+)\n\n\|.*\|\n\|.*\|\n\| fib (\S+) \|.*\|$"
    found = re.findall(table, capsys.readouterr().out)
    assert [(name, mean) for name, mean, _ in found] == [
        (long, found[0][2]),
        (short, found[1][2]),
    ]
    assert float(found[0][1]) > 2 and float(found[1][1]) < 0.7


@needs_gcc
def test_a_wrong_answer_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = build(tmp_path / "wrong", 1, "Result: Int(1)")
    assert main([build(tmp_path / "right", 1), wrong, *FAST_FIB]) == 1
    assert f"error: {wrong} printed 'Result: Int(1)', not '{RIGHT}'" in capsys.readouterr().err


def test_one_build_is_too_few(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ending:
        main(["mdvm-c"])
    assert ending.value.code == 2
    assert "two builds or more" in capsys.readouterr().err


def test_rows_have_seven_cells() -> None:
    rows = grid([f"p{number} 1.00" for number in range(9)]).splitlines()
    assert [row.count("|") for row in rows] == [8, 8, 8, 8]
    assert rows[3] == "| p7 1.00 | p8 1.00 |  |  |  |  |  |"
