"""The correction of the JIT's bounds of ints in translation/int_bounds.py: a path that is
never taken does not crash it.
"""

import pytest
from rpython.jit.metainterp.optimizeopt.intutils import IntBound

from translation.int_bounds import survive_impossible_bounds


@pytest.fixture
def corrected():
    original = IntBound.py_div_bound.im_func
    survive_impossible_bounds()
    yield
    IntBound.py_div_bound = original


@pytest.mark.parametrize("divisor", [IntBound(1, 0), IntBound(0, -1), IntBound(7, -7)])
def test_nothing_is_known_of_a_quotient_by_impossible_bounds(corrected, divisor):
    quotient = IntBound(-10, 10).py_div_bound(divisor)
    assert not quotient.has_lower and not quotient.has_upper


def test_what_is_known_of_other_quotients_stays_known(corrected):
    quotient = IntBound(-10, 10).py_div_bound(IntBound(2, 5))
    assert (quotient.lower, quotient.upper) == (-5, 5)
