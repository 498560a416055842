"""The correction of the heap cache in translation/array_items.py: which items of an array are
remembered.
"""

import pytest
from rpython.jit.metainterp.history import ConstInt
from rpython.jit.metainterp.optimize import InvalidLoop
from rpython.jit.metainterp.optimizeopt.info import ArrayPtrInfo

from translation.array_items import LARGEST_TRACKED

DESCR = object()


class Entry(object):
    """Stands for a cache entry, which wants to be told of the arrays that it is about."""

    def __init__(self):
        self.registered = []

    def register_info(self, struct, info):
        self.registered.append(info)


@pytest.fixture
def corrected(correct):
    correct("array_items")


def remembered(info, index):
    entry = Entry()
    value = ConstInt(7)
    info.setitem(DESCR, index, None, value, cf=entry)
    assert entry.registered == [info]
    return info.getitem(DESCR, index) is value


@pytest.mark.parametrize("index", [0, 1, LARGEST_TRACKED])
def test_items_near_the_beginning_are_remembered(corrected, index):
    assert remembered(ArrayPtrInfo(DESCR), index)


@pytest.mark.parametrize("index", [LARGEST_TRACKED + 1, 50000000, 1 << 62])
def test_items_far_behind_are_not_and_take_no_memory(corrected, index):
    info = ArrayPtrInfo(DESCR)
    assert not remembered(info, index)
    assert info.all_items() == []


def test_a_negative_index_is_not_counted_from_the_end(corrected):
    info = ArrayPtrInfo(DESCR)
    assert remembered(info, 1)
    assert not remembered(info, -1)
    assert info.getitem(DESCR, -1) is None


@pytest.mark.parametrize("index", [-1, 3, 1000])
def test_a_virtual_array_has_the_items_that_it_has(corrected, index):
    info = ArrayPtrInfo(DESCR, ConstInt(0), 3, clear=True, is_virtual=True)
    items = info.all_items()[:]
    try:
        info.setitem(DESCR, index, None, ConstInt(7))
    except InvalidLoop:
        pass  # later RPythons leave the write out, which is never done either
    assert info.getitem(DESCR, index) is None
    assert info.all_items() == items
