"""What the JITs of two builds make of the same programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.traces import Traces, main, read_summary

SUMMARY = """\
[1a] {{jit-summary
Tracing:      \t73\t0.070803
Backend:      \t72\t0.012350
ops:             \t107823
recorded ops:    \t25448
guards:          \t8661
opt ops:         \t{left}
opt guards:      \t2633
Total # of loops:\t11
Total # of bridges:\t62
[1b] jit-summary}}
"""
FAST_FIB = ("--only", "fib", "--fast")


def build(path: Path, text: str) -> str:
    """What stands for a build whose JIT says that."""
    path.write_text(f"#!/bin/sh\ncat > \"${{PYPYLOG#*:}}\" <<'END'\n{text}END\n")
    path.chmod(0o755)
    return str(path)


def test_a_summary_is_read() -> None:
    assert read_summary(SUMMARY.format(left=12513)) == Traces(73, 25448, 12513, 2633, 0.070803)
    with pytest.raises(KeyError):
        read_summary("nothing of the kind: 1\n")


def test_two_builds_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = build(tmp_path / "first", SUMMARY.format(left=1000))
    second = build(tmp_path / "second", SUMMARY.format(left=1250))
    assert main([first, second, *FAST_FIB]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].startswith("| recursive fib")
    assert "| 73, 73 | 25,448, 25,448 | 1,000, 1,250 | 2,633, 2,633 | 71, 71 |" in lines[2]
    assert lines[-1] == "Operations left, geometric mean of the ratios: 1.250"


def test_a_build_without_a_jit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    silent = build(tmp_path / "silent", "")
    assert main([silent, silent, *FAST_FIB]) == 1
    assert f"error: fib with {silent}: KeyError" in capsys.readouterr().err


def test_an_unknown_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["a", "b", "--only", "nonsense"]) == 1
    assert "nonsense" in capsys.readouterr().err
