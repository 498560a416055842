"""Sets of scalars, in order of insertion.

A set is a value, as arrays and dicts are. Its class says how it keeps its members: ints unboxed in
a hash table of their own, all others as the keys of a dict without values. A set of ints goes over
to the other class when something else is added.
"""

from mdvm.objects import W_Container, W_Int, w_empty
from mdvm.run_state import charged_until
from mdvm.settings.optimisations import optimisations
from mdvm.system.jit import dont_look_inside
from mdvm.values import bulk
from mdvm.values.arrays import W_IntArray, new_array
from mdvm.values.dicts import new_dict
from mdvm.values.scalars import hash_of_int

_LEAST_CAPACITY = 4
_FREE = -1  # a slot that never had a place
_LEFT = -2  # a slot whose member was removed: a search goes past it
_PRESENT = "\x00"
_GONE = "\x01"


class W_Set(W_Container):
    """A set.  Whoever calls what changes it has made sure that it is not shared."""

    _attrs_ = []
    type_name = "Set"
    found_name = "set"
    type_id = 8

    def length(self):
        raise NotImplementedError

    def contains(self, w_value):
        """w_value: W_Value, a scalar -> bool."""
        raise NotImplementedError

    def add(self, w_value):
        """w_value: W_Value, a scalar -> W_Set, which has it: this one or the one that has taken its
        place.
        """
        raise NotImplementedError

    def remove(self, w_value):
        """w_value: W_Value, a scalar, which need not be a member."""
        raise NotImplementedError

    def copy(self):
        """-> W_Set, equal and not shared."""
        raise NotImplementedError

    def first_place(self, place):
        """place: int, one before which or where a member is -> int, the place of the first member
        from there on.
        """
        raise NotImplementedError

    def member(self, place):
        """place: int, that of a member -> W_Value."""
        raise NotImplementedError

    def member_array(self):
        """-> W_Array of the members."""
        raise NotImplementedError

    def is_truthy(self):
        return self.length() != 0


class W_ScalarSet(W_Set):
    """Any scalars.  w_members: W_Dict, not shared, whose keys they are."""

    _attrs_ = _immutable_fields_ = ["w_members"]

    def __init__(self, w_members):
        W_Set.__init__(self)
        self.w_members = w_members

    def length(self):
        return self.w_members.length()

    def contains(self, w_value):
        return self.w_members.contains(w_value)

    def add(self, w_value):
        self.w_members.set(w_value, w_empty)
        return self

    def remove(self, w_value):
        self.w_members.remove(w_value)

    def copy(self):
        return W_ScalarSet(self.w_members.copy())

    def first_place(self, place):
        return self.w_members.first_place(place)

    def member(self, place):
        return self.w_members.keys[place]

    def member_array(self):
        return self.w_members.key_array()


class W_IntSet(W_Set):
    """Ints.

    members: list of int by place, in the order of insertion. gone: list of chars by place, _GONE
    where a member was removed. slots: list of int, twice as long and a power of two: a place,
    _FREE or _LEFT. end: int, the first place that was never used. count: int, the members that
    there are.
    """

    _attrs_ = ["members", "gone", "slots", "end", "count"]

    def __init__(self):
        W_Set.__init__(self)
        self.members = []
        self.gone = []
        self.slots = []
        self.end = 0
        self.count = 0

    def length(self):
        return self.count

    def contains(self, w_value):
        return isinstance(w_value, W_Int) and self._slot_of(w_value.intval) >= 0

    @dont_look_inside
    def _slot_of(self, value):
        """value: int -> int, the slot with its place, -1 if it is no member."""
        if self.count == 0:
            return -1
        mask = len(self.slots) - 1
        slot = hash_of_int(value) & mask
        while True:
            place = self.slots[slot]
            if place >= 0:
                if self.members[place] == value:
                    return slot
            elif place == _FREE:
                return -1
            slot = (slot + 1) & mask

    def add(self, w_value):
        if isinstance(w_value, W_Int):
            self._add(w_value.intval)
            return self
        return self._with_scalars().add(w_value)

    @dont_look_inside
    def _with_scalars(self):
        """-> W_ScalarSet of the same members."""
        w_members = new_dict()
        start = 0
        while start < self.end:
            stop = charged_until(start, self.end)
            for place in range(start, stop):
                if self.gone[place] == _PRESENT:
                    w_members.set(W_Int(self.members[place]), w_empty)
            start = stop
        return W_ScalarSet(w_members)

    @dont_look_inside
    def _add(self, value):
        if self._slot_of(value) >= 0:
            return
        if self.end == len(self.members):
            self._make_room()
        mask = len(self.slots) - 1
        slot = hash_of_int(value) & mask
        while self.slots[slot] != _FREE:
            slot = (slot + 1) & mask
        self.slots[slot] = self.end
        self.members[self.end] = value
        self.gone[self.end] = _PRESENT
        self.end += 1
        self.count += 1

    def _make_room(self):
        """As that of a dict: nothing changes before all is done."""
        capacity = max(len(self.members), _LEAST_CAPACITY)
        if self.count > capacity // 4 * 3:
            capacity *= 2
        members = bulk.of_ints.filled(0, capacity)
        gone = bulk.of_bytes.filled(_PRESENT, capacity)
        slots = bulk.of_ints.filled(_FREE, 2 * capacity)
        mask = len(slots) - 1
        found = 0
        start = 0
        while start < self.end:
            stop = charged_until(start, self.end)
            for place in range(start, stop):
                if self.gone[place] == _PRESENT:
                    value = self.members[place]
                    slot = hash_of_int(value) & mask
                    while slots[slot] != _FREE:
                        slot = (slot + 1) & mask
                    slots[slot] = found
                    members[found] = value
                    found += 1
            start = stop
        self.members = members
        self.gone = gone
        self.slots = slots
        self.end = found

    def remove(self, w_value):
        if isinstance(w_value, W_Int):
            self._remove(w_value.intval)

    @dont_look_inside
    def _remove(self, value):
        slot = self._slot_of(value)
        if slot < 0:
            return
        self.gone[self.slots[slot]] = _GONE
        self.slots[slot] = _LEFT
        self.count -= 1
        if self.count == 0:
            self.members = []
            self.gone = []
            self.slots = []
            self.end = 0

    @dont_look_inside
    def copy(self):
        w_copy = W_IntSet()
        w_copy.members = bulk.of_ints.copied(self.members)
        w_copy.gone = bulk.of_bytes.copied(self.gone)
        w_copy.slots = bulk.of_ints.copied(self.slots)
        w_copy.end = self.end
        w_copy.count = self.count
        return w_copy

    def first_place(self, place):
        while self.gone[place] == _GONE:
            place += 1
        return place

    def member(self, place):
        return W_Int(self.members[place])

    @dont_look_inside
    def member_array(self):
        if self.count == 0:
            return new_array(0)
        items = bulk.of_ints.filled(0, self.count)
        found = 0
        start = 0
        while start < self.end:
            stop = charged_until(start, self.end)
            for place in range(start, stop):
                if self.gone[place] == _PRESENT:
                    items[found] = self.members[place]
                    found += 1
            start = stop
        return W_IntArray(items)


def new_set():
    """-> W_Set without members."""
    return W_IntSet() if optimisations.storages else W_ScalarSet(new_dict())
