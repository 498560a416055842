"""Built-in functions of texts.

Positions and lengths are in characters, which are Unicode code points; positions count from 0.
What goes along a text charges for it, see run_state.
"""

from mdvm import errors
from mdvm.builtin_functions.arguments import as_int, as_list, as_text, invalid_int, invalid_text
from mdvm.objects import W_Int, share, wrap_bool
from mdvm.run_state import BYTES_PER_UNIT, Meter, charge, check_text_length
from mdvm.system.jit import dont_look_inside, elidable
from mdvm.system.text_building import TextBuffer
from mdvm.values.arrays import W_Array
from mdvm.values.characters import (
    character_count,
    character_size,
    encoded,
    number_at,
    offset_of,
)
from mdvm.values.containers import index_of
from mdvm.values.dicts import W_Dict
from mdvm.values.operations import to_string
from mdvm.values.scalars import as_scalar
from mdvm.values.sets import W_Set
from mdvm.values.strings import ASCII, W_Str, as_plain, string_of
from mdvm.values.text import decode_character
from mdvm.values.text_arrays import W_TextArray
from mdvm.values.text_builder import TextBuilder, slice_of

_LARGEST_CODE_POINT = 0x10FFFF
_LARGEST_INT = 0x7FFFFFFFFFFFFFFF

_EMPTY_TEXT = W_Str("")


def part_of(w_text, start, stop):
    """start, stop: int, offsets of bytes -> W_Str."""
    if stop - start == w_text.size:
        return as_plain(w_text)
    return string_of(slice_of(w_text.text(), start, stop))


# ____________________________________________________________ lengths


def length(w_value):
    if isinstance(w_value, W_Str):
        return W_Int(character_count(w_value))
    if isinstance(w_value, W_Array):
        return W_Int(w_value.length())
    if isinstance(w_value, W_Dict):
        return W_Int(w_value.length())
    if isinstance(w_value, W_Set):
        return W_Int(w_value.length())
    raise _no_text_or_container(w_value)


def _no_text_or_container(w_value):
    return errors.type_mismatch("string, array, dict or set", w_value.found_name)


def byte_length(w_value):
    return W_Int(as_text(w_value).size)


# ____________________________________________________________ parts


def item_at(w_value, w_index):
    """The character of a text or the element of a list."""
    index = as_int(w_index)
    if isinstance(w_value, W_Str):
        return _character_at(w_value, index)
    if isinstance(w_value, W_Array):
        if not 0 <= index < w_value.length():
            raise errors.index_out_of_bounds(index, w_value.length())
        return share(w_value.get(index))
    raise errors.type_mismatch("string or array", w_value.found_name)


def _character_at(w_text, index):
    count = character_count(w_text)
    if not 0 <= index < count:
        raise errors.index_out_of_bounds(index, count)
    if count == w_text.size:
        code = ord(w_text.text()[index])
        assert code < 128
        return ASCII[code]
    return _character_from(w_text.text(), offset_of(w_text, index))


@elidable
def _character_from(text, start):
    """text: str; start: int, where a character begins -> W_Str of that character."""
    stop = start + character_size(text, start)
    assert start >= 0 and stop >= 0
    return string_of(text[start:stop])


def bounds_of(w_first, w_end, count):
    """w_end: W_Value or None, for the end; count: int, of the items there are -> (int, int) with 0
    <= first <= end <= count.
    """
    first = as_int(w_first)
    end = count if w_end is None else as_int(w_end)
    if not 0 <= first <= count:
        raise errors.index_out_of_bounds(first, count)
    if not first <= end <= count:
        raise errors.index_out_of_bounds(end, count)
    return first, end


def text_slice(w_text, w_first, w_end):
    first, end = bounds_of(w_first, w_end, character_count(w_text))
    return part_of(w_text, offset_of(w_text, first), offset_of(w_text, end))


def code(w_value):
    w_text = as_text(w_value)
    if w_text.single >= 0:
        return W_Int(w_text.single)
    return W_Int(_code_of(w_text))


@dont_look_inside
def _code_of(w_text):
    if w_text.size > 0:
        code_point, size = decode_character(w_text.text(), 0)
        if size == w_text.size:
            return code_point
    raise invalid_text("code", w_text)


def character(w_value):
    code_point = as_int(w_value)
    if 0 <= code_point < 128:
        return ASCII[code_point]
    return _character_of(code_point)


@dont_look_inside
def _character_of(code_point):
    if not 0 <= code_point <= _LARGEST_CODE_POINT or 0xD800 <= code_point < 0xE000:
        raise invalid_int("character", code_point)
    return W_Str(encoded(code_point))


# ____________________________________________________________ finding


def matches_at(text, part, at):
    """at: int, with at + len(part) <= len(text) -> bool, whether part stands there."""
    size = len(part)
    index = 0
    while index < size:
        if text[at + index] != part[index]:
            return False
        index += 1
    return True


def find_bytes(text, part, start, stop, meter):
    """-> int, the first offset in start <= offset <= stop - len(part) where part, which is not
    empty, stands, or -1.

    Horspool's search: where the byte under the part's last one does not stand in the part, the part
    moves behind it. Of a part that is short, that byte alone is looked for.
    """
    size = len(part)
    last = stop - size
    if size < _SHORT_PART:
        return _find_short(text, part, start, last, meter)
    moves = [size] * 256
    for index in range(size - 1):
        moves[ord(part[index])] = size - 1 - index
    at = start
    while at <= last:
        char = text[at + size - 1]
        matched = 1
        if char == part[size - 1]:
            while matched < size and text[at + matched - 1] == part[matched - 1]:
                matched += 1
            if matched == size:
                return at
        meter.add(matched)
        at += moves[ord(char)]
    return -1


_SHORT_PART = 8


def _find_short(text, part, at, last, meter):
    first = part[0]
    while at <= last:
        end = min(last + 1, at + _CHARGED_BYTES)
        begin = at
        while at < end:
            if text[at] == first and matches_at(text, part, at):
                meter.add((at - begin) // BYTES_PER_UNIT)
                return at
            at += 1
        meter.add((end - begin) // BYTES_PER_UNIT)
    return -1


_CHARGED_BYTES = 1 << 16


def _find_text(w_text, w_part, start):
    """start: int, the offset to begin at -> int, the offset, or -1."""
    if w_part.size == 0:
        return start
    return _offset_of_part(w_text.text(), w_part.text(), start)


@dont_look_inside
def _offset_of_part(text, part, start):
    meter = Meter()
    found = find_bytes(text, part, start, len(text), meter)
    meter.settle()
    return found


def find(w_value, w_part, w_first):
    if isinstance(w_value, W_Str):
        start = 0
        if w_first is not None:
            first, _ = bounds_of(w_first, None, character_count(w_value))
            start = offset_of(w_value, first)
        offset = _find_text(w_value, as_text(w_part), start)
        return W_Int(-1 if offset < 0 else number_at(w_value, offset))
    if isinstance(w_value, W_Array):
        first = 0
        if w_first is not None:
            first, _ = bounds_of(w_first, None, w_value.length())
        return W_Int(index_of(w_value, w_part, first))
    raise errors.type_mismatch("string or array", w_value.found_name)


def contains(w_value, w_part):
    if isinstance(w_value, W_Str):
        return wrap_bool(_find_text(w_value, as_text(w_part), 0) >= 0)
    if isinstance(w_value, W_Array):
        return wrap_bool(index_of(w_value, w_part, 0) >= 0)
    if isinstance(w_value, W_Dict):
        return wrap_bool(w_value.contains(as_scalar(w_part)))
    if isinstance(w_value, W_Set):
        return wrap_bool(w_value.contains(as_scalar(w_part)))
    raise _no_text_or_container(w_value)


def starts_with(w_value, w_part):
    w_text = as_text(w_value)
    return wrap_bool(_has_at(w_text, as_text(w_part), 0))


def ends_with(w_value, w_part):
    w_text = as_text(w_value)
    w_end = as_text(w_part)
    return wrap_bool(_has_at(w_text, w_end, w_text.size - w_end.size))


def _has_at(w_text, w_part, at):
    if at < 0 or at + w_part.size > w_text.size:
        return False
    return _stands_at(w_text.text(), w_part.text(), at)


@dont_look_inside
def _stands_at(text, part, at):
    charge(len(part) // BYTES_PER_UNIT)
    return matches_at(text, part, at)


# ____________________________________________________________ making texts


@dont_look_inside
def repeat(w_value, w_count):
    w_text = as_text(w_value)
    count = as_int(w_count)
    if count < 0:
        raise invalid_int("repeat", count)
    size = w_text.size
    if count == 0 or size == 0:
        return _EMPTY_TEXT
    if count == 1:
        return w_text
    if count > _LARGEST_INT // size:
        raise errors.out_of_memory()
    check_text_length(size * count)
    text = w_text.text()
    buffer = TextBuffer(size * count)
    start = 0
    per_chunk = max(1, _CHARGED_BYTES // size)
    while start < count:
        stop = min(count, start + per_chunk)
        charge((stop - start) * (1 + size // BYTES_PER_UNIT))
        for _ in range(start, stop):
            buffer.append(text, 0, size)
        start = stop
    return W_Str(buffer.text())


@dont_look_inside
def replace(w_value, w_old, w_new):
    w_text = as_text(w_value)
    old = as_text(w_old).text()
    new = as_text(w_new).text()
    if old == "":
        raise invalid_text("replace", w_old)
    text = w_text.text()
    builder = TextBuilder()
    start = 0
    at = find_bytes(text, old, 0, len(text), builder.meter)
    if at < 0:
        builder.meter.settle()
        return w_text
    while at >= 0:
        builder.add(slice_of(text, start, at))
        builder.add(new)
        start = at + len(old)
        at = find_bytes(text, old, start, len(text), builder.meter)
    builder.add(slice_of(text, start, len(text)))
    return W_Str(builder.build())


@dont_look_inside
def reversed_text(w_text):
    text = w_text.text()
    builder = TextBuilder()
    at = len(text)
    while at > 0:
        start = at - 1
        while ord(text[start]) & 0xC0 == 0x80:
            start -= 1
        builder.add(slice_of(text, start, at))
        builder.meter.add(1)
        at = start
    return W_Str(builder.build())


@dont_look_inside
def join(w_value, w_separator):
    w_list = as_list(w_value)
    separator = "" if w_separator is None else as_text(w_separator).text()
    builder = TextBuilder()
    for index in range(w_list.length()):
        if index > 0:
            builder.add(separator)
        builder.meter.add(1)
        if isinstance(w_list, W_TextArray):
            builder.add_part(w_list.source, w_list.start(index), w_list.end(index))
            continue
        w_item = w_list.get(index)
        builder.add(w_item.text() if isinstance(w_item, W_Str) else to_string(w_item).text())
    return W_Str(builder.build())
