"""translation/moved_guards.py: a guard that a jump needs stays at the jump.

PYTEST_DONT_REWRITE: the functions here are translated too, and an assertion that pytest has
rewritten is not RPython.
"""

import pytest
from rpython.jit.metainterp.optimizeopt.optimizer import Optimizer
from rpython.jit.metainterp.optimizeopt.test.test_optimizebasic import BaseTestBasic
from rpython.jit.metainterp.optimizeopt.test.test_util import LLtypeMixin
from rpython.jit.metainterp.test.support import LLJitMixin
from rpython.rlib.jit import JitDriver, promote, set_param


@pytest.fixture
def corrected(correct):
    correct("moved_guards")


class Value(object):
    pass


class Int(Value):
    pass


class Nothing(Value):
    pass


class Pair(object):
    """kind: int, which of the two fields is used."""

    def __init__(self, kind, first, second):
        self.kind = kind
        self.first = first
        self.second = second


class Cell(object):
    def __init__(self, value):
        self.value = value


class Way(object):
    def __init__(self, number):
        self.number = number


driver = JitDriver(greens=["promotes"], reds=["position", "good", "cell", "pairs", "way"])


def walk(pairs, way, cell, promotes):
    """-> int, how often what is guarded was so: one way compares two classes, the other looks at
    one.
    """
    position = good = 0
    while position < len(pairs):
        pair = pairs[position]
        if promote(pair.kind) == 1:
            found = pair.first
        else:
            found = pair.second
        value = cell.value
        assert value is not None
        number = promote(way.number) if promotes else way.number
        if number == 1:
            good += promote(type(value) is type(found))
        else:
            good += promote(type(found) is not Nothing)
        position += 1
        driver.jit_merge_point(
            position=position, good=good, cell=cell, pairs=pairs, way=way, promotes=promotes
        )
    return good


FIRST = Pair(1, Int(), Nothing())
SECOND = Pair(2, Int(), Nothing())
PAIRS = [FIRST, SECOND] * 100


def main(promotes):
    set_param(None, "retrace_limit", 0)
    set_param(None, "threshold", 8)
    Pair(1, Nothing(), Int())  # so that no field is of one class only
    Cell(None)
    good = walk(PAIRS, Way(1), Cell(Nothing()), promotes)
    return 1000 * good + walk(PAIRS + [FIRST, SECOND], Way(2), Cell(Int()), promotes)


def keep_guards(monkeypatch, keeps):
    """Has the optimiser behave as while it fits a trace to a loop, or as otherwise.

    RPython's own correction has a flag for the contrary, which is set when an optimiser is made.
    """
    if not hasattr(Optimizer, "cant_replace_guards"):
        monkeypatch.setattr(Optimizer, "keeps_guards", keeps)
    elif keeps:
        flag = property(lambda self: False, lambda self, value: None)
        monkeypatch.setattr(Optimizer, "can_replace_guards", flag, raising=False)


class TestMovedGuards(BaseTestBasic, LLtypeMixin):
    @pytest.mark.parametrize("keeps", [False, True])
    def test_only_other_guards_replace_earlier_ones(self, corrected, keeps, monkeypatch):
        keep_guards(monkeypatch, keeps)
        operations = """
        [p0]
        guard_nonnull(p0) []
        escape_n(1)
        guard_class(p0, ConstClass(node_vtable)) []
        finish()
        """
        moved = """
        [p0]
        guard_nonnull_class(p0, ConstClass(node_vtable)) []
        escape_n(1)
        finish()
        """
        self.optimize_loop(operations, operations if keeps else moved)

    @pytest.mark.parametrize("keeps", [False, True])
    def test_nor_do_guards_of_a_value(self, corrected, keeps, monkeypatch):
        keep_guards(monkeypatch, keeps)
        operations = """
        [p0]
        guard_nonnull(p0) []
        escape_n(1)
        guard_value(p0, ConstPtr(myptr)) []
        finish()
        """
        moved = """
        [p0]
        guard_value(p0, ConstPtr(myptr)) []
        escape_n(1)
        finish()
        """
        self.optimize_loop(operations, operations if keeps else moved)


class TestJumps(LLJitMixin):
    @pytest.mark.parametrize("promotes", [True, False])
    def test_a_trace_that_fits_no_loop_keeps_its_own_guards(self, corrected, promotes):
        assert self.meta_interp(main, [promotes]) == main(promotes)
        self.check_trace_count_at_most(10)  # it was left for another, for ever
