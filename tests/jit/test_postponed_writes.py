"""The work-around for RPython's optimiser in translation/postponed_writes.py: a called function sees
the values of new immutable objects.

PYTEST_DONT_REWRITE: the functions here are translated too, and an assertion that pytest has
rewritten is not RPython.
"""

import pytest
from rpython.jit.metainterp.test.support import LLJitMixin
from rpython.rlib.jit import JitDriver, dont_look_inside


class Box(object):
    _immutable_fields_ = ["text"]

    def __init__(self, text):
        self.text = text


@dont_look_inside
def make(text):
    return Box(text)


@dont_look_inside
def read_and_write(box):
    """Reads the field of one box and writes that of another, in a function that is not inlined."""
    return len(make(box.text + "!").text)


driver = JitDriver(greens=[], reds=["turns", "total", "start"])


def loop(turns):
    total = 0
    start = str(turns)
    while turns > 0:
        driver.jit_merge_point(turns=turns, total=total, start=start)
        total += read_and_write(Box(start + str(turns)))
        turns -= 1
    return total


class TestPostponedWrites(LLJitMixin):
    def expected(self):
        return sum(len("30" + str(turns) + "!") for turns in range(1, 31))

    @pytest.fixture
    def fixed(self, correct):
        correct("postponed_writes")

    def test_a_called_function_sees_the_value(self, fixed):
        assert self.meta_interp(loop, [30]) == self.expected()
