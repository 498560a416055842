"""The built-in functions that take a text apart: split, trim."""

from mdvm.builtin_functions.arguments import as_text, invalid_text
from mdvm.builtin_functions.text import find_bytes, part_of
from mdvm.run_state import BYTES_PER_UNIT, Meter
from mdvm.system.jit import dont_look_inside
from mdvm.settings.optimisations import optimisations
from mdvm.values import bulk
from mdvm.values.array_base import as_object_array
from mdvm.values.arrays import new_array
from mdvm.values.text import decode_character
from mdvm.values.text_arrays import W_TextArray


def is_space(code_point):
    """-> bool, whether Unicode, or ASCII, has the character separate words."""
    if code_point < 128:
        return 9 <= code_point <= 13 or 28 <= code_point <= 32
    return (
        code_point == 0x85
        or code_point == 0xA0
        or code_point == 0x1680
        or 0x2000 <= code_point <= 0x200A
        or code_point == 0x2028
        or code_point == 0x2029
        or code_point == 0x202F
        or code_point == 0x205F
        or code_point == 0x3000
    )


class _Parts(object):
    """Where the parts of a text are, while they are found.

    text: str. stride, gap: int, as W_TextArray has them. offsets: list of int, with room for more;
    used: int, how many there are. meter: Meter.
    """

    def __init__(self, text, stride, gap):
        self.text = text
        self.stride = stride
        self.gap = gap
        self.offsets = bulk.of_ints.filled(0, _LEAST_ROOM)
        self.used = 0
        self.meter = Meter()

    def add(self, offset):
        if self.used == len(self.offsets):
            size = self.used
            self.offsets = bulk.of_ints.part(self.offsets, 0, size, 2 * size)
        self.offsets[self.used] = offset
        self.used += 1
        self.meter.add(1)

    def finished(self, count):
        """count: int, of the parts -> W_Array.  To be called at the end."""
        self.meter.settle()
        if count == 0:
            return new_array(0)
        w_array = W_TextArray(self.text, self.offsets, self.stride, self.gap, count)
        return w_array if optimisations.storages else as_object_array(w_array)


_LEAST_ROOM = 16


@dont_look_inside
def split(w_value, w_separator):
    w_text = as_text(w_value)
    if w_separator is None:
        return _words(w_text)
    separator = as_text(w_separator).text()
    if separator == "":
        raise invalid_text("split", w_separator)
    text = w_text.text()
    size = len(separator)
    parts = _Parts(text, 1, size)
    parts.add(0)
    at = find_bytes(text, separator, 0, len(text), parts.meter)
    while at >= 0:
        parts.add(at + size)
        at = find_bytes(text, separator, at + size, len(text), parts.meter)
    parts.add(len(text) + size)
    return parts.finished(parts.used - 1)


def _words(w_text):
    text = w_text.text()
    size = len(text)
    parts = _Parts(text, 2, 0)
    at = 0
    while True:
        start = _behind_spaces(text, at, parts.meter)
        if start == size:
            break
        at = _before_space(text, start, parts.meter)
        parts.add(start)
        parts.add(at)
    return parts.finished(parts.used // 2)


# Where to charge for what has been gone through: the bytes between two such offsets are CHARGED.
_MASK = 0xFFFF
_CHARGED = (_MASK + 1) // BYTES_PER_UNIT


def _behind_spaces(text, at, meter):
    while at < len(text):
        if at & _MASK == 0:
            meter.add(_CHARGED)
        code_point, size = decode_character(text, at)
        if not is_space(code_point):
            break
        at += size
    return at


def _before_space(text, at, meter):
    while at < len(text):
        if at & _MASK == 0:
            meter.add(_CHARGED)
        char = ord(text[at])
        if char < 128:
            if is_space(char):
                break
            at += 1
        else:
            code_point, size = decode_character(text, at)
            if is_space(code_point):
                break
            at += size
    return at


@dont_look_inside
def trim(w_value):
    w_text = as_text(w_value)
    text = w_text.text()
    meter = Meter()
    start = _behind_spaces(text, 0, meter)
    end = len(text)
    while end > start:
        if end & _MASK == 0:
            meter.add(_CHARGED)
        last = end - 1
        while ord(text[last]) & 0xC0 == 0x80:
            last -= 1
        code_point, _ = decode_character(text, last)
        if not is_space(code_point):
            break
        end = last
    meter.settle()
    return part_of(w_text, start, end)
