"""docs/language.md: its programs have nothing wrong with them, and it names the codes of all
findings.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pymdvm.compiler.frontend.explanations import EXPLANATIONS
from pymdvm.compiler.frontend.front import analyse

TOP = Path(__file__).resolve().parents[2]
DOCUMENT = (TOP / "docs" / "language.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"```machine-dialect\n(.*?)```", DOCUMENT, re.DOTALL)


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs(program: str) -> None:
    assert analyse(program, "language.md").findings == ()


def test_codes() -> None:
    named = set(re.findall(r"`([a-z-]+)`", DOCUMENT.partition("## Findings")[2]))
    assert set(EXPLANATIONS) <= named
