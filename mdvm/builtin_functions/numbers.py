"""Built-in functions of numbers.

A result is an int where the arguments are ints and it is one, and an error where it fits none. Floats
do as IEEE 754 has it: what is too large is infinite, and NaN gives NaN. What has no result at all is
refused.
"""

import math

from mdvm import errors
from mdvm.builtin_functions.arguments import (
    as_float,
    as_int,
    as_list,
    invalid_float,
    invalid_number,
    invalid_operation_on_empty,
    not_a_number,
)
from mdvm.builtin_functions.conversions import decimals_of, int_of_whole
from mdvm.objects import W_Float, W_Int
from mdvm.run_state import charged_until
from mdvm.system.arithmetic import ovfcheck
from mdvm.system.jit import dont_look_inside
from mdvm.system.text_building import float_fixed
from mdvm.values.operations import add, less_than, modulo, negate
from mdvm.values.unboxed_arrays import W_FloatArray, W_IntArray

_INFINITY = 1e200 * 1e200
_TWO_TO_52 = 4503599627370496.0


def _is_finite(value):
    return value - value == 0.0


# ____________________________________________________________ signs, sizes


def absolute(w_number):
    if isinstance(w_number, W_Int):
        return negate(w_number) if w_number.intval < 0 else w_number
    return W_Float(abs(as_float(w_number)))


def minimum(arguments):
    return _extreme("min", arguments, True)


def maximum(arguments):
    return _extreme("max", arguments, False)


def _extreme(name, arguments, wants_least):
    if len(arguments) == 2:
        return _better(arguments[0], arguments[1], wants_least)
    if len(arguments) == 1:
        return _extreme_of_list(name, as_list(arguments[0]), wants_least)
    return _extreme_of_many(arguments, wants_least)


def _better(w_best, w_value, wants_least):
    """Of two that are equal the first one."""
    is_better = less_than(w_value, w_best) if wants_least else less_than(w_best, w_value)
    return w_value if is_better else w_best


@dont_look_inside
def _extreme_of_many(arguments, wants_least):
    w_best = arguments[0]
    for index in range(1, len(arguments)):
        w_best = _better(w_best, arguments[index], wants_least)
    return w_best


@dont_look_inside
def _extreme_of_list(name, w_list, wants_least):
    size = w_list.length()
    if size == 0:
        raise invalid_operation_on_empty(name, w_list)
    w_best = w_list.get(0)
    less_than(w_best, w_best)  # one element too must be a number or a text
    start = 1
    while start < size:
        stop = charged_until(start, size)
        for index in range(start, stop):
            w_best = _better(w_best, w_list.get(index), wants_least)
        start = stop
    return w_best


@dont_look_inside
def total(w_value):
    w_list = as_list(w_value)
    if w_list.length() == 0:
        return W_Int(0)  # whatever it held before
    if isinstance(w_list, W_IntArray):
        return _sum_of_ints(w_list.items)
    if isinstance(w_list, W_FloatArray):
        return _sum_of_floats(w_list.items)
    return _sum_of_values(w_list)


def _sum_of_ints(items):
    result = 0
    size = len(items)
    start = 0
    while start < size:
        stop = charged_until(start, size)
        try:
            for index in range(start, stop):
                result = ovfcheck(result + items[index])
        except OverflowError:
            raise errors.integer_overflow()
        start = stop
    return W_Int(result)


def _sum_of_floats(items):
    result = 0.0
    size = len(items)
    start = 0
    while start < size:
        stop = charged_until(start, size)
        for index in range(start, stop):
            result += items[index]
        start = stop
    return W_Float(result)


def _sum_of_values(w_list):
    w_result = W_Int(0)
    size = w_list.length()
    start = 0
    while start < size:
        stop = charged_until(start, size)
        for index in range(start, stop):
            w_item = w_list.get(index)
            if not (isinstance(w_item, W_Int) or isinstance(w_item, W_Float)):
                raise not_a_number(w_item)
            w_result = add(w_result, w_item)
        start = stop
    return w_result


# ____________________________________________________________ whole numbers


def floor(w_number):
    if isinstance(w_number, W_Int):
        return w_number
    return int_of_whole("floor", _floor(as_float(w_number)))


def ceil(w_number):
    if isinstance(w_number, W_Int):
        return w_number
    return int_of_whole("ceil", -_floor(-as_float(w_number)))


def _floor(value):
    return math.floor(value) if _is_finite(value) else value


def round_number(w_number, w_decimals):
    if w_decimals is None:
        if isinstance(w_number, W_Int):
            return w_number
        return int_of_whole("round", _nearest(as_float(w_number)))
    decimals = decimals_of("round", w_decimals)
    if isinstance(w_number, W_Int):
        return w_number
    value = as_float(w_number)
    if not _is_finite(value) or abs(value) >= _TWO_TO_52:
        return w_number
    return W_Float(_rounded(value, decimals))


def _nearest(value):
    """-> float, the nearest whole number; of two the even one."""
    if not abs(value) < _TWO_TO_52:
        return value
    below = math.floor(value)
    rest = value - below
    if rest > 0.5 or (rest == 0.5 and math.fmod(below, 2.0) != 0.0):
        return below + 1.0
    return below


@dont_look_inside
def _rounded(value, decimals):
    return float(float_fixed(value, decimals))


def floored_modulo(w_left, w_right):
    w_rest = modulo(w_left, w_right)
    if isinstance(w_rest, W_Int):
        divisor = as_int(w_right)
        if w_rest.intval != 0 and (w_rest.intval < 0) != (divisor < 0):
            return W_Int(w_rest.intval + divisor)
        return w_rest
    assert isinstance(w_rest, W_Float)
    divisor = as_float(w_right)
    if w_rest.floatval != 0.0:
        if (w_rest.floatval < 0.0) != (divisor < 0.0):
            return W_Float(w_rest.floatval + divisor)
        return w_rest
    return W_Float(math.copysign(0.0, divisor))


# ____________________________________________________________ roots, powers, logarithms


def sqrt(w_number):
    value = as_float(w_number)
    if value < 0.0:
        raise invalid_number("sqrt", w_number)
    if not _is_finite(value):
        return W_Float(value)
    return W_Float(math.sqrt(value))


def power(w_base, w_exponent):
    if isinstance(w_base, W_Int) and isinstance(w_exponent, W_Int) and w_exponent.intval >= 0:
        return W_Int(_int_power(w_base.intval, w_exponent.intval))
    base = as_float(w_base)
    exponent = as_float(w_exponent)
    if base == 0.0 and exponent < 0.0:
        raise errors.division_by_zero()
    if base < 0.0 and _is_finite(base) and _is_finite(exponent):
        if math.floor(exponent) != exponent:
            raise invalid_number("power", w_base)
    return W_Float(_float_power(base, exponent))


@dont_look_inside
def _int_power(base, exponent):
    """By squaring: what is squared too far is not used unless the result is too large as well."""
    if base == 0 or base == 1:
        return base if exponent > 0 else 1
    if base == -1:
        return -1 if exponent & 1 else 1
    result = 1
    try:
        while True:
            if exponent & 1:
                result = ovfcheck(result * base)
            exponent >>= 1
            if exponent == 0:
                return result
            base = ovfcheck(base * base)
    except OverflowError:
        raise errors.integer_overflow()


@dont_look_inside
def _float_power(base, exponent):
    if base == 1.0 or exponent == 0.0:
        return 1.0
    if base != base or exponent != exponent:
        return base + exponent
    try:
        return math.pow(base, exponent)
    except OverflowError:
        is_odd = math.fmod(exponent, 2.0) != 0.0
        return -_INFINITY if base < 0.0 and is_odd else _INFINITY


@dont_look_inside
def exponential(w_number):
    value = as_float(w_number)
    if not _is_finite(value):
        return W_Float(0.0 if value == -_INFINITY else value)
    try:
        return W_Float(math.exp(value))
    except OverflowError:
        return W_Float(_INFINITY)


@dont_look_inside
def logarithm(w_number, w_base):
    value = _logarithm(w_number)
    if w_base is None:
        return W_Float(value)
    base = as_float(w_base)
    if base == 10.0 and _is_finite(value):
        return W_Float(math.log10(as_float(w_number)))
    divisor = _logarithm(w_base)
    if divisor == 0.0:
        raise errors.division_by_zero()
    return W_Float(value / divisor)


def _logarithm(w_number):
    """-> float, the natural one."""
    value = as_float(w_number)
    if value <= 0.0:
        raise invalid_number("log", w_number)
    return math.log(value) if _is_finite(value) else value


# ____________________________________________________________ angles


def _angle_function(name, compute):
    """-> the built-in function of an angle in radians.  compute: of a finite float."""

    @dont_look_inside
    def function(w_number):
        value = as_float(w_number)
        if not _is_finite(value):
            if value == value:
                raise invalid_float(name, value)
            return W_Float(value)
        return W_Float(compute(value))

    return function


sine = _angle_function("sin", lambda value: math.sin(value))
cosine = _angle_function("cos", lambda value: math.cos(value))
tangent = _angle_function("tan", lambda value: math.tan(value))


@dont_look_inside
def angle_of_point(w_y, w_x):
    return W_Float(math.atan2(as_float(w_y), as_float(w_x)))
