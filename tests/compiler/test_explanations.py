"""Every code of a finding has an explanation, and `mdvm explain` prints it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from pymdvm.commands.explain import command
from pymdvm.compiler.frontend.explanations import EXPLANATIONS

COMPILER = Path(__file__).resolve().parents[2] / "pymdvm" / "compiler"


def _codes() -> set[str]:
    source = "".join(path.read_text(encoding="utf-8") for path in COMPILER.rglob("*.py"))
    found = re.findall(
        r"(?:\.error|\.warning|_error|_warning|Severity\.(?:ERROR|WARNING),|\.warn)\(?\s*"
        r'(?:\w+,\s*)?"([a-z][a-z-]+)"',
        source,
    )
    return {"syntax", "unsupported", "ignored-word", *found}


def test_every_code_is_explained() -> None:
    codes = _codes()
    assert {"kind-mismatch", "undefined-name", "no-value", "empty-list"} <= codes
    assert codes == set(EXPLANATIONS)


def test_the_command() -> None:
    done = CliRunner().invoke(command, ["no-value"])
    assert done.exit_code == 0
    assert done.output.startswith("no-value (error)\n\nThe variable is Empty")


def test_all_of_them() -> None:
    lines = CliRunner().invoke(command, []).output.splitlines()
    assert [line.partition(":")[0] for line in lines] == list(EXPLANATIONS)


@pytest.mark.parametrize(
    ("code", "hint"), [("no-valu", "did you mean no-value?"), ("zzz", "lists them")]
)
def test_an_unknown_code(code: str, hint: str) -> None:
    done = CliRunner().invoke(command, [code])
    assert done.exit_code == 1
    assert hint in done.output
