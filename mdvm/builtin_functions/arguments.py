"""What a built-in function makes of its arguments, and how it refuses them.

Of a wrong kind: `Type mismatch: expected string, found int`, in the words of the instructions and of
mdvm/builtins.py. Of the right kind, but with a value that the function has nothing for: `Invalid
operation: sqrt on type -1`, with the function's name and the value as it would be printed, texts in
quotes.
"""

from mdvm import errors
from mdvm.objects import W_Float, W_Int
from mdvm.system.jit import dont_look_inside
from mdvm.values.arrays import W_Array
from mdvm.values.strings import W_Str, as_plain
from mdvm.values.text import float_print, string_debug
from mdvm.values.text_builder import slice_of

_MOST_SHOWN = 40  # bytes of a text that an error shows


def as_text(w_value):
    """-> W_Str, no URL."""
    if not isinstance(w_value, W_Str):
        raise errors.type_mismatch("string", w_value.found_name)
    return as_plain(w_value)


def as_int(w_value):
    """-> int."""
    if not isinstance(w_value, W_Int):
        raise errors.type_mismatch("integer", w_value.found_name)
    return w_value.intval


def as_float(w_value):
    """w_value: W_Value, of a number -> float."""
    if isinstance(w_value, W_Float):
        return w_value.floatval
    if isinstance(w_value, W_Int):
        return float(w_value.intval)
    raise not_a_number(w_value)


def as_list(w_value):
    """-> W_Array."""
    if not isinstance(w_value, W_Array):
        raise errors.type_mismatch("array", w_value.found_name)
    return w_value


def not_a_number(w_value):
    return errors.type_mismatch("numeric", w_value.found_name)


@dont_look_inside
def invalid_text(name, w_text):
    """name: str, of a function; w_text: W_Str, which it has nothing for -> RunError."""
    text = w_text.text()
    if len(text) <= _MOST_SHOWN:
        return errors.invalid_operation(name, string_debug(text))
    end = _MOST_SHOWN
    while ord(text[end]) & 0xC0 == 0x80:
        end -= 1
    return errors.invalid_operation(name, string_debug(slice_of(text, 0, end)) + "...")


@dont_look_inside
def invalid_int(name, value):
    """The same of an int."""
    return errors.invalid_operation(name, "%d" % value)


@dont_look_inside
def invalid_float(name, value):
    """The same of a float."""
    return errors.invalid_operation(name, float_print(value))


def invalid_number(name, w_number):
    """The same of either."""
    if isinstance(w_number, W_Int):
        return invalid_int(name, w_number.intval)
    assert isinstance(w_number, W_Float)
    return invalid_float(name, w_number.floatval)


def invalid_operation_on_empty(name, w_value):
    """The same of a container or a text with nothing in it."""
    return errors.invalid_operation(name, "empty " + w_value.found_name)
