"""The engine without a built library: the VM's own sources, run by this Python."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from mdvm import compat, guest
from pymdvm.engine import PYTHON
from pymdvm.sinks import Sink

# A guest call takes five Python calls.  Before Python 3.11 each of those takes some of the C stack, which is small.
_RECURSION_LIMIT = 60000 if sys.version_info >= (3, 11) else 8000


class _VmSink:
    """The sink as mdvm.guest.BufferedOutput wants it."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def take(self, text: str) -> int:
        return self._sink(_to_bytes(text))


class PythonEngine:
    """See pymdvm.engine.Engine."""

    name = PYTHON

    def __init__(self) -> None:
        self._host = guest.Host()

    def start(self, sink: Sink) -> None:
        self._host.start(_VmSink(sink))

    def request(self, what: int, number: int, data: bytes) -> int:
        result: int = self._host.request(what, number, _to_text(data))
        return result

    def run(self, program: int, function: int, arguments: bytes, size: int, count: int, variant: int, /) -> int:
        with _deep_recursion():
            try:
                status: int = self._host.run(program, function, _to_text(arguments), count, variant)
            except KeyboardInterrupt:
                self._host.output.flush()
                raise
        return status

    def answer(self) -> bytes:
        return _to_bytes(self._host.answer)

    def interrupt(self) -> None:
        compat.untranslated_interruption.requested = True

    def end_interruption(self) -> None:
        compat.untranslated_interruption.requested = False

    def request_sample(self) -> None:
        compat.untranslated_sample_request.requested = True


@contextmanager
def _deep_recursion() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _RECURSION_LIMIT))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _to_text(data: bytes) -> str:
    """As the VM has bytes untranslated: a str with one byte a character."""
    return data.decode("latin-1")


def _to_bytes(text: str) -> bytes:
    return text.encode("latin-1")
