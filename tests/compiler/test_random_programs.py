"""Random programs: compiled, at each level and for each target in turn, they do what the plain
evaluator does.

MDVM_RANDOM_PROGRAMS says how many there are; with MDVM_RANDOM_EVERY=1 each is compiled in every
way. A program that goes wrong is made as small as it gets and left in
build/random-program-SHARE.md.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, seed, settings

from pymdvm.compiler.driver import LEVELS, TARGETS, CompilerOptions, compile_source
from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.findings import show
from pymdvm.compiler.frontend.front import analyse
from pymdvm.compiler.frontend.targets import PUBLISHED
from tests.amounts import RANDOM_PROGRAMS

from . import evaluator
from .printer import print_program
from .random_programs import programs, with_named_arguments
from .vm import run_bytecode

EVERY = os.environ.get("MDVM_RANDOM_EVERY") == "1"
BUILD = Path(__file__).resolve().parents[2] / "build"
FILE = "random.md"
STEPS = 20000

WAYS = tuple(CompilerOptions(level, target) for target in TARGETS for level in LEVELS)
# Each way has two shares of the programs: with positional arguments and with named ones.
SHARES = 2 * len(WAYS)

ANY_PACE = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("share", range(SHARES))
def test_compiled_programs(share: int) -> None:
    fault = run_share(share, RANDOM_PROGRAMS // SHARES + 1)
    assert not fault, fault


def run_share(share: int, count: int) -> str:
    """Runs so many programs.  What is wrong with the smallest one that goes wrong, empty if none
    does.
    """
    ways = WAYS if EVERY else (WAYS[share // 2],)
    fault = ""

    @seed(share)
    @settings(ANY_PACE, max_examples=count)
    @given(programs())
    def check(program: syntax.Program) -> None:
        nonlocal fault
        source = print_program(with_named_arguments(program) if share % 2 else program)
        try:
            _check(source, ways)
        except AssertionError as error:
            # The last one to fail is the smallest.
            BUILD.mkdir(exist_ok=True)
            (BUILD / f"random-program-{share}.md").write_text(source, encoding="utf-8")
            fault = f"{error}\n{source}"
            raise

    try:
        check()
    except AssertionError:
        return fault
    return ""


def _check(source: str, ways: Iterable[CompilerOptions]) -> None:
    for options in ways:
        expected = _expected(source, options.target)
        if expected is None:
            continue
        outcome = run_bytecode(compile_source(source, FILE, options).bytecode)
        found = evaluator.Outcome(
            outcome.stdout, outcome.value or evaluator.NO_VALUE, outcome.error or ""
        )
        assert found == expected, (
            f"-O{options.level} --target {options.target}\nexpected {expected}\nfound    {found}"
        )


def _expected(source: str, target: str) -> evaluator.Outcome | None:
    """None if the target's VM is known not to be able to."""
    analysis = analyse(source, FILE, None, target)
    if any(finding.code == "unsupported" for finding in analysis.findings):
        return None
    # Calculating with what can have no value is refused.
    assume(all(finding.code != "no-value" for finding in analysis.findings))
    assert analysis.resolution is not None, show(analysis.findings, source)
    try:
        return evaluator.run(analysis.resolution.program, STEPS, target != PUBLISHED)
    except evaluator.TooLong:
        assume(False)
        raise


@settings(ANY_PACE, max_examples=200, derandomize=True)
@given(programs())
def test_printed_programs_parse_to_themselves(program: syntax.Program) -> None:
    source = print_program(program)
    analysis = analyse(source, FILE)
    assert analysis.program == program, show(analysis.findings, source) + "\n" + source
