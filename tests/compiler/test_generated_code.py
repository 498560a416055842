"""How good the code is, as far as that can be counted; bench/generated_code.py measures the
rest.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.generated_code import MOST_INSTRUCTIONS, SOURCES, compare
from pymdvm.compiler.driver import LEVELS, CompilerOptions, compile_source
from tests.differential.subject import chosen, is_translated

from .vm import run_bytecode

TOP = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((TOP / "examples").glob("*.md"))


def steps(source: Path, level: int) -> int:
    return run_bytecode(
        compile_source(source.read_text("utf-8"), source.name, CompilerOptions(level)).bytecode
    ).steps


def test_optimisation_leaves_few_of_the_instructions() -> None:
    counts = [[steps(source, level) for level in LEVELS] for source in EXAMPLES]
    assert all(highest <= lowest for lowest, *_, highest in counts), counts
    assert sum(count[-1] for count in counts) <= MOST_INSTRUCTIONS * sum(
        count[0] for count in counts
    )


@pytest.mark.skipif(not is_translated(), reason="the programs take too long untranslated")
@pytest.mark.parametrize("source", sorted(SOURCES.glob("*.md")), ids=lambda path: path.stem)
def test_programs_of_the_benchmark_and_their_assembler_agree(source: Path) -> None:
    assert compare(os.path.abspath(chosen()), source, 1).generated > 0
