"""Dicts: keys in order of insertion.  In files of version 1 they are strings, in others any scalars.

Overwriting a key keeps its place; removing and adding it again moves it to the end. Like an array,
a dict is a value and may be changed in place only while there is no other reference to it
(W_Container.shared).

The entries stand one after the other in the order of insertion, each at its place; a hash table of
places finds them by their text (the compact dicts that Raymond Hettinger proposed to python-dev in
2012). Before that, a key tells where it was found the last time: if it stands there, the search is
over after one comparison of addresses, which is what a trace sees. The values are in an array,
which keeps them without boxes where it can.
"""

from mdvm.values import bulk
from mdvm.values.arrays import array_filled_with, array_of_values, new_array
from mdvm.system.jit import dont_look_inside
from mdvm.objects import W_Container, W_Int, w_empty
from mdvm.run_state import charged_until
from mdvm.values.scalars import hash_of, hash_of_int, is_plain_string, same_key
from mdvm.values.strings import W_Str

_SMALLEST_CAPACITY = 4
_FREE = -1  # a slot without a place
_NOWHERE = 1 << 60  # the place of a key that is missing, beyond the end of every list

_NO_CONTENTS = new_array(0)


class W_Dict(W_Container):
    """A dict.

    keys: list of W_Value by place, None where an entry was removed or none has been yet. w_contents:
    W_Array of the values by place, as long as keys, not shared; where there is no key, it
    holds anything. slots: list of int, twice as long and a power of two, the hash table: a place or
    _FREE. A removed entry's slot keeps its place until the table is made anew, for the searches
    that go past it. end: int, the first place that was never used. count: int, the entries that
    there are.
    """

    _attrs_ = ["keys", "w_contents", "slots", "end", "count"]
    type_name = "Dict"
    found_name = "dict"
    type_id = 10

    def __init__(self):
        W_Container.__init__(self)
        self._clear()

    def _clear(self):
        self.keys = []
        self.w_contents = _NO_CONTENTS
        self.slots = []
        self.end = 0
        self.count = 0

    def _place_of(self, w_key):
        """w_key: W_Value, a scalar -> int, its place, or _NOWHERE.

        Whether it was found is asked by _is_found, the very comparison that a trace has already
        made here.
        """
        if isinstance(w_key, W_Str):
            place = w_key.place
            if self._is_found(place) and self.keys[place] is w_key:
                return place
        elif isinstance(w_key, W_Int):
            return self._search_int(w_key.intval)
        return self._search(w_key)

    def known_place(self, w_key):
        """w_key: W_Str -> int, its place if this very object was the last to be looked for there,
        else -1.
        """
        place = w_key.place
        return place if self._is_found(place) and self.keys[place] is w_key else -1

    def _is_found(self, place):
        return place < len(self.keys)

    @dont_look_inside
    def _search(self, w_key):
        """The same by what the key holds.  The entry takes over a string, so that this very object
        is found at once the next time.
        """
        if self.count == 0:
            return _NOWHERE
        place = self.slots[self._slot_of(w_key)]
        if place < 0:
            return _NOWHERE
        if isinstance(w_key, W_Str):
            self.keys[place] = w_key
            w_key.place = place
        return place

    @dont_look_inside
    def _search_int(self, value):
        """The same for the key that is this int: a trace makes no box to look for it."""
        if self.count == 0:
            return _NOWHERE
        mask = len(self.slots) - 1
        slot = hash_of_int(value) & mask
        while True:
            place = self.slots[slot]
            if place < 0:
                return _NOWHERE
            w_other = self.keys[place]
            if isinstance(w_other, W_Int) and w_other.intval == value:
                return place
            slot = (slot + 1) & mask

    def _slot_of(self, w_key):
        """w_key: W_Value -> int, the slot with its place, or the free slot where it belongs.
        Linear probing.
        """
        mask = len(self.slots) - 1
        slot = hash_of(w_key) & mask
        while True:
            place = self.slots[slot]
            if place < 0:
                return slot
            w_other = self.keys[place]
            if w_other is not None and same_key(w_other, w_key):
                return slot
            slot = (slot + 1) & mask

    def get(self, w_key):
        """w_key: W_Value, a scalar -> W_Value, w_empty if the key is missing."""
        place = self._place_of(w_key)
        return self.w_contents.get(place) if self._is_found(place) else w_empty

    def value_at(self, place):
        """place: int, one of places() -> W_Value."""
        return self.w_contents.get(place)

    def contains(self, w_key):
        return self._is_found(self._place_of(w_key))

    def set(self, w_key, w_value):
        """Stores in place: the caller has made sure that the dict is not shared."""
        place = self._place_of(w_key)
        if self._is_found(place):
            self.w_contents = self.w_contents.set(place, w_value)
        else:
            self._add(w_key, w_value)

    @dont_look_inside
    def _add(self, w_key, w_value):
        if self.end == len(self.keys):
            self._make_room()
        place = self.end
        slot = self._slot_of(w_key)
        if self.count == 0:
            self.w_contents = array_filled_with(w_value, len(self.keys))
        else:
            self.w_contents = self.w_contents.set(place, w_value)
        self.slots[slot] = place
        self.keys[place] = w_key
        self.end = place + 1
        self.count += 1
        if isinstance(w_key, W_Str):
            w_key.place = place

    def _make_room(self):
        """Drops the places of removed entries; doubles the capacity unless that has made enough
        room.

        Nothing changes before all is done, since it can end with an error on the way.
        """
        capacity = max(len(self.keys), _SMALLEST_CAPACITY)
        if self.count > capacity // 4 * 3:
            capacity *= 2
        places = self.places()
        count = len(places)
        w_contents = self.w_contents.gathered(places, capacity)
        keys = bulk.of_keys.filled(None, capacity)
        slots = bulk.of_ints.filled(_FREE, 2 * capacity)
        mask = len(slots) - 1
        start = 0
        while start < count:
            stop = charged_until(start, count)
            for place in range(start, stop):
                w_key = self.keys[places[place]]
                slot = hash_of(w_key) & mask
                while slots[slot] != _FREE:
                    slot = (slot + 1) & mask
                slots[slot] = place
                keys[place] = w_key
                if isinstance(w_key, W_Str):
                    w_key.place = place
            start = stop
        self.w_contents = w_contents
        self.keys = keys
        self.slots = slots
        self.end = count

    @dont_look_inside
    def remove(self, w_key):
        """Removes in place; a missing key is fine."""
        place = self._place_of(w_key)
        if not self._is_found(place):
            return
        self.keys[place] = None
        self.w_contents.forget(place)
        self.count -= 1
        if self.count == 0:
            self._clear()

    def length(self):
        return self.count

    @dont_look_inside
    def copy(self):
        """-> W_Dict, equal and not shared."""
        w_copy = W_Dict()
        w_copy.keys = bulk.of_keys.copied(self.keys)
        w_copy.w_contents = self.w_contents.copy()
        w_copy.slots = bulk.of_ints.copied(self.slots)
        w_copy.end = self.end
        w_copy.count = self.count
        return w_copy

    def first_place(self, place):
        """place: int, one before which or where an entry is -> int, the place of the first entry
        from there on.
        """
        while self.keys[place] is None:
            place += 1
        return place

    def has_only_strings(self):
        """-> bool, whether its keys are such as every version has."""
        start = 0
        while start < self.end:
            stop = charged_until(start, self.end)
            for place in range(start, stop):
                w_key = self.keys[place]
                if w_key is not None and not is_plain_string(w_key):
                    return False
            start = stop
        return True

    def places(self):
        """-> list of int, the places of the entries in their order."""
        places = bulk.of_ints.filled(0, self.count)
        found = 0
        start = 0
        while start < self.end:
            stop = charged_until(start, self.end)
            for place in range(start, stop):
                if self.keys[place] is not None:
                    places[found] = place
                    found += 1
            start = stop
        return places

    @dont_look_inside
    def key_array(self):
        """-> W_Array of the keys."""
        places = self.places()
        count = len(places)
        items = bulk.of_values.filled(w_empty, count)
        start = 0
        while start < count:
            stop = charged_until(start, count)
            for index in range(start, stop):
                items[index] = self.keys[places[index]]
            start = stop
        return array_of_values(items)

    @dont_look_inside
    def value_array(self):
        """-> W_Array of the values."""
        return self.w_contents.gathered(self.places(), self.count).copy()

    def is_truthy(self):
        return self.count != 0


def new_dict():
    """-> W_Dict without entries."""
    return W_Dict()
