"""A correction of the JIT's unrolling in translation/unrolling.py: what a loop learns of an int
from before its label is not demanded of those who enter it.

PYTEST_DONT_REWRITE: the functions here are translated too, and an assertion that pytest has
rewritten is not RPython.
"""

import pytest
from rpython.jit.metainterp.test.support import LLJitMixin
from rpython.rlib.jit import JitDriver

driver = JitDriver(greens=[], reds=["turns", "number", "seen", "box"])


class Box(object):
    _immutable_fields_ = ["value"]

    def __init__(self, value):
        self.value = value


def loop(turns, number):
    """The loop carries in the box, which is virtual, the number that it began the turn with."""
    box = Box(2)
    seen = 0
    while turns > 0:
        driver.jit_merge_point(turns=turns, number=number, seen=seen, box=box)
        if box.value & 1:
            seen += 100
        seen += 1
        box = Box(number)
        number += 2
        turns -= 1
    return seen


class TestBitsAtLabels(LLJitMixin):
    @pytest.fixture
    def corrected(self, correct):
        correct("unrolling.forget_bounds_of_input_arguments")

    @pytest.mark.parametrize("number", [4, 7])
    def test_a_guarded_bit_of_what_was_before_the_label(self, corrected, number):
        assert self.meta_interp(loop, [30, number]) == loop(30, number)
