"""Random programs compiled for the published VM do there what the plain evaluator does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings

from pymdvm.compiler.driver import LEVELS, CompilerOptions, compile_source
from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.front import analyse
from pymdvm.compiler.frontend.targets import PUBLISHED
from tests.differential.oracle import Oracle, reason_there_is_none
from tests.differential.outcome import RUNTIME_ERROR, Outcome
from tests.differential.subject import judged

from . import evaluator
from .dict_order import order_decides, sorted_entries
from .printer import print_program
from .random_programs import programs

FILE = "random.md"


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    if reason := reason_there_is_none():
        pytest.skip(reason)
    runner = Oracle()
    yield runner
    runner.close()


@pytest.mark.parametrize("level", LEVELS)
def test_published_vm(level: int, oracle: Oracle, tmp_path: Path) -> None:
    path = tmp_path / "random.mdbc"

    @settings(
        max_examples=60,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(programs())
    def check(program: syntax.Program) -> None:
        source = print_program(program)
        # Calculating with what can have no value is refused, and so are names in named lists that
        # are known to be no texts.
        findings = analyse(source, FILE, None, PUBLISHED).findings
        assume(all(finding.code not in ("no-value", "unsupported") for finding in findings))
        bytecode = compile_source(source, FILE, CompilerOptions(level, "published")).bytecode
        assume(not order_decides(bytecode))
        path.write_bytes(bytecode)
        assert sorted_entries(oracle.run(path)) == sorted_entries(_expected(source)), source

    check()


def _expected(source: str) -> Outcome:
    try:
        outcome = evaluator.run(analyse(source, FILE).resolved().program, 20000, False)
    except evaluator.TooLong:
        assume(False)
        raise
    if outcome.error:
        return Outcome(outcome.stdout, RUNTIME_ERROR, outcome.error)
    return judged(f"{outcome.stdout}Result: {outcome.value}\n", "", 0)
