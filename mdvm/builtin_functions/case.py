"""The built-in functions upper and lower, over all of Unicode.

A letter becomes what Unicode says, which may be several letters (the German sharp s becomes SS). A capital sigma becomes the
small one of a word's end if the character before it is a letter with a case and the one after it is
not.
"""

from mdvm.builtin_functions.arguments import as_text
from mdvm.builtin_functions.case_tables import (
    LOWER_RANGES,
    LOWER_SEVERAL,
    UPPER_RANGES,
    UPPER_SEVERAL,
)
from mdvm.run_state import BYTES_PER_UNIT
from mdvm.system.jit import dont_look_inside
from mdvm.values.characters import encoded
from mdvm.values.strings import W_Str
from mdvm.values.text import decode_character
from mdvm.values.text_builder import TextBuilder, slice_of

_CAPITAL_SIGMA = 0x3A3
_FINAL_SIGMA = 0x3C2


class _CaseTable(object):
    """Which letters become which.

    firsts, lasts, steps, distances: list of int, by range, ascending: every step-th letter from
    first to last is so far from its other case.
    several: dict from a code point to a str, for those that become several or stand in no range.
    """

    _immutable_fields_ = ["firsts[*]", "lasts[*]", "steps[*]", "distances[*]", "several"]

    def __init__(self, ranges, several):
        words = ranges.split()
        self.firsts = [int(word, 16) for word in words[0::4]]
        self.lasts = [int(word, 16) for word in words[1::4]]
        self.steps = [int(word) for word in words[2::4]]
        self.distances = [int(word) for word in words[3::4]]
        self.several = {}
        for row in several.split():
            letter, _, others = row.partition(":")
            text = "".join([encoded(int(other, 16)) for other in others.split(",")])
            self.several[int(letter, 16)] = text

    def other_case(self, code_point):
        """-> int, that of its other case, or itself.  Not for those in several."""
        low = 0
        high = len(self.firsts)
        while low < high:
            middle = (low + high) // 2
            if self.firsts[middle] <= code_point:
                low = middle + 1
            else:
                high = middle
        number = low - 1
        if number < 0 or code_point > self.lasts[number]:
            return code_point
        if (code_point - self.firsts[number]) % self.steps[number] != 0:
            return code_point
        return code_point + self.distances[number]

    def changes(self, code_point):
        return code_point in self.several or self.other_case(code_point) != code_point


_upper = _CaseTable(UPPER_RANGES, UPPER_SEVERAL)
_lower = _CaseTable(LOWER_RANGES, LOWER_SEVERAL)


def _has_case(text, at):
    """at: int, where a character begins -> bool, whether that is a letter with another case."""
    code_point, _ = decode_character(text, at)
    if code_point < 128:
        return ord("a") <= code_point | 0x20 <= ord("z")
    return _upper.changes(code_point) or _lower.changes(code_point)


def _ends_word(text, at, end):
    """-> bool, whether the letter from at to end is the last one of a word of several."""
    if at == 0 or (end < len(text) and _has_case(text, end)):
        return False
    before = at - 1
    while ord(text[before]) & 0xC0 == 0x80:
        before -= 1
    return _has_case(text, before)


_STEP = 1 << 12  # bytes that go to the builder at once


def _converted_ascii(text, start, stop, first):
    """-> str, text[start:stop], which is ASCII, with the letters from first on, 26 of them, in
    their other case.
    """
    chars = ["\0"] * (stop - start)
    for index in range(stop - start):
        char = ord(text[start + index])
        if 0 <= char - first < 26:
            char ^= 0x20
        chars[index] = chr(char)
    return "".join(chars)


def _ascii_end(text, at):
    """-> int, up to where text[at:] is ASCII, but not too far."""
    end = min(len(text), at + _STEP)
    while at < end and ord(text[at]) < 128:
        at += 1
    return at


def _converted(w_text, table, first):
    text = w_text.text()
    builder = TextBuilder()
    at = 0
    while at < len(text):
        end = _ascii_end(text, at)
        if end > at:
            builder.add(_converted_ascii(text, at, end, first))
            builder.meter.add((end - at) // BYTES_PER_UNIT)
            at = end
            continue
        code_point, size = decode_character(text, at)
        end = at + size
        if code_point in table.several:
            builder.add(table.several[code_point])
        elif table is _lower and code_point == _CAPITAL_SIGMA and _ends_word(text, at, end):
            builder.add(encoded(_FINAL_SIGMA))
        else:
            other = table.other_case(code_point)
            builder.add(encoded(other) if other != code_point else slice_of(text, at, end))
        builder.meter.add(1)
        at = end
    return W_Str(builder.build())


@dont_look_inside
def upper(w_value):
    return _converted(as_text(w_value), _upper, ord("a"))


@dont_look_inside
def lower(w_value):
    return _converted(as_text(w_value), _lower, ord("A"))
