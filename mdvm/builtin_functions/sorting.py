"""The built-in function sort: a stable merge sort on the items as the list keeps them, without boxes.

Runs of RUN items are sorted by insertion, then merged two by two into a second list and back. What
is in order already is only looked at. Floats without a number come last; texts are in the order of
their code points, and ints and floats may stand together.
"""

from mdvm.builtin_functions.arguments import as_list
from mdvm.objects import W_Float, W_Int
from mdvm.run_state import charge, charged_until
from mdvm.system.jit import dont_look_inside
from mdvm.system.language import uninitialized_list
from mdvm.values import bulk
from mdvm.values.arrays import array_of_values, new_array
from mdvm.values.growing_arrays import W_GrowingFloatArray, W_GrowingIntArray
from mdvm.values.operations import less_than
from mdvm.values.strings import W_Str, text_less
from mdvm.values.unboxed_arrays import W_FloatArray, W_IntArray

RUN = 12


def make_sort(comes_before):
    """comes_before(item, other) -> bool, a strict order -> the function that sorts a list of such
    items: items -> the sorted list, that one or another.
    """

    def sort(items):
        size = len(items)
        if is_sorted(items, size):
            return items
        start = 0
        while start < size:
            end = min(size, start + RUN)
            charge(4 * RUN)
            insert_all(items, start, end)
            start = end
        if size <= RUN:
            return items
        other = uninitialized_list(items, size)
        width = RUN
        while width < size:
            merge_all(items, other, size, width)
            items, other = other, items
            width *= 2
        return items

    def is_sorted(items, size):
        index = 1
        while index < size:
            stop = charged_until(index, size)
            while index < stop:
                if comes_before(items[index], items[index - 1]):
                    return False
                index += 1
        return True

    def insert_all(items, start, end):
        """Sorts items[start:end]."""
        index = start + 1
        while index < end:
            item = items[index]
            at = index
            while at > start and comes_before(item, items[at - 1]):
                items[at] = items[at - 1]
                at -= 1
            items[at] = item
            index += 1

    def merge_all(items, target, size, width):
        """Merges each two neighbouring runs of `width` items into target."""
        start = 0
        while start < size:
            middle = min(size, start + width)
            end = min(size, middle + width)
            merge(items, target, start, middle, end)
            start = end

    def merge(items, target, start, middle, end):
        left = start
        right = middle
        at = start
        while at < end:
            stop = charged_until(at, end)
            # As long as there is something on both sides, and the chunk is not over.
            while at < stop and left < middle and right < end:
                if comes_before(items[right], items[left]):
                    target[at] = items[right]
                    right += 1
                else:
                    target[at] = items[left]
                    left += 1
                at += 1
            if right == end:
                while at < stop:
                    target[at] = items[left]
                    left += 1
                    at += 1
            elif left == middle:
                while at < stop:
                    target[at] = items[right]
                    right += 1
                    at += 1

    return sort


def _float_before(value, other):
    return value < other or (other != other and value == value)


def _text_before(w_text, w_other):
    assert isinstance(w_text, W_Str) and isinstance(w_other, W_Str)
    return text_less(w_text, w_other)


def _number_before(w_number, w_other):
    if less_than(w_number, w_other):
        return True
    if not isinstance(w_other, W_Float) or w_other.floatval == w_other.floatval:
        return False
    return isinstance(w_number, W_Int) or _is_number(w_number)


def _is_number(w_float):
    assert isinstance(w_float, W_Float)
    return w_float.floatval == w_float.floatval


_sort_ints = make_sort(lambda value, other: value < other)
_sort_floats = make_sort(_float_before)
_sort_texts = make_sort(_text_before)
_sort_numbers = make_sort(_number_before)

_INTS = 1
_FLOATS = 2
_TEXTS = 4


def _kinds_in(w_list):
    """-> int, the kinds of what w_list, which is not empty, holds, added.  Raises RunError if not
    all of it is of a kind that has an order.
    """
    size = w_list.length()
    start = 0
    kinds = 0
    while start < size:
        stop = charged_until(start, size)
        for index in range(start, stop):
            w_item = w_list.get(index)
            if isinstance(w_item, W_Int):
                kinds |= _INTS
            elif isinstance(w_item, W_Float):
                kinds |= _FLOATS
            else:
                less_than(w_list.get(0), w_item)  # raises unless both are texts
                less_than(w_item, w_item)
                kinds |= _TEXTS
            if kinds > _TEXTS:
                less_than(w_list.get(0), w_item)
        start = stop
    return kinds


@dont_look_inside
def sort(w_value):
    w_list = as_list(w_value)
    if isinstance(w_list, W_IntArray):
        return W_IntArray(_sort_ints(bulk.of_ints.copied(w_list.items)))
    if isinstance(w_list, W_GrowingIntArray):
        return W_IntArray(
            _sort_ints(bulk.of_ints.part(w_list.items, 0, w_list.count, w_list.count))
        )
    if isinstance(w_list, W_FloatArray):
        return W_FloatArray(_sort_floats(bulk.of_floats.copied(w_list.items)))
    if isinstance(w_list, W_GrowingFloatArray):
        return W_FloatArray(
            _sort_floats(bulk.of_floats.part(w_list.items, 0, w_list.count, w_list.count))
        )
    if w_list.length() == 0:
        return new_array(0)
    kinds = _kinds_in(w_list)
    if kinds == _INTS:
        return W_IntArray(_sort_ints(_ints_of(w_list)))
    if kinds == _FLOATS:
        return W_FloatArray(_sort_floats(_floats_of(w_list)))
    items = values_of(w_list)
    return array_of_values(_sort_texts(items) if kinds == _TEXTS else _sort_numbers(items))


def _make_unpacking(lists, item_of):
    """-> the function that makes a list of an array which is not empty.  item_of(W_Value) -> item."""

    def unpack(w_list):
        size = w_list.length()
        items = lists.filled(item_of(w_list.get(0)), size)
        start = 0
        while start < size:
            stop = charged_until(start, size)
            for index in range(start, stop):
                items[index] = item_of(w_list.get(index))
            start = stop
        return items

    return unpack


def _intval(w_int):
    assert isinstance(w_int, W_Int)
    return w_int.intval


def _floatval(w_float):
    assert isinstance(w_float, W_Float)
    return w_float.floatval


_ints_of = _make_unpacking(bulk.of_ints, _intval)
_floats_of = _make_unpacking(bulk.of_floats, _floatval)
values_of = _make_unpacking(bulk.of_values, lambda w_value: w_value)
