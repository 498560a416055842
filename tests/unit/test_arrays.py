"""Arrays: each way of keeping elements holds the same values, and a copy shares nothing that a store could change."""
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdvm import arrays
from mdvm.arrays import BoolStorage, FloatStorage, IntStorage, ObjectStorage, UnfilledStorage, array_of, new_array, storage_for
from mdvm.objects import W_Float, W_Int, w_empty, w_true
from mdvm.operations import equal
from mdvm.switches import switches
from model import Dict
from model import equal as model_equal
from programs import run
from values import EDGE_FLOATS, EDGE_INTS, SAMPLES, atoms, from_guest, same, to_guest, values

HOLE_FLOAT = struct.unpack("<d", struct.pack("<Q", arrays.FLOAT_HOLE_BITS))[0]


def storage_after(*stored):
    """The class of storage of an array after these values were stored, one after the other."""
    w_array = new_array(len(stored) + 1)
    for index, value in enumerate(stored):
        w_array.set(index, to_guest(value))
    assert same(from_guest(w_array), tuple(stored) + (None,))
    return w_array.storage.__class__


@pytest.mark.parametrize("stored, expected", [
    ((), UnfilledStorage), ((None,), UnfilledStorage), ((1,), IntStorage), ((1, None, 2), IntStorage), ((2.5,), FloatStorage),
    ((2.5, None, float("nan")), FloatStorage), ((True, None, False), BoolStorage), (("a",), ObjectStorage), (((),), ObjectStorage),
    ((1, 2.5), ObjectStorage), ((2.5, 1), ObjectStorage), ((True, 1), ObjectStorage), ((1, True), ObjectStorage),
    ((1, "a", 2), ObjectStorage), ((arrays.INT_HOLE,), ObjectStorage), ((1, arrays.INT_HOLE), ObjectStorage)])
def test_the_storage_suits_the_values(stored, expected):
    assert storage_after(*stored) is expected


def test_the_float_that_stands_for_empty_can_be_stored_all_the_same():
    w_array = new_array(2)
    w_array.set(0, W_Float(HOLE_FLOAT))
    assert w_array.get(0) is not w_empty and w_array.get(1) is w_empty
    w_array = new_array(3)
    w_array.set(0, W_Float(1.5))
    w_array.set(1, W_Float(HOLE_FLOAT))
    value = w_array.get(1)
    assert isinstance(value, W_Float) and value.floatval != value.floatval
    assert same(from_guest(w_array), (1.5, float("nan"), None))


def test_the_int_that_stands_for_empty_can_be_stored_all_the_same():
    w_array = new_array(2)
    w_array.set(0, W_Int(arrays.INT_HOLE))
    assert from_guest(w_array) == (arrays.INT_HOLE, None)
    outcome = run([("LOAD_CONST", 0, 2), ("NEW_ARRAY", 1, 0), ("LOAD_CONST", 2, arrays.INT_HOLE), ("LOAD_CONST", 3, 1),
                   ("ARRAY_SET", 1, 3, 2), ("RETURN", 1)])
    assert outcome.result == "Array([Empty, Int(%d)])" % arrays.INT_HOLE


def test_an_unboxed_storage_can_be_turned_off():
    switches.storages = False
    try:
        assert storage_after(1, 2) is ObjectStorage
        assert isinstance(storage_for(w_true, 3), ObjectStorage)
    finally:
        switches.storages = True


SIZE = 4
stores = st.lists(st.tuples(st.integers(0, SIZE - 1), atoms), max_size=12)


@settings(max_examples=200)
@given(stores)
def test_stores_against_a_list(operations):
    w_array = new_array(SIZE)
    expected = [None] * SIZE
    for index, value in operations:
        w_array.set(index, to_guest(value))
        expected[index] = value
        assert same(from_guest(w_array), tuple(expected))
    assert w_array.length() == SIZE


@settings(max_examples=150)
@given(stores, stores, stores)
def test_a_copy_and_its_origin_go_their_own_ways(before, into_origin, into_copy):
    w_array = new_array(SIZE)
    expected = [None] * SIZE
    for index, value in before:
        w_array.set(index, to_guest(value))
        expected[index] = value
    w_copy = w_array.copy()
    assert not w_copy.shared
    expected_copy = expected[:]
    for index, value in into_origin:
        w_array.set(index, to_guest(value))
        expected[index] = value
    for index, value in into_copy:
        w_copy.set(index, to_guest(value))
        expected_copy[index] = value
    assert same(from_guest(w_array), tuple(expected))
    assert same(from_guest(w_copy), tuple(expected_copy))


@settings(max_examples=150)
@given(st.lists(values, max_size=4), st.lists(values, max_size=4))
def test_equality_does_not_depend_on_the_storage(left, right):
    """array_of keeps its elements boxed whatever they are."""
    for one, other in ((left, right), (left, left)):
        expected = model_equal(tuple(one), tuple(other))
        stored = to_guest(tuple(one))
        boxed = array_of([to_guest(item) for item in other])
        assert equal(stored, boxed) == expected
        assert equal(boxed, stored) == expected
        assert equal(stored, to_guest(tuple(other))) == expected


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
    w_array = new_array(10 ** 15)
    assert w_array.length() == 10 ** 15
    assert w_array.get(10 ** 15 - 1) is w_empty
    assert w_array.copy().length() == 10 ** 15
    assert equal(w_array, new_array(10 ** 15))
