"""Arrays that have become longer or shorter, with room for more elements.

NEW_ARRAY makes an array of exactly its size, and most never change that. One that does goes over to
a class of these, which keeps its elements in the first part of a longer list. Its growing by half
each time makes a million pushes linear.
"""

from mdvm import errors
from mdvm.objects import W_Bool, W_Float, W_Int, W_Value, w_empty, w_false, w_true
from mdvm.run_state import charged_until
from mdvm.settings.optimisations import optimisations
from mdvm.system.heap import heap
from mdvm.system.jit import conditional_call, dont_look_inside
from mdvm.values import bulk
from mdvm.values.array_base import W_Array, share_all

BYTES_PER_ELEMENT = 8
_LEAST_ROOM = 8
_ROOM_TO_KEEP = 64


def _larger(size):
    """size: int, that of a full list -> int, the size of the one that takes its place.  Raises
    RunError, `Out of memory`, if no memory could hold it.
    """
    most = heap.largest() // BYTES_PER_ELEMENT
    if size >= most:
        raise errors.out_of_memory()
    return min(most, size + size // 2 + _LEAST_ROOM)


class W_GrowingArray(W_Array):
    """count: int, how many elements there are.

    Whoever calls what changes an array has made sure that it is not shared. Each of push, insert
    and remove gives the array that holds the elements now: this one or the one that has taken its
    place.
    """

    _attrs_ = ["count"]

    def __init__(self, count):
        W_Array.__init__(self)
        self.count = count

    def length(self):
        return self.count

    def push(self, w_value):
        """-> W_Array, with one more element."""
        raise NotImplementedError

    def insert(self, index, w_value):
        """0 <= index <= length -> W_Array, with one more element at that index."""
        raise NotImplementedError

    def drop_last(self):
        """The last element, which there is, is gone."""
        raise NotImplementedError

    def remove(self, index):
        """The element at that index, 0 <= index < length, is gone."""
        raise NotImplementedError


def _make_class(kind, lists, W_Box, unbox, box, nothing):
    """The class for one kind of items.

    kind: str, part of its name. lists: the functions of mdvm.values.bulk for lists of these items.
    W_Box: the class of the values; unbox(W_Box) -> item; box(item) -> W_Value. nothing: the item
    for a place whose element is gone.
    """

    def make_room(w_array):
        """There is no room in the list: a longer one takes its place."""
        items = w_array.items
        w_array.items = lists.part(items, 0, len(items), _larger(len(items)))

    make_room = dont_look_inside(make_room)

    def give_room_back(w_array):
        """Most of the list is room: one of half its length takes its place."""
        items = w_array.items
        w_array.items = lists.part(items, 0, w_array.count, len(items) >> 1)

    give_room_back = dont_look_inside(give_room_back)

    class W_Growing(W_GrowingArray):
        """items: list of their items, as long as there is room."""

        _attrs_ = ["items"]

        def __init__(self, items, count):
            W_GrowingArray.__init__(self, count)
            self.items = items

        def get(self, index):
            assert index >= 0
            return box(self.items[index])

        def set(self, index, w_value):
            assert index >= 0
            if isinstance(w_value, W_Box):
                self.items[index] = unbox(w_value)
                return self
            return grown_from_values(self, self.count).set(index, w_value)

        def push(self, w_value):
            if not isinstance(w_value, W_Box):
                return growing_for(self, w_value).push(w_value)
            count = self.count
            conditional_call(count == len(self.items), make_room, self)
            self.items[count] = unbox(w_value)
            self.count = count + 1
            return self

        @dont_look_inside
        def insert(self, index, w_value):
            if not isinstance(w_value, W_Box):
                return growing_for(self, w_value).insert(index, w_value)
            assert index >= 0
            if self.count == len(self.items):
                make_room(self)
            lists.moved_up(self.items, index, self.count)
            self.items[index] = unbox(w_value)
            self.count += 1
            return self

        def drop_last(self):
            room = len(self.items) >> 2
            conditional_call(self.count < room - _ROOM_TO_KEEP, give_room_back, self)
            last = self.count - 1
            assert last >= 0
            self.items[last] = nothing
            self.count = last

        @dont_look_inside
        def remove(self, index):
            lists.moved_down(self.items, index + 1, self.count)
            self.drop_last()

        @dont_look_inside
        def copy(self):
            return self.part(0, self.count)

        @dont_look_inside
        def part(self, first, end):
            items = lists.part(self.items, first, end, end - first)
            share_parts(items)
            return W_Growing(items, end - first)

        @dont_look_inside
        def gathered(self, indices, size):
            return W_Growing(lists.picked(self.items, indices, size), size)

        def forget(self, index):
            assert index >= 0
            self.items[index] = nothing

        @dont_look_inside
        def has_equal_items(self, other):
            assert isinstance(other, W_Growing)
            return W_Growing.have_equal_items(self.items, other.items, self.count)

        @staticmethod
        def have_equal_items(left, right, size):
            start = 0
            while start < size:
                stop = charged_until(start, size)
                for index in range(start, stop):
                    if left[index] != right[index]:
                        return False
                start = stop
            return True

    def share_parts(items):
        if W_Box is W_Value:
            share_all(items)

    W_Growing.__name__ = "W_Growing%sArray" % kind
    return W_Growing


W_GrowingIntArray = _make_class("Int", bulk.of_ints, W_Int, lambda w_int: w_int.intval, W_Int, 0)
W_GrowingFloatArray = _make_class(
    "Float", bulk.of_floats, W_Float, lambda w_float: w_float.floatval, W_Float, 0.0
)
# A byte each.
FALSE = "\x00"
TRUE = "\x01"

W_GrowingBoolArray = _make_class(
    "Bool",
    bulk.of_bytes,
    W_Bool,
    lambda w_bool: TRUE if w_bool.boolval else FALSE,
    lambda item: w_true if item == TRUE else w_false,
    FALSE,
)
W_GrowingObjectArray = _make_class(
    "Object", bulk.of_values, W_Value, lambda w_value: w_value, lambda w_value: w_value, w_empty
)


@dont_look_inside
def grown_from_values(w_array, size):
    """size: int >= the length of w_array -> W_GrowingArray of the same elements, boxed, in a list
    of that size.
    """
    count = w_array.length()
    items = bulk.of_values.filled(w_empty, size)
    start = 0
    while start < count:
        stop = charged_until(start, count)
        for index in range(start, stop):
            items[index] = w_array.get(index)
        start = stop
    return W_GrowingObjectArray(items, count)


@dont_look_inside
def growing_for(w_array, w_value):
    """w_array: W_Array that cannot hold w_value as one more element -> W_GrowingArray that can,
    with the same elements.
    """
    if w_array.length() > 0:
        return grown_from_values(w_array, _larger(w_array.length()))
    if optimisations.storages:
        if isinstance(w_value, W_Int):
            return W_GrowingIntArray(bulk.of_ints.filled(0, _LEAST_ROOM), 0)
        if isinstance(w_value, W_Float):
            return W_GrowingFloatArray(bulk.of_floats.filled(0.0, _LEAST_ROOM), 0)
        if isinstance(w_value, W_Bool):
            return W_GrowingBoolArray(bulk.of_bytes.filled(FALSE, _LEAST_ROOM), 0)
    return W_GrowingObjectArray(bulk.of_values.filled(w_empty, _LEAST_ROOM), 0)
