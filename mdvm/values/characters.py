"""Strings by characters, which are Unicode code points: how many there are, and where each stands.

Texts are UTF-8. In one that holds ASCII only, a character is a byte. Of any other the first question
makes an index, which the string keeps: the offset of every STRIDE-th character. So a loop over the
characters of a text takes linear time, whatever it asks for, and ASCII costs nothing but the pass
that finds out that it is.

To flatten a rope, to make an index and to charge change what traces have read. So a trace sees them,
and only what depends on nothing but bytes and offsets, and changes nothing, is elidable.
"""

from mdvm.run_state import BYTES_PER_UNIT, CHUNK, charge, charged_until
from mdvm.system.jit import dont_look_inside, elidable
from mdvm.system.language import uninitialized_list
from mdvm.values.strings import StringPart

STRIDE = 32  # characters; a text of fewer bytes is looked through each time
_STEP = CHUNK * BYTES_PER_UNIT // 4


class CharacterIndex(StringPart):
    """What is known of the characters of a string.

    count: int, how many there are. offsets: list of int, where character 0, STRIDE, 2 * STRIDE and
    so on begin, with an offset for the end if that is one of them; empty if all are ASCII.
    """

    _attrs_ = _immutable_fields_ = ["count", "offsets"]

    def __init__(self, count, offsets):
        self.count = count
        self.offsets = offsets


def begins_character(char):
    """char: str, a byte of a text -> bool, whether a character begins with it."""
    return ord(char) & 0xC0 != 0x80


def _count_characters(text):
    """-> int, how many characters begin in the text."""
    count = 0
    start = 0
    while start < len(text):
        end = min(len(text), start + _STEP)
        charge((end - start) // BYTES_PER_UNIT)
        count += _count_few(text, start, end)
        start = end
    return count


def _count_few(text, start, stop):
    """The same of text[start:stop]; what is charged for has been."""
    count = 0
    while start < stop:
        if begins_character(text[start]):
            count += 1
        start += 1
    return count


@elidable
def _count_short(text, start, stop):
    """The same of a few bytes, which cost nothing."""
    return _count_few(text, start, stop)


def _index_of(w_text):
    """w_text: W_Str of at least STRIDE bytes -> its CharacterIndex."""
    text = w_text.text()  # which lets the parts of a rope go
    w_index = w_text.left
    if isinstance(w_index, CharacterIndex):
        return w_index
    return _make_index(w_text, text)


@dont_look_inside
def _make_index(w_text, text):
    size = len(text)
    count = _count_characters(text)
    offsets = [0][:0]
    if count < size:
        offsets = uninitialized_list([0], count // STRIDE + 1)
        at = 0
        number = 0
        while number < len(offsets):
            stop = charged_until(number, len(offsets))
            while number < stop:
                offsets[number] = at
                number += 1
                if number < len(offsets):
                    at = _forward(text, at, STRIDE)
    w_index = CharacterIndex(count, offsets)
    w_text.left = w_index
    return w_index


def _forward(text, at, count):
    """at: int, where a character of the text begins -> int, where the one begins that comes count
    characters later.
    """
    while count > 0:
        at += 1
        while at < len(text) and not begins_character(text[at]):
            at += 1
        count -= 1
    return at


def character_count(w_text):
    """w_text: W_Str -> int."""
    if w_text.size < STRIDE:
        return _count_short(w_text.text(), 0, w_text.size)
    return _index_of(w_text).count


def is_ascii(w_text):
    """w_text: W_Str -> bool, whether a character is a byte."""
    return character_count(w_text) == w_text.size


def offset_of(w_text, number):
    """number: int, 0 <= number <= character_count(w_text) -> int, where that character begins."""
    assert number >= 0
    text = w_text.text()
    if w_text.size < STRIDE:
        return _offset_after(text, 0, number)
    offsets = _index_of(w_text).offsets
    if len(offsets) == 0:
        return number
    return _offset_after(text, offsets[number // STRIDE], number % STRIDE)


@elidable
def _offset_after(text, at, count):
    """count: int, less than STRIDE -> as _forward."""
    return _forward(text, at, count)


def number_at(w_text, offset):
    """offset: int, where a character of w_text begins, or its size -> int, that character's
    number.
    """
    text = w_text.text()
    if w_text.size < STRIDE:
        return _count_short(text, 0, offset)
    offsets = _index_of(w_text).offsets
    if len(offsets) == 0:
        return offset
    return _number_by_index(text, offsets, offset)


@elidable
def _number_by_index(text, offsets, offset):
    """offsets: list of int, those of the text's CharacterIndex -> as number_at."""
    low = 0
    high = len(offsets) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if offsets[middle] <= offset:
            low = middle
        else:
            high = middle - 1
    return low * STRIDE + _count_few(text, offsets[low], offset)


def character_size(text, offset):
    """offset: int, where a character begins -> int, its bytes."""
    first = ord(text[offset])
    if first < 0x80:
        return 1
    if first < 0xE0:
        return 2
    return 3 if first < 0xF0 else 4


def encoded(code_point):
    """code_point: int, of a character, no surrogate -> str, its bytes."""
    if code_point < 0x80:
        return chr(code_point)
    if code_point < 0x800:
        return chr(0xC0 | code_point >> 6) + chr(0x80 | code_point & 0x3F)
    if code_point < 0x10000:
        return (
            chr(0xE0 | code_point >> 12)
            + chr(0x80 | code_point >> 6 & 0x3F)
            + chr(0x80 | code_point & 0x3F)
        )
    return (
        chr(0xF0 | code_point >> 18)
        + chr(0x80 | code_point >> 12 & 0x3F)
        + chr(0x80 | code_point >> 6 & 0x3F)
        + chr(0x80 | code_point & 0x3F)
    )
