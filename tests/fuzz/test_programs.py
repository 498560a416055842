"""Random programs from fixed seeds on the built VM; `python3 -m tests.fuzz programs`
runs any others.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.amounts import RANDOM_PROGRAMS
from tests.differential.source import assemble

from .campaign import Campaign, Tally, agree, case_of, expected_of_nesting
from .families import FAMILIES, program_of
from .messages import RUN_ERROR, VALUE, Outcome
from .runner import HANG, TOP, Runner, Subject
from .settings import DEFAULT, Setting, Surroundings

SEED = "ci"
# Each of them is a test of its own, so that they spread over the processors.
PARTS = 8
ENDLESS = "LOAD_CONST r0, 1\nagain: JUMP_IF r0, again"


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.usefixtures("built")
def test_random_programs(part: int) -> None:
    campaign = Campaign(Subject())
    numbers = range(part, RANDOM_PROGRAMS, PARTS)
    findings = [
        finding.report() + finding.listing()
        for finding in campaign.run(case_of(SEED, number) for number in numbers)
    ]
    assert not findings, "\n\n".join(findings[:5])
    assert_worth_its_time(campaign.tally)


def assert_worth_its_time(tally: Tally) -> None:
    """Nearly all programs were judged, in more than one setting."""
    assert tally.unjudged <= max(2, tally.programs // 50)
    assert tally.runs > 2 * (tally.programs - tally.unjudged)


def test_every_family_has_its_turn() -> None:
    assert {case_of(SEED, number).family for number in range(500)} == set(FAMILIES)


def test_a_seed_always_gives_the_same_program() -> None:
    for name in FAMILIES:
        assert program_of(name, 1, 10) == program_of(name, 1, 10) != program_of(name, 2, 10)
    assert case_of("a", 5) == case_of("a", 5) != case_of("b", 5)


def test_recursion_beyond_what_the_evaluator_follows() -> None:
    """It may end with a value where it can; where it cannot, only with the error for that."""
    recursion = assemble(program_of("endless_recursion", 1, 10))
    endless = expected_of_nesting(recursion, "endless_recursion")
    deep = expected_of_nesting(recursion, "deep_calls")
    assert endless is not None and deep is not None
    overflow = Outcome(RUN_ERROR, error="Stack overflow", output=endless.output + "more\n")
    value = Outcome(VALUE, "Int(5)", output=deep.output)
    assert agree(endless, overflow) and agree(deep, overflow) and agree(deep, value)
    assert not agree(endless, value)
    assert not agree(endless, replace(overflow, error="Out of memory"))
    assert not agree(endless, replace(overflow, output="something else"))
    assert not agree(deep, replace(value, ending=HANG))


@pytest.mark.usefixtures("built")
def test_a_program_that_does_not_end_is_an_outcome() -> None:
    from pymdvm.assembler import assemble as assemble_text
    from pymdvm.bytecode import write

    runner = Runner(Subject(), Surroundings(), seconds=1.0)
    try:
        outcomes = runner.run(write(assemble_text(ENDLESS)), (DEFAULT, Setting("off")))
        assert [outcome.ending for outcome in outcomes] == [HANG, HANG]
        assert (
            runner.run(write(assemble_text("LOAD_CONST r0, 5\nRETURN r0")), (DEFAULT,))[0].value
            == "Int(5)"
        )
    finally:
        runner.close()


@pytest.mark.usefixtures("built")
def test_another_python_may_run_the_programs(tmp_path: Path) -> None:
    """An emulator, if the library is for another processor."""
    other, used = tmp_path / "other", tmp_path / "used"
    other.write_text(f'#!/bin/sh\necho "$2" >>"$1"\nshift\nexec {sys.executable} "$@"\n')
    other.chmod(0o755)
    command = [sys.executable, "-m", "tests.fuzz", "programs", "--count", "2"]
    python = shlex.join([str(other), str(used)])
    done = subprocess.run([*command, "--python", python], cwd=TOP, capture_output=True, text=True)
    assert done.stdout.endswith("found 0\n"), done.stdout + done.stderr
    assert set(used.read_text().split()) == {"-m"}
