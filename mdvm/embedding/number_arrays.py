"""Arrays of nothing but ints, or floats, or bools, on their way to the embedding process and from it:
many at once, and charged for.
"""

from mdvm.objects import W_Float, W_Int
from mdvm.run_state import charged_until
from mdvm.system.raw_memory import (
    copy_bools,
    copy_floats,
    copy_ints,
    read_floats,
    read_ints,
    text_of_floats,
    text_of_ints,
)
from mdvm.values import bulk
from mdvm.values.arrays import FALSE, TRUE, W_BoolArray, W_FloatArray, W_IntArray
from mdvm.values.growing_arrays import W_GrowingFloatArray, W_GrowingIntArray

_AT_A_TIME = 8192  # made into bytes: a text that TextBuilder takes as a piece


class _Numbers(object):
    """The functions for arrays of one kind of numbers."""

    def __init__(self, holds, write, read, copied):
        self.holds = holds
        self.write = write
        self.read = read
        self.copied = copied

    def _freeze_(self):
        return True  # for RPython: its attributes are constants, functions of different types


def _make_numbers(W_Scalar, W_Unboxed, W_Growing, lists, nothing, unbox, functions):
    """-> _Numbers.

    W_Scalar: the class of the values; unbox(W_Scalar) -> number. W_Unboxed, W_Growing: the classes
    of arrays of them alone; lists: the functions of mdvm.values.bulk for their items, nothing: one of these. functions:
    those of mdvm.system.raw_memory.
    """
    copy_numbers, read_numbers, text_of_numbers = functions

    def holds(w_array):
        """-> bool, whether it has these numbers and nothing else, and is not empty unless it is
        kept as these.
        """
        if isinstance(w_array, W_Unboxed):
            return True
        size = w_array.length()
        if size == 0:
            return False
        if isinstance(w_array, W_Growing):
            return True
        if not isinstance(w_array.get(0), W_Scalar):
            return False
        start = 0
        while start < size:
            stop = charged_until(start, size)
            for index in range(start, stop):
                if not isinstance(w_array.get(index), W_Scalar):
                    return False
            start = stop
        return True

    def boxless(w_array, index):
        w_value = w_array.get(index)
        assert isinstance(w_value, W_Scalar)
        return unbox(w_value)

    def write(builder, w_array):
        """builder: TextBuilder, which the bytes of the numbers are added to.  w_array: one that
        holds them.
        """
        size = w_array.length()
        start = 0
        while start < size:
            stop = min(size, start + _AT_A_TIME)
            builder.meter.add(stop - start)
            if isinstance(w_array, W_Unboxed):
                text = text_of_numbers(w_array.items, start, stop)
            elif isinstance(w_array, W_Growing):
                text = text_of_numbers(w_array.items, start, stop)
            else:
                numbers = [boxless(w_array, index) for index in range(start, stop)]
                text = text_of_numbers(numbers, 0, stop - start)
            builder.add(text)
            start = stop

    def read(text, at, count):
        """-> W_Array of the numbers whose bytes begin in text at the index `at`."""
        numbers = lists.unfilled(nothing, count)
        start = 0
        while start < count:
            stop = charged_until(start, count)
            read_numbers(text, at, numbers, start, stop)
            start = stop
        return W_Unboxed(numbers)

    def copied(address, count):
        """-> W_Array of the numbers that are in the memory of the process."""
        numbers = lists.unfilled(nothing, count)
        start = 0
        while start < count:
            stop = charged_until(start, count)
            copy_numbers(address, numbers, start, stop)
            start = stop
        return W_Unboxed(numbers)

    return _Numbers(holds, write, read, copied)


ints = _make_numbers(
    W_Int,
    W_IntArray,
    W_GrowingIntArray,
    bulk.of_ints,
    0,
    lambda w_int: w_int.intval,
    (copy_ints, read_ints, text_of_ints),
)
floats = _make_numbers(
    W_Float,
    W_FloatArray,
    W_GrowingFloatArray,
    bulk.of_floats,
    0.0,
    lambda w_float: w_float.floatval,
    (copy_floats, read_floats, text_of_floats),
)


def copied_bools(address, count):
    """-> W_Array of bools, of as many bytes in the memory of the process."""
    chars = bulk.of_bytes.unfilled(FALSE, count)
    start = 0
    while start < count:
        stop = charged_until(start, count)
        copy_bools(address, chars, start, stop, FALSE, TRUE)
        start = stop
    return W_BoolArray(chars)
