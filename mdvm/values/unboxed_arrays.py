"""Arrays of ints, floats or bools without boxes.

NEW_ARRAY fills with Empty. While an unboxed array is being filled, one bit pattern, the hole,
stands for Empty. Once it has been filled from its first element to its last, the array goes over to
the filled class, which need not look for holes; one that is filled in another order keeps looking.
To count the holes would tell more, but a store would have to read what it overwrites: a sieve then
waits for memory at each step. Should a program store the very value with that pattern while there
are holes, the array goes over to W_ObjectArray.
"""

from mdvm.objects import W_Bool, W_Float, W_Int, w_empty, w_false, w_true
from mdvm.run_state import charged_until
from mdvm.system.arithmetic import bits_to_float, float_to_bits
from mdvm.system.jit import dont_look_inside
from mdvm.values import bulk
from mdvm.values.array_base import W_Array, boxed
from mdvm.values.growing_arrays import (
    FALSE,
    TRUE,
    W_GrowingBoolArray,
    W_GrowingFloatArray,
    W_GrowingIntArray,
)

NEVER_FILLED = -1  # instead of the number of elements that were filled in order


def _make_classes(kind, lists, W_Box, W_Growing, unbox, box, hole, is_hole):
    """The two classes of arrays for one kind of unboxed item.

    kind: str, part of their names. lists: the functions of mdvm.values.bulk for lists of these
    items.
    W_Box: the class of the values; W_Growing: that of the array that grows; unbox(W_Box) -> item;
    box(item) -> W_Value. hole(position) ->
    the item that stands for Empty, the same for every position; is_hole(item) -> bool. -> (the
    class for an array with holes, the class for one without).
    """

    class W_Filled(W_Array):
        """Values of one class only, unboxed.  items: list of their items."""

        _attrs_ = _immutable_fields_ = ["items"]

        def __init__(self, items):
            W_Array.__init__(self)
            self.items = items

        def length(self):
            return len(self.items)

        def get(self, index):
            assert index >= 0
            return box(self.items[index])

        def set(self, index, w_value):
            assert index >= 0
            if isinstance(w_value, W_Box):
                self.items[index] = unbox(w_value)
                return self
            return self._go_over(index, w_value)

        @dont_look_inside
        def _go_over(self, index, w_value):
            # A program that clears elements will do it again, so the array no longer tries to be
            # filled.
            if w_value is w_empty and not self._has_hole_pattern():
                return W_WithHoles(self.items, NEVER_FILLED).set(index, w_value)
            return boxed(self, index, w_value)

        def _has_hole_pattern(self):
            size = len(self.items)
            start = 0
            while start < size:
                stop = charged_until(start, size)
                for index in range(start, stop):
                    if is_hole(self.items[index]):
                        return True
                start = stop
            return False

        @dont_look_inside
        def copy(self):
            return W_Filled(lists.copied(self.items))

        @dont_look_inside
        def part(self, first, end):
            return W_Filled(lists.part(self.items, first, end, end - first))

        @dont_look_inside
        def gathered(self, indices, size):
            return W_Filled(lists.picked(self.items, indices, size))

        @dont_look_inside
        def has_equal_items(self, other):
            if isinstance(other, W_Filled):
                return W_Growing.have_equal_items(self.items, other.items, len(self.items))
            assert isinstance(other, W_Growing)
            return W_Growing.have_equal_items(self.items, other.items, len(self.items))

    class W_WithHoles(W_Array):
        """Values of one class and Empty, unboxed.

        items: list of their items. filled: int, how many of the first ones were stored in order, so
        that none of them is Empty; NEVER_FILLED if that is no longer counted.
        """

        _attrs_ = ["items", "filled"]
        _immutable_fields_ = ["items"]

        def __init__(self, items, filled):
            W_Array.__init__(self)
            self.items = items
            self.filled = filled

        def length(self):
            return len(self.items)

        def get(self, index):
            assert index >= 0
            item = self.items[index]
            if is_hole(item):
                return w_empty
            return box(item)

        def set(self, index, w_value):
            assert index >= 0
            if isinstance(w_value, W_Box):
                item = unbox(w_value)
                if not is_hole(item):
                    return self._fill(index, item)
            elif w_value is w_empty:
                self.items[index] = hole(index)
                self.filled = NEVER_FILLED
                return self
            return boxed(self, index, w_value)

        def _fill(self, index, item):
            self.items[index] = item
            if index == self.filled:
                filled = index + 1
                self.filled = filled
                if filled == len(self.items):
                    return W_Filled(self.items)
            return self

        @dont_look_inside
        def copy(self):
            return W_WithHoles(lists.copied(self.items), self.filled)

        @dont_look_inside
        def part(self, first, end):
            items = lists.part(self.items, first, end, end - first)
            return W_WithHoles(items, NEVER_FILLED)

        @dont_look_inside
        def gathered(self, indices, size):
            return W_WithHoles(lists.picked(self.items, indices, size), NEVER_FILLED)

        @dont_look_inside
        def has_equal_items(self, other):
            assert isinstance(other, W_WithHoles)
            size = len(self.items)
            start = 0
            while start < size:
                stop = charged_until(start, size)
                for index in range(start, stop):
                    left = self.items[index]
                    right = other.items[index]
                    if left != right and not (is_hole(left) and is_hole(right)):
                        return False
                start = stop
            return True

    W_Filled.__name__ = "W_%sArray" % kind
    W_WithHoles.__name__ = "W_%sArrayWithHoles" % kind
    return W_WithHoles, W_Filled


INT_HOLE = -0x7F5C3A35  # an unlikely value that fits a machine instruction's operand

W_IntArrayWithHoles, W_IntArray = _make_classes(
    "Int",
    bulk.of_ints,
    W_Int,
    W_GrowingIntArray,
    lambda w_int: w_int.intval,
    W_Int,
    lambda position: INT_HOLE,
    lambda item: item == INT_HOLE,
)


FLOAT_HOLE_BITS = 0x7FFCDEADDEADDEAD  # a quiet NaN that no arithmetic gives


def float_hole(position):
    """position: int, an index or a size -> float, the hole.

    It must not become a constant of the translation, which cannot write down a NaN with its bits in
    C. So it is made from something that only we know to be zero.
    """
    return bits_to_float(FLOAT_HOLE_BITS ^ (position >> 62))


def is_float_hole(value):
    return value != value and float_to_bits(value) == FLOAT_HOLE_BITS


W_FloatArrayWithHoles, W_FloatArray = _make_classes(
    "Float",
    bulk.of_floats,
    W_Float,
    W_GrowingFloatArray,
    lambda w_float: w_float.floatval,
    W_Float,
    float_hole,
    is_float_hole,
)


BOOL_HOLE = "\x02"

W_BoolArrayWithHoles, W_BoolArray = _make_classes(
    "Bool",
    bulk.of_bytes,
    W_Bool,
    W_GrowingBoolArray,
    lambda w_bool: TRUE if w_bool.boolval else FALSE,
    lambda item: w_true if item == TRUE else w_false,
    lambda position: BOOL_HOLE,
    lambda item: item == BOOL_HOLE,
)
