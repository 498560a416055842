"""Arrays: each way of keeping elements holds the same values, and a copy shares nothing that a
store could change.
"""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdvm.values import arrays
from mdvm.values.unboxed_arrays import FLOAT_HOLE_BITS
from mdvm.values.arrays import (
    W_BoolArray,
    W_BoolArrayWithHoles,
    W_FloatArray,
    W_FloatArrayWithHoles,
    W_IntArray,
    W_IntArrayWithHoles,
    W_ObjectArray,
    W_UnfilledArray,
    array_for,
    array_of,
    new_array,
)
from mdvm.objects import W_Float, W_Int, w_empty, w_true
from mdvm.values.equality import equal
from mdvm.settings.optimisations import optimisations
from tests.unit.model import Dict
from tests.unit.model import equal as model_equal
from tests.unit.programs import run
from tests.unit.values import (
    EDGE_FLOATS,
    EDGE_INTS,
    SAMPLES,
    atoms,
    from_guest,
    same,
    to_guest,
    values,
)

SIZE = 4
HOLE_FLOAT = struct.unpack("<d", struct.pack("<Q", FLOAT_HOLE_BITS))[0]


def array_after(length, *stored):
    """An array of that length after these values were stored, one after the other."""
    w_array = new_array(length)
    for index, value in enumerate(stored):
        w_array = w_array.set(index, to_guest(value))
    assert same(from_guest(w_array), tuple(stored) + (None,) * (length - len(stored)))
    return w_array


@pytest.mark.parametrize(
    "stored, unfinished, finished",
    [
        ((), W_UnfilledArray, W_UnfilledArray),
        ((None,), W_UnfilledArray, W_UnfilledArray),
        ((1,), W_IntArrayWithHoles, W_IntArray),
        ((1, None, 2), W_IntArrayWithHoles, W_IntArrayWithHoles),
        ((1, 2), W_IntArrayWithHoles, W_IntArray),
        ((2.5,), W_FloatArrayWithHoles, W_FloatArray),
        ((2.5, float("nan")), W_FloatArrayWithHoles, W_FloatArray),
        ((2.5, None, float("nan")), W_FloatArrayWithHoles, W_FloatArrayWithHoles),
        ((True, None, False), W_BoolArrayWithHoles, W_BoolArrayWithHoles),
        ((True, False), W_BoolArrayWithHoles, W_BoolArray),
        (("a",), W_ObjectArray, W_ObjectArray),
        (((),), W_ObjectArray, W_ObjectArray),
        ((1, 2.5), W_ObjectArray, W_ObjectArray),
        ((2.5, 1), W_ObjectArray, W_ObjectArray),
        ((True, 1), W_ObjectArray, W_ObjectArray),
        ((1, True), W_ObjectArray, W_ObjectArray),
        ((1, "a", 2), W_ObjectArray, W_ObjectArray),
        ((arrays.INT_HOLE,), W_ObjectArray, W_ObjectArray),
        ((1, arrays.INT_HOLE), W_ObjectArray, W_ObjectArray),
    ],
)
def test_the_class_suits_the_values(stored, unfinished, finished):
    assert array_after(len(stored) + 1, *stored).__class__ is unfinished
    assert array_after(len(stored), *stored).__class__ is finished


@pytest.mark.parametrize(
    "values, hole",
    [((1, 2, 3), arrays.INT_HOLE), ((1.5, 2.5, 3.5), HOLE_FLOAT), ((True, False, True), None)],
)
def test_a_filled_array_has_no_value_that_it_cannot_hold(values, hole):
    w_array = array_after(3, *values)
    if hole is not None:
        assert w_array.set(1, to_guest(hole)) is w_array and w_array.get(1) is not w_empty
        w_boxed = w_array.set(2, w_empty)
        assert w_boxed.__class__ is W_ObjectArray and same(
            from_guest(w_boxed)[::2], (values[0], None)
        )
        assert w_boxed.get(1) is not w_empty
    w_array = array_after(3, *values)
    w_cleared = w_array.set(1, w_empty)
    assert (
        same(from_guest(w_cleared), (values[0], None, values[2]))
        and w_cleared.__class__ is not W_ObjectArray
    )
    w_refilled = w_cleared.set(1, to_guest(values[1]))
    assert w_refilled is w_cleared, (
        "clearing and filling the same element must not go to and fro between classes"
    )
    w_boxed = array_after(3, *values).set(0, to_guest("a"))
    assert w_boxed.__class__ is W_ObjectArray and same(from_guest(w_boxed), ("a",) + values[1:])


def test_an_element_stored_twice_fills_one_place():
    w_array = array_after(2, 1).set(0, W_Int(5))
    assert w_array.__class__ is W_IntArrayWithHoles and from_guest(w_array) == (5, None)
    assert w_array.set(1, W_Int(6)).__class__ is W_IntArray


def test_the_float_that_stands_for_empty_can_be_stored_all_the_same():
    w_array = new_array(2)
    w_array = w_array.set(0, W_Float(HOLE_FLOAT))
    assert w_array.get(0) is not w_empty and w_array.get(1) is w_empty
    w_array = new_array(3)
    w_array = w_array.set(0, W_Float(1.5))
    w_array = w_array.set(1, W_Float(HOLE_FLOAT))
    value = w_array.get(1)
    assert isinstance(value, W_Float) and value.floatval != value.floatval
    assert same(from_guest(w_array), (1.5, float("nan"), None))


def test_the_int_that_stands_for_empty_can_be_stored_all_the_same():
    w_array = new_array(2)
    w_array = w_array.set(0, W_Int(arrays.INT_HOLE))
    assert from_guest(w_array) == (arrays.INT_HOLE, None)
    outcome = run(
        [
            ("LOAD_CONST", 0, 2),
            ("NEW_ARRAY", 1, 0),
            ("LOAD_CONST", 2, arrays.INT_HOLE),
            ("LOAD_CONST", 3, 1),
            ("ARRAY_SET", 1, 3, 2),
            ("RETURN", 1),
        ]
    )
    assert outcome.result == "Array([Empty, Int(%d)])" % arrays.INT_HOLE


def test_an_unboxed_storage_can_be_turned_off():
    optimisations.storages = False
    try:
        assert array_after(2, 1, 2).__class__ is W_ObjectArray
        assert isinstance(array_for(w_true, 3), W_ObjectArray)
    finally:
        optimisations.storages = True


stores = st.lists(st.tuples(st.integers(0, SIZE - 1), atoms), max_size=12)


@settings(max_examples=200)
@given(stores)
def test_stores_against_a_list(operations):
    w_array = new_array(SIZE)
    expected = [None] * SIZE
    for index, value in operations:
        w_array = w_array.set(index, to_guest(value))
        expected[index] = value
        assert same(from_guest(w_array), tuple(expected))
    assert w_array.length() == SIZE


@settings(max_examples=150)
@given(stores, stores, stores)
def test_a_copy_and_its_origin_go_their_own_ways(before, into_origin, into_copy):
    w_array = new_array(SIZE)
    expected = [None] * SIZE
    for index, value in before:
        w_array = w_array.set(index, to_guest(value))
        expected[index] = value
    w_copy = w_array.copy()
    assert not w_copy.shared
    expected_copy = expected[:]
    for index, value in into_origin:
        w_array = w_array.set(index, to_guest(value))
        expected[index] = value
    for index, value in into_copy:
        w_copy = w_copy.set(index, to_guest(value))
        expected_copy[index] = value
    assert same(from_guest(w_array), tuple(expected))
    assert same(from_guest(w_copy), tuple(expected_copy))


@settings(max_examples=150)
@given(st.lists(values, max_size=4), st.lists(values, max_size=4))
def test_equality_does_not_depend_on_the_class(left, right):
    """array_of keeps its elements boxed whatever they are."""
    for one, other in ((left, right), (left, left)):
        expected = model_equal(tuple(one), tuple(other))
        stored = to_guest(tuple(one))
        boxed = array_of([to_guest(item) for item in other])
        assert equal(stored, boxed) == expected
        assert equal(boxed, stored) == expected
        assert equal(stored, to_guest(tuple(other))) == expected


@pytest.mark.parametrize(
    "order, W_Class",
    [
        ((0, 1, 2, 3), W_IntArray),
        ((0, 1, 0, 1, 1, 2, 3), W_IntArray),
        ((3, 2, 1, 0), W_IntArrayWithHoles),
        ((0, 2, 1, 3), W_IntArrayWithHoles),
        ((1, 2, 3, 0), W_IntArrayWithHoles),
        ((3, 0, 1, 2, 3), W_IntArray),
        ((3, 0, 1, 2), W_IntArrayWithHoles),
    ],
    ids=str,
)
def test_an_array_is_full_when_it_was_filled_in_order(order, W_Class):
    w_array = new_array(SIZE)
    expected = [None] * SIZE
    for value, index in enumerate(order):
        w_array = w_array.set(index, to_guest(value))
        expected[index] = value
        assert same(from_guest(w_array), tuple(expected)) and same(
            from_guest(w_array.copy()), tuple(expected)
        )
    assert isinstance(w_array, W_Class)


def test_an_array_that_was_cleared_is_never_full():
    w_array = new_array(SIZE).set(0, to_guest(1)).set(0, to_guest(None))
    for index in range(1, SIZE):
        w_array = w_array.set(index, to_guest(index))
    assert same(from_guest(w_array), (None, 1, 2, 3))
    assert isinstance(w_array.set(0, to_guest(0)), W_IntArrayWithHoles)


def test_holes_are_equal_to_empty_and_to_nothing_else():
    for sample in SAMPLES + EDGE_INTS + EDGE_FLOATS:
        one = to_guest((sample, None))
        for other in SAMPLES + (arrays.INT_HOLE, HOLE_FLOAT):
            two = to_guest((sample, other))
            assert equal(one, two) == (model_equal(sample, sample) and other is None)


def test_elements_of_a_copy_become_shared():
    w_inner = to_guest((1,))
    w_outer = array_of([w_inner])
    w_outer.copy()
    assert w_inner.shared
    w_inner = to_guest(Dict([("k", 1)]))
    array_of([w_inner]).copy()
    assert w_inner.shared


def test_a_large_empty_array_takes_no_memory_until_it_is_filled():
    w_array = new_array(10**15)
    assert w_array.length() == 10**15
    assert w_array.get(10**15 - 1) is w_empty
    assert w_array.copy().length() == 10**15
    assert equal(w_array, new_array(10**15))
