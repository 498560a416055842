"""The correction of the JIT's bounds of ints in translation/int_bounds.py: a path that is
never taken does not crash it.
"""

import sys

import pytest
from rpython.jit.metainterp.optimize import InvalidLoop
from rpython.jit.metainterp.optimizeopt.intutils import IntBound


@pytest.fixture
def corrected(correct):
    correct("int_bounds.survive_impossible_bounds")


@pytest.mark.parametrize("lower, upper", [(1, 0), (0, -1), (7, -7)])
def test_nothing_is_known_of_a_quotient_by_impossible_bounds(corrected, lower, upper):
    try:
        divisor = IntBound(lower, upper)
    except InvalidLoop:
        return  # later RPythons have no such bounds: they give the trace up at once
    quotient = IntBound(-10, 10).py_div_bound(divisor)
    assert quotient.contains(sys.maxint) and quotient.contains(-sys.maxint - 1)


def test_what_is_known_of_other_quotients_stays_known(corrected):
    quotient = IntBound(-10, 10).py_div_bound(IntBound(2, 5))
    assert (quotient.lower, quotient.upper) == (-5, 5)
