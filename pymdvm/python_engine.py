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
    """The sink as mdvm.guest.Output wants it."""

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

    def load(self, data: bytes) -> int:
        handle: int = self._host.load(_to_text(data))
        return handle

    def load_file(self, path: bytes) -> int:
        handle: int = self._host.load_file(_to_text(path))
        return handle

    def drop(self, program: int) -> None:
        self._host.drop(program)

    def set_limits(self, max_instructions: int, max_depth: int) -> None:
        self._host.set_limits(max_instructions, max_depth)

    def set_jit(self, parameters: str) -> bool:
        return bool(self._host.set_jit(parameters))

    def run(self, program: int, function: int, arguments: bytes, count: int, variant: int) -> int:
        with _deep_recursion():
            try:
                status: int = self._host.run(program, function, _to_text(arguments), count, variant)
            except KeyboardInterrupt:
                self._host.output.flush()
                raise
        return status

    def answer(self) -> bytes:
        return _to_bytes(self._host.answer)

    def ask(self, program: int, question: int) -> None:
        self._host.ask(program, question)

    def interrupt(self) -> None:
        compat.untranslated_interruption.requested = True

    def end_interruption(self) -> None:
        compat.untranslated_interruption.requested = False


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
