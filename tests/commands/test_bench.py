"""`mdvm bench`: a measured time of the right size, and a plain word where something is missing."""

from __future__ import annotations

import importlib.util
import json
import re
import stat
import sys
from pathlib import Path

import pytest

from tests.commands.command_line import assembled, invoke

PROGRAM = "    LOAD_CONST r0, 1\n    RETURN r0\n"
NAP = 0.05
needs_pyperf = pytest.mark.skipif(
    importlib.util.find_spec("pyperf") is None, reason="pyperf is not installed"
)


def stand_in(folder: Path, body: str) -> Path:
    """A program in the place of mdvm-c, so that what it takes is known."""
    path = folder / "vm"
    path.write_text(f"#!{sys.executable}\nimport sys, time\n{body}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@needs_pyperf
def test_a_measured_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MDVM_BINARY", str(stand_in(tmp_path, f"time.sleep({NAP})")))
    path = assembled(tmp_path, PROGRAM)
    outcome = invoke("bench", "--fast", "-o", tmp_path / "kept.json", path)
    assert (outcome.status, outcome.err) == (0, "")
    match = re.match(
        rf"{path}: (\d+(?:\.\d+)?) ms \+- \S+ [mu]?s\nmedian and standard deviation of \d+ runs",
        outcome.out,
    )
    assert match, outcome.out
    assert NAP * 1000 < float(match[1]) < NAP * 1000 + 400
    kept = json.loads((tmp_path / "kept.json").read_text(encoding="utf-8"))
    assert kept["metadata"]["name"] == "program"


@needs_pyperf
def test_a_program_that_fails_is_not_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "MDVM_BINARY", str(stand_in(tmp_path, "sys.exit('Runtime error: Division by zero')"))
    )
    path = assembled(tmp_path, PROGRAM)
    outcome = invoke("bench", path)
    assert (outcome.status, outcome.out, outcome.err) == (
        1,
        "",
        f"Error: {path}: Runtime error: Division by zero\n",
    )


def test_without_pyperf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyperf", None)
    outcome = invoke("bench", assembled(tmp_path, PROGRAM))
    assert (outcome.status, outcome.err) == (
        1,
        "Error: this takes pyperf, which is not installed: pip install pyperf\n",
    )


@needs_pyperf
def test_without_the_native_vm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MDVM_BINARY", str(tmp_path / "nosuch"))
    outcome = invoke("bench", assembled(tmp_path, PROGRAM))
    assert (outcome.status, outcome.err) == (
        1,
        f"Error: MDVM_BINARY={tmp_path}/nosuch is no file\n",
    )
