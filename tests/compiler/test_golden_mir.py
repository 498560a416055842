"""The MIR of a few programs, before and after optimisation, is the one in golden/.

    MDVM_REWRITE_GOLDEN=1 pytest tests/compiler/test_golden_mir.py

writes the files anew; look at the differences before committing them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pymdvm.compiler.frontend.front import analyse
from pymdvm.compiler.lowering.function import lower
from pymdvm.compiler.mir.checker import check_module
from pymdvm.compiler.mir.parsing import parse_module
from pymdvm.compiler.mir.printing import print_module
from pymdvm.compiler.passes.manager import optimise

from .mir_machine import run_module

GOLDEN = Path(__file__).parent / "golden"
REWRITE = os.environ.get("MDVM_REWRITE_GOLDEN") == "1"
PROGRAMS = sorted(path.stem for path in GOLDEN.glob("*.md"))


@pytest.mark.parametrize("level", [0, 2])
@pytest.mark.parametrize("name", PROGRAMS)
def test_golden_mir(name: str, level: int) -> None:
    module = lower(analyse((GOLDEN / f"{name}.md").read_text("utf-8"), name).resolved().program)
    optimise(module, level)
    check_module(module)
    text = print_module(module)
    golden = GOLDEN / f"{name}.O{level}.mir"
    if REWRITE:
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")


@pytest.mark.parametrize("name", PROGRAMS)
def test_golden_mir_does_the_same_at_both_levels(name: str) -> None:
    plain, optimised = (
        run_module(parse_module((GOLDEN / f"{name}.O{level}.mir").read_text("utf-8")))
        for level in (0, 2)
    )
    assert not plain.error
    assert optimised == plain
    assert optimised.steps <= plain.steps
