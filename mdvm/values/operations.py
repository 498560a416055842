"""Arithmetic, logic, comparison and casts on boxed values.

Each function is what one instruction does with its operands. The tests for ints, then floats, come
first and are all that a trace keeps; the errors are made out of line.
"""

import math

from mdvm import errors
from mdvm.values.arrays import W_Array, can_compare_items, have_equal_items
from mdvm.system.arithmetic import int_divide, int_remainder, ovfcheck
from mdvm.system.jit import dont_look_inside
from mdvm.values.dicts import W_Dict
from mdvm.objects import W_Bool, W_Container, W_Float, W_Int, wrap_bool
from mdvm.opcodes import TYPE_NAMES
from mdvm.run_state import VALUE_UNITS, Meter
from mdvm.values.functions import W_Function
from mdvm.values.sets import W_Set
from mdvm.values.strings import (
    W_Str,
    W_Url,
    as_plain,
    is_url,
    join,
    same_text,
    text_less,
    text_less_or_equal,
)
from mdvm.values.text import float_print, string_text

_SMALLEST_INT = -0x7FFFFFFFFFFFFFFF - 1
_LARGEST_INT = 0x7FFFFFFFFFFFFFFF
_TWO_TO_63 = 9223372036854775808.0


def _is_number(w_value):
    return isinstance(w_value, W_Int) or isinstance(w_value, W_Float)


def _to_float(w_number):
    """w_number: W_Int or W_Float -> float; an int beyond 2**53 is rounded."""
    if isinstance(w_number, W_Int):
        return float(w_number.intval)
    assert isinstance(w_number, W_Float)
    return w_number.floatval


@dont_look_inside
def _not_numeric(w_left, w_right):
    return errors.type_mismatch("numeric", "%s and %s" % (w_left.type_name, w_right.type_name))


# ____________________________________________________________ arithmetic


def add(w_left, w_right):
    if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
        try:
            return W_Int(ovfcheck(w_left.intval + w_right.intval))
        except OverflowError:
            raise errors.integer_overflow()
    if _is_number(w_left) and _is_number(w_right):
        return W_Float(_to_float(w_left) + _to_float(w_right))
    if isinstance(w_left, W_Str) and isinstance(w_right, W_Str):
        return join(w_left, w_right)
    raise _not_numeric_or_string(w_left, w_right)


@dont_look_inside
def _not_numeric_or_string(w_left, w_right):
    return errors.type_mismatch(
        "numeric or string", "%s and %s" % (w_left.type_name, w_right.type_name)
    )


def subtract(w_left, w_right):
    if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
        try:
            return W_Int(ovfcheck(w_left.intval - w_right.intval))
        except OverflowError:
            raise errors.integer_overflow()
    if _is_number(w_left) and _is_number(w_right):
        return W_Float(_to_float(w_left) - _to_float(w_right))
    raise _not_numeric(w_left, w_right)


def multiply(w_left, w_right):
    if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
        try:
            return W_Int(ovfcheck(w_left.intval * w_right.intval))
        except OverflowError:
            raise errors.integer_overflow()
    if _is_number(w_left) and _is_number(w_right):
        return W_Float(_to_float(w_left) * _to_float(w_right))
    raise _not_numeric(w_left, w_right)


def _check_divisor(w_right):
    """A zero divisor is reported before the type of what it would divide."""
    if isinstance(w_right, W_Int):
        if w_right.intval == 0:
            raise errors.division_by_zero()
    elif isinstance(w_right, W_Float):
        if w_right.floatval == 0.0:
            raise errors.division_by_zero()


def divide(w_left, w_right):
    _check_divisor(w_right)
    if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
        left = w_left.intval
        right = w_right.intval
        if left >= 0 and right > 0:
            # Here rounding down is truncating, and that the JIT turns into a shift or a
            # multiplication for a constant.
            return W_Int(left // right)
        if right == -1 and left == _SMALLEST_INT:
            raise errors.integer_overflow()
        return W_Int(int_divide(left, right))
    if _is_number(w_left) and _is_number(w_right):
        return W_Float(_to_float(w_left) / _to_float(w_right))
    raise _not_numeric(w_left, w_right)


def modulo(w_left, w_right):
    _check_divisor(w_right)
    if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
        left = w_left.intval
        right = w_right.intval
        if left >= 0 and right > 0:
            return W_Int(left % right)
        if right == -1 and left == _SMALLEST_INT:
            raise errors.integer_overflow()
        return W_Int(int_remainder(left, right))
    if _is_number(w_left) and _is_number(w_right):
        return W_Float(float_remainder(_to_float(w_left), _to_float(w_right)))
    raise _not_numeric(w_left, w_right)


@dont_look_inside
def float_remainder(left, right):
    """left, right: floats, right not zero -> C's fmod, also where Python's raises ValueError."""
    if left - left != 0.0 or right != right:
        return (left - left) * right  # infinity or NaN by anything is NaN
    if right - right != 0.0:
        return left
    return math.fmod(left, right)


def negate(w_value):
    if isinstance(w_value, W_Int):
        try:
            return W_Int(ovfcheck(0 - w_value.intval))
        except OverflowError:
            raise errors.integer_overflow()
    if isinstance(w_value, W_Float):
        return W_Float(-w_value.floatval)
    raise errors.invalid_operation("negation", w_value.type_name)


# ____________________________________________________________ comparison


def equal(w_left, w_right):
    """-> bool; raises only what a limit does."""
    if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
        return w_left.intval == w_right.intval
    if _is_number(w_left) and _is_number(w_right):
        return _to_float(w_left) == _to_float(w_right)
    if isinstance(w_left, W_Container):
        return _deep_equal(w_left, w_right)
    return _equal_atoms(w_left, w_right)


def _equal_atoms(w_left, w_right):
    """w_left, w_right: not containers."""
    if isinstance(w_left, W_Str):
        return isinstance(w_right, W_Str) and _equal_strings(w_left, w_right)
    if isinstance(w_left, W_Function):
        return isinstance(w_right, W_Function) and w_left.name == w_right.name
    if _is_number(w_left):
        return False if not _is_number(w_right) else _to_float(w_left) == _to_float(w_right)
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


@dont_look_inside
def _not_comparable(w_left, w_right):
    return errors.invalid_comparison(w_left.type_name, w_right.type_name)


def _are_urls(w_left, w_right):
    return isinstance(w_left, W_Url) or isinstance(w_right, W_Url)


def less_than(w_left, w_right):
    """-> bool."""
    if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
        return w_left.intval < w_right.intval
    if _is_number(w_left) and _is_number(w_right):
        return _to_float(w_left) < _to_float(w_right)
    if isinstance(w_left, W_Str) and isinstance(w_right, W_Str) and not _are_urls(w_left, w_right):
        return text_less(w_left, w_right)
    raise _not_comparable(w_left, w_right)


def less_or_equal(w_left, w_right):
    """-> bool."""
    if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
        return w_left.intval <= w_right.intval
    if _is_number(w_left) and _is_number(w_right):
        return _to_float(w_left) <= _to_float(w_right)
    if isinstance(w_left, W_Str) and isinstance(w_right, W_Str) and not _are_urls(w_left, w_right):
        return text_less_or_equal(w_left, w_right)
    raise _not_comparable(w_left, w_right)


# ____________________________________________________________ casts

_BOOL = TYPE_NAMES.index("bool")
_INT = TYPE_NAMES.index("int")
_FLOAT = TYPE_NAMES.index("float")
_STRING = TYPE_NAMES.index("string")


def cast(w_value, type_id):
    if type_id == _BOOL:
        return wrap_bool(w_value.is_truthy())
    if type_id == _INT:
        return _cast_to_int(w_value)
    if type_id == _FLOAT:
        if isinstance(w_value, W_Float):
            return w_value
        if isinstance(w_value, W_Int):
            return W_Float(float(w_value.intval))
        raise errors.type_mismatch("float", w_value.found_name)
    if type_id == _STRING:
        return to_string(w_value)
    type_name = TYPE_NAMES[type_id] if 0 <= type_id < len(TYPE_NAMES) else "unknown"
    raise errors.type_mismatch(type_name, w_value.found_name)


def _cast_to_int(w_value):
    if isinstance(w_value, W_Int):
        return w_value
    if isinstance(w_value, W_Bool):
        return W_Int(1 if w_value.boolval else 0)
    if isinstance(w_value, W_Float):
        return W_Int(_float_to_int(w_value.floatval))
    raise errors.type_mismatch("integer", w_value.found_name)


def _float_to_int(value):
    if -_TWO_TO_63 <= value < _TWO_TO_63:
        intval = int(value)
        if float(intval) == value:
            return intval
    elif value == _TWO_TO_63:
        return _LARGEST_INT
    raise errors.type_mismatch("integer", "float " + float_print(value))


def cast_to_url(w_value):
    if isinstance(w_value, W_Url):
        return w_value
    if isinstance(w_value, W_Str) and is_url(w_value.text()):
        return W_Url(w_value.text())
    raise errors.type_mismatch("url", w_value.found_name)


def to_string(w_value):
    """-> W_Str, the string form."""
    if isinstance(w_value, W_Str):
        return as_plain(w_value)
    return W_Str(string_text(w_value))


def concatenate(w_left, w_right):
    """-> W_Str of the string forms of both."""
    return join(to_string(w_left), to_string(w_right))


def string_length(w_string):
    if not isinstance(w_string, W_Str):
        raise errors.type_mismatch("string", w_string.found_name)
    return W_Int(w_string.length())
