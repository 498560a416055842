"""docs/language.md: its programs have nothing wrong with them, and it names the codes of all
findings.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pymdvm.compiler.frontend.front import analyse

TOP = Path(__file__).resolve().parents[2]
DOCUMENT = (TOP / "docs" / "language.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"```machine-dialect\n(.*?)```", DOCUMENT, re.DOTALL)


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs(program: str) -> None:
    assert analyse(program, "language.md").findings == ()


def test_codes() -> None:
    source = "".join(
        path.read_text(encoding="utf-8") for path in (TOP / "pymdvm" / "compiler").rglob("*.py")
    )
    codes = set(
        re.findall(
            r'(?:\.error|\.warning|_error|_warning|Severity\.ERROR,)\(?\s*"([a-z-]+)"', source
        )
    )
    assert {"syntax", "undefined-name", "kind-mismatch"} <= codes
    assert codes <= set(re.findall(r"`([a-z-]+)`", DOCUMENT.partition("## Findings")[2]))
