"""Running an escape under one limit, and how late that limit fires.

The bar: within 50 ms or 5 % of the limit, whichever is more; of memory, within 5 % and what a run
takes beside its values. `measure.py` holds every program to
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


def run(escape: Escape, program: pymdvm.Program, **limits: Any) -> None:
    """Runs it to its end.  What it prints is given away."""
    options: dict[str, Any] = {"stdout": lambda text: None, **limits}
    if escape.function:
        arguments = escape.arguments() if escape.arguments else []
        program.call(escape.function, *arguments, **options)
    else:
        program.run(**options)


def _timed(escape: Escape, program: pymdvm.Program, limit: float, **limits: Any) -> Outcome:
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


def with_handle(escape: Escape, program: pymdvm.Program, limit: float) -> Outcome:
    """Its handle ended by another thread after so many seconds."""
    handle = pymdvm.RunHandle()
    timer = threading.Timer(limit, handle.end)
    timer.daemon = True
    timer.start()
    outcome = _timed(escape, program, limit, handle=handle)
    timer.cancel()
    timer.join()
    return outcome


def with_instructions(escape: Escape, program: pymdvm.Program) -> Outcome:
    """late: how long it took in all, since instructions are not seconds."""
    return _timed(escape, program, 0.0, max_instructions=escape.instructions)


MIB = 1 << 20
# The nursery, compiled code and the stack, which are no values: they do not count.
BESIDE_VALUES = 24 * MIB


@dataclass(frozen=True)
class MemoryOutcome:
    """How a run under max_memory ended. peak: bytes, the most that the process had resident beyond
    what it had before.
    """

    error: str
    peak: int


def most_memory(limit: int) -> int:
    """What a process may have resident of a run that may hold `limit` bytes."""
    return int(limit * (1 + BAR_PART)) + BESIDE_VALUES


def with_memory(escape: Escape, program: pymdvm.Program, limit: int) -> MemoryOutcome:
    """max_memory.  To be called in a process that has nothing else to do."""
    before = _status("VmRSS")
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # forgets the peak
    outcome = _timed(escape, program, 0.0, max_memory=limit)
    return MemoryOutcome(outcome.error, _status("VmHWM") - before)


def _status(name: str) -> int:
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name + ":"))


@dataclass(frozen=True)
class OutputOutcome:
    """How a run under max_output ended. printed: bytes that arrived; whole: whether the last
    line of them is; took: seconds.
    """

    error: str
    printed: int
    whole: bool
    took: float


def with_output(escape: Escape, program: pymdvm.Program, limit: int) -> OutputOutcome:
    """max_output."""
    pieces: list[str] = []
    outcome = _timed(escape, program, 0.0, max_output=limit, stdout=pieces.append)
    printed = "".join(pieces)
    return OutputOutcome(
        outcome.error,
        len(printed.encode()),
        printed == "" or printed.endswith("\n"),
        outcome.late,
    )
