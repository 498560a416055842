"""Arrays, and the storage strategies behind them.

An array is a value: whoever stores into one may do so in place only while nobody else holds it (W_Container.shared).
The elements live in a storage, whose class says how they are kept: all Empty, unboxed ints, floats or bools, or any values.
An array begins unfilled, takes the storage that suits the first value stored, and goes over to ObjectStorage when a store
does not fit.  (The idea is that of storage strategies: Bolz, Diekmann, Tratt, OOPSLA 2013.)

NEW_ARRAY fills with Empty, so the unboxed storages must be able to hold it too: one bit pattern, the hole, stands for Empty.
Should a program store the very value with that pattern, the array goes over to ObjectStorage.
"""
from mdvm.compat import bits_to_float, dont_look_inside, float_to_bits
from mdvm.objects import W_Bool, W_Container, W_Float, W_Int, share, w_empty, w_false, w_true
from mdvm.switches import switches


class Storage(object):
    """How the elements of one array are kept."""
    _attrs_ = []

    def length(self):
        raise NotImplementedError

    def get(self, index):
        """index: int, 0 <= index < length -> W_Value."""
        raise NotImplementedError

    def set(self, index, w_value):
        """Stores in place if this storage can hold w_value.  -> bool, whether it can."""
        raise NotImplementedError

    def copy(self):
        """-> Storage that shares nothing with this one that a store could change."""
        raise NotImplementedError

    def equals(self, other):
        """other: Storage of the same class and length -> bool, where that can be told without looking at boxes."""
        raise NotImplementedError


class UnfilledStorage(Storage):
    """Nothing but Empty: NEW_ARRAY costs nothing until the first store."""
    _attrs_ = _immutable_fields_ = ["size"]

    def __init__(self, size):
        self.size = size

    def length(self):
        return self.size

    def get(self, index):
        return w_empty

    def set(self, index, w_value):
        return w_value is w_empty

    def copy(self):
        return self

    def equals(self, other):
        return True


INT_HOLE = -0x7F5C3A35      # an unlikely value that fits a machine instruction's operand


class IntStorage(Storage):
    """Ints.  items: list of int, INT_HOLE for Empty."""
    _attrs_ = _immutable_fields_ = ["items"]

    def __init__(self, items):
        self.items = items

    def length(self):
        return len(self.items)

    def get(self, index):
        assert index >= 0
        value = self.items[index]
        if value == INT_HOLE:
            return w_empty
        return W_Int(value)

    def set(self, index, w_value):
        assert index >= 0
        if isinstance(w_value, W_Int):
            value = w_value.intval
            if value == INT_HOLE:
                return False
            self.items[index] = value
            return True
        if w_value is w_empty:
            self.items[index] = INT_HOLE
            return True
        return False

    @dont_look_inside
    def copy(self):
        return IntStorage(self.items[:])

    @dont_look_inside
    def equals(self, other):
        assert isinstance(other, IntStorage)
        for index in range(len(self.items)):
            if self.items[index] != other.items[index]:
                return False
        return True


FLOAT_HOLE_BITS = 0x7FFCDEADDEADDEAD    # a quiet NaN that no arithmetic gives


def _float_hole(position):
    """position: int, an index or a size -> float, the hole.

    It must not become a constant of the translation, which cannot write down a NaN with its bits in C.  So it is made from
    something that only we know to be zero.
    """
    return bits_to_float(FLOAT_HOLE_BITS ^ (position >> 62))


def _is_float_hole(value):
    return value != value and float_to_bits(value) == FLOAT_HOLE_BITS


class FloatStorage(Storage):
    """Floats.  items: list of float, the hole for Empty."""
    _attrs_ = _immutable_fields_ = ["items"]

    def __init__(self, items):
        self.items = items

    def length(self):
        return len(self.items)

    def get(self, index):
        assert index >= 0
        value = self.items[index]
        if _is_float_hole(value):
            return w_empty
        return W_Float(value)

    def set(self, index, w_value):
        assert index >= 0
        if isinstance(w_value, W_Float):
            value = w_value.floatval
            if _is_float_hole(value):
                return False
            self.items[index] = value
            return True
        if w_value is w_empty:
            self.items[index] = _float_hole(index)
            return True
        return False

    @dont_look_inside
    def copy(self):
        return FloatStorage(self.items[:])

    @dont_look_inside
    def equals(self, other):
        assert isinstance(other, FloatStorage)
        for index in range(len(self.items)):
            left = self.items[index]
            right = other.items[index]
            if left != right and not (_is_float_hole(left) and _is_float_hole(right)):
                return False
        return True


_FALSE = "\x00"
_TRUE = "\x01"
_BOOL_HOLE = "\x02"


class BoolStorage(Storage):
    """Bools, a byte each.  items: list of str of one character, _BOOL_HOLE for Empty."""
    _attrs_ = _immutable_fields_ = ["items"]

    def __init__(self, items):
        self.items = items

    def length(self):
        return len(self.items)

    def get(self, index):
        assert index >= 0
        value = self.items[index]
        if value == _BOOL_HOLE:
            return w_empty
        return w_true if value == _TRUE else w_false

    def set(self, index, w_value):
        assert index >= 0
        if isinstance(w_value, W_Bool):
            self.items[index] = _TRUE if w_value.boolval else _FALSE
            return True
        if w_value is w_empty:
            self.items[index] = _BOOL_HOLE
            return True
        return False

    @dont_look_inside
    def copy(self):
        return BoolStorage(self.items[:])

    @dont_look_inside
    def equals(self, other):
        assert isinstance(other, BoolStorage)
        for index in range(len(self.items)):
            if self.items[index] != other.items[index]:
                return False
        return True


class ObjectStorage(Storage):
    """Any values, boxed.  items: list of W_Value."""
    _attrs_ = _immutable_fields_ = ["items"]

    def __init__(self, items):
        self.items = items

    def length(self):
        return len(self.items)

    def get(self, index):
        assert index >= 0
        return self.items[index]

    def set(self, index, w_value):
        assert index >= 0
        self.items[index] = w_value
        return True

    @dont_look_inside
    def copy(self):
        items = self.items[:]
        for w_item in items:
            share(w_item)
        return ObjectStorage(items)

    def equals(self, other):
        raise NotImplementedError    # whoever compares values must look at each of them


class W_Array(W_Container):
    """An array of fixed length.  storage: Storage."""
    _attrs_ = ["storage"]
    type_name = "Array"
    found_name = "array"

    def __init__(self, storage):
        W_Container.__init__(self)
        self.storage = storage

    def length(self):
        return self.storage.length()

    def get(self, index):
        """index: int, 0 <= index < length -> W_Value."""
        return self.storage.get(index)

    def set(self, index, w_value):
        """Stores in place: the caller has made sure that nobody else sees this array.  0 <= index < length."""
        if not self.storage.set(index, w_value):
            self._generalise(index, w_value)

    @dont_look_inside
    def _generalise(self, index, w_value):
        """Stores a value that the storage cannot hold: the array gets another that can."""
        old = self.storage
        if isinstance(old, UnfilledStorage):
            self.storage = storage_for(w_value, old.size)
        else:
            self.storage = ObjectStorage([old.get(position) for position in range(old.length())])
        stored = self.storage.set(index, w_value)
        assert stored

    def copy(self):
        """-> W_Array, equal and not shared."""
        return W_Array(self.storage.copy())

    def is_truthy(self):
        return self.length() != 0


def storage_for(w_value, size):
    """w_value: W_Value, the first to be stored -> Storage of that size, all Empty, that can hold it."""
    if switches.storages:
        if isinstance(w_value, W_Int) and w_value.intval != INT_HOLE:
            return IntStorage([INT_HOLE] * size)
        if isinstance(w_value, W_Float) and not _is_float_hole(w_value.floatval):
            return FloatStorage([_float_hole(size)] * size)
        if isinstance(w_value, W_Bool):
            return BoolStorage([_BOOL_HOLE] * size)
    return ObjectStorage([w_empty] * size)


def same_unboxed_storage(left, right):
    """left, right: Storage -> bool, whether left.equals(right) can compare them."""
    if isinstance(left, IntStorage):
        return isinstance(right, IntStorage)
    if isinstance(left, FloatStorage):
        return isinstance(right, FloatStorage)
    if isinstance(left, BoolStorage):
        return isinstance(right, BoolStorage)
    return isinstance(left, UnfilledStorage) and isinstance(right, UnfilledStorage)


def new_array(size):
    """size: int >= 0 -> W_Array of that many Empty."""
    return W_Array(UnfilledStorage(size))


def array_of(items):
    """items: list of W_Value, not used by anyone else from now on -> W_Array."""
    return W_Array(ObjectStorage(items))
