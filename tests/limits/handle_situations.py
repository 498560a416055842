"""What a program may be amid when its handle is ended, beside its instructions: each function here
brings it there, ends the handle and tells how long it took.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pymdvm
from tests.limits.limits import Outcome, load

ENDLESS = "LOAD_CONST r0, 1\nagain: ADD r1, r0, r0\nJUMP again\n"
PRINTING = "LOAD_CONST r0, 1\nagain: DEBUG_PRINT r0\nJUMP again\n"


def _outcome(run: Callable[[pymdvm.RunHandle], object], end_after: float | None) -> Outcome:
    """What run(handle) ends with, and how long after the handle was ended; None: ended before."""
    handle = pymdvm.RunHandle()
    ended_at = [time.perf_counter()]

    def end() -> None:
        ended_at[0] = time.perf_counter()
        handle.end()

    timer = threading.Timer(end_after or 0.0, end)
    if end_after is None:
        end()
    else:
        timer.start()
    error = ""
    try:
        run(handle)
    except pymdvm.RunError as caught:
        error = f"{type(caught).__name__}: {caught}"
        assert isinstance(caught, pymdvm.LimitError) and caught.kind == "ended"
    late = time.perf_counter() - ended_at[0]
    if end_after is not None:
        timer.join()
    return Outcome(error, late)


def before_the_run() -> Outcome:
    return _outcome(lambda handle: load(ENDLESS).run(handle=handle), None)


def before_a_call_of_an_uncompiled_function() -> Outcome:
    program = load(".func f\n" + ENDLESS)
    return _outcome(lambda handle: program.call("f", 3, handle=handle), None)


def while_it_waits_for_the_vm() -> Outcome:
    """Another thread is in the VM, and stays there."""
    other = pymdvm.RunHandle()
    waiting = load(ENDLESS)

    def occupy() -> None:
        with suppress(pymdvm.LimitError):
            load(ENDLESS).run(handle=other, timeout=60)

    thread = threading.Thread(target=occupy)
    thread.start()
    time.sleep(0.1)
    try:
        return _outcome(lambda handle: waiting.run(handle=handle), 0.2)
    finally:
        other.end()
        thread.join()


def by_what_takes_the_output() -> Outcome:
    handle = pymdvm.RunHandle()
    ended_at: list[float] = []

    def take(text: str) -> None:
        if not ended_at:
            ended_at.append(time.perf_counter())
            handle.end()

    try:
        load(PRINTING).run(stdout=take, handle=handle, timeout=60)
    except pymdvm.LimitError as error:
        return Outcome(f"LimitError: {error}", time.perf_counter() - ended_at[0])
    return Outcome("", 0.0)


def while_the_output_is_taken() -> Outcome:
    """What takes it is not interrupted; the program goes no further."""
    return _outcome(
        lambda handle: load(PRINTING).run(stdout=lambda text: time.sleep(0.01), handle=handle), 0.2
    )


def from_four_threads_at_once() -> Outcome:
    def run(handle: pymdvm.RunHandle) -> None:
        threads = [threading.Timer(0.2, handle.end) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            load(ENDLESS).run(handle=handle)
        finally:
            for thread in threads:
                thread.join()

    return _outcome(run, 0.2)


def under_a_timeout_and_all_other_limits() -> Outcome:
    return _outcome(
        lambda handle: load(ENDLESS).run(
            handle=handle,
            timeout=60,
            max_memory=1 << 20,
            max_output=10,
            max_depth=3,
            max_instructions=10**15,
        ),
        0.2,
    )


SITUATIONS = [
    before_the_run,
    before_a_call_of_an_uncompiled_function,
    while_it_waits_for_the_vm,
    by_what_takes_the_output,
    while_the_output_is_taken,
    from_four_threads_at_once,
    under_a_timeout_and_all_other_limits,
]
