"""The built-in functions that take a text apart: split, trim."""

from mdvm.builtin_functions.arguments import as_text, invalid_text
from mdvm.builtin_functions.text import find_bytes, part_of
from mdvm.run_state import BYTES_PER_UNIT, Meter
from mdvm.system.jit import dont_look_inside
from mdvm.system.language import uninitialized_list
from mdvm.values import bulk
from mdvm.values.arrays import array_of_values, new_array
from mdvm.values.strings import W_Str
from mdvm.values.text import decode_character


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


class _Pieces(object):
    """The list of the parts of a text, while it grows.

    items: list of W_Str, with room for more; count: int. meter: Meter.
    """

    def __init__(self):
        self.items = bulk.of_values.filled(W_Str(""), 8)
        self.count = 0
        self.meter = Meter()

    def add(self, w_part):
        if self.count == len(self.items):
            self._grow(2 * self.count)
        self.items[self.count] = w_part
        self.count += 1
        self.meter.add(1)

    def _grow(self, size):
        items = uninitialized_list(self.items, size)
        for index in range(self.count):
            items[index] = self.items[index]
        self.items = items
        self.meter.add(self.count)

    def finished(self):
        """-> W_Array.  To be called at the end."""
        self.meter.settle()
        if self.count == 0:
            return new_array(0)
        return array_of_values(self.items[: self.count])


@dont_look_inside
def split(w_value, w_separator):
    w_text = as_text(w_value)
    if w_separator is None:
        return _words(w_text)
    separator = as_text(w_separator).text()
    if separator == "":
        raise invalid_text("split", w_separator)
    text = w_text.text()
    pieces = _Pieces()
    start = 0
    while True:
        at = find_bytes(text, separator, start, len(text), pieces.meter)
        if at < 0:
            break
        pieces.add(part_of(w_text, start, at))
        start = at + len(separator)
    pieces.add(part_of(w_text, start, len(text)))
    return pieces.finished()


def _words(w_text):
    text = w_text.text()
    size = len(text)
    pieces = _Pieces()
    at = 0
    while True:
        start = _behind_spaces(text, at, pieces.meter)
        if start == size:
            break
        at = _before_space(text, start, pieces.meter)
        pieces.add(part_of(w_text, start, at))
    return pieces.finished()


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
