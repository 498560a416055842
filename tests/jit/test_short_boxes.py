"""A correction of the JIT's unrolling in translation/unrolling.py: what cannot be computed is
looked for once.

RPython tells a circle of operations by what is being produced, so what such a circle decides must
not be remembered.
"""

import pytest
from rpython.jit.metainterp.history import ConstInt
from rpython.jit.metainterp.optimizeopt.shortpreamble import PureOp, ShortBoxes
from rpython.jit.metainterp.resoperation import InputArgInt, ResOperation, rop


@pytest.fixture
def corrected(correct):
    correct("unrolling.search_short_boxes_once")


@pytest.fixture
def searched(monkeypatch):
    """The operations that were looked into, each as often as it was."""
    seen = []
    original = PureOp.add_op_to_short.im_func

    def add_op_to_short(self, boxes):
        seen.append(self.res)
        return original(self, boxes)

    monkeypatch.setattr(PureOp, "add_op_to_short", add_op_to_short)
    return seen


class Known(object):
    """Stands for the optimiser, which knows the results of some operations.  operations: list of
    ResOperation.
    """

    def __init__(self, operations):
        self.operations = operations

    def produce_potential_short_preamble_ops(self, boxes):
        for operation in self.operations:
            boxes.add_pure_op(operation)


def add(left, right):
    return ResOperation(rop.INT_ADD, [left, right])


def produced(operations, label):
    """-> list of ResOperation, those that a short preamble can compute from the label's
    arguments.
    """
    found = ShortBoxes().create_short_boxes(Known(operations), label, label)
    return [short.short_op.res for short in found if isinstance(short.short_op, PureOp)]


def chain(first, length):
    operations = [add(first, ConstInt(1))]
    while len(operations) < length:
        operations.append(add(operations[-1], ConstInt(1)))
    return operations


def test_a_chain_that_begins_with_the_unknown_is_given_up_in_linear_time(corrected, searched):
    operations = chain(InputArgInt(0), 100)
    assert produced(operations, [InputArgInt(0)]) == []
    assert len(searched) == 100


def test_a_chain_that_begins_at_the_label_is_produced(corrected):
    box = InputArgInt(0)
    operations = chain(box, 100)
    assert sorted(produced(operations, [box])) == sorted(operations)


def test_a_circle_does_not_decide_for_others(corrected):
    """one needs two and two needs one, until a second way to two is found."""
    box = InputArgInt(0)
    one = add(box, box)
    two = add(one, ConstInt(1))
    one.setarg(1, two)
    three = add(two, ConstInt(1))

    class Late(Known):
        def produce_potential_short_preamble_ops(self, boxes):
            Known.produce_potential_short_preamble_ops(self, boxes)
            boxes.add_potential_op(two, PureOp(add(box, ConstInt(5))))

    boxes = ShortBoxes()
    boxes.create_short_boxes(Late([three, one, two]), [box], [box])
    assert one in boxes.produced_short_boxes and three in boxes.produced_short_boxes
