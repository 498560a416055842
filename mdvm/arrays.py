"""Arrays, and the storage strategies behind them.

An array is a value: whoever stores into one may do so in place only while nobody else holds it (W_Container.shared).
The elements live in a storage, whose class says how they are kept; an array changes its storage when a store asks for it.
"""
from mdvm.compat import dont_look_inside
from mdvm.objects import W_Container, share, w_empty


class Storage(object):
    """How the elements of one array are kept."""
    _attrs_ = []

    def length(self):
        raise NotImplementedError

    def get(self, index):
        """index: int, 0 <= index < length -> W_Value."""
        raise NotImplementedError

    def set(self, index, w_value):
        """Stores in place.  -> the storage that holds the result: this one, or the one that had to take its place."""
        raise NotImplementedError

    def copy(self):
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
        if w_value is w_empty:
            return self
        storage = ObjectStorage([w_empty] * self.size)
        return storage.set(index, w_value)

    def copy(self):
        return self


class ObjectStorage(Storage):
    """Any values, boxed."""
    _attrs_ = _immutable_fields_ = ["items"]

    def __init__(self, items):
        self.items = items

    def length(self):
        return len(self.items)

    def get(self, index):
        return self.items[index]

    def set(self, index, w_value):
        self.items[index] = w_value
        return self

    @dont_look_inside
    def copy(self):
        items = self.items[:]
        for w_item in items:
            share(w_item)
        return ObjectStorage(items)


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
        assert index >= 0
        return self.storage.get(index)

    def set(self, index, w_value):
        """Stores in place: the caller has made sure that nobody else sees this array.  0 <= index < length."""
        assert index >= 0
        storage = self.storage
        changed = storage.set(index, w_value)
        if changed is not storage:
            self.storage = changed

    def copy(self):
        """-> W_Array, equal and not shared."""
        return W_Array(self.storage.copy())

    def is_truthy(self):
        return self.length() != 0


def new_array(size):
    """size: int >= 0 -> W_Array of that many Empty."""
    return W_Array(UnfilledStorage(size))


def array_of(items):
    """items: list of W_Value, not used by anyone else from now on -> W_Array."""
    return W_Array(ObjectStorage(items))
