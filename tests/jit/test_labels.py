"""A correction of the JIT's bounds in translation/int_bounds.py: what a guard says of a
label's argument holds for this turn only.

PYTEST_DONT_REWRITE: the functions here are translated too, and an assertion that pytest has
rewritten is not RPython.
"""

import sys

import pytest
from rpython.jit.metainterp.test.support import LLJitMixin
from rpython.rlib.jit import JitDriver
from rpython.rlib.rarithmetic import int_c_div

driver = JitDriver(greens=[], reds=["turns", "dividend", "box"])


class Box(object):
    _immutable_fields_ = ["value"]

    def __init__(self, value):
        self.value = value


def loop(turns, dividend, divisor):
    """The loop is compiled where the divisor is -1: the quotient there is the same in every turn,
    the divisor is not.
    """
    box = Box(divisor)
    while turns > 0:
        driver.jit_merge_point(turns=turns, dividend=dividend, box=box)
        divisor = box.value
        if divisor == 0:
            return -100
        if divisor == -1 and dividend == -sys.maxint - 1:
            return -200
        box = Box(int_c_div(dividend, divisor) + 1)
        turns -= 1
    return box.value


class TestLabels(LLJitMixin):
    @pytest.fixture
    def corrected(self, correct):
        correct("int_bounds.learn_nothing_from_before_a_label")

    @pytest.mark.parametrize("divisor", [-4, -1, 7])
    def test_the_argument_of_a_label_is_computed_anew(self, corrected, divisor):
        expected = loop(31, -5, divisor)
        assert self.meta_interp(loop, [31, -5, divisor]) == expected
