"""The documents about the language: their programs have nothing wrong with them and print what they
say, Python's print the same, the grammar's examples are accepted, and the findings are all named.
"""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from pymdvm.compiler.driver import LEVELS, CompilerOptions, compile_source
from pymdvm.compiler.frontend.explanations import EXPLANATIONS
from pymdvm.compiler.frontend.findings import has_errors, show
from pymdvm.compiler.frontend.front import analyse
from pymdvm.compiler.frontend.grammar import SECTIONS

from .vm import run_bytecode

DOCS = Path(__file__).resolve().parents[2] / "docs"


def _read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


DOCUMENT = _read("language.md")
PROGRAMS = [
    program
    for name in ("language.md", "tour.md", "from-python.md")
    for program in re.findall(r"```machine-dialect\n(.*?)```", _read(name), re.DOTALL)
]
SHOWN = re.findall(
    r"```machine-dialect\n(.*?)```\n\n```text\n(.*?)```", _read("tour.md"), re.DOTALL
)
COMPARED = re.findall(
    r"```python\n(.*?)```\n\n```machine-dialect\n(.*?)```", _read("from-python.md"), re.DOTALL
)
EXAMPLES = [example for section in SECTIONS.values() for row in section for example in row.examples]


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs(program: str) -> None:
    findings = analyse(program, "language.md").findings
    assert findings == (), show(findings, program)


def _output(program: str, level: int) -> str:
    compiled = compile_source(program, "document.md", CompilerOptions(level))
    outcome = run_bytecode(compiled.bytecode)
    assert not outcome.error
    return outcome.stdout


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("program", "output"), SHOWN)
def test_the_tour(program: str, output: str, level: int) -> None:
    assert _output(program, level) == output


@pytest.mark.parametrize(("python", "program"), COMPARED)
def test_python_and_machine_dialect(python: str, program: str) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(python, {"__name__": "document"})
    assert _output(program, LEVELS[-1]) == printed.getvalue()


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_of_the_grammar(example: str) -> None:
    findings = analyse(example, "grammar.md").findings
    assert not has_errors(findings), show(findings, example)


def test_there_are_some_of_each() -> None:
    assert (len(SHOWN), len(COMPARED), len(EXAMPLES)) >= (8, 8, 40)


def test_codes() -> None:
    named = set(re.findall(r"`([a-z-]+)`", DOCUMENT.partition("## Findings")[2]))
    assert set(EXPLANATIONS) <= named
