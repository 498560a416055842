"""The programs in examples/: each prints what the .out file beside it says, however it is run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.example_programs import MOST_LINES, lines_of_document, lines_of_python
from pymdvm.compiler.driver import LEVELS, TARGETS, CompilerOptions, compile_source
from pymdvm.compiler.frontend.findings import SourceError
from pymdvm.compiler.frontend.front import analyse

from . import evaluator
from .vm import run_bytecode

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*.md"))

every_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)


def _expected(example: Path) -> str:
    return example.with_suffix(".out").read_text(encoding="utf-8")


def _shown(stdout: str, value: str) -> str:
    """What mdvm-c prints for such a run."""
    return stdout if value in ("", evaluator.NO_VALUE) else f"{stdout}Result: {value}\n"


TWINS = sorted((EXAMPLES[0].parent / "python").glob("*.py"))


@pytest.mark.parametrize("twin", TWINS, ids=lambda path: path.stem)
def test_the_same_in_python(twin: Path) -> None:
    """It prints the same, and is not much shorter."""
    example = EXAMPLES[0].parent / f"{twin.stem}.md"
    done = subprocess.run([sys.executable, twin], capture_output=True, text=True, check=True)
    assert done.stdout == _expected(example)
    lines = lines_of_document(example.read_text(encoding="utf-8"))
    assert lines <= MOST_LINES * lines_of_python(twin.read_text(encoding="utf-8"))


def test_thirty_examples_have_a_twin() -> None:
    assert len(TWINS) >= 30


@every_example
def test_there_is_nothing_to_find(example: Path) -> None:
    assert analyse(example.read_text(encoding="utf-8"), example.name).findings == ()


@every_example
def test_prose_is_there(example: Path) -> None:
    source = example.read_text(encoding="utf-8")
    assert source.startswith("---\ntitle: ")
    assert source.count("<summary>") == source.count("### **")


@every_example
def test_evaluator(example: Path) -> None:
    outcome = evaluator.run(
        analyse(example.read_text(encoding="utf-8"), example.name).resolved().program, 10**8
    )
    assert (_shown(outcome.stdout, outcome.value), outcome.error) == (_expected(example), "")


@every_example
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("level", LEVELS)
def test_compiled(example: Path, level: int, target: str) -> None:
    source = example.read_text(encoding="utf-8")
    try:
        compiled = compile_source(source, example.name, CompilerOptions(level, target))
    except SourceError as error:
        # The published VM has no built-in functions.
        assert target == "published"
        assert {finding.code for finding in error.findings} == {"unsupported"}
        return
    outcome = run_bytecode(compiled.bytecode)
    assert (_shown(outcome.stdout, outcome.value), outcome.error) == (_expected(example), "")
