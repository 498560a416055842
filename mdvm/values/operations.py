"""Arithmetic, logic, comparison and casts on boxed values.

Each function is what one instruction does with its operands. The tests for ints, then floats, come
first and are all that a trace keeps; the errors are made out of line.
"""

import math

from mdvm import errors
from mdvm.system.arithmetic import int_divide, int_remainder, ovfcheck
from mdvm.system.jit import dont_look_inside
from mdvm.objects import W_Bool, W_Float, W_Int, wrap_bool
from mdvm.opcodes import TYPE_NAMES
from mdvm.values.numbers import is_number, to_float
from mdvm.values.strings import (
    W_Str,
    W_Url,
    as_plain,
    is_url,
    join,
    text_less,
    text_less_or_equal,
)
from mdvm.values.text import float_print, string_text

_SMALLEST_INT = -0x7FFFFFFFFFFFFFFF - 1
_LARGEST_INT = 0x7FFFFFFFFFFFFFFF
_TWO_TO_63 = 9223372036854775808.0


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
    if is_number(w_left) and is_number(w_right):
        return W_Float(to_float(w_left) + to_float(w_right))
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
    if is_number(w_left) and is_number(w_right):
        return W_Float(to_float(w_left) - to_float(w_right))
    raise _not_numeric(w_left, w_right)


def multiply(w_left, w_right):
    if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
        try:
            return W_Int(ovfcheck(w_left.intval * w_right.intval))
        except OverflowError:
            raise errors.integer_overflow()
    if is_number(w_left) and is_number(w_right):
        return W_Float(to_float(w_left) * to_float(w_right))
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
    if is_number(w_left) and is_number(w_right):
        return W_Float(to_float(w_left) / to_float(w_right))
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
    if is_number(w_left) and is_number(w_right):
        return W_Float(float_remainder(to_float(w_left), to_float(w_right)))
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


@dont_look_inside
def _not_comparable(w_left, w_right):
    return errors.invalid_comparison(w_left.type_name, w_right.type_name)


def _are_urls(w_left, w_right):
    return isinstance(w_left, W_Url) or isinstance(w_right, W_Url)


def less_than(w_left, w_right):
    """-> bool."""
    if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
        return w_left.intval < w_right.intval
    if is_number(w_left) and is_number(w_right):
        return to_float(w_left) < to_float(w_right)
    if isinstance(w_left, W_Str) and isinstance(w_right, W_Str) and not _are_urls(w_left, w_right):
        return text_less(w_left, w_right)
    raise _not_comparable(w_left, w_right)


def less_or_equal(w_left, w_right):
    """-> bool."""
    if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
        return w_left.intval <= w_right.intval
    if is_number(w_left) and is_number(w_right):
        return to_float(w_left) <= to_float(w_right)
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
