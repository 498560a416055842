"""What all arrays have in common, and the array of any values."""

from mdvm.objects import W_Container, share, w_empty
from mdvm.run_state import charged_until
from mdvm.system.jit import dont_look_inside
from mdvm.values import bulk


class W_Array(W_Container):
    """An array of fixed length."""

    _attrs_ = []
    type_name = "Array"
    found_name = "array"
    type_id = 9

    def length(self):
        raise NotImplementedError

    def get(self, index):
        """index: int, 0 <= index < length -> W_Value."""
        raise NotImplementedError

    def set(self, index, w_value):
        """Stores, if it can in place: the caller has made sure that the array is not shared. 0
        <= index < length.

        -> W_Array, the array that holds the value now: this one or the one that has taken its
        place.
        """
        raise NotImplementedError

    def copy(self):
        """-> W_Array, equal and not shared."""
        raise NotImplementedError

    def part(self, first, end):
        """0 <= first < end <= length -> W_Array of the elements from first to before end."""
        raise NotImplementedError

    def gathered(self, indices, size):
        """indices: list of int, at least one unless nothing was ever stored; size: int >=
        len(indices) -> W_Array to take the place of this one: the elements at indices, and after
        them room for others, which holds anything.
        """
        raise NotImplementedError

    def forget(self, index):
        """Keeps the element at index alive no longer; it is not read again before it is set.  0 <=
        index < length.
        """

    def has_equal_items(self, other):
        """other: W_Array of the same class and length -> bool, where that can be told without
        looking at boxes.
        """
        raise NotImplementedError

    def is_truthy(self):
        return self.length() != 0


class W_ObjectArray(W_Array):
    """Any values, boxed.  items: list of W_Value."""

    _attrs_ = _immutable_fields_ = ["items"]

    def __init__(self, items):
        W_Array.__init__(self)
        self.items = items

    def length(self):
        return len(self.items)

    def get(self, index):
        assert index >= 0
        return self.items[index]

    def set(self, index, w_value):
        assert index >= 0
        self.items[index] = w_value
        return self

    @dont_look_inside
    def copy(self):
        items = bulk.of_values.copied(self.items)
        share_all(items)
        return W_ObjectArray(items)

    @dont_look_inside
    def part(self, first, end):
        items = bulk.of_values.part(self.items, first, end, end - first)
        share_all(items)
        return W_ObjectArray(items)

    @dont_look_inside
    def gathered(self, indices, size):
        return W_ObjectArray(bulk.of_values.picked(self.items, indices, size))

    def forget(self, index):
        assert index >= 0
        self.items[index] = w_empty


def share_all(items):
    """items: list of W_Value, to which each of them is a further reference."""
    start = 0
    while start < len(items):
        stop = charged_until(start, len(items))
        for index in range(start, stop):
            share(items[index])
        start = stop


@dont_look_inside
def as_object_array(w_array):
    """-> W_ObjectArray with the elements of w_array."""
    size = w_array.length()
    items = bulk.of_values.filled(w_empty, size)
    start = 0
    while start < size:
        stop = charged_until(start, size)
        for position in range(start, stop):
            items[position] = w_array.get(position)
        start = stop
    return W_ObjectArray(items)


def boxed(w_array, index, w_value):
    """The same, but w_value at index."""
    return as_object_array(w_array).set(index, w_value)
