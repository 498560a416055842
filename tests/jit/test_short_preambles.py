"""A correction of the JIT's unrolling in mdvm/rpython_patches.py: what a short preamble has already is not asked for again."""
import pytest
from rpython.jit.metainterp.history import ConstInt
from rpython.jit.metainterp.optimizeopt.shortpreamble import AbstractShortPreambleBuilder, empty_info
from rpython.jit.metainterp.resoperation import ResOperation, rop

from mdvm.rpython_patches import use_short_preambles_once


@pytest.fixture
def builder():
    original = AbstractShortPreambleBuilder.use_box.im_func
    use_short_preambles_once()
    made = AbstractShortPreambleBuilder()
    made.short = []
    yield made
    AbstractShortPreambleBuilder.use_box = original


def operation(*arguments):
    made = ResOperation(rop.INT_ADD, list(arguments))
    made.set_forwarded(empty_info)
    return made


def test_an_operation_is_put_into_the_short_preamble(builder):
    first = operation(ConstInt(1), ConstInt(2))
    assert builder.use_box(None, first) is first
    assert builder.short == [first]


def test_an_operation_that_came_as_an_argument_is_not_put_there_again(builder):
    first = operation(ConstInt(1), ConstInt(2))
    second = operation(first, ConstInt(3))
    builder.use_box(None, second)
    assert builder.use_box(None, first) is first
    assert builder.short == [first, second]
