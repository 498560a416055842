"""Containers that are being written, by writers with a stack of their own: nested values may be
deeper than any recursion.
"""

from mdvm.values.array_base import W_Array
from mdvm.values.dicts import W_Dict
from mdvm.values.sets import W_Set


class OpenContainer(object):
    """How far the writer of a container has got.

    w_array: W_Array or None; w_dict: W_Dict or None; w_set: W_Set or None; it is one of them.
    position: int, the element or the place to write next; missing: int, how many are left.
    """

    def __init__(self, w_container):
        self.w_array = w_container if isinstance(w_container, W_Array) else None
        self.w_dict = w_container if isinstance(w_container, W_Dict) else None
        self.w_set = w_container if isinstance(w_container, W_Set) else None
        self.position = 0
        self.missing = w_container.length()

    def next_element(self):
        """-> W_Value, the next one of an array."""
        position = self.position
        self.position = position + 1
        self.missing -= 1
        return self.w_array.get(position)

    def next_place(self, meter):
        """-> int, the place of the next entry of a dict or of the next member of a set.

        meter: Meter, charged for the places between that are empty.
        """
        position = self.position
        if self.w_dict is not None:
            place = self.w_dict.first_place(position)
        else:
            place = self.w_set.first_place(position)
        meter.add(place - position)
        self.position = place + 1
        self.missing -= 1
        return place
