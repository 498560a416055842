"""The exceptions that tell of runs that have failed."""

from __future__ import annotations

from typing import Any

from mdvm.embedding import protocol
from mdvm.errors import OUT_OF_MEMORY
from pymdvm.engines.base import EngineError
from pymdvm.errors import LIMITS, LimitError, RunError, StackEntry

_ENDED_BY_HANDLE = "Ended by its handle"


def run_error(
    status: int, answer: Any, timeout: float | None, has_memory_of_its_own: bool
) -> Exception:
    """That of a run which ended with the status and the answer.  timeout: its limit of time.
    has_memory_of_its_own: see pymdvm.session.Session.
    """
    if status == protocol.FAILED:
        return EngineError(str(answer))
    text, omitted, kind = answer[: protocol.FIRST_FRAME]
    frames = answer[protocol.FIRST_FRAME :]
    stack = tuple([StackEntry(*frame) for frame in zip(frames[::2], frames[1::2])])
    if status == protocol.LIMIT_ERROR:
        return limit_error(kind, text, stack, omitted, timeout)
    return memory_error(text, stack, omitted, timeout, has_memory_of_its_own)


def memory_error(
    text: str,
    stack: tuple[StackEntry, ...],
    omitted: int,
    timeout: float | None,
    has_memory_of_its_own: bool,
) -> RunError:
    """A RunError, which is a LimitError if it is one of memory and the VM has a limit of that."""
    if has_memory_of_its_own and text == OUT_OF_MEMORY:
        return limit_error(protocol.MEMORY, text, stack, omitted, timeout)
    return RunError(text, stack, omitted)


def limit_error(
    kind: int, text: str, stack: tuple[StackEntry, ...], omitted: int, timeout: float | None
) -> LimitError:
    """kind: of mdvm.embedding.protocol."""
    if kind == protocol.TIMEOUT:
        text = "Timeout"
        if timeout is not None:
            text += f": {timeout:g} s"
    elif kind == protocol.ENDED:
        text = _ENDED_BY_HANDLE
    return LimitError(text, stack, omitted, LIMITS[kind])
