"""Random documents in varied phrasing (written/) do what the same program in Python does, at some
level, a part of them after the formatter has been over them.

MDVM_RANDOM_PROGRAMS says how many there are; their numbers are their seeds.
"""

from __future__ import annotations

import pytest

from pymdvm.compiler.driver import LEVELS, CompilerOptions, compile_source
from pymdvm.compiler.frontend.findings import Severity, has_errors, show
from pymdvm.compiler.frontend.formatter import formatted
from pymdvm.compiler.frontend.front import analyse
from tests.amounts import RANDOM_PROGRAMS

from .vm import run_bytecode
from .written import meaning
from .written.programs import program

FILE = "written.md"
SHARES = 10
# What a program that makes no such mistake on purpose may be refused for.
BY_CHANCE = {"no-such-position"}

Outcome = tuple[str, str, str]


@pytest.mark.parametrize("share", range(SHARES))
def test_written_programs(share: int) -> None:
    count = 0
    for seed in range(share, RANDOM_PROGRAMS, SHARES):
        document, python = program(seed)
        findings = analyse(document, FILE).findings
        if has_errors(findings):
            codes = {finding.code for finding in findings if finding.severity is Severity.ERROR}
            assert codes == BY_CHANCE, f"{seed}\n{show(findings, document)}\n{document}"
            continue
        count += 1
        expected = meaning.run(python)
        level = LEVELS[seed // SHARES % len(LEVELS)]
        text = formatted(document, FILE) if seed % 4 == 0 else document
        assert _run(text, level) == expected, f"{seed} at -O{level}\n{text}\n{python}"
    assert count > 0.8 * RANDOM_PROGRAMS / SHARES


def _run(document: str, level: int) -> Outcome:
    outcome = run_bytecode(compile_source(document, FILE, CompilerOptions(level)).bytecode)
    value = "" if outcome.value in (None, "Empty") else str(outcome.value)
    return outcome.stdout, value, outcome.error or ""


def test_some_end_early() -> None:
    """With errors at run time and with values, and most do not."""
    outcomes = [meaning.run(program(seed)[1]) for seed in range(100)]
    assert 2 < sum(bool(error) for _, _, error in outcomes) < 50
    assert sum(bool(value) for _, value, _ in outcomes) > 5
