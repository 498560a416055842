"""Loop inversion."""

from __future__ import annotations

from pymdvm.compiler.mir.dominators import DominatorTree
from pymdvm.compiler.mir.loops import Loops
from pymdvm.compiler.mir.model import Branch, MirFunction

from ..mir_machine import run_module
from .running import HEADER, module_after

COUNT = """\
b0:
    v9 = LOAD_GLOBAL ["g"]
    jump b1
b1:
    v0 = phi b0: 0, b2: v2
    v1 = LT v0, 10
    branch v1, b2, b3
b2:
    v2 = ADD v0, 1
    jump b1
b3:
    DEBUG_PRINT v1
    return v0
"""

# Two loops in one another, where each turn exchanges two values and the inner header's values are
# used far away.
NESTED = """\
b0:
    jump b1
b1:
    v0 = phi b0: 0, b6: v12
    v1 = phi b0: 1, b6: v2
    v2 = phi b0: 2, b6: v1
    v3 = LT v0, 5
    branch v3, b2, b7
b2:
    jump b3
b3:
    v4 = phi b2: 0, b5: v10
    v5 = phi b2: v1, b5: v4
    v6 = LT v4, v0
    branch v6, b4, b6
b4:
    v7 = EQ v4, 2
    branch v7, b8, b5
b8:
    DEBUG_PRINT v5
    jump b5
b5:
    v10 = ADD v4, 1
    jump b3
b6:
    v11 = ADD v5, v4
    DEBUG_PRINT v11
    DEBUG_PRINT v2
    v12 = ADD v0, 1
    jump b1
b7:
    DEBUG_PRINT v1
    return v2
"""


def loops_that_test_at_the_top(function: MirFunction) -> int:
    """Loops whose header decides, and some other block goes back by a jump."""
    tree = DominatorTree(function)
    count = 0
    for loop in Loops(tree).all:
        latches = [label for label in tree.predecessors[loop.header] if label in loop.body]
        count += not all(isinstance(function.blocks[label].terminator, Branch) for label in latches)
    return count


def test_a_loop_tests_at_its_end() -> None:
    module = module_after("inversion copies threading", HEADER + COUNT)
    assert loops_that_test_at_the_top(module.entry) == 0
    before = run_module(module_after("", HEADER + COUNT)).steps
    assert run_module(module).steps == before - 10


def test_of_loops_in_loops_the_outer_one_is_inverted() -> None:
    module = module_after("inversion copies threading", HEADER + NESTED)
    assert loops_that_test_at_the_top(module.entry) == 1


def test_a_loop_without_an_exit_at_its_top_stays() -> None:
    text = """\
b0:
    jump b1
b1:
    v0 = phi b0: 0, b3: v1
    v1 = ADD v0, 1
    jump b2
b2:
    v2 = LT v1, 5
    branch v2, b3, b4
b3:
    DEBUG_PRINT v0
    jump b1
b4:
    return v1
"""
    module = module_after("inversion", HEADER + text)
    assert len(module.entry.blocks) == 5
