"""A correction of the JIT's unrolling in translation/unrolling.py: guards of a loop resume
with the constants it was compiled for.

PYTEST_DONT_REWRITE: the functions here are translated too, and an assertion that pytest has
rewritten is not RPython.
"""

import pytest
from rpython.jit.metainterp.test.support import LLJitMixin
from rpython.rlib.jit import JitDriver, promote

driver = JitDriver(greens=[], reds=["turns", "dividend", "divisor", "seen", "box"])


class Box(object):
    _immutable_fields_ = ["value"]

    def __init__(self, value):
        self.value = value


def loop(turns, dividend, divisor):
    """Whether it is turn 3 is guarded while the last turn's remainder, 0 by -1, is still to be
    added.
    """
    box = Box(7)
    seen = 0
    while turns > 0:
        driver.jit_merge_point(turns=turns, dividend=dividend, divisor=divisor, seen=seen, box=box)
        if turns == 3:
            seen += 100
        seen += box.value
        promote(divisor)
        box = Box(dividend % divisor)
        turns -= 1
    return seen


class TestConstantsInLoops(LLJitMixin):
    @pytest.fixture
    def corrected(self, correct):
        correct("unrolling.carry_constants_into_loops")

    def test_a_guard_resumes_with_the_constant(self, corrected):
        assert self.meta_interp(loop, [30, 5, -1]) == 107
