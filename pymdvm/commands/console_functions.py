"""The host functions that `mdvm run` gives a program, as mdvm-c does: a way to a person, the clock
and chance.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from typing import Any

from pymdvm.errors import RunError


def console_functions() -> dict[str, Callable[..., Any]]:
    """By their names."""
    return {"ask": _ask, "now": time.time, "random": _random}


def _ask(question: object = "") -> str | None:
    """Prints the question and reads a line; None at the end of the input."""
    stream = sys.stdout.buffer
    stream.write(_text(question).encode("utf-8"))
    stream.flush()
    line = sys.stdin.buffer.readline()
    if not line:
        return None
    return line.decode("utf-8", "replace").rstrip("\n").rstrip("\r")


def _text(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _random(first: int | None = None, last: int | None = None) -> float | int:
    """A number from 0 to below 1, or a whole number from the first to the last."""
    if first is None:
        return random.random()
    if last is None:
        raise RunError("Wrong number of arguments: random takes 0 or 2, not 1")
    if first > last:
        raise RunError(f'Invalid operation: random on type "{first}"')
    return random.randint(first, last)
