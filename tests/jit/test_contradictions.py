"""translation/contradictions.py: code that cannot be executed is given up or left alone, and does
not end the process.
"""

import sys

import pytest
from rpython.jit.metainterp.optimize import InvalidLoop, SpeculativeError
from rpython.jit.metainterp.optimizeopt.optimizer import Optimizer
from rpython.jit.metainterp.optimizeopt.test.test_optimizebasic import BaseTestBasic
from rpython.jit.metainterp.optimizeopt.test.test_util import LLtypeMixin


SMALLEST = -sys.maxint - 1


@pytest.fixture
def corrected(correct):
    correct("contradictions")


class TestContradictions(BaseTestBasic, LLtypeMixin):
    def test_a_bool_is_guarded_to_be_another_number(self, corrected):
        operations = """
        [i0]
        i1 = int_lt(i0, 5)
        guard_value(i1, 3) []
        finish()
        """
        # as its value is outside its bounds; the guard itself can be compiled
        with pytest.raises(InvalidLoop):
            self.optimize_loop(operations, operations)

    @pytest.mark.parametrize(
        "known",
        [
            "guard_class(p0, ConstClass(node_vtable3)) []",
            "p1 = getfield_gc_r(p0, descr=nextdescr3)",
        ],
    )
    def test_an_object_is_of_another_class(self, corrected, known):
        operations = (
            """
        [p0]
        %s
        guard_subclass(p0, ConstClass(node_vtable)) []
        finish()
        """
            % known
        )
        with pytest.raises(InvalidLoop):
            self.optimize_loop(operations, operations)

    @pytest.mark.parametrize(
        "known, guarded",
        [
            ("guard_class(p0, ConstClass(node_vtable2)) []", "node_vtable"),
            ("p1 = getfield_gc_r(p0, descr=otherdescr)", "node_vtable"),
        ],
    )
    def test_an_object_is_of_a_subclass(self, corrected, known, guarded):
        operations = """
        [p0]
        %s
        guard_subclass(p0, ConstClass(%s)) []
        escape_n(1)
        finish()
        """ % (known, guarded)
        expected = (
            """
        [p0]
        %s
        escape_n(1)
        finish()
        """
            % known
        )
        self.optimize_loop(operations, expected)

    def test_a_constant_is_read_as_something_else(self, corrected, monkeypatch):
        def is_something_else(self, op):
            raise SpeculativeError

        monkeypatch.setattr(Optimizer, "protect_speculative_operation", is_something_else)
        operations = """
        [p0]
        i1 = getfield_gc_i(ConstPtr(myptr3), descr=valuedescr3)
        finish()
        """
        with pytest.raises(InvalidLoop):
            self.optimize_loop(operations, operations)

    @pytest.mark.parametrize(
        "operation",
        [
            "int_add_ovf(%d, -1)" % SMALLEST,
            "int_sub_ovf(%d, 1)" % SMALLEST,
            "int_mul_ovf(%d, -1)" % SMALLEST,
        ],
    )
    def test_constants_overflow(self, corrected, operation):
        operations = """
        []
        i1 = %s
        guard_no_overflow() []
        finish(i1)
        """
        with pytest.raises(InvalidLoop):
            self.optimize_loop(operations % operation, operations % operation)
