"""Python values to the bytes that mdvm.embedding.protocol describes, for `pymdvm.marshal`: all
types that a program can be given, and the errors of all others.

Nested values are converted without recursion, so their depth does not matter.
"""

from __future__ import annotations

import operator
import struct
import sys
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from mdvm.embedding import protocol
from mdvm.opcodes import LATEST
from pymdvm.buffers import Part, parts_of_array
from pymdvm.lent_arrays import lent_parts
from pymdvm.places import path
from pymdvm.values import URL, Function

_WORD = struct.Struct("<q")
_FLOAT = struct.Struct("<qd")
_pack_two = struct.Struct("<qq").pack
SINGLE = {
    None: _WORD.pack(protocol.EMPTY),
    False: _WORD.pack(protocol.FALSE),
    True: _WORD.pack(protocol.TRUE),
}
_STRING = _WORD.pack(protocol.STRING)
_URL = _WORD.pack(protocol.URL)
_FUNCTION = _WORD.pack(protocol.FUNCTION)
PADDING = [b"\0" * (-size % protocol.WORD) for size in range(protocol.WORD)]
_UNKNOWN_TO_VIEWS = frozenset(["e", *(">" + code for code in "bBhHiIlLqQefd")])
_NATIVE_ORDER = sys.byteorder == "little"

TOO_LARGE = "an int outside 64 bits cannot be given to a program"


class Receiver(Protocol):
    """Whom values are for.  version: the one of its file, which says what it knows."""

    @property
    def version(self) -> int: ...


class _OpenContainer:
    """A container that is being written, or the values themselves: what is left of it, and what
    writes a key, if that is keys and values. key: the index or key that comes now.

    It is a copy that is iterated over: the caller's may change meanwhile.
    """

    def __init__(
        self,
        original: object,
        items: Iterator[tuple[Any, Any]],
        write_key: Callable[[object], None] | None,
    ) -> None:
        self.original = original
        self.items = items
        self.write_key = write_key
        self.key: object = None


class TaggedEncoder:
    """Writes values.  The containers that are being written stand on a stack, outermost first.

    may_lend: whether large arrays of the buffer protocol are told of rather than written; views:
    those that are
    """

    def __init__(self, receiver: Receiver, may_lend: bool = False) -> None:
        self.receiver = receiver
        self.may_lend = may_lend
        self.views: list[memoryview[Any]] = []
        self.parts: list[Part] = []
        self.open: list[_OpenContainer] = []
        self.open_ids: set[int] = set()

    def encode(self, values: Sequence[Any]) -> list[Part]:
        try:
            self._encode(values)
        except (TypeError, ValueError, OverflowError) as error:
            place = self._place(len(values))
            if not place or type(error) not in (TypeError, ValueError, OverflowError):
                raise
            raise type(error)(f"{error}, {place}") from None
        return self.parts

    def _encode(self, values: Sequence[Any]) -> None:
        self._open(values, enumerate(tuple(values)), None)
        while self.open:
            container = self.open[-1]
            for key, item in container.items:
                container.key = key
                if container.write_key is not None:
                    container.write_key(key)
                if not self._encode_scalar(item):
                    self._begin(item)
                    break
            else:
                self.open.pop()
                self.open_ids.discard(id(container.original))

    def _place(self, count: int) -> str:
        """Where the value stands that is being written: "" for the only one, by itself."""
        if not self.open:
            return ""
        number = self.open[0].key
        place = path(container.key for container in self.open[1:])
        if count == 1:
            return f"at {place}" if place else ""
        assert isinstance(number, int)
        return f"at {place} of value {number + 1}" if place else f"value {number + 1}"

    def _encode_scalar(self, value: Any) -> bool:
        """Write the value unless it is a container, or to be converted."""
        add = self.parts.append
        if value is None or value is True or value is False:
            add(SINGLE[value])
        elif isinstance(value, int):
            try:
                add(_pack_two(protocol.INT, value))
            except struct.error:
                raise OverflowError(TOO_LARGE) from None
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
            self._open(value, enumerate(items), None)
        elif isinstance(value, dict):
            items = tuple(value.items())
            if self._has_only_strings(items):
                self.parts.append(_pack_two(protocol.DICT, len(items)))
                self._open(value, iter(items), self._add_string_key)
            else:
                self.parts.append(_pack_two(protocol.MAP, len(items)))
                self._open(value, iter(items), self._add_key)
        elif isinstance(value, (set, frozenset)) and self.receiver.version == LATEST:
            self.parts.append(_pack_two(protocol.SET, len(value)))
            for member in value:
                self._add_key(member)
        else:
            self._convert(value)

    def _convert(self, value: Any) -> None:
        """Write what stands for a value of another type."""
        if isinstance(value, (set, frozenset, bytes, bytearray)) or _is_time_of_numpy(value):
            raise _not_for_programs(value)
        fields = getattr(type(value), "__dataclass_fields__", None)
        if fields is not None:
            import dataclasses

            names = [field.name for field in dataclasses.fields(value)]
            items = [(name, getattr(value, name)) for name in names]
            self.parts.append(_pack_two(protocol.DICT, len(items)))
            self._open(value, iter(items), self._add_string_key)
            return
        try:
            view = memoryview(value)
        except TypeError:
            pass
        except (BufferError, ValueError) as error:
            raise TypeError(f"{_not_for_programs(value)}: {error}") from None
        else:
            self._encode_buffer(value, view)
            return
        try:
            number = operator.index(value)
        except TypeError:
            raise _not_for_programs(value) from None
        self._encode_scalar(number)

    def _encode_buffer(self, value: Any, view: memoryview) -> None:
        """Write an array of numbers or bools that is not Python's, or one such number."""
        lent = lent_parts(view) if self.may_lend else None
        if lent is not None:
            self.views.append(view)
            self.parts += lent
            return
        parts = parts_of_array(view)
        if parts is not None:
            self.parts += parts
            return
        try:
            # Python's own views know the first of these since 3.12, the others never.
            is_unknown = view.ndim == 0 and view.format in _UNKNOWN_TO_VIEWS
            items: Any = struct.unpack(view.format, view)[0] if is_unknown else view.tolist()
        except NotImplementedError:
            raise TypeError(
                f"{_not_for_programs(value)}: it has elements of the format {view.format!r}"
            ) from None
        if not self._encode_scalar(items):
            self._begin(items)

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
        items: Iterator[tuple[Any, Any]],
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
            self._open(value, iter(()), None)
            self.open[-1].key = index_of_too_large(value)
            raise OverflowError(TOO_LARGE) from None
        if not _NATIVE_ORDER:
            numbers.byteswap()
        self.parts += (_pack_two(protocol.INTS if kind is int else protocol.FLOATS, size), numbers)
        return True


def index_of_too_large(values: Sequence[int]) -> int:
    """The index of the first int outside 64 bits."""
    return next(index for index, value in enumerate(values) if not -(2**63) <= value < 2**63)


def _is_time_of_numpy(value: object) -> bool:
    """Whether it is a date or a duration: of one by itself the buffer is one of bytes."""
    return getattr(getattr(value, "dtype", None), "kind", None) in ("M", "m")


def _not_for_programs(value: object) -> TypeError:
    return TypeError(f"a value of type {type(value).__name__} cannot be given to a program")


def _text(value: str) -> bytes:
    try:
        data = value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(
            f"a str with the surrogate U+{ord(value[error.start]):04X} cannot be given to a program"
        ) from None
    return _WORD.pack(len(data)) + data + PADDING[len(data) % protocol.WORD]


def _key(key: object) -> bytes:
    if not isinstance(key, str):
        raise TypeError(
            f"a dict with a key of type {type(key).__name__} cannot be given to a program"
        )
    return _text(key)
