"""Built-in functions of lists, and those of lists and texts alike."""

from mdvm import errors
from mdvm.builtin_functions.arguments import as_int, invalid_int
from mdvm.builtin_functions.sorting import values_of
from mdvm.builtin_functions.text import bounds_of, reversed_text, text_slice
from mdvm.run_state import charged_until
from mdvm.system.heap import heap
from mdvm.system.jit import dont_look_inside
from mdvm.system.language import uninitialized_list
from mdvm.values import bulk
from mdvm.values.array_base import share_all
from mdvm.values.arrays import W_Array, array_of_values, new_array
from mdvm.values.containers import BYTES_PER_ELEMENT
from mdvm.values.strings import W_Str
from mdvm.values.growing_arrays import W_GrowingFloatArray, W_GrowingIntArray
from mdvm.values.unboxed_arrays import W_FloatArray, W_IntArray

_LARGEST_INT = 0x7FFFFFFFFFFFFFFF


def _make_reversal(lists):
    """lists: the functions of mdvm.values.bulk for the items -> the function that makes a list of
    the first `count` items in reverse order: items, count -> list.
    """

    def reverse_items(items, count):
        reversed_items = uninitialized_list(items, count)
        last = count - 1
        start = 0
        while start < count:
            stop = charged_until(start, count)
            for index in range(start, stop):
                assert index <= last
                reversed_items[index] = items[last - index]
            start = stop
        return reversed_items

    return reverse_items


_reverse_ints = _make_reversal(bulk.of_ints)
_reverse_floats = _make_reversal(bulk.of_floats)
_reverse_values = _make_reversal(bulk.of_values)


@dont_look_inside
def _reversed_list(w_list):
    """-> W_Array."""
    count = w_list.length()
    if isinstance(w_list, W_IntArray):
        return W_IntArray(_reverse_ints(w_list.items, count))
    if isinstance(w_list, W_GrowingIntArray):
        return W_IntArray(_reverse_ints(w_list.items, count))
    if isinstance(w_list, W_FloatArray):
        return W_FloatArray(_reverse_floats(w_list.items, count))
    if isinstance(w_list, W_GrowingFloatArray):
        return W_FloatArray(_reverse_floats(w_list.items, count))
    if count == 0:
        return new_array(0)
    items = _reverse_values(values_of(w_list), count)
    share_all(items)
    return array_of_values(items)


def slice_value(w_value, w_first, w_end):
    if isinstance(w_value, W_Str):
        return text_slice(w_value, w_first, w_end)
    if isinstance(w_value, W_Array):
        first, end = bounds_of(w_first, w_end, w_value.length())
        return w_value.part(first, end)
    raise errors.type_mismatch("string or array", w_value.found_name)


def reverse(w_value):
    if isinstance(w_value, W_Str):
        return reversed_text(w_value)
    if isinstance(w_value, W_Array):
        return _reversed_list(w_value)
    raise errors.type_mismatch("string or array", w_value.found_name)


def int_range(w_first, w_end, w_step):
    if w_end is None:
        return _range(0, as_int(w_first), 1)
    return _range(as_int(w_first), as_int(w_end), 1 if w_step is None else as_int(w_step))


@dont_look_inside
def _range(first, end, step):
    if step == 0:
        raise invalid_int("range", step)
    count = _count(first, end, step)
    if count == 0:
        return new_array(0)
    if count > heap.largest() // BYTES_PER_ELEMENT:
        raise errors.out_of_memory()
    items = bulk.of_ints.filled(first, count)
    start = 0
    while start < count:
        stop = charged_until(start, count)
        for index in range(start, stop):
            items[index] = first + index * step
        start = stop
    return W_IntArray(items)


def _count(first, end, step):
    """-> int, how many ints the range has."""
    if step > 0:
        return _count_up(first, end, step)
    if step == -_LARGEST_INT - 1:  # which has no opposite
        if first <= end:
            return 0
        return 2 if first >= 0 and first + step > end else 1
    return _count_up(~first, ~end, -step)


def _count_up(first, end, step):
    """The same of a step > 0.  The distance may not fit an int, that between ints of one sign
    does.
    """
    count = 0
    if first < 0 and end > 0:
        last = (-1 - first) // step
        count = last + 1
        first = first + last * step + step
    if first >= end:
        return count
    return count + (end - 1 - first) // step + 1
