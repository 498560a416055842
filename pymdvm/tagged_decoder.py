"""The bytes that mdvm.embedding.protocol describes to Python values, for `pymdvm.marshal`."""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Callable
from typing import Any, Literal

from mdvm.embedding import protocol
from pymdvm.places import path
from pymdvm.values import URL, Function

_WORD = struct.Struct("<q")
_BOOLS = bytes(byte == protocol.TRUE for byte in range(256))
_NATIVE_ORDER = sys.byteorder == "little"


class TaggedDecoder:
    """Reads a value.  The containers that are being read stand on a stack, each with how many
    elements it still lacks.

    has_views: whether arrays of numbers and bools become memoryviews rather than lists
    """

    def __init__(self, data: bytes, program: object, has_views: bool = False) -> None:
        self.data = data
        self.program = program
        self.has_views = has_views
        self.position = 0
        self.containers: list[list[Any] | dict[Any, Any] | set[Any]] = []
        self.missing: list[int] = []
        self.read_key: list[Callable[[], Any]] = []

    def read(self) -> Any:
        value = self._read_one()
        while self.containers:
            container = self.containers[-1]
            if self.missing[-1] == 0:
                self.containers.pop()
                self.missing.pop()
                self.read_key.pop()
                continue
            self.missing[-1] -= 1
            if isinstance(container, dict):
                key = self.read_key[-1]()
                if key in container:
                    raise self._indistinguishable(key, container, "keys")
                container[key] = self._read_one()
            elif isinstance(container, set):
                member = self._read_one()
                if member in container:
                    raise self._indistinguishable(member, container, "members")
                container.add(member)
            else:
                container.append(self._read_one())
        return value

    def _word(self) -> int:
        word: int = _WORD.unpack_from(self.data, self.position)[0]
        self.position += protocol.WORD
        return word

    def _text(self) -> str:
        size = self._word()
        start = self.position
        self.position = start + size + -size % protocol.WORD
        return self.data[start : start + size].decode("utf-8")

    def _numbers(self, code: Literal["q", "d"]) -> Any:
        count = self._word()
        end = self.position + count * protocol.WORD
        words = memoryview(self.data)[self.position : end]
        self.position = end
        if _NATIVE_ORDER:
            view = words.cast(code)
            return view if self.has_views else view.tolist()
        numbers = array(code, words)
        numbers.byteswap()
        return numbers.tolist()

    def _read_one(self) -> Any:
        """One value; of a container, its empty beginning, which is then on the stack."""
        return _READERS[self._word()](self)

    def _bools(self) -> memoryview | None:
        """An array of only bools, of which each is a word; an empty one is of ints."""
        count = _WORD.unpack_from(self.data, self.position)[0]
        start = self.position + protocol.WORD
        tags = self.data[start : start + count * protocol.WORD : protocol.WORD]
        if tags.count(protocol.FALSE) + tags.count(protocol.TRUE) != count:
            return None
        self.position = start + count * protocol.WORD
        bools: Any = memoryview(tags.translate(_BOOLS))
        view: memoryview = bools.cast("?" if count else "q")
        return view

    def _float(self) -> float:
        number: float = struct.unpack_from("<d", self.data, self.position)[0]
        self.position += protocol.WORD
        return number

    def _begin_list(self) -> Any:
        if self.has_views:
            view = self._bools()
            if view is not None:
                return view
        container: list[Any] = []
        self._begin(container, self._read_one)
        return container

    def _begin_dict(self) -> dict[str, Any]:
        container: dict[str, Any] = {}
        self._begin(container, self._text)
        return container

    def _begin_map(self) -> dict[Any, Any]:
        container: dict[Any, Any] = {}
        self._begin(container, self._read_one)
        return container

    def _begin_set(self) -> set[Any]:
        container: set[Any] = set()
        self._begin(container, self._read_one)
        return container

    def _begin(
        self, container: list[Any] | dict[Any, Any] | set[Any], read_key: Callable[[], Any]
    ) -> None:
        self.missing.append(self._word())
        self.containers.append(container)
        self.read_key.append(read_key)

    def _indistinguishable(
        self, key: object, container: dict[Any, Any] | set[Any], what: str
    ) -> ValueError:
        other = next(known for known in container if known == key)
        text = f"Python cannot tell the {what} {other!r} and {key!r} apart"
        place = path(map(_last_key, self.containers[:-1]))
        return ValueError(f"{text}, at {place}" if place else text)


def _last_key(container: list[Any] | dict[Any, Any] | set[Any]) -> object:
    """That of the container within it which is being read."""
    return len(container) - 1 if isinstance(container, list) else next(reversed(list(container)))


_READERS: dict[int, Callable[[TaggedDecoder], Any]] = {
    protocol.EMPTY: lambda decoder: None,
    protocol.FALSE: lambda decoder: False,
    protocol.TRUE: lambda decoder: True,
    protocol.INT: TaggedDecoder._word,
    protocol.FLOAT: TaggedDecoder._float,
    protocol.STRING: TaggedDecoder._text,
    protocol.URL: lambda decoder: URL(decoder._text()),
    protocol.FUNCTION: lambda decoder: Function(decoder._text(), decoder.program),
    protocol.ARRAY: TaggedDecoder._begin_list,
    protocol.INTS: lambda decoder: decoder._numbers("q"),
    protocol.FLOATS: lambda decoder: decoder._numbers("d"),
    protocol.DICT: TaggedDecoder._begin_dict,
    protocol.MAP: TaggedDecoder._begin_map,
    protocol.SET: TaggedDecoder._begin_set,
}
