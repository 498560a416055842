"""Arrays, and the strategies for keeping their elements.

An array is a value: whoever stores into one may do so in place only while nobody else holds it
(W_Container.shared). Each class of array keeps its elements in its own way: all Empty, unboxed
ints, floats or bools, or any values. An array begins unfilled, goes over to the class that suits
the first value stored, and to W_ObjectArray when a store does not fit. As it has but one holder
then, it can do so by becoming another object: `set` says which. (The idea is that of storage
strategies: Bolz, Diekmann, Tratt, OOPSLA 2013. With values there is no need of a storage object
between array and items.)

NEW_ARRAY fills with Empty. While an unboxed array is being filled, one bit pattern, the hole,
stands for Empty. Once it has been filled from its first element to its last, the array goes over to
the filled class, which need not look for holes; one that is filled in another order keeps looking.
To count the holes would tell more, but a store would have to read what it
overwrites: a sieve then waits for memory at each step. Should a program store the very value with
that pattern while there are holes, the array goes over to W_ObjectArray.
"""

from mdvm.values import bulk
from mdvm.system.compat import bits_to_float, dont_look_inside, float_to_bits, unrolling_iterable
from mdvm.objects import W_Bool, W_Container, W_Float, W_Int, share, w_empty, w_false, w_true
from mdvm.run_state import charged_until
from mdvm.settings.optimisations import switches


class W_Array(W_Container):
    """An array of fixed length."""

    _attrs_ = []
    type_name = "Array"
    found_name = "array"

    def length(self):
        raise NotImplementedError

    def get(self, index):
        """index: int, 0 <= index < length -> W_Value."""
        raise NotImplementedError

    def set(self, index, w_value):
        """Stores, if it can in place: the caller has made sure that nobody else sees this array. 0
        <= index < length.

        -> W_Array, the array that holds the value now: this one or the one that has taken its
        place.
        """
        raise NotImplementedError

    def copy(self):
        """-> W_Array, equal and not shared."""
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


class W_UnfilledArray(W_Array):
    """Nothing but Empty: NEW_ARRAY costs nothing until the first store.  size: int."""

    _attrs_ = _immutable_fields_ = ["size"]

    def __init__(self, size):
        W_Array.__init__(self)
        self.size = size

    def length(self):
        return self.size

    def get(self, index):
        return w_empty

    def set(self, index, w_value):
        if w_value is w_empty:
            return self
        return array_for(w_value, self.size).set(index, w_value)

    def copy(self):
        return W_UnfilledArray(self.size)

    def gathered(self, indices, size):
        return W_UnfilledArray(size)

    def has_equal_items(self, other):
        return True


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
        start = 0
        while start < len(items):
            stop = charged_until(start, len(items))
            for index in range(start, stop):
                share(items[index])
            start = stop
        return W_ObjectArray(items)

    @dont_look_inside
    def gathered(self, indices, size):
        return W_ObjectArray(bulk.of_values.picked(self.items, indices, size))

    def forget(self, index):
        assert index >= 0
        self.items[index] = w_empty


@dont_look_inside
def _boxed(w_array, index, w_value):
    """-> W_ObjectArray with the elements of w_array, but w_value at index."""
    size = w_array.length()
    items = bulk.of_values.filled(w_empty, size)
    start = 0
    while start < size:
        stop = charged_until(start, size)
        for position in range(start, stop):
            items[position] = w_array.get(position)
        start = stop
    return W_ObjectArray(items).set(index, w_value)


NEVER_FILLED = -1  # instead of the number of elements that were filled in order


def _make_classes(kind, lists, W_Box, unbox, box, hole, is_hole):
    """The two classes of arrays for one kind of unboxed item.

    kind: str, part of their names. lists: the functions of mdvm.values.bulk for lists of these
    items.
    W_Box: the class of the values; unbox(W_Box) -> item; box(item) -> W_Value. hole(position) ->
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
            # Whoever clears elements will do it again, so the array does not try to be filled any
            # more.
            if w_value is w_empty and not self._has_hole_pattern():
                return W_WithHoles(self.items, NEVER_FILLED).set(index, w_value)
            return _boxed(self, index, w_value)

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
        def gathered(self, indices, size):
            return W_Filled(lists.picked(self.items, indices, size))

        @dont_look_inside
        def has_equal_items(self, other):
            assert isinstance(other, W_Filled)
            size = len(self.items)
            start = 0
            while start < size:
                stop = charged_until(start, size)
                for index in range(start, stop):
                    if self.items[index] != other.items[index]:
                        return False
                start = stop
            return True

    class W_WithHoles(W_Array):
        """Values of one class and Empty, unboxed.

        items: list of their items. filled: int, how many of the first ones were stored in order, so
        that none of them is Empty; NEVER_FILLED if nobody counts any more.
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
            return _boxed(self, index, w_value)

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
    lambda w_int: w_int.intval,
    W_Int,
    lambda position: INT_HOLE,
    lambda item: item == INT_HOLE,
)


FLOAT_HOLE_BITS = 0x7FFCDEADDEADDEAD  # a quiet NaN that no arithmetic gives


def _float_hole(position):
    """position: int, an index or a size -> float, the hole.

    It must not become a constant of the translation, which cannot write down a NaN with its bits in
    C. So it is made from something that only we know to be zero.
    """
    return bits_to_float(FLOAT_HOLE_BITS ^ (position >> 62))


def _is_float_hole(value):
    return value != value and float_to_bits(value) == FLOAT_HOLE_BITS


W_FloatArrayWithHoles, W_FloatArray = _make_classes(
    "Float",
    bulk.of_floats,
    W_Float,
    lambda w_float: w_float.floatval,
    W_Float,
    _float_hole,
    _is_float_hole,
)


# A byte each.
_FALSE = "\x00"
_TRUE = "\x01"
_BOOL_HOLE = "\x02"

W_BoolArrayWithHoles, W_BoolArray = _make_classes(
    "Bool",
    bulk.of_bytes,
    W_Bool,
    lambda w_bool: _TRUE if w_bool.boolval else _FALSE,
    lambda item: w_true if item == _TRUE else w_false,
    lambda position: _BOOL_HOLE,
    lambda item: item == _BOOL_HOLE,
)


def array_for(w_value, size):
    """w_value: W_Value, the first to be stored; size: int > 0 -> W_Array of that size, all Empty,
    that can hold it.
    """
    if switches.storages:
        if isinstance(w_value, W_Int) and w_value.intval != INT_HOLE:
            return W_IntArrayWithHoles(bulk.of_ints.filled(INT_HOLE, size), 0)
        if isinstance(w_value, W_Float) and not _is_float_hole(w_value.floatval):
            return W_FloatArrayWithHoles(bulk.of_floats.filled(_float_hole(size), size), 0)
        if isinstance(w_value, W_Bool):
            return W_BoolArrayWithHoles(bulk.of_bytes.filled(_BOOL_HOLE, size), 0)
    return W_ObjectArray(bulk.of_values.filled(w_empty, size))


def array_filled_with(w_value, size):
    """w_value: W_Value; size: int > 0 -> W_Array of that size, each element w_value."""
    if w_value is w_empty:
        return W_UnfilledArray(size)
    if switches.storages:
        if isinstance(w_value, W_Int):
            return W_IntArray(bulk.of_ints.filled(w_value.intval, size))
        if isinstance(w_value, W_Float):
            return W_FloatArray(bulk.of_floats.filled(w_value.floatval, size))
        if isinstance(w_value, W_Bool):
            return W_BoolArray(bulk.of_bytes.filled(_TRUE if w_value.boolval else _FALSE, size))
    return W_ObjectArray(bulk.of_values.filled(w_value, size))


_classes_without_boxes = unrolling_iterable(
    [
        W_IntArray,
        W_FloatArray,
        W_BoolArray,
        W_IntArrayWithHoles,
        W_FloatArrayWithHoles,
        W_BoolArrayWithHoles,
        W_UnfilledArray,
    ]
)


def can_compare_items(left, right):
    """left, right: W_Array -> bool, whether left.has_equal_items(right) can compare them."""
    for W_Class in _classes_without_boxes:
        if isinstance(left, W_Class):
            return isinstance(right, W_Class)
    return False


def new_array(size):
    """size: int >= 0 -> W_Array of that many Empty."""
    return W_UnfilledArray(size)


def array_of(items):
    """items: list of W_Value -> W_Array of them."""
    return W_ObjectArray(items[:])


def array_of_values(items):
    """items: list of W_Value of a fixed length, not used by anyone else from now on -> W_Array."""
    return W_ObjectArray(items)
