"""Whether two values are equal. Containers are compared with a stack of our own, each pair of shared
ones once.
"""

from mdvm.objects import W_Container, W_Int
from mdvm.run_state import VALUE_UNITS, Meter
from mdvm.system.jit import dont_look_inside
from mdvm.values.arrays import W_Array, can_compare_items, have_equal_items
from mdvm.values.dicts import W_Dict
from mdvm.values.functions import W_Function
from mdvm.values.numbers import is_number, to_float
from mdvm.values.sets import W_Set
from mdvm.values.strings import W_Str, W_Url, same_text


def equal(w_left, w_right):
    """-> bool; raises only what a limit does."""
    if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
        return w_left.intval == w_right.intval
    if is_number(w_left) and is_number(w_right):
        return to_float(w_left) == to_float(w_right)
    if isinstance(w_left, W_Container):
        return _deep_equal(w_left, w_right)
    return _equal_atoms(w_left, w_right)


def _equal_atoms(w_left, w_right):
    """w_left, w_right: not containers."""
    if isinstance(w_left, W_Str):
        return isinstance(w_right, W_Str) and _equal_strings(w_left, w_right)
    if isinstance(w_left, W_Function):
        return isinstance(w_right, W_Function) and w_left.name == w_right.name
    if is_number(w_left):
        return False if not is_number(w_right) else to_float(w_left) == to_float(w_right)
    # Empty, true and false: there is one object of each.
    return w_left is w_right


def _equal_strings(w_left, w_right):
    """w_left, w_right: W_Str -> bool; a URL equals no other string."""
    if isinstance(w_left, W_Url) != isinstance(w_right, W_Url):
        return False
    return same_text(w_left, w_right)


_FEW_STEPS = 1000


class _EqualityWork(object):
    """The pairs of values that must still be found equal, so that depth does not matter, and those
    that were looked at.

    A pair need be looked at only once, however often it is met: if it is not equal, all ends. It
    can be met often only if both are shared, and then 2**n times in n levels. That a value is met
    with itself says nothing: a NaN in it is not equal to itself.

    steps: int, pairs so far; only after a few of them it is noted what has been looked at, since
    most comparisons end before.
    met: dict from W_Container to the W_Container that it was first met with; others: to a dict of
    those that it was met with later.
    """

    def __init__(self):
        self.lefts = []
        self.rights = []
        self.steps = 0
        self.met = {}
        self.others = {}
        self.meter = Meter()

    def push(self, w_left, w_right):
        self.lefts.append(w_left)
        self.rights.append(w_right)

    def must_look_at(self, w_left, w_right):
        """w_left, w_right: W_Container -> bool, whether they have not been met yet, as far as that
        is known.
        """
        self.steps += 1
        self.meter.add(VALUE_UNITS)
        if self.steps < _FEW_STEPS or not (w_left.shared and w_right.shared):
            return True
        w_first = self.met.get(w_left, None)
        if w_first is None:
            self.met[w_left] = w_right
            return True
        if w_first is w_right:
            return False
        rights = self.others.get(w_left, None)
        if rights is None:
            rights = {}
            self.others[w_left] = rights
        if w_right in rights:
            return False
        rights[w_right] = True
        return True


@dont_look_inside
def _deep_equal(w_left, w_right):
    work = _EqualityWork()
    work.push(w_left, w_right)
    while work.lefts:
        w_left = work.lefts.pop()
        w_right = work.rights.pop()
        if isinstance(w_left, W_Container):
            if not isinstance(w_right, W_Container):
                return False
            if work.must_look_at(w_left, w_right) and not _push_parts(work, w_left, w_right):
                return False
        elif not equal(w_left, w_right):
            return False
    work.meter.settle()
    return True


def _push_parts(work, w_left, w_right):
    """-> bool: whether the containers can be equal, which their parts, as far as they have not been
    compared, now decide.
    """
    if isinstance(w_left, W_Array):
        return isinstance(w_right, W_Array) and _push_elements(work, w_left, w_right)
    if isinstance(w_left, W_Dict):
        return isinstance(w_right, W_Dict) and _push_entries(work, w_left, w_right)
    if isinstance(w_left, W_Set):
        return isinstance(w_right, W_Set) and _have_same_members(work, w_left, w_right)
    return False


def _push_elements(work, w_left, w_right):
    length = w_left.length()
    if length != w_right.length():
        return False
    if can_compare_items(w_left, w_right):
        return have_equal_items(w_left, w_right)
    for index in range(length):
        work.meter.add(VALUE_UNITS)
        work.push(w_left.get(index), w_right.get(index))
    return True


def _push_entries(work, w_left, w_right):
    if w_left.length() != w_right.length():
        return False
    place = 0
    for _ in range(w_left.length()):
        work.meter.add(VALUE_UNITS)
        place = w_left.first_place(place)
        w_key = w_left.keys[place]
        if not w_right.contains(w_key):
            return False
        work.push(w_left.value_at(place), w_right.get(w_key))
        place += 1
    return True


def _have_same_members(work, w_left, w_right):
    if w_left.length() != w_right.length():
        return False
    place = 0
    for _ in range(w_left.length()):
        work.meter.add(VALUE_UNITS)
        place = w_left.first_place(place)
        if not w_right.contains(w_left.member(place)):
            return False
        place += 1
    return True
