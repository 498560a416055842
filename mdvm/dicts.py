"""Dicts: string keys in order of insertion.

Overwriting a key keeps its place; removing and adding it again moves it to the end.  Like an array, a dict is a value and
may be changed in place only while nobody else holds it (W_Container.shared).
"""
from collections import OrderedDict

from mdvm.arrays import array_of
from mdvm.compat import dont_look_inside
from mdvm.objects import W_Container, share, w_empty
from mdvm.strings import W_Str


class W_Dict(W_Container):
    """A dict.  entries: OrderedDict from str (UTF-8 bytes) to W_Value."""
    _attrs_ = ["entries"]
    type_name = "Dict"
    found_name = "dict"

    def __init__(self, entries):
        W_Container.__init__(self)
        self.entries = entries

    @dont_look_inside
    def get(self, key):
        """key: str -> W_Value, w_empty if the key is missing."""
        return self.entries.get(key, w_empty)

    @dont_look_inside
    def contains(self, key):
        return key in self.entries

    @dont_look_inside
    def set(self, key, w_value):
        """Stores in place: the caller has made sure that nobody else sees this dict."""
        self.entries[key] = w_value

    @dont_look_inside
    def remove(self, key):
        """Removes in place; a missing key is fine."""
        if key in self.entries:
            del self.entries[key]

    def length(self):
        return len(self.entries)

    @dont_look_inside
    def copy(self):
        """-> W_Dict, equal and not shared."""
        entries = self.entries.copy()
        for w_value in entries.values():
            share(w_value)
        return W_Dict(entries)

    @dont_look_inside
    def keys(self):
        """-> W_Array of the keys."""
        return array_of([W_Str(key) for key in self.entries.keys()])

    @dont_look_inside
    def values(self):
        """-> W_Array of the values."""
        return array_of([share(w_value) for w_value in self.entries.values()])

    def is_truthy(self):
        return self.length() != 0


@dont_look_inside
def new_dict():
    """-> W_Dict without entries."""
    return W_Dict(OrderedDict())
