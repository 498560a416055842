"""Python values to the VM's and back, as the bytes that mdvm.embedding.protocol describes.

None is Empty; bool, int in 64 bits, float, str, and dict with str keys are what they say; list and
tuple are arrays, which come back as lists. Programs of version 2 have URLs, functions, sets, and
dicts with any scalars as keys too. Nested values are converted without recursion, so their depth
does not matter.
"""

from __future__ import annotations

import marshal
import struct
import sys
from array import array
from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol, Union

from mdvm.embedding import protocol
from mdvm.opcodes import LATEST
from pymdvm.values import URL, Function, programs

Value = Union[None, bool, int, float, str, Function, "list[Any]", "dict[Any, Any]", "set[Any]"]

_WORD = struct.Struct("<q")
_TWO_WORDS = struct.Struct("<qq")
_FLOAT = struct.Struct("<qd")
_pack_two = _TWO_WORDS.pack
_SINGLE = {
    None: _WORD.pack(protocol.EMPTY),
    False: _WORD.pack(protocol.FALSE),
    True: _WORD.pack(protocol.TRUE),
}
_STRING = _WORD.pack(protocol.STRING)
_URL = _WORD.pack(protocol.URL)
_FUNCTION = _WORD.pack(protocol.FUNCTION)
_PADDING = [b"\0" * (-size % protocol.WORD) for size in range(protocol.WORD)]
_NATIVE_ORDER = sys.byteorder == "little"

_TOO_LARGE = "an int outside 64 bits cannot be given to a program"


class Receiver(Protocol):
    """Whom values are for.  version: the one of its file, which says what it knows."""

    @property
    def version(self) -> int: ...


def encode_all(values: Sequence[Any], receiver: Receiver) -> bytes:
    """The bytes of several values, one after the other.

    Raises TypeError for a value of another type and for a dict with other keys, OverflowError for
    an int outside 64 bits, ValueError for a str with surrogates and for a container that contains
    itself.
    """
    if len(values) == 1 and type(values[0]) is int:
        try:
            return _pack_two(protocol.INT, values[0])
        except struct.error:
            raise OverflowError(_TOO_LARGE) from None
    return b"".join(_Encoder(receiver).encode(values)) if values else b""


class _OpenContainer:
    """A container that is being written, or the values themselves: what is left of it, and what
    writes a key, if that is keys and values.

    It is a copy that is iterated over: the caller's may change meanwhile.
    """

    def __init__(
        self,
        original: object,
        items: tuple[Any, ...],
        write_key: Callable[[object], None] | None,
    ) -> None:
        self.original = original
        self.items = iter(items)
        self.write_key = write_key


class _Encoder:
    """Writes values.  The containers that are being written stand on a stack, outermost first."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        self.parts: list[bytes | array[Any]] = []
        self.open: list[_OpenContainer] = []
        self.open_ids: set[int] = set()

    def encode(self, values: Sequence[Any]) -> list[bytes | array[Any]]:
        self._open(values, tuple(values), None)
        while self.open:
            container = self.open[-1]
            for item in container.items:
                if container.write_key is not None:
                    key, item = item
                    container.write_key(key)
                if not self._encode_scalar(item):
                    self._begin(item)
                    break
            else:
                self.open.pop()
                self.open_ids.discard(id(container.original))
        return self.parts

    def _encode_scalar(self, value: Any) -> bool:
        """Write the value unless it is a container."""
        add = self.parts.append
        if value is None or value is True or value is False:
            add(_SINGLE[value])
        elif isinstance(value, int):
            try:
                add(_pack_two(protocol.INT, value))
            except struct.error:
                raise OverflowError(_TOO_LARGE) from None
        elif isinstance(value, float):
            add(_FLOAT.pack(protocol.FLOAT, value))
        elif isinstance(value, str):
            is_url = isinstance(value, URL) and self.receiver.version == LATEST
            add((_URL if is_url else _STRING) + _text(value))
        elif isinstance(value, Function) and self.receiver.version == LATEST:
            add(_FUNCTION + _text(value.name))
        else:
            return False
        return True

    def _begin(self, value: Any) -> None:
        """Begin a container, or write an array of numbers in one go."""
        if isinstance(value, (list, tuple)):
            items: tuple[Any, ...] = tuple(value)
            if self._encode_numbers(items):
                return
            self.parts.append(_pack_two(protocol.ARRAY, len(items)))
            self._open(value, items, None)
        elif isinstance(value, dict):
            items = tuple(value.items())
            if self._has_only_strings(items):
                self.parts.append(_pack_two(protocol.DICT, len(items)))
                self._open(value, items, self._add_string_key)
            else:
                self.parts.append(_pack_two(protocol.MAP, len(items)))
                self._open(value, items, self._add_key)
        elif isinstance(value, (set, frozenset)) and self.receiver.version == LATEST:
            self.parts.append(_pack_two(protocol.SET, len(value)))
            for member in value:
                self._add_key(member)
        else:
            raise TypeError(f"a value of type {type(value).__name__} cannot be given to a program")

    def _has_only_strings(self, items: tuple[Any, ...]) -> bool:
        """Whether a dict is written with keys that every program knows.  Then another key is an
        error.
        """
        return all(type(key) is str for key, _ in items) or self.receiver.version != LATEST

    def _add_string_key(self, key: object) -> None:
        self.parts.append(_key(key))

    def _add_key(self, key: object) -> None:
        """Write a key or a member of a set, which must be a scalar."""
        if isinstance(key, float) and key != key:
            raise ValueError("a NaN cannot be a key or a member of a set in a program")
        if not self._encode_scalar(key):
            raise TypeError(
                f"a value of type {type(key).__name__} cannot be a key or a member of a set in a "
                "program"
            )

    def _open(
        self,
        original: object,
        items: tuple[Any, ...],
        write_key: Callable[[object], None] | None,
    ) -> None:
        if id(original) in self.open_ids:
            raise ValueError(
                f"a {type(original).__name__} that contains itself cannot be given to a program"
            )
        self.open_ids.add(id(original))
        self.open.append(_OpenContainer(original, items, write_key))

    def _encode_numbers(self, value: tuple[Any, ...]) -> bool:
        """Write an array that holds only ints, or only floats; else say False."""
        size = len(value)
        kind = type(value[0]) if size else None
        if kind not in (int, float) or list(map(type, value)).count(kind) != size:
            return False
        try:
            numbers = array("q" if kind is int else "d", value)
        except OverflowError:
            raise OverflowError(_TOO_LARGE) from None
        if not _NATIVE_ORDER:
            numbers.byteswap()
        self.parts += (_pack_two(protocol.INTS if kind is int else protocol.FLOATS, size), numbers)
        return True


def _text(value: str) -> bytes:
    try:
        data = value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(
            f"a str with the surrogate U+{ord(value[error.start]):04X} cannot be given to a program"
        ) from None
    return _WORD.pack(len(data)) + data + _PADDING[len(data) % protocol.WORD]


def _key(key: object) -> bytes:
    if not isinstance(key, str):
        raise TypeError(
            f"a dict with a key of type {type(key).__name__} cannot be given to a program"
        )
    return _text(key)


def decode(data: bytes, program: int = protocol.NO_PROGRAM) -> Value:
    """The value that the bytes, all of them, stand for.  program: the handle of the one that
    functions belong to.
    """
    tag = data[0]
    if tag == protocol.INT:
        number: int = _TWO_WORDS.unpack_from(data)[1]
        return number
    if tag == protocol.MARSHALLED:
        value: Value = marshal.loads(memoryview(data)[2 * protocol.WORD :])
        return value
    return _Decoder(data, program).read()


class _Decoder:
    """Reads a value.  The containers that are being read stand on a stack, each with how many
    elements it still lacks.
    """

    def __init__(self, data: bytes, program: int) -> None:
        self.data = data
        self.program = program
        self.position = 0
        self.containers: list[list[Any] | dict[Any, Any] | set[Any]] = []
        self.missing: list[int] = []
        self.read_key: list[Callable[[], Any]] = []

    def read(self) -> Value:
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
                    raise _indistinguishable(key, container, "keys")
                container[key] = self._read_one()
            elif isinstance(container, set):
                member = self._read_one()
                if member in container:
                    raise _indistinguishable(member, container, "members")
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
        self.position = start + size + len(_PADDING[size % protocol.WORD])
        return self.data[start : start + size].decode("utf-8")

    def _numbers(self, code: Literal["q", "d"]) -> list[Any]:
        count = self._word()
        end = self.position + count * protocol.WORD
        words = memoryview(self.data)[self.position : end]
        self.position = end
        if _NATIVE_ORDER:
            return words.cast(code).tolist()
        numbers = array(code, words)
        numbers.byteswap()
        return numbers.tolist()

    def _read_one(self) -> Value:
        """One value; of a container, its empty beginning, which is then on the stack."""
        return _READERS[self._word()](self)

    def _float(self) -> float:
        number: float = struct.unpack_from("<d", self.data, self.position)[0]
        self.position += protocol.WORD
        return number

    def _begin_list(self) -> list[Any]:
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


def _indistinguishable(key: object, container: dict[Any, Any] | set[Any], what: str) -> ValueError:
    other = next(known for known in container if known == key)
    return ValueError(f"Python cannot tell the {what} {other!r} and {key!r} apart")


_READERS: dict[int, Callable[[_Decoder], Value]] = {
    protocol.EMPTY: lambda decoder: None,
    protocol.FALSE: lambda decoder: False,
    protocol.TRUE: lambda decoder: True,
    protocol.INT: _Decoder._word,
    protocol.FLOAT: _Decoder._float,
    protocol.STRING: _Decoder._text,
    protocol.URL: lambda decoder: URL(decoder._text()),
    protocol.FUNCTION: lambda decoder: Function(decoder._text(), programs.get(decoder.program)),
    protocol.ARRAY: _Decoder._begin_list,
    protocol.INTS: lambda decoder: decoder._numbers("q"),
    protocol.FLOATS: lambda decoder: decoder._numbers("d"),
    protocol.DICT: _Decoder._begin_dict,
    protocol.MAP: _Decoder._begin_map,
    protocol.SET: _Decoder._begin_set,
}
