"""The programs of constructs/, by the plain evaluator: what the front makes of them, and what each
construct means.
"""

from __future__ import annotations

import pytest

from pymdvm.compiler.frontend.findings import has_errors, show
from pymdvm.compiler.frontend.front import analyse

from . import evaluator
from .constructs import ALL_CASES
from .constructs.case import Case


@pytest.mark.parametrize("case", ALL_CASES, ids=str)
def test_evaluator(case: Case) -> None:
    analysis = analyse(case.source, "case.md")
    assert not has_errors(analysis.findings), show(analysis.findings, case.source)
    assert evaluator.run(analysis.resolved().program) == evaluator.Outcome(
        case.stdout, case.value, case.error
    )


def test_names_are_told_apart() -> None:
    assert len({str(case) for case in ALL_CASES}) == len(ALL_CASES)
