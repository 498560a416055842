"""Programs that need version 2 of the file format: by the plain evaluator, and at every level by the
VM; for the published VM they are refused.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from mdvm import opcodes
from pymdvm.bytecode.codec import read
from pymdvm.compiler.driver import LEVELS, CompilerOptions, compile_source
from pymdvm.compiler.frontend.findings import SourceError, has_errors, show
from pymdvm.compiler.frontend.front import analyse

from . import evaluator
from .constructs.case import Case, read_cases
from .vm import run_bytecode

FOLDER = Path(__file__).parent / "constructs" / "latest"
CASES = [case for path in sorted(FOLDER.glob("*.cases")) for case in read_cases(path)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_evaluator(case: Case) -> None:
    analysis = analyse(case.source, "case.md")
    assert not has_errors(analysis.findings), show(analysis.findings, case.source)
    assert evaluator.run(analysis.resolved().program) == evaluator.Outcome(
        case.stdout, case.value, case.error
    )


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_compiled(case: Case, level: int) -> None:
    compiled = compile_source(case.source, "case.md", CompilerOptions(level=level))
    outcome = run_bytecode(compiled.bytecode)
    assert (outcome.stdout, outcome.error) == (case.stdout, case.error)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_for_the_published_vm(case: Case) -> None:
    """Refused, or compiled to what that VM has."""
    try:
        compiled = compile_source(case.source, "case.md", CompilerOptions(target="published"))
    except SourceError as error:
        assert {finding.code for finding in error.findings} == {"unsupported"}
    else:
        assert read(compiled.bytecode).version == opcodes.PUBLISHED


@pytest.mark.parametrize(
    ("source", "version"),
    [
        ("Say _1_.", opcodes.PUBLISHED),
        ('Say "a" in upper case.', opcodes.LATEST),
        ("Define `l` as List.\nAdd _1_ to `l`.\nSay `l`.", opcodes.LATEST),
        ("Say the function `len`.", opcodes.LATEST),
        ("Say _https://a.b/_.", opcodes.LATEST),
    ],
)
def test_version(source: str, version: int) -> None:
    assert read(compile_source(source, "case.md").bytecode).version == version


@pytest.mark.parametrize(
    "source", ['Say "a" in upper case.', "Say the function `len`.", "Define `s` as Set."]
)
def test_refused(source: str) -> None:
    with pytest.raises(SourceError):
        compile_source(source, "case.md", CompilerOptions(target="published"))
