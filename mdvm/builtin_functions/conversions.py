"""Built-in functions from one kind of value to another."""

from mdvm import errors
from mdvm.builtin_functions.arguments import (
    as_float,
    as_int,
    invalid_float,
    invalid_int,
    invalid_text,
)
from mdvm.objects import W_Bool, W_Float, W_Int, wrap_bool
from mdvm.system.arithmetic import ovfcheck
from mdvm.system.jit import dont_look_inside
from mdvm.system.text_building import float_fixed
from mdvm.values.operations import to_string
from mdvm.values.strings import W_Str
from mdvm.values.text import float_print

_TWO_TO_63 = 9223372036854775808.0
_INFINITY = 1e200 * 1e200
_LONGEST_NUMBER = 1100  # bytes: more than any float has digits
_MOST_DECIMALS = 323  # more than any float's last digit that is not 0 by far


def to_text(w_value):
    return to_string(w_value)


def to_bool(w_value):
    return wrap_bool(w_value.is_truthy())


def type_of(w_value):
    return W_Str(w_value.type_name)


# ____________________________________________________________ int


def to_int(w_value):
    if isinstance(w_value, W_Int):
        return w_value
    if isinstance(w_value, W_Float):
        return int_of_whole("int", w_value.floatval)
    if isinstance(w_value, W_Bool):
        return W_Int(1 if w_value.boolval else 0)
    if isinstance(w_value, W_Str):
        return W_Int(_parse_int(w_value))
    raise errors.type_mismatch("numeric or string", w_value.found_name)


def int_of_whole(name, value):
    """name: str, of a function; value: float -> W_Int, without what stands behind the point."""
    if -_TWO_TO_63 <= value < _TWO_TO_63:
        return W_Int(int(value))
    if value != value:
        raise invalid_float(name, value)
    raise errors.integer_overflow()


def _is_space(char):
    return char == " " or "\t" <= char <= "\r"


def _trimmed(text):
    """text: str -> str without spaces and line ends around it."""
    start = 0
    end = len(text)
    while start < end and _is_space(text[start]):
        start += 1
    while end > start and _is_space(text[end - 1]):
        end -= 1
    assert end >= 0
    return text[start:end]


def _is_digit(char):
    return "0" <= char <= "9"


def _digits_end(text, at):
    while at < len(text) and _is_digit(text[at]):
        at += 1
    return at


def _sign_end(text, at):
    if at < len(text) and (text[at] == "-" or text[at] == "+"):
        return at + 1
    return at


@dont_look_inside
def _parse_int(w_text):
    if w_text.size > _LONGEST_NUMBER:
        raise invalid_text("int", w_text)
    text = _trimmed(w_text.text())
    start = _sign_end(text, 0)
    if start == len(text) or _digits_end(text, start) != len(text):
        raise invalid_text("int", w_text)
    is_negative = text[0] == "-"
    value = 0
    try:
        for at in range(start, len(text)):
            digit = ord(text[at]) - ord("0")
            value = ovfcheck(value * 10)
            # downwards, as the smallest int has no opposite
            value = ovfcheck(value - digit) if is_negative else ovfcheck(value + digit)
    except OverflowError:
        raise errors.integer_overflow()
    return value


# ____________________________________________________________ float


def to_float(w_value):
    if isinstance(w_value, W_Float):
        return w_value
    if isinstance(w_value, W_Bool):
        return W_Float(1.0 if w_value.boolval else 0.0)
    if isinstance(w_value, W_Int):
        return W_Float(float(w_value.intval))
    if isinstance(w_value, W_Str):
        return W_Float(_parse_float(w_value))
    raise errors.type_mismatch("numeric or string", w_value.found_name)


@dont_look_inside
def _parse_float(w_text):
    if w_text.size > _LONGEST_NUMBER:
        raise invalid_text("float", w_text)
    text = _trimmed(w_text.text())
    start = _sign_end(text, 0)
    is_negative = text != "" and text[0] == "-"
    word = text[start:]
    if word == "inf":
        return -_INFINITY if is_negative else _INFINITY
    if word == "NaN":
        return _INFINITY - _INFINITY
    if not _is_decimal(text, start):
        raise invalid_text("float", w_text)
    return float(text)


def _is_decimal(text, start):
    """-> bool, whether text[start:] is digits with a point or an exponent or both."""
    end = _digits_end(text, start)
    digits = end - start
    if end < len(text) and text[end] == ".":
        fraction = end + 1
        end = _digits_end(text, fraction)
        digits += end - fraction
    if digits == 0:
        return False
    if end < len(text) and (text[end] == "e" or text[end] == "E"):
        exponent = _sign_end(text, end + 1)
        end = _digits_end(text, exponent)
        if end == exponent:
            return False
    return end == len(text)


# ____________________________________________________________ format


def decimals_of(name, w_decimals):
    """name: str, of a function -> int, how many digits behind the point it is to give."""
    decimals = as_int(w_decimals)
    if not 0 <= decimals <= _MOST_DECIMALS:
        raise invalid_int(name, decimals)
    return decimals


@dont_look_inside
def format_number(w_number, w_decimals):
    decimals = decimals_of("format", w_decimals)
    if isinstance(w_number, W_Int):
        text = "%d" % w_number.intval
        return W_Str(text + "." + "0" * decimals if decimals else text)
    value = as_float(w_number)
    if value - value != 0.0:
        return W_Str(float_print(value))
    return W_Str(float_fixed(value, decimals))
