"""translation/wrapping_ints.py: what follows from int arithmetic that may wrap around, and what
does not.
"""

import pytest
from rpython.jit.metainterp.optimizeopt.test.test_optimizebasic import BaseTestBasic
from rpython.jit.metainterp.optimizeopt.test.test_util import LLtypeMixin

from translation.tree import has_text


# Later RPythons take no notice of what follows from a checked sum, and make sums of differences.
OTHERS = has_text("jit/metainterp/optimizeopt/pure.py", "def _can_reuse_oldop")


@pytest.fixture
def corrected(correct):
    correct("wrapping_ints")


class TestWrapping(BaseTestBasic, LLtypeMixin):
    @pytest.mark.parametrize(
        "sum_of_it, guarded, asked",
        [
            ("int_add(i0, 1)", "int_le(i1, 5)", "int_le(i0, 4)"),  # not for the largest int
            ("int_add(1, i0)", "int_lt(i1, 5)", "int_lt(i0, 4)"),
            ("int_sub(i0, 1)", "int_ge(i1, 5)", "int_ge(i0, 6)"),  # not for the smallest
        ],
    )
    def test_one_bound_of_a_sum_is_none_of_its_operands(self, corrected, sum_of_it, guarded, asked):
        operations = """
        [i0]
        i1 = %s
        i2 = %s
        guard_true(i2) []
        i3 = %s
        escape_n(i3)
        finish()
        """ % (sum_of_it, guarded, asked)
        expected = operations
        if OTHERS:
            expected = operations.replace("int_sub(i0, 1)", "int_add(i0, -1)")
        self.optimize_loop(operations, expected)

    @pytest.mark.parametrize("product", ["int_mul(i0, 6)", "int_lshift(i0, 3)"])
    def test_bounds_of_a_product_are_none_of_its_factors(self, corrected, product):
        operations = (
            """
        [i0]
        i1 = %s
        i2 = int_ge(i1, 0)
        guard_true(i2) []
        i3 = int_le(i1, 40)
        guard_true(i3) []
        i4 = int_le(i0, 10)
        escape_n(i4)
        finish()
        """
            % product
        )
        self.optimize_loop(operations, operations)

    @pytest.mark.parametrize(
        "unchecked, checked",
        [
            ("int_add(i0, i1)", "int_add_ovf(i0, i1)"),
            ("int_sub(i0, i1)", "int_sub_ovf(i0, i1)"),
            ("int_mul(i0, i1)", "int_mul_ovf(i0, i1)"),
            ("int_add(i0, i1)", "int_sub_ovf(i2, i1)"),
            ("int_sub(i0, i1)", "int_add_ovf(i2, i1)"),
        ],
    )
    def test_what_was_not_checked_is_checked(self, corrected, unchecked, checked):
        operations = """
        [i0, i1]
        i2 = %s
        i3 = %s
        guard_no_overflow() []
        escape_n(i2)
        escape_n(i3)
        finish()
        """ % (unchecked, checked)
        self.optimize_loop(operations, operations)

    @pytest.mark.parametrize(
        "first, second, result",
        [
            ("int_add_ovf(i0, i1)", "int_add_ovf(i0, i1)", "i2"),
            ("int_add_ovf(i0, i1)", "int_sub_ovf(i2, i1)", "i0"),
            ("int_add_ovf(i0, i1)", "int_sub_ovf(i2, i0)", "i1"),
            ("int_sub_ovf(i0, i1)", "int_add_ovf(i2, i1)", "i0"),
            ("int_sub_ovf(i0, i1)", "int_sub_ovf(i0, i2)", "i1"),
            ("int_mul_ovf(i0, i1)", "int_mul_ovf(i0, i1)", "i2"),
        ],
    )
    def test_what_was_checked_is_not_checked_again(self, corrected, first, second, result):
        operations = """
        [i0, i1]
        i2 = %s
        guard_no_overflow() []
        i3 = %s
        guard_no_overflow() []
        escape_n(i3)
        finish()
        """ % (first, second)
        expected = """
        [i0, i1]
        i2 = %s
        guard_no_overflow() []
        escape_n(%s)
        finish()
        """ % (first, result)
        if OTHERS and result != "i2":
            expected = operations
        self.optimize_loop(operations, expected)
