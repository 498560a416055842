"""Lists of any length, made and copied so that it can be interrupted, and charged for.

A small list is made as everywhere else. A large one is made empty and then filled chunk by chunk,
see run_state.
"""

from mdvm.system.jit import dont_look_inside
from mdvm.system.language import uninitialized_list
from mdvm.run_state import CHUNK, charge, charged_until


class _ListFunctions(object):
    """The functions for lists of one type of items.  All lists are of a fixed length."""

    def __init__(self, filled, copied, picked):
        self.filled = filled
        self.copied = copied
        self.picked = picked

    def _freeze_(self):
        return True  # for RPython: its attributes are constants, functions of different types


def _make_functions():
    """-> _ListFunctions.  In RPython, all lists that come to one function are of one type."""

    def filled(item, size):
        """size: int >= 0 -> list with the item so many times."""
        if size < CHUNK:
            charge(size)
            return [item] * size
        return filled_slowly(item, size)

    @dont_look_inside
    def filled_slowly(item, size):
        items = uninitialized_list([item], size)
        start = 0
        while start < size:
            stop = charged_until(start, size)
            for index in range(start, stop):
                items[index] = item
            start = stop
        return items

    @dont_look_inside
    def copied(items):
        """-> list with the same items."""
        size = len(items)
        if size < CHUNK:
            charge(size)
            return items[:]
        copy = uninitialized_list(items, size)
        start = 0
        while start < size:
            stop = charged_until(start, size)
            for index in range(start, stop):
                copy[index] = items[index]
            start = stop
        return copy

    @dont_look_inside
    def picked(items, indices, size):
        """indices: list of int; size: int >= len(indices) -> list of that size: the items at
        indices, and then anything.
        """
        picked = uninitialized_list(items, size)
        count = len(indices)
        start = 0
        while start < count:
            stop = charged_until(start, count)
            for position in range(start, stop):
                picked[position] = items[indices[position]]
            start = stop
        return picked

    return _ListFunctions(filled, copied, picked)


of_ints = _make_functions()
of_floats = _make_functions()
of_bytes = _make_functions()
of_values = _make_functions()
of_keys = _make_functions()
