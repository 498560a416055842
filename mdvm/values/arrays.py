"""Arrays, and the strategies for keeping their elements.

An array is a value: a store into one may be in place only while there is no other reference to it
(W_Container.shared). Each class of array keeps its elements in its own way: all Empty, unboxed
ints, floats or bools, or any values. An array begins unfilled, goes over to the class that suits
the first value stored, and to W_ObjectArray when a store does not fit. As it has but one holder
then, it can do so by becoming another object: `set` says which. (The idea is that of storage
strategies: Bolz, Diekmann, Tratt, OOPSLA 2013. With values there is no need of a storage object
between array and items.)
"""

from mdvm import errors
from mdvm.objects import W_Bool, W_Float, W_Int, w_empty
from mdvm.run_state import charged_until
from mdvm.settings.optimisations import optimisations
from mdvm.system.heap import heap
from mdvm.system.jit import dont_look_inside
from mdvm.system.language import unrolling_iterable
from mdvm.values import bulk
from mdvm.values.array_base import W_Array, W_ObjectArray, share_all
from mdvm.values.growing_arrays import (
    BYTES_PER_ELEMENT,
    W_GrowingArray,
    W_GrowingBoolArray,
    W_GrowingFloatArray,
    W_GrowingIntArray,
    W_GrowingObjectArray,
    grown_from_values,
    growing_for,
)
from mdvm.values.unboxed_arrays import (
    BOOL_HOLE,
    FALSE,
    INT_HOLE,
    TRUE,
    W_BoolArray,
    W_BoolArrayWithHoles,
    W_FloatArray,
    W_FloatArrayWithHoles,
    W_IntArray,
    W_IntArrayWithHoles,
    float_hole,
    is_float_hole,
)


class W_UnfilledArray(W_Array):
    """Nothing but Empty: NEW_ARRAY costs nothing until the first store.  size: int."""

    _attrs_ = _immutable_fields_ = ["size"]

    def __init__(self, size):
        W_Array.__init__(self)
        self.size = size

    def length(self):
        return self.size

    def get(self, index):
        return w_empty

    def set(self, index, w_value):
        if w_value is w_empty:
            return self
        return array_for(w_value, self.size).set(index, w_value)

    def copy(self):
        return W_UnfilledArray(self.size)

    def part(self, first, end):
        return W_UnfilledArray(end - first)

    def gathered(self, indices, size):
        return W_UnfilledArray(size)

    def has_equal_items(self, other):
        return True


def array_for(w_value, size):
    """w_value: W_Value, the first to be stored; size: int > 0 -> W_Array of that size, all Empty,
    that can hold it.
    """
    if optimisations.storages:
        if isinstance(w_value, W_Int) and w_value.intval != INT_HOLE:
            return W_IntArrayWithHoles(bulk.of_ints.filled(INT_HOLE, size), 0)
        if isinstance(w_value, W_Float) and not is_float_hole(w_value.floatval):
            return W_FloatArrayWithHoles(bulk.of_floats.filled(float_hole(size), size), 0)
        if isinstance(w_value, W_Bool):
            return W_BoolArrayWithHoles(bulk.of_bytes.filled(BOOL_HOLE, size), 0)
    return W_ObjectArray(bulk.of_values.filled(w_empty, size))


def array_filled_with(w_value, size):
    """w_value: W_Value; size: int > 0 -> W_Array of that size, each element w_value."""
    if w_value is w_empty:
        return W_UnfilledArray(size)
    if optimisations.storages:
        if isinstance(w_value, W_Int):
            return W_IntArray(bulk.of_ints.filled(w_value.intval, size))
        if isinstance(w_value, W_Float):
            return W_FloatArray(bulk.of_floats.filled(w_value.floatval, size))
        if isinstance(w_value, W_Bool):
            return W_BoolArray(bulk.of_bytes.filled(TRUE if w_value.boolval else FALSE, size))
    return W_ObjectArray(bulk.of_values.filled(w_value, size))


# ____________________________________________________________ growing and shrinking

# The classes without holes, and those that take their place.
_growing_classes = unrolling_iterable(
    [
        (W_IntArray, W_GrowingIntArray),
        (W_FloatArray, W_GrowingFloatArray),
        (W_BoolArray, W_GrowingBoolArray),
        (W_ObjectArray, W_GrowingObjectArray),
    ]
)


@dont_look_inside
def _as_growing(w_array):
    """w_array: W_Array of a fixed length, not used by anyone else from now on -> W_GrowingArray
    with its elements.
    """
    for W_Fixed, W_Growing in _growing_classes:
        if isinstance(w_array, W_Fixed):
            return W_Growing(w_array.items, w_array.length())
    return grown_from_values(w_array, w_array.length())


def pushed(w_array, w_value):
    """w_array: W_Array, not shared -> W_Array to take its place, with one more element."""
    if not isinstance(w_array, W_GrowingArray):
        if w_array.length() == 0:
            w_array = growing_for(w_array, w_value)
        else:
            w_array = _as_growing(w_array)
    return w_array.push(w_value)


def inserted(w_array, index, w_value):
    """The same, with the element at that index, 0 <= index <= length."""
    if not isinstance(w_array, W_GrowingArray):
        if w_array.length() == 0:
            w_array = growing_for(w_array, w_value)
        else:
            w_array = _as_growing(w_array)
    return w_array.insert(index, w_value)


def without_last(w_array):
    """w_array: W_Array of at least one element, not shared -> W_Array to take its place, without
    the last.
    """
    if not isinstance(w_array, W_GrowingArray):
        w_array = _as_growing(w_array)
    w_array.drop_last()
    return w_array


def without(w_array, index):
    """The same without the element at that index, 0 <= index < length."""
    if not isinstance(w_array, W_GrowingArray):
        w_array = _as_growing(w_array)
    w_array.remove(index)
    return w_array


def new_array(size):
    """size: int >= 0 -> W_Array of that many Empty."""
    return W_UnfilledArray(size)


# ____________________________________________________________ comparing

# The classes whose elements can be compared without boxes, each with the growing one, if there is one.
_classes_without_boxes = unrolling_iterable(
    [
        (W_IntArray, W_GrowingIntArray),
        (W_FloatArray, W_GrowingFloatArray),
        (W_BoolArray, W_GrowingBoolArray),
        (W_IntArrayWithHoles, W_IntArrayWithHoles),
        (W_FloatArrayWithHoles, W_FloatArrayWithHoles),
        (W_BoolArrayWithHoles, W_BoolArrayWithHoles),
        (W_UnfilledArray, W_UnfilledArray),
    ]
)


def can_compare_items(left, right):
    """left, right: W_Array -> bool, whether have_equal_items can compare them."""
    for W_Fixed, W_Growing in _classes_without_boxes:
        if isinstance(left, W_Fixed) or isinstance(left, W_Growing):
            return isinstance(right, W_Fixed) or isinstance(right, W_Growing)
    return False


def have_equal_items(left, right):
    """left, right: W_Array of the same length that can be compared -> bool."""
    if isinstance(left, W_GrowingArray):
        left, right = right, left
    return left.has_equal_items(right)


# ____________________________________________________________ whole arrays


def _make_joiner(W_Fixed, W_Growing, lists):
    """-> function of two W_Arrays: a W_Fixed of the elements of both, or None if one of them has
    other elements.
    """

    def join(w_left, w_right):
        if isinstance(w_left, W_Fixed):
            left = w_left.items
        elif isinstance(w_left, W_Growing):
            left = w_left.items
        else:
            return None
        if isinstance(w_right, W_Fixed):
            right = w_right.items
        elif isinstance(w_right, W_Growing):
            right = w_right.items
        else:
            return None
        items = lists.joined(left, w_left.length(), right, w_right.length())
        if W_Fixed is W_ObjectArray:
            share_all(items)
        return W_Fixed(items)

    return join


_joiners = unrolling_iterable(
    [
        _make_joiner(W_IntArray, W_GrowingIntArray, bulk.of_ints),
        _make_joiner(W_FloatArray, W_GrowingFloatArray, bulk.of_floats),
        _make_joiner(W_BoolArray, W_GrowingBoolArray, bulk.of_bytes),
        _make_joiner(W_ObjectArray, W_GrowingObjectArray, bulk.of_values),
    ]
)


@dont_look_inside
def joined(w_left, w_right):
    """-> W_Array of the elements of both, not shared."""
    if w_left.length() == 0:
        return w_right.copy()
    if w_right.length() == 0:
        return w_left.copy()
    if w_left.length() + w_right.length() > heap.largest() // BYTES_PER_ELEMENT:
        raise errors.out_of_memory()
    for join in _joiners:
        w_joined = join(w_left, w_right)
        if w_joined is not None:
            return w_joined
    items = bulk.of_values.filled(w_empty, w_left.length() + w_right.length())
    _store_all(items, 0, w_left)
    _store_all(items, w_left.length(), w_right)
    share_all(items)
    return W_ObjectArray(items)


def _store_all(items, at, w_array):
    size = w_array.length()
    start = 0
    while start < size:
        stop = charged_until(start, size)
        for index in range(start, stop):
            items[at + index] = w_array.get(index)
        start = stop


def array_of(items):
    """items: list of W_Value -> W_Array of them."""
    return W_ObjectArray(items[:])


def array_of_values(items):
    """items: list of W_Value of a fixed length, not used by anyone else from now on -> W_Array."""
    return W_ObjectArray(items)
