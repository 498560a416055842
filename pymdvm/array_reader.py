"""The value of an answer that is mdvm.embedding.protocol.MARSHALLED, with memoryviews in the place
of its arrays of numbers and bools, however deep they are.

Python's own marshal knows lists only. What the VM writes is some of what that reads:
mdvm/embedding/marshalled_writer.py has the tags.
"""

from __future__ import annotations

import marshal
import re
import struct
from array import array
from typing import Any

from pymdvm.buffers import view_of_bools, widened

_EMPTY, _FALSE, _TRUE, _INT, _LONG, _FLOAT, _TEXT, _LIST, _DICT, _END, _REFERENCE = b"NFTilgu[{0r"
_SHARED_TEXT = 0x80 | _TEXT
_SINGLE = {_EMPTY: None, _FALSE: False, _TRUE: True}
_INT_SIZE, _FLOAT_SIZE = 5, 9  # with their tags
_int32 = struct.Struct("<i").unpack_from
_float = struct.Struct("<d").unpack_from
_LIST_OF = struct.Struct("<Bi").pack
_MAY_HAVE_ARRAY = re.compile(rb"\[(?:....[FTilg]|\0\0\0\0)", re.DOTALL)


def may_have_array(answer: bytes) -> bool:
    """Whether it is worth the time of `ArrayReader`, which is many times that of marshal."""
    return _MAY_HAVE_ARRAY.search(answer) is not None


class _Open:
    """A container that is being read.

    missing: how many elements it lacks, -1 for a dict; key: that of the value which comes next
    """

    __slots__ = ("key", "made", "missing")

    def __init__(self, made: list[Any] | dict[str, Any], missing: int) -> None:
        self.made = made
        self.missing = missing
        self.key = ""


class ArrayReader:
    """Reads one value.  Its containers stand on a stack, outermost first."""

    def __init__(self, data: bytes, position: int) -> None:
        self._data = data
        self._position = position
        self._shared: list[str] = []
        self._open: list[_Open] = []

    def read(self) -> Any:
        value = self._begin()
        while self._open:
            container = self._open[-1]
            if container.missing < 0:
                is_over = not self._read_key(container)
            else:
                is_over = container.missing == 0
                container.missing -= 1
            if is_over:
                self._open.pop()
            elif isinstance(container.made, dict):
                key = container.key
                container.made[key] = self._begin()
            else:
                container.made.append(self._begin())
        return value

    def _read_key(self, container: _Open) -> bool:
        """False at the end of a dict."""
        tag = self._tag()
        if tag == _END:
            return False
        if tag == _REFERENCE:
            container.key = self._shared[self._int()]
            return True
        container.key = self._text()
        if tag == _SHARED_TEXT:
            self._shared.append(container.key)
        return True

    def _begin(self) -> Any:
        """The next value; of a container its empty beginning, which is then on the stack."""
        tag = self._tag()
        if tag in _SINGLE:
            return _SINGLE[tag]
        if tag == _TEXT:
            return self._text()
        if tag == _INT:
            return self._int()
        if tag == _FLOAT:
            self._position += _FLOAT_SIZE - 1
            return _float(self._data, self._position - _FLOAT_SIZE + 1)[0]
        if tag == _LONG:
            start = self._position - 1
            self._skip_long()
            return marshal.loads(self._data[start : self._position])
        made: list[Any] | dict[str, Any] = {}
        size = -1
        if tag == _LIST:
            size = self._int()
            view = self._array(size)
            if view is not None:
                return view
            made = []
        self._open.append(_Open(made, size))
        return made

    def _tag(self) -> int:
        tag = self._data[self._position]
        self._position += 1
        return tag

    def _int(self) -> int:
        number: int = _int32(self._data, self._position)[0]
        self._position += _INT_SIZE - 1
        return number

    def _text(self) -> str:
        start = self._position + 4
        self._position = start + _int32(self._data, self._position)[0]
        return self._data[start : self._position].decode("utf-8")

    def _skip_long(self) -> None:
        """What it has are digits of two bytes."""
        self._position += 4 + 2 * abs(_int32(self._data, self._position)[0])

    # ________________________________________________________ arrays

    def _array(self, size: int) -> memoryview | None:
        """The array of so many elements that is next, if it has only numbers of one kind or only
        bools.
        """
        if size == 0:
            return memoryview(b"").cast("q")
        tag = self._data[self._position]
        view: Any = None
        if tag == _FLOAT:
            view = self._floats(size)
        elif tag in (_INT, _LONG):
            view = self._ints(size)
            if view is None:
                view = self._wide_ints(size)
        elif tag in (_TRUE, _FALSE):
            view = view_of_bools(self._data[self._position : self._position + size], size)
            if view is not None:
                self._position += size
        made: memoryview | None = view
        return made

    def _elements(self, tag: int, size: int, each: int) -> bytearray | None:
        """The bytes of so many elements without their tags, if all have this one; each: the bytes
        of one with its tag.
        """
        end = self._position + size * each
        elements = self._data[self._position : end]
        if len(elements) != size * each or elements[::each].count(tag) != size:
            return None
        self._position = end
        width = each - 1
        made = bytearray(width * size)
        for place in range(width):
            made[place::width] = elements[1 + place :: each]
        return made

    def _floats(self, size: int) -> Any:
        words = self._elements(_FLOAT, size, _FLOAT_SIZE)
        return None if words is None else memoryview(words).toreadonly().cast("d")

    def _ints(self, size: int) -> Any:
        halves = self._elements(_INT, size, _INT_SIZE)
        if halves is None:
            return None
        return memoryview(widened(bytes(halves), 4)).toreadonly().cast("q")

    def _wide_ints(self, size: int) -> Any:
        """Where some are beyond 32 bits each is an object for a while."""
        start = self._position
        for _ in range(size):
            tag = self._tag()
            if tag == _INT:
                self._position += _INT_SIZE - 1
            elif tag == _LONG:
                self._skip_long()
            else:
                self._position = start
                return None
        listed = _LIST_OF(_LIST, size) + self._data[start : self._position]
        return memoryview(array("q", marshal.loads(listed)).tobytes()).cast("q")
