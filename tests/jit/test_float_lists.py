"""translation/float_lists.py: a list of many times -0.0 keeps the sign.

PYTEST_DONT_REWRITE: the functions here are translated too, and an assertion that pytest has
rewritten is not RPython.
"""

import math

import pytest
from rpython.jit.metainterp.test.support import LLJitMixin
from rpython.rlib.jit import JitDriver
from rpython.rtyper.test.tool import BaseRtypingTest

driver = JitDriver(greens=[], reds=["turns", "item", "signs"])


@pytest.fixture
def corrected(correct):
    correct("float_lists")


def last_sign(item, size):
    return math.copysign(1.0, ([item] * size)[size - 1])


def sum_of_signs(item, turns):
    signs = 0.0
    while turns > 0:
        driver.jit_merge_point(turns=turns, item=item, signs=signs)
        signs += math.copysign(1.0, ([item] * turns)[turns - 1])
        turns -= 1
    return signs


class TestLists(BaseRtypingTest):
    @pytest.mark.parametrize("item", [0.0, -0.0, 1.5, -1.5])
    def test_a_list_has_what_it_was_made_of(self, corrected, item):
        assert self.interpret(last_sign, [item, 5]) == last_sign(item, 5)


class TestListsInTraces(LLJitMixin):
    @pytest.mark.parametrize("item", [0.0, -0.0, 1.5, -1.5])
    def test_a_list_has_what_it_was_made_of(self, corrected, item):
        assert self.meta_interp(sum_of_signs, [item, 30]) == sum_of_signs(item, 30)
