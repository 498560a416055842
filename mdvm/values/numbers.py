"""Ints and floats taken together."""

from mdvm.objects import W_Float, W_Int


def is_number(w_value):
    return isinstance(w_value, W_Int) or isinstance(w_value, W_Float)


def to_float(w_number):
    """w_number: W_Int or W_Float -> float; an int beyond 2**53 is rounded."""
    if isinstance(w_number, W_Int):
        return float(w_number.intval)
    assert isinstance(w_number, W_Float)
    return w_number.floatval
