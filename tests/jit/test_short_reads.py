"""translation/short_reads.py: what a short preamble reads of an array or a text is there."""

import pytest
from rpython.jit.metainterp.history import ConstInt
from rpython.jit.metainterp.optimizeopt.shortpreamble import (
    AbstractShortPreambleBuilder,
    empty_info,
)
from rpython.jit.metainterp.resoperation import InputArgInt, InputArgRef, ResOperation, rop

ONE_COMPARISON = [rop.INT_LT, rop.GUARD_TRUE]
TWO_COMPARISONS = [rop.INT_LT, rop.GUARD_TRUE, rop.INT_GE, rop.GUARD_TRUE]


@pytest.fixture
def corrected(correct):
    correct("short_reads")


def short_preamble_of(op, *needed):
    """needed: the operations that compute its arguments -> list of int, the numbers of the
    operations of a short preamble.
    """
    builder = AbstractShortPreambleBuilder()
    builder.short = []
    for operation in needed + (op,):
        operation.set_forwarded(empty_info)
    builder.use_box(None, op)
    return [operation.getopnum() for operation in builder.short]


def test_an_item_at_a_constant_index(corrected):
    op = ResOperation(rop.GETARRAYITEM_GC_I, [InputArgRef(), ConstInt(3)])
    assert short_preamble_of(op) == [rop.ARRAYLEN_GC] + ONE_COMPARISON + [rop.GETARRAYITEM_GC_I]


def test_an_item_at_a_variable_index(corrected):
    op = ResOperation(rop.GETARRAYITEM_GC_PURE_R, [InputArgRef(), InputArgInt()])
    assert short_preamble_of(op) == [rop.ARRAYLEN_GC] + TWO_COMPARISONS + [
        rop.GETARRAYITEM_GC_PURE_R
    ]


def test_a_character(corrected):
    op = ResOperation(rop.STRGETITEM, [InputArgRef(), InputArgInt()])
    assert short_preamble_of(op) == [rop.STRLEN] + TWO_COMPARISONS + [rop.STRGETITEM]


def test_what_computes_the_array_and_the_index_stands_before_the_comparison(corrected):
    array = ResOperation(rop.GETFIELD_GC_R, [InputArgRef()])
    index = ResOperation(rop.INT_NEG, [InputArgInt()])
    op = ResOperation(rop.GETARRAYITEM_GC_PURE_I, [array, index])
    expected = (
        [rop.GETFIELD_GC_R, rop.INT_NEG, rop.ARRAYLEN_GC]
        + TWO_COMPARISONS
        + [rop.GETARRAYITEM_GC_PURE_I]
    )
    assert short_preamble_of(op, array, index) == expected


def test_what_reads_no_item_is_not_compared(corrected):
    assert short_preamble_of(ResOperation(rop.GETFIELD_GC_I, [InputArgRef()])) == [
        rop.GETFIELD_GC_I
    ]


def test_what_computes_an_argument_of_an_argument_stands_before_it(corrected):
    first = ResOperation(rop.GETFIELD_GC_R, [InputArgRef()])
    second = ResOperation(rop.GETFIELD_GC_R, [first])
    op = ResOperation(rop.GETFIELD_GC_I, [second])
    assert short_preamble_of(op, first, second) == [
        rop.GETFIELD_GC_R,
        rop.GETFIELD_GC_R,
        rop.GETFIELD_GC_I,
    ]
