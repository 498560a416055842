"""Where the output of a program goes: a sink, which an engine gives pieces of text."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from typing import Protocol, Union

# What a sink answers: whether it wants every line as soon as it is there.
IN_PIECES = 0
BY_LINE = 1

_GIVEN_UP = -1  # of Engine.write_output


class TextStream(Protocol):
    """What print() writes to."""

    def write(self, text: str, /) -> object:
        """Take a text."""


Destination = Union[TextStream, Callable[[str], object]]
Sink = Callable[[Union[bytes, memoryview]], int]


def check_destination(stdout: object) -> None:
    """Raise TypeError unless this can be the stdout of a program."""
    if not callable(getattr(stdout, "write", None)) and not callable(stdout):
        raise TypeError(f"stdout must be a text stream or a callable, not {type(stdout).__name__}")


def sink_of(stdout: Destination) -> Sink:
    """The sink that writes to a text stream, or gives a callable every line with its end."""
    write = getattr(stdout, "write", None)
    if write is None:
        assert callable(stdout)
        write, answer = stdout, BY_LINE
    else:
        isatty = getattr(stdout, "isatty", None)
        answer = BY_LINE if callable(isatty) and isatty() else IN_PIECES

    def take(data: bytes | memoryview) -> int:
        write(str(data, "utf-8"))
        return answer

    return take


def to_descriptor_1(data: bytes | memoryview) -> int:
    """The sink that writes to the process's standard output, after what Python has written
    there.
    """
    _flush_python()
    view = memoryview(data)
    while view:
        view = view[os.write(1, view) :]
    return _wanted_by_descriptor_1()


def complete_to_descriptor_1(write_output: Callable[[int], int]) -> int:
    """The same with an engine's own write_output, which completes a line that has been begun
    whatever a signal's handler raises.  Raises OSError.
    """
    _flush_python()
    while True:
        problem = write_output(1)
        if problem in (0, _GIVEN_UP):
            return _wanted_by_descriptor_1()
        if problem != errno.EINTR:
            raise OSError(problem, os.strerror(problem))


def _flush_python() -> None:
    stream = sys.stdout
    if stream is not None:
        stream.flush()


def _wanted_by_descriptor_1() -> int:
    return BY_LINE if os.isatty(1) else IN_PIECES
