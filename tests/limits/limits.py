"""Running an escape under one limit, and how late that limit fires.

The bar: within 50 ms or 5 % of the limit, whichever is more. `measure.py` holds every program to
it; the tests, which must pass on a busy machine too, allow more and try again.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import dataclass
from typing import Any

import pymdvm
from pymdvm.assembler import assemble
from pymdvm.bytecode import write
from tests.limits.escapes import Escape

BAR_SECONDS = 0.05
BAR_PART = 0.05


def bar(limit: float) -> float:
    """How late a limit of so many seconds may fire, in seconds."""
    return max(BAR_SECONDS, BAR_PART * limit)


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    error: "" without one
    late: seconds from the moment when it was to end, negative if it ended before
    worked: by how many seconds of a processor it went beyond the limit; on a busy machine, where a
        process waits for its turn, that is less than it was late
    """

    error: str
    late: float
    worked: float = 0.0


def load(source: str) -> pymdvm.Program:
    return pymdvm.loads(write(assemble(source)))


def run(escape: Escape, program: pymdvm.Program, **limits: float | int) -> None:
    """Runs it to its end.  What it prints is given away."""
    options: dict[str, Any] = {"stdout": lambda text: None, **limits}
    if escape.function:
        arguments = escape.arguments() if escape.arguments else []
        program.call(escape.function, *arguments, **options)
    else:
        program.run(**options)


def _timed(escape: Escape, program: pymdvm.Program, limit: float, **limits: float | int) -> Outcome:
    began, worked = time.perf_counter(), time.process_time()
    error = ""
    try:
        run(escape, program, **limits)
    except (pymdvm.RunError, KeyboardInterrupt) as caught:
        error = f"{type(caught).__name__}: {caught}"
        del caught
    late, worked = time.perf_counter() - began - limit, time.process_time() - worked - limit
    return Outcome(error, late, worked)


def with_timeout(escape: Escape, program: pymdvm.Program, limit: float) -> Outcome:
    return _timed(escape, program, limit, timeout=limit)


def with_interrupt(escape: Escape, program: pymdvm.Program, limit: float) -> Outcome:
    """SIGINT to this process after so many seconds.  To be called in the main thread."""
    timer = threading.Timer(limit, os.kill, (os.getpid(), signal.SIGINT))
    timer.daemon = True
    timer.start()
    try:
        outcome = _timed(escape, program, limit)
        # it has ended before; the signal is still to come
        if not outcome.error.startswith("KeyboardInterrupt"):
            timer.cancel()
            timer.join()
        return outcome
    except KeyboardInterrupt:
        return Outcome("KeyboardInterrupt: after the run", 0.0)


def with_instructions(escape: Escape, program: pymdvm.Program) -> Outcome:
    """late: how long it took in all, since instructions are not seconds."""
    return _timed(escape, program, 0.0, max_instructions=escape.instructions)
