"""translation/constant_objects.py: what the JIT knows of the fields of objects that are constants
in a trace.

PYTEST_DONT_REWRITE: the functions here are translated too, and an assertion that pytest has
rewritten is not RPython.
"""

import pytest
from rpython.jit.metainterp.heapcache import HeapCache
from rpython.jit.metainterp.history import ConstPtr
from rpython.jit.metainterp.optimizeopt.test.test_optimizebasic import BaseTestBasic
from rpython.jit.metainterp.optimizeopt.test.test_util import LLtypeMixin
from rpython.jit.metainterp.test.support import LLJitMixin
from rpython.rlib.jit import JitDriver


@pytest.fixture
def corrected(correct):
    correct("constant_objects")


class TestPromotedObjects(BaseTestBasic, LLtypeMixin):
    """In each, p1 may be the object that p0 is guarded to be."""

    def test_a_field_is_read_again_after_a_write(self, corrected):
        operations = """
        [p0, p1]
        i1 = getfield_gc_i(p0, descr=valuedescr)
        guard_value(p0, ConstPtr(myptr)) []
        setfield_gc(p1, 5, descr=valuedescr)
        i2 = getfield_gc_i(ConstPtr(myptr), descr=valuedescr)
        escape_n(i1)
        escape_n(i2)
        finish()
        """
        self.optimize_loop(operations, operations)

    def test_a_field_is_read_again_after_a_write_that_a_guard_has_had_done(self, corrected):
        operations = """
        [p0, p1, i0]
        i1 = getfield_gc_i(p0, descr=valuedescr)
        guard_value(p0, ConstPtr(myptr)) []
        setfield_gc(p1, 5, descr=valuedescr)
        guard_true(i0) []
        i2 = getfield_gc_i(ConstPtr(myptr), descr=valuedescr)
        escape_n(i1)
        escape_n(i2)
        finish()
        """
        self.optimize_loop(operations, operations)

    def test_an_item_is_read_again_after_a_write(self, corrected):
        operations = """
        [p0, p1]
        i1 = getarrayitem_gc_i(p0, 3, descr=arraydescr)
        guard_value(p0, ConstPtr(myarray)) []
        setarrayitem_gc(p1, 3, 5, descr=arraydescr)
        i2 = getarrayitem_gc_i(ConstPtr(myarray), 3, descr=arraydescr)
        escape_n(i1)
        escape_n(i2)
        finish()
        """
        self.optimize_loop(operations, operations)

    def test_a_field_is_not_read_again_without_a_write(self, corrected):
        operations = """
        [p0]
        i1 = getfield_gc_i(p0, descr=valuedescr)
        guard_value(p0, ConstPtr(myptr)) []
        i2 = getfield_gc_i(ConstPtr(myptr), descr=valuedescr)
        escape_n(i2)
        finish()
        """
        expected = """
        [p0]
        i1 = getfield_gc_i(p0, descr=valuedescr)
        guard_value(p0, ConstPtr(myptr)) []
        escape_n(i1)
        finish()
        """
        self.optimize_loop(operations, expected)

    def test_what_was_known_of_the_constant_stays_known(self, corrected):
        operations = """
        [p0]
        p2 = getfield_gc_r(ConstPtr(myptr), descr=nextdescr)
        i1 = getfield_gc_i(p0, descr=valuedescr)
        guard_value(p0, ConstPtr(myptr)) []
        p3 = getfield_gc_r(ConstPtr(myptr), descr=nextdescr)
        escape_n(i1)
        escape_n(p2)
        escape_n(p3)
        finish()
        """
        expected = """
        [p0]
        p2 = getfield_gc_r(ConstPtr(myptr), descr=nextdescr)
        i1 = getfield_gc_i(p0, descr=valuedescr)
        guard_value(p0, ConstPtr(myptr)) []
        escape_n(i1)
        escape_n(p2)
        escape_n(p2)
        finish()
        """
        self.optimize_loop(operations, expected)


class TestOtherConstants(BaseTestBasic, LLtypeMixin):
    """myptr and myptrb are two objects of one class; p0 may be either."""

    def test_a_field_of_another_constant_stays_known(self, corrected):
        operations = """
        [i0]
        i1 = getfield_gc_i(ConstPtr(myptr), descr=valuedescr)
        setfield_gc(ConstPtr(myptrb), i0, descr=valuedescr)
        i2 = getfield_gc_i(ConstPtr(myptr), descr=valuedescr)
        setfield_gc(ConstPtr(myptr), 5, descr=valuedescr)
        i3 = getfield_gc_i(ConstPtr(myptrb), descr=valuedescr)
        i4 = getfield_gc_i(ConstPtr(myptr), descr=valuedescr)
        escape_n(i1)
        escape_n(i2)
        escape_n(i3)
        escape_n(i4)
        finish()
        """
        expected = """
        [i0]
        i1 = getfield_gc_i(ConstPtr(myptr), descr=valuedescr)
        setfield_gc(ConstPtr(myptrb), i0, descr=valuedescr)
        setfield_gc(ConstPtr(myptr), 5, descr=valuedescr)
        escape_n(i1)
        escape_n(i1)
        escape_n(i0)
        escape_n(5)
        finish()
        """
        self.optimize_loop(operations, expected)

    def test_no_field_stays_known_where_a_variable_is_written_to(self, corrected):
        operations = """
        [p0, i0]
        i1 = getfield_gc_i(ConstPtr(myptr), descr=valuedescr)
        setfield_gc(p0, i0, descr=valuedescr)
        i2 = getfield_gc_i(ConstPtr(myptr), descr=valuedescr)
        escape_n(i1)
        escape_n(i2)
        finish()
        """
        self.optimize_loop(operations, operations)

    def test_no_field_of_a_variable_stays_known_where_a_constant_is_written_to(self, corrected):
        operations = """
        [p0, i0]
        i1 = getfield_gc_i(p0, descr=valuedescr)
        setfield_gc(ConstPtr(myptr), i0, descr=valuedescr)
        i2 = getfield_gc_i(p0, descr=valuedescr)
        escape_n(i1)
        escape_n(i2)
        finish()
        """
        self.optimize_loop(operations, operations)

    def test_none_stays_known_where_a_function_may_write(self, corrected):
        operations = """
        [i0]
        i1 = getfield_gc_i(ConstPtr(myptr), descr=valuedescr)
        setfield_gc(ConstPtr(myptrb), i0, descr=valuedescr)
        escape_n(i1)
        i2 = getfield_gc_i(ConstPtr(myptr), descr=valuedescr)
        i3 = getfield_gc_i(ConstPtr(myptrb), descr=valuedescr)
        escape_n(i2)
        escape_n(i3)
        finish()
        """
        self.optimize_loop(operations, operations)


class Cell(object):
    def __init__(self):
        self.value = 0


constant = Cell()
other = Cell()
driver = JitDriver(greens=[], reds=["turns", "total", "cell"])


def through_two_references(turns, which):
    """The cell is read through a variable, written as a constant, and read again."""
    total = 0
    cell = constant if which else other
    while turns > 0:
        driver.jit_merge_point(turns=turns, total=total, cell=cell)
        before = cell.value
        constant.value = turns
        total += before * 100 + cell.value
        turns -= 1
    return total


class TestRecording(LLJitMixin):
    @pytest.mark.parametrize("which", [0, 1])
    def test_a_write_to_a_constant_may_change_what_was_read(self, corrected, which):
        constant.value = other.value = 0
        expected = through_two_references(12, which)
        constant.value = other.value = 0
        assert self.meta_interp(through_two_references, [12, which]) == expected


def test_a_virtualizable_that_is_a_constant_is_no_error(corrected):
    HeapCache().nonstandard_virtualizables_now_known(ConstPtr(ConstPtr.value))
