"""Lists of any length, made and copied so that it can be interrupted, and charged for.

A small list is made as everywhere else. A large one is made empty and then filled chunk by chunk,
see run_state.
"""

from mdvm.system.jit import dont_look_inside
from mdvm.system.language import uninitialized_list
from mdvm.run_state import CHUNK, charge, charged_until


class _ListFunctions(object):
    """The functions for lists of one type of items.  All lists are of a fixed length."""

    def __init__(self, unfilled, filled, copied, picked, part, joined, moved_up, moved_down):
        self.unfilled = unfilled
        self.filled = filled
        self.copied = copied
        self.picked = picked
        self.part = part
        self.joined = joined
        self.moved_up = moved_up
        self.moved_down = moved_down

    def _freeze_(self):
        return True  # for RPython: its attributes are constants, functions of different types


def _make_functions():
    """-> _ListFunctions.  In RPython, all lists that come to one function are of one type."""

    def unfilled(item, size):
        """item: looked at only for its type; size: int >= 0 -> list of that many items, which hold
        anything.
        """
        return uninitialized_list([item], size)

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

    @dont_look_inside
    def part(items, first, end, size):
        """-> list of that size: the items from first to before end, and then anything."""
        part = uninitialized_list(items, size)
        start = first
        while start < end:
            stop = charged_until(start, end)
            for index in range(start, stop):
                part[index - first] = items[index]
            start = stop
        return part

    @dont_look_inside
    def joined(left, left_size, right, right_size):
        """-> list of the first left_size items of left and the first right_size of right."""
        joined = part(left, 0, left_size, left_size + right_size)
        start = 0
        while start < right_size:
            stop = charged_until(start, right_size)
            for index in range(start, stop):
                joined[left_size + index] = right[index]
            start = stop
        return joined

    # What is moved within a list has been charged for before the first item moves: the list must
    # not be left half done.

    @dont_look_inside
    def moved_up(items, first, end):
        """Moves the items from first to before end up by one; there is room."""
        charge(end - first)
        index = end
        while index > first:
            items[index] = items[index - 1]
            index -= 1

    @dont_look_inside
    def moved_down(items, first, end):
        """Moves the items from first to before end down by one."""
        charge(end - first)
        for index in range(first, end):
            items[index - 1] = items[index]

    return _ListFunctions(unfilled, filled, copied, picked, part, joined, moved_up, moved_down)


of_ints = _make_functions()
of_floats = _make_functions()
of_bytes = _make_functions()
of_values = _make_functions()
of_keys = _make_functions()
of_texts = _make_functions()
