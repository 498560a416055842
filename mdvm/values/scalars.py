"""The keys of dicts and the members of sets: which values can be one, their hashes, and which are
the same.

Two are the same if they are of one type and equal: 1, 1.0 and true are three keys.
"""

from mdvm import errors
from mdvm.objects import W_Container, W_Float, W_Int
from mdvm.run_state import BYTES_PER_UNIT, charge
from mdvm.system.arithmetic import float_to_bits, intmask
from mdvm.system.language import compute_hash
from mdvm.values.functions import W_Function
from mdvm.values.strings import W_Str, W_Url, same_text

_LARGE = 1 << 20  # bytes from which on a text is not hashed in one piece


class _IntHash(object):
    """A number that the process has drawn, so that ints cannot be chosen that collide.

    factor: int, odd, 0 before it is needed: what a process does must not be done in translating.
    """

    def __init__(self):
        self.factor = 0

    def draw(self):
        """-> int, the factor."""
        if self.factor == 0:
            self.factor = intmask(compute_hash("the factor of hashes of ints") << 1 | 1)
        return self.factor


_int_hash = _IntHash()


def hash_of_int(value):
    """value: int -> int, each of whose low bits depends on all bits of the value.

    A product's bits depend on lower ones only, so the upper half of one comes down and is
    multiplied again.
    """
    factor = _int_hash.draw()
    product = intmask(value * factor)
    return intmask((product ^ product >> 32) * factor) >> 32


def hash_of_text(text):
    """text: str -> int, which depends on the process, so that texts cannot be chosen that
    collide.
    """
    size = len(text)
    if size < _LARGE:
        return compute_hash(text)
    hashed = 0
    start = 0
    while start < size:
        stop = min(size, start + _LARGE)
        charge((stop - start) // BYTES_PER_UNIT)
        hashed = intmask(hashed * 1000003) ^ compute_hash(text[start:stop])
        start = stop
    return hashed


def hash_of(w_key):
    """w_key: W_Value, a scalar -> int, the same for keys that are the same."""
    if isinstance(w_key, W_Str):
        return hash_of_text(w_key.text())
    if isinstance(w_key, W_Int):
        return hash_of_int(w_key.intval)
    if isinstance(w_key, W_Float):
        value = w_key.floatval
        return hash_of_int(0 if value == 0.0 else float_to_bits(value))
    if isinstance(w_key, W_Function):
        return hash_of_text(w_key.name)
    return hash_of_int(w_key.type_id + 10 if w_key.is_truthy() else w_key.type_id)


def same_key(w_left, w_right):
    """w_left, w_right: W_Value, scalars -> bool."""
    if isinstance(w_right, W_Str):
        if not isinstance(w_left, W_Str) or not same_text(w_left, w_right):
            return False
        return isinstance(w_left, W_Url) == isinstance(w_right, W_Url)
    if isinstance(w_right, W_Int):
        return isinstance(w_left, W_Int) and w_left.intval == w_right.intval
    if isinstance(w_right, W_Float):
        return isinstance(w_left, W_Float) and w_left.floatval == w_right.floatval
    if isinstance(w_right, W_Function):
        return isinstance(w_left, W_Function) and w_left.name == w_right.name
    # Empty, true and false: there is one object of each.
    return w_left is w_right


def as_scalar(w_value):
    """-> w_value, which can be a key.  Raises RunError."""
    if isinstance(w_value, W_Container):
        raise errors.type_mismatch("scalar key", w_value.found_name)
    if isinstance(w_value, W_Float) and w_value.floatval != w_value.floatval:
        raise errors.type_mismatch("scalar key", w_value.found_name)
    return w_value


def is_plain_string(w_key):
    """-> bool, whether the key is one that every version has."""
    return isinstance(w_key, W_Str) and not isinstance(w_key, W_Url)
