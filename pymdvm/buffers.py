"""Arrays of numbers and bools as memory has them, to the bytes of mdvm.embedding.protocol and back:
all at once, without an object of Python for each element.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Union

from mdvm.embedding import protocol

Part = Union[bytes, bytearray, "array[Any]", memoryview]

_WORD = protocol.WORD
_NATIVE_ORDER = sys.byteorder == "little"
_pack_two = struct.Struct("<qq").pack

_FLOATS = frozenset("def")
_SIGNED = frozenset("bhilqn")
_UNSIGNED = frozenset("BHILQN")
_SIGN_OF = bytes(128 * [0] + 128 * [255])  # the bytes above one that is the highest of an int

# marshal writes a list as a byte, a C int that counts the elements, and these: a bool is a byte.
_LIST, _FALSE, _TRUE = b"[FT"
_LIST_HEAD = struct.Struct("<qqBi")
_MOST_IN_LIST = 2**31 - 1
_MARSHALLED_BOOLS = bytes([_FALSE] + 255 * [_TRUE])  # of the bytes that memory has
_BOOLS = bytes(byte == _TRUE for byte in range(256))


def parts_of_array(view: memoryview) -> list[Part] | None:
    """The bytes of an array, which is one of arrays if it has several dimensions; size below is
    that of the innermost.

    None for what is no array, and where the elements are of another kind, or one is no int of a
    program.
    """
    shape = view.shape
    if not _NATIVE_ORDER or not shape or shape[-1] > _MOST_IN_LIST:
        return None
    # What has no elements cannot be cast.
    data = view.cast("B") if view.c_contiguous and view.nbytes else memoryview(view.tobytes())
    code = view.format.lstrip("@=<")
    if code[:1] in (">", "!"):
        code = code[1:]
        data = _reversed(data, view.itemsize)
    size = shape[-1]
    row = (
        _rows_of_bools(bytes(data), size)
        if code == "?"
        else _rows_of_numbers(data, code, view.itemsize, size)
    )
    if row is None:
        return None
    parts: list[Part] = []
    _add(parts, shape, row, 0)
    return parts


Rows = Callable[[int], tuple[Part, ...]]  # the parts of a row, by its number


def _add(parts: list[Part], shape: tuple[int, ...], row: Rows, number: int) -> int:
    """Add an array whose first row is of this number. The number of the row behind it."""
    if len(shape) == 1:
        parts += row(number)
        return number + 1
    parts.append(_pack_two(protocol.ARRAY, shape[0]))
    for _ in range(shape[0]):
        number = _add(parts, shape[1:], row, number)
    return number


def _reversed(data: memoryview, size: int) -> memoryview:
    """Elements of so many bytes whose highest byte comes first, with the lowest one first."""
    other = bytearray(len(data))
    for place in range(size):
        other[place::size] = data[size - 1 - place :: size]
    return memoryview(other)


def _rows_of_bools(data: bytes, size: int) -> Rows:
    marshalled = data.translate(_MARSHALLED_BOOLS)
    in_bytes = _LIST_HEAD.size - 2 * _WORD + size
    head = _LIST_HEAD.pack(protocol.MARSHALLED, in_bytes, _LIST, size)
    padding = b"\0" * (-in_bytes % _WORD)
    return lambda number: (head, marshalled[number * size : (number + 1) * size], padding)


def _rows_of_numbers(data: memoryview, code: str, itemsize: int, size: int) -> Rows | None:
    words = _words(data, code, itemsize)
    if words is None:
        return None
    in_bytes = size * _WORD
    head = _pack_two(protocol.FLOATS if code in _FLOATS else protocol.INTS, size)
    return lambda number: (head, words[number * in_bytes : (number + 1) * in_bytes])


def _words(data: memoryview, code: str, size: int) -> memoryview | None:
    """The numbers of this format and of so many bytes, each as a word."""
    if code == "d" or (code in _SIGNED and size == _WORD):
        return data
    if code in _FLOATS:
        return memoryview(_doubles(data, code)).cast("B") if data else data
    if code in _SIGNED:
        return widened(bytes(data), size)
    if code in _UNSIGNED and size < _WORD:
        return _widened_unsigned(bytes(data), size)
    if code in _UNSIGNED:
        highest = data[size - 1 :: size]
        return data if not highest or max(highest) < 128 else None
    return None


def _doubles(data: memoryview, code: str) -> Any:
    """Floats of fewer bits as an array of those of 64: NumPy's, if that is in use; else each is an
    object, but only one at a time.
    """
    numpy: Any = sys.modules.get("numpy")
    if numpy is not None:
        return numpy.frombuffer(data, code).astype("d")
    numbers: Iterable[float] = data.cast("f") if code == "f" else _each(data, code)
    return array("d", numbers)


def _each(data: memoryview, code: str) -> Iterator[float]:
    for (number,) in struct.iter_unpack(code, data):
        yield number


def widened(data: bytes, size: int) -> memoryview:
    """Signed ints of so many bytes as words."""
    words = _widened_unsigned(data, size)
    above = data[size - 1 :: size].translate(_SIGN_OF)
    for place in range(size, _WORD):
        words[place::_WORD] = above
    return words


def _widened_unsigned(data: bytes, size: int) -> memoryview:
    words = memoryview(bytearray(len(data) // size * _WORD))
    for place in range(size):
        words[place::_WORD] = data[place::size]
    return words


def view_of(answer: bytes) -> Any:
    """The memoryview of an answer that is an array of only ints, only floats or only bools; an
    empty array is one of ints. None for all else.
    """
    tag = answer[0]
    if tag == protocol.INTS or tag == protocol.FLOATS:
        return memoryview(answer)[2 * _WORD :].cast("q" if tag == protocol.INTS else "d")
    if tag == protocol.ARRAY and len(answer) == 2 * _WORD:
        return memoryview(b"").cast("q")
    if tag != protocol.MARSHALLED or len(answer) < _LIST_HEAD.size:
        return None
    _, in_bytes, kind, size = _LIST_HEAD.unpack_from(answer)
    if kind != _LIST or in_bytes != _LIST_HEAD.size - 2 * _WORD + size:
        return None
    return view_of_bools(answer[_LIST_HEAD.size : _LIST_HEAD.size + size], size)


def view_of_bools(marshalled: bytes, size: int) -> Any:
    """The memoryview of so many elements of a list, if all are bools."""
    if marshalled.count(_TRUE) + marshalled.count(_FALSE) != size:
        return None
    return memoryview(marshalled.translate(_BOOLS)).cast("?")
