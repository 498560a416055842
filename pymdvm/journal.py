"""Journals: what the functions of the host have given to one run of a program, so that the run can
be made again, and gone on with, later and elsewhere.

A program is deterministic but for these functions. So the same run comes to the same place when it
gets the same results once more.
"""

from __future__ import annotations

import hashlib
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from pymdvm.errors import Error
from pymdvm.marshal import encode_result, encode_tagged
from pymdvm.sinks import BY_LINE, Sink
from pymdvm.tagged_decoder import TaggedDecoder

_MAGIC = b"MDVMJRNL"
_VERSION = 1
# The version; the hashes of the program and of what was called; how much was printed; how many
# calls there are.
_HEAD = struct.Struct("<I32s32sQI")
_SIZE = struct.Struct("<I")
_MOST_SHOWN = 60  # characters of an argument in a message


class JournalError(Error):
    """A journal is damaged, or a run is not the one that the journal is of."""


class _Call(NamedTuple):
    """A call that has come back, with values as protocol.py has them."""

    name: str
    arguments: bytes
    result: bytes


class Journal:
    """The calls of one run. Given to a run (`journal=`), it records each call of a function and its
    result, and answers those that it has recorded before without calling anything: so a run that
    has not come to its end goes on where it was.

    calls: int, how many it has
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._program = b""
        self._called = b""
        self._calls: list[_Call] = []
        self._next = 0
        self._printed = 0

    @property
    def calls(self) -> int:
        """How many calls it has recorded."""
        return len(self._calls)

    @property
    def is_replaying(self) -> bool:
        """Whether there are recorded calls that the run has not come to."""
        return self._next < len(self._calls)

    def __repr__(self) -> str:
        return f"<pymdvm.Journal: {self.calls} calls>"

    def __reduce__(self) -> tuple[Callable[[bytes], Journal], tuple[bytes]]:
        return Journal.from_bytes, (self.to_bytes(),)

    # ________________________________________________________ as bytes

    def to_bytes(self) -> bytes:
        """All of it, for a file or a database.  The same calls give the same bytes."""
        calls = list(self._calls)
        head = _HEAD.pack(_VERSION, self._program, self._called, self._printed, len(calls))
        parts = [_MAGIC, head]
        for call in calls:
            for part in (call.name.encode("utf-8"), call.arguments, call.result):
                parts += (_SIZE.pack(len(part)), part)
        data = b"".join(parts)
        return data + _SIZE.pack(zlib.crc32(data))

    @classmethod
    def from_bytes(cls, data: bytes) -> Journal:
        """The journal of these bytes.  Raises JournalError if they are damaged or of a version that
        is not known here.
        """
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f"a journal is made of bytes, not {type(data).__name__}")
        data = bytes(data)
        if not data.startswith(_MAGIC):
            raise JournalError("these bytes are no journal")
        try:
            return cls._read(data)
        except (struct.error, UnicodeDecodeError):
            raise JournalError("the journal is damaged") from None

    @classmethod
    def _read(cls, data: bytes) -> Journal:
        (version,) = _SIZE.unpack_from(data, len(_MAGIC))
        if version != _VERSION:
            raise JournalError(
                f"the journal has version {version} of the format, and {_VERSION} is known here"
            )
        end = len(data) - _SIZE.size
        if end < 0 or _SIZE.unpack_from(data, end)[0] != zlib.crc32(data[:end]):
            raise JournalError("the journal is damaged")
        journal = cls()
        _, journal._program, journal._called, journal._printed, count = _HEAD.unpack_from(
            data, len(_MAGIC)
        )
        parts = _parts(data, len(_MAGIC) + _HEAD.size, end)
        for _ in range(count):
            name, arguments, result = (next(parts, b"") for _ in range(3))
            journal._calls.append(_Call(name.decode("utf-8"), arguments, result))
        return journal

    # ________________________________________________________ a run

    @contextmanager
    def used(self, program: bytes, function: int, arguments: bytes, sink: Sink) -> Iterator[Sink]:
        """Begin a run with this journal, of the program of these bytes; a run that goes on is in
        use of it. Gives the sink that does not print what has been printed before.

        Raises JournalError when it is not the same run.
        """
        if not self._lock.acquire(blocking=False):
            raise JournalError("the journal is in use by another run")
        try:
            program_hash = hashlib.sha256(program).digest()
            called = hashlib.sha256(struct.pack("<q", function) + arguments).digest()
            if not self._program:
                self._program, self._called = program_hash, called
            if self._program != program_hash:
                raise JournalError("the journal is of another program")
            if self._called != called:
                raise JournalError("the journal is of another function or other arguments")
            self._next = 0
            yield self._after_what_was_printed(sink)
            if self.is_replaying:
                raise JournalError(
                    f"the run has ended after {self._next} calls, of which its journal has "
                    f"{self.calls}"
                )
        finally:
            self._lock.release()

    def call(
        self, name: str, arguments: list[Any], function: Callable[..., Any], receiver: Any
    ) -> bytes:
        """The result of a call, as protocol.py has it: the recorded one, or that of the
        function, which is recorded then.
        """
        given = encode_tagged(arguments, receiver)
        number = self._next
        if self.is_replaying:
            recorded = self._calls[number]
            if (recorded.name, recorded.arguments) != (name, given):
                raise JournalError(
                    f"call {number + 1} of the run was {_described(recorded)}, and is "
                    f"{_described(_Call(name, given, b''))} now"
                )
            self._next += 1
            return recorded.result
        result = encode_result(function(*arguments), name, receiver, encode_tagged)
        self._calls.append(_Call(name, given, result))
        self._next += 1
        return result

    def _after_what_was_printed(self, sink: Sink) -> Sink:
        """The sink without what an earlier run of this journal has printed."""
        position = 0

        def take(data: bytes | memoryview) -> int:
            nonlocal position
            start = position
            position += len(data)
            if position <= self._printed:
                return BY_LINE
            answer = sink(data[max(0, self._printed - start) :])
            self._printed = position
            return answer

        return take


def _parts(data: bytes, start: int, end: int) -> Iterator[bytes]:
    while start < end:
        (size,) = _SIZE.unpack_from(data, start)
        start += _SIZE.size + size
        yield data[start - size : start]


def _described(call: _Call) -> str:
    """As Python would write it.  The arguments stand one after the other."""
    shown = []
    for value in decode_several(call.arguments):
        text = repr(value)
        shown.append(text if len(text) <= _MOST_SHOWN else text[:_MOST_SHOWN] + "...")
    return f"{call.name}({', '.join(shown)})"


def decode_several(data: bytes) -> list[Any]:
    """The values that encode_tagged has written."""
    decoder = TaggedDecoder(data, None)
    values = []
    while decoder.position < len(data):
        values.append(decoder.read())
    return values
