"""Programs in Machine Dialect itself, compiled by the published compiler, end to end.

compiled/ holds each source with the .mdbc that the published compiler made of it, so that mdvm is
tested on its code where there is no published compiler too.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from .differences import returns
from .oracle import Oracle, oracle_python, reason_there_is_none
from .outcome import Outcome
from .subject import is_translated, make_subject

COMPILED = Path(__file__).resolve().parent / "compiled"
SOURCES = sorted(COMPILED.glob("*.md"))

EXPECTED = {
    "fibonacci": returns(832040, stdout="832040\n"),
    "factorial": returns(2432902008176640000, stdout="2432902008176640000\n"),
    "if_else": returns(30, stdout="hot\nnot cold\n"),
    "text_output": returns("Hello, ", stdout='Hello, Wörld\na \\"quoted\\" word\n3\n-17\ntrue\n'),
}
TAKES_LONG_UNTRANSLATED = {"fibonacci"}

# The published VM takes some seconds for Fibonacci(30), on a slow machine many.
SECONDS = 120.0


def outcome_on_mdvm(path: Path) -> Outcome:
    if path.stem in TAKES_LONG_UNTRANSLATED and not is_translated():
        pytest.skip("takes too long untranslated; build ./mdvm-c")
    subject = make_subject()
    try:
        return subject.run(path)
    finally:
        subject.close()


@pytest.mark.parametrize("name", EXPECTED)
def test_it_prints_and_returns_what_its_source_says(name: str) -> None:
    assert outcome_on_mdvm(COMPILED / f"{name}.mdbc") == EXPECTED[name]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_the_published_compiler_and_vm_agree(tmp_path: Path, source: Path) -> None:
    """Compiled on the spot, which does not give the saved bytes everywhere: the same outcome on
    both VMs.

    The order of Python's sets, which differs from run to run, decides what the published compiler
    makes of a program; some orders make it a wrong one (if_else.md then ends in an error), so that
    what the source says is not asked for here.
    """
    if reason_there_is_none():
        pytest.skip(reason_there_is_none())
    made = tmp_path / f"{source.stem}.mdbc"
    command = [
        str(oracle_python()),
        "-m",
        "machine_dialect",
        "compile",
        str(source),
        "-o",
        str(made),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    if "No module named" in done.stderr:
        pytest.skip(f"no published compiler: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stdout + done.stderr
    patient = Oracle(SECONDS)
    try:
        assert outcome_on_mdvm(made) == patient.run(made)
    finally:
        patient.close()


def test_every_saved_program_has_its_source() -> None:
    assert (
        {path.stem for path in COMPILED.glob("*.mdbc")}
        == {path.stem for path in SOURCES}
        == set(EXPECTED)
    )
