"""Arrays that change their length: what they hold, what they cost, and what errors leave behind."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdvm.errors import LimitError
from mdvm.objects import W_Bool, W_Float, W_Int, w_empty, w_true
from mdvm.run_state import UNLIMITED, run_state
from mdvm.values import arrays
from mdvm.values.arrays import new_array
from mdvm.values.growing_arrays import (
    W_GrowingArray,
    W_GrowingBoolArray,
    W_GrowingFloatArray,
    W_GrowingIntArray,
    W_GrowingObjectArray,
)
from mdvm.values.equality import equal
from mdvm.values.strings import W_Str
from tests.unit.values import atoms, from_guest, same, to_guest

_change = st.one_of(
    st.tuples(st.just("push"), atoms, st.just(0)),
    st.tuples(st.just("insert"), atoms, st.integers(0, 100)),
    st.tuples(st.just("set"), atoms, st.integers(0, 100)),
    st.tuples(st.sampled_from(["pop", "remove", "copy", "slice"]), st.none(), st.integers(0, 100)),
)


@settings(max_examples=400)
@given(st.lists(atoms, max_size=4), st.lists(_change, max_size=25))
def test_changes_against_a_list(start, changes):
    w_array = new_array(len(start))
    for index, value in enumerate(start):
        w_array = w_array.set(index, to_guest(value))
    expected = list(start)
    left_behind = []
    for name, value, number in changes:
        index = number % (len(expected) + 1)
        if name == "push":
            w_array = arrays.pushed(w_array, to_guest(value))
            expected = expected + [value]
        elif name == "insert":
            w_array = arrays.inserted(w_array, index, to_guest(value))
            expected = expected[:index] + [value] + expected[index:]
        elif name == "copy":
            left_behind.append((w_array, expected))
            w_array = w_array.copy()
        elif name == "slice" and index < len(expected):
            left_behind.append((w_array, expected))
            w_array = w_array.part(index, len(expected))
            expected = expected[index:]
        elif name in ("pop", "remove", "set") and expected:
            index = index % len(expected)
            if name == "set":
                w_array = w_array.set(index, to_guest(value))
                expected = expected[:index] + [value] + expected[index + 1 :]
            elif name == "pop":
                w_array = arrays.without_last(w_array)
                expected = expected[:-1]
            else:
                w_array = arrays.without(w_array, index)
                expected = expected[:index] + expected[index + 1 :]
        assert w_array.length() == len(expected)
        assert same(from_guest(w_array), tuple(expected))
    for w_old, old in left_behind:
        assert same(from_guest(w_old), tuple(old))


@pytest.mark.parametrize(
    "w_value, W_Class",
    [
        (W_Int(1), W_GrowingIntArray),
        (W_Float(1.0), W_GrowingFloatArray),
        (w_true, W_GrowingBoolArray),
        (W_Str("a"), W_GrowingObjectArray),
        (w_empty, W_GrowingObjectArray),
    ],
)
def test_elements_of_one_kind_need_no_boxes(w_value, W_Class):
    for size in (0, 3):
        w_array = new_array(size)
        for index in range(size):
            w_array = w_array.set(index, w_value)
        w_array = arrays.pushed(w_array, w_value)
        assert isinstance(w_array, W_Class)
        assert w_array.length() == size + 1
        assert arrays.pushed(w_array, w_value) is w_array


def test_an_emptied_array_takes_another_kind_without_boxes():
    w_array = arrays.without_last(arrays.pushed(new_array(0), W_Int(1)))
    assert isinstance(arrays.pushed(w_array, W_Float(1.0)), W_GrowingFloatArray)


def test_a_fixed_and_a_grown_array_are_equal():
    for w_value in (W_Int(1), W_Float(1.5), w_true, W_Str("a")):
        assert isinstance(w_value, (W_Int, W_Float, W_Bool, W_Str))
        w_fixed = new_array(2).set(0, w_value).set(1, w_value)
        w_grown = arrays.pushed(arrays.pushed(new_array(0), w_value), w_value)
        assert isinstance(w_grown, W_GrowingArray) and not isinstance(w_fixed, W_GrowingArray)
        for w_left in (w_fixed, w_grown):
            for w_right in (w_fixed, w_grown):
                assert equal(w_left, w_right)
        w_other = arrays.pushed(arrays.without_last(w_grown.copy()), w_empty)
        assert not equal(w_fixed, w_other) and not equal(w_other, w_grown)


def test_room_grows_with_the_array_and_is_given_back():
    w_array = new_array(0)
    lengths = set()
    for _ in range(10000):
        w_array = arrays.pushed(w_array, W_Int(1))
        lengths.add(len(w_array.items))
    assert len(lengths) < 25
    assert len(w_array.items) < 16000
    for _ in range(9990):
        w_array = arrays.without_last(w_array)
    assert w_array.length() == 10
    assert len(w_array.items) < 1000


@pytest.mark.parametrize("change", ["insert", "remove"])
def test_a_long_move_is_charged_before_anything_moves(change):
    w_array = new_array(0)
    for number in range(10000):
        w_array = arrays.pushed(w_array, W_Int(number))
    before = from_guest(w_array)
    run_state.begin(100)
    try:
        with pytest.raises(LimitError):
            if change == "insert":
                arrays.inserted(w_array, 0, W_Int(-1))
            else:
                arrays.without(w_array, 0)
        assert from_guest(w_array) == before
        run_state.begin(UNLIMITED)
        arrays.without(w_array, 0)
    finally:
        run_state.end()
    assert from_guest(w_array) == before[1:]
