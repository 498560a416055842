"""Arrays, and the strategies for keeping their elements.

An array is a value: a store into one may be in place only while there is no other reference to it
(W_Container.shared). Each class of array keeps its elements in its own way: all Empty, unboxed
ints, floats or bools, or any values. An array begins unfilled, goes over to the class that suits
the first value stored, and to W_ObjectArray when a store does not fit. As it has but one holder
then, it can do so by becoming another object: `set` says which. (The idea is that of storage
strategies: Bolz, Diekmann, Tratt, OOPSLA 2013. With values there is no need of a storage object
between array and items.)
"""

from mdvm.objects import W_Bool, W_Float, W_Int, w_empty
from mdvm.settings.optimisations import optimisations
from mdvm.system.language import unrolling_iterable
from mdvm.values import bulk
from mdvm.values.array_base import W_Array, W_ObjectArray
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


_classes_without_boxes = unrolling_iterable(
    [
        W_IntArray,
        W_FloatArray,
        W_BoolArray,
        W_IntArrayWithHoles,
        W_FloatArrayWithHoles,
        W_BoolArrayWithHoles,
        W_UnfilledArray,
    ]
)


def can_compare_items(left, right):
    """left, right: W_Array -> bool, whether left.has_equal_items(right) can compare them."""
    for W_Class in _classes_without_boxes:
        if isinstance(left, W_Class):
            return isinstance(right, W_Class)
    return False


def new_array(size):
    """size: int >= 0 -> W_Array of that many Empty."""
    return W_UnfilledArray(size)


def array_of(items):
    """items: list of W_Value -> W_Array of them."""
    return W_ObjectArray(items[:])


def array_of_values(items):
    """items: list of W_Value of a fixed length, not used by anyone else from now on -> W_Array."""
    return W_ObjectArray(items)
