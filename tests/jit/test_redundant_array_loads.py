"""What translation/known_items.py teaches the JIT's optimiser.

Items read or written at a variable index are known, until they may have changed.

PYTEST_DONT_REWRITE: the functions here are translated too, and an assertion that pytest has
rewritten is not RPython.
"""

import pytest
from rpython.jit.metainterp.test.support import LLJitMixin
from rpython.jit.metainterp.warmspot import get_stats
from rpython.rlib.jit import JitDriver, dont_look_inside

from translation.redundant_array_loads import MOST
from mdvm.settings.optimisations import optimisations

driver = JitDriver(greens=[], reds=["turns", "index", "left", "right", "floats"])
SIZE = 5


class Arrays(object):
    """Three lists of ints that the JIT knows nothing of, of which two may be one."""

    def __init__(self, one):
        self.left = [3, 1, 4, 1, 5]
        self.right = self.left if one else [2, 7, 1, 8, 2]


@dont_look_inside
def change(items, index):
    items[index] += 10


@dont_look_inside
def change_floats(floats, index):
    floats[index] += 10.0


def read_twice(left, right, floats, index):
    left[index] = left[index] + left[index]


def store_what_is_there(left, right, floats, index):
    item = left[index]
    floats[index] += item
    left[index] = item


def read_what_was_stored(left, right, floats, index):
    left[index] = right[0] + 1
    floats[index] = left[index] * 0.5


def another_array_is_stored_into(left, right, floats, index):
    before = left[index]
    right[index] = before + 1
    left[0] += left[index] * 100 + before


def another_index_is_stored_to(left, right, floats, index):
    before = left[index]
    left[before % SIZE] = before + 1
    left[0] += left[index] * 100


def a_constant_index_is_stored_to(left, right, floats, index):
    before = left[index]
    left[2] = before + 1
    left[0] += left[index] * 100


def a_call_stores(left, right, floats, index):
    before = left[index]
    change(left, index)
    left[0] += left[index] * 100 + before


def a_call_stores_elsewhere(left, right, floats, index):
    before = left[index]
    change_floats(floats, index)
    right[0] += left[index] * 100 + before


def more_than_are_remembered(left, right, floats, index):
    before = left[index]
    for other in range(MOST + 3):
        floats[(index + other) % SIZE] += floats[(index + other + 1) % SIZE] + other
    left[0] = left[index] + before


BODIES = [
    read_twice,
    store_what_is_there,
    read_what_was_stored,
    another_array_is_stored_into,
    another_index_is_stored_to,
    a_constant_index_is_stored_to,
    a_call_stores,
    a_call_stores_elsewhere,
    more_than_are_remembered,
]


def loop_over(body):
    """-> function(turns, one) that does `body` in each turn of a loop; `one`: whether left and
    right are one array.
    """

    def loop(turns, one):
        arrays = Arrays(one != 0)
        left = arrays.left
        right = arrays.right
        floats = [0.5, 1.5, 2.5, 3.5, 4.5]
        index = 0
        while turns > 0:
            driver.jit_merge_point(turns=turns, index=index, left=left, right=right, floats=floats)
            body(left, right, floats, index)
            index = (index + 3) % SIZE
            turns -= 1
        total = 0.0
        for position in range(SIZE):
            total = total * 7.0 + left[position] + right[position] * 3 + floats[position]
        return total

    return loop


class TestKnownItems(LLJitMixin):
    @pytest.fixture(autouse=True)
    def taught(self, correct):
        correct("redundant_array_loads")

    @pytest.mark.parametrize("one", [0, 1], ids=["two arrays", "one array"])
    @pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
    def test_the_results_are_the_same(self, body, one):
        loop = loop_over(body)
        assert self.meta_interp(loop, [31, one]) == loop(31, one)

    @pytest.mark.parametrize(
        "body, reads, writes",
        [
            (read_twice, 1, 1),
            (store_what_is_there, 1, 0),
            (read_what_was_stored, 0, 1),
            (another_array_is_stored_into, 2, 1),
            (another_index_is_stored_to, 2, 1),
            (a_constant_index_is_stored_to, 2, 0),
            (a_call_stores, 2, 0),
            (a_call_stores_elsewhere, 1, 0),
        ],
        ids=lambda value: getattr(value, "__name__", str(value)),
    )
    def test_only_what_is_not_known_is_read_and_stored(self, body, reads, writes):
        self.meta_interp(loop_over(body), [31, 0])
        assert self.ints_read_and_stored() == (reads, writes)

    def test_nothing_is_known_where_it_is_turned_off(self, monkeypatch):
        monkeypatch.setattr(optimisations, "known_items", False)
        self.meta_interp(loop_over(read_twice), [31, 0])
        assert self.ints_read_and_stored() == (2, 1)

    def ints_read_and_stored(self):
        """-> (reads, writes) of items at a variable index that are ints, in the loop that jumps
        to itself.
        """
        operations = get_stats().get_all_loops()[0].operations
        last_label = max(index for index, op in enumerate(operations) if op.getopname() == "label")
        reads, writes = [
            [
                op
                for op in operations[last_label:]
                if op.getopname() == name and not op.getarg(1).is_constant()
            ]
            for name in ("getarrayitem_gc_i", "setarrayitem_gc")
        ]
        return len(reads), len([op for op in writes if op.getarg(2).type == "i"])
