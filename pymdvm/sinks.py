"""Where the output of a program goes: a sink, which an engine gives pieces of text."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Protocol, Union

# What a sink answers: whether it wants every line as soon as it is there.
IN_PIECES = 0
BY_LINE = 1


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
    stream = sys.stdout
    if stream is not None:
        stream.flush()
    view = memoryview(data)
    while view:
        view = view[os.write(1, view) :]
    return BY_LINE if os.isatty(1) else IN_PIECES
