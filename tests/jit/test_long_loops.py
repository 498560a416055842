"""A correction of the JIT's unrolling in translation/unrolling.py: a loop of more operations than
the parameter disable_unrolling says is compiled once, and does the same.

PYTEST_DONT_REWRITE: the functions here are translated too, and an assertion that pytest has
rewritten is not RPython.
"""

import pytest
from rpython.jit.metainterp.test.support import LLJitMixin
from rpython.jit.metainterp.warmspot import get_stats
from rpython.rlib.jit import JitDriver, set_param

driver = JitDriver(greens=["way"], reds=["turns", "middle", "box"])
simple_driver = JitDriver(greens=[], reds=["turns", "value"])


class Box(object):
    pass


class IntBox(Box):
    def __init__(self, intval):
        self.intval = intval


class FloatBox(Box):
    def __init__(self, floatval):
        self.floatval = floatval


class Pair(Box):
    def __init__(self, left, right):
        self.left = left
        self.right = right


def step(box, turns):
    """Makes a new box of each; its kind changes at times, and it may refer to the one before."""
    if isinstance(box, IntBox):
        if turns % 7 == 3:
            return FloatBox(box.intval + 0.5)
        return IntBox(box.intval * 3 % 1000003 + turns)
    if isinstance(box, FloatBox):
        if turns % 7 == 5:
            return Pair(box, FloatBox(box.floatval - 0.25))
        return FloatBox(box.floatval * 0.75 + turns)
    assert isinstance(box, Pair)
    right = box.right
    if turns % 7 == 6 and isinstance(right, FloatBox):
        return IntBox(int(right.floatval) + 11)
    return Pair(right, box.left)


def total(box):
    if isinstance(box, IntBox):
        return box.intval
    if isinstance(box, FloatBox):
        return int(box.floatval * 1024.0)
    assert isinstance(box, Pair)
    return total(box.left) * 7 + total(box.right)


def loop(turns, longest):
    """Two loops, of which the first goes over into the second; their bridges are of all kinds."""
    set_param(driver, "disable_unrolling", longest)
    set_param(driver, "retrace_limit", 5)
    set_param(driver, "trace_eagerness", 2)
    middle = turns // 2
    box = IntBox(1)
    way = 0
    while turns > 0:
        driver.jit_merge_point(way=way, turns=turns, middle=middle, box=box)
        box = step(box, turns)
        turns -= 1
        way = int(turns < middle)
    return total(box)


def simple_loop(turns, longest):
    """One box, which is virtual in the peeled loop."""
    set_param(simple_driver, "disable_unrolling", longest)
    value = IntBox(1)
    while turns > 0:
        simple_driver.jit_merge_point(turns=turns, value=value)
        value = IntBox(value.intval * 3 % 1000003 + turns)
        turns -= 1
    return value.intval


LONG = 5
SHORT = 1000


class TestLongLoops(LLJitMixin):
    @pytest.fixture
    def corrected(self, correct):
        correct("unrolling")

    def labels(self, function, turns, longest):
        """Runs it and compares the result.  -> int, how many labels there are."""
        got, expected = self.meta_interp(function, [turns, longest]), function(turns, longest)
        assert got == expected, (got, expected)
        tokens = get_stats().get_all_jitcell_tokens()
        return sum([len(token.target_tokens) for token in tokens])

    def test_a_long_loop_is_not_peeled(self, corrected):
        assert self.labels(simple_loop, 40, LONG) == 1

    def test_a_short_one_is(self, corrected):
        assert self.labels(simple_loop, 40, SHORT) == 2

    @pytest.mark.parametrize("turns", [30, 200, 1000])
    @pytest.mark.parametrize("longest", [0, LONG, 15, 25, 40, SHORT])
    def test_bridges_and_other_loops_enter_it(self, corrected, turns, longest):
        self.labels(loop, turns, longest)
