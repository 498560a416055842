"""The corrections of floats in translation/floats.py: what the optimiser knows of constant floats,
and of NaN.

PYTEST_DONT_REWRITE: the functions here are translated too, and an assertion that pytest has
rewritten is not RPython.
"""

import pytest
from rpython.jit.metainterp.history import ConstFloat
from rpython.jit.metainterp.optimize import InvalidLoop
from rpython.jit.metainterp.optimizeopt.rewrite import OptRewrite
from rpython.jit.metainterp.resoperation import InputArgFloat, ResOperation, rop
from rpython.jit.metainterp.test.support import LLJitMixin
from rpython.rlib.jit import JitDriver

NAN = float("nan")

driver = JitDriver(greens=[], reds=["iterations", "count", "limit", "x"])


@pytest.fixture
def constants_corrected(correct):
    correct("floats.guard_constant_floats")


@pytest.fixture
def orders_corrected(correct):
    correct("floats.never_invert_order_of_floats")


def optimise_guard(known, expected):
    box = InputArgFloat()
    box.set_forwarded(ConstFloat(known))
    op = ResOperation(rop.GUARD_VALUE, [box, ConstFloat(expected)])
    return OptRewrite().optimize_GUARD_VALUE(op)


@pytest.mark.parametrize("known", [0.0, -0.0, 1.5, NAN, float("inf")])
def test_a_guard_on_the_same_constant_is_not_needed(constants_corrected, known):
    assert optimise_guard(known, known) is None


@pytest.mark.parametrize(
    "known, expected", [(1.5, 2.5), (0.0, -0.0), (-0.0, 0.0), (NAN, 0.0), (0.0, NAN)]
)
def test_a_guard_on_another_constant_gives_the_loop_up(constants_corrected, known, expected):
    with pytest.raises(InvalidLoop):
        optimise_guard(known, expected)


def neither_less_nor_not_less(iterations, limit):
    """Counts in how many iterations x, which is NaN in the second half, is neither less than the
    limit nor not less.
    """
    x = limit + 1.0
    count = 0
    half = 30
    while iterations > 0:
        driver.jit_merge_point(iterations=iterations, count=count, limit=limit, x=x)
        if not x < limit:
            if not x >= limit:
                count += 1
        iterations -= 1
        if iterations == half:
            x = x * 1e300 * 1e300
            x = x - x
    return count


class TestOrder(LLJitMixin):
    def test_nan_is_neither_less_nor_not_less(self, orders_corrected):
        assert self.meta_interp(neither_less_nor_not_less, [60, 2.5]) == 30
