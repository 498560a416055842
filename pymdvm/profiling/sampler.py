"""Profiles by sampling: while a program runs, a thread asks at equal intervals where it is.

The engine notes the answer, see mdvm.debugging.profiler: the calls that are going on and the
instruction that is being executed. Both engines can do this, and on the native one compiled loops
and inlined calls answer too. A profiled program runs slower than usual, because it looks after
every instruction whether a sample is due.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from mdvm.embedding import protocol
from pymdvm.errors import LimitError, RunError
from pymdvm.program import Program
from pymdvm.run_options import run_options
from pymdvm.sessions import engine_name, session
from pymdvm.sinks import Destination

DEFAULT_INTERVAL = 0.001


@dataclass(frozen=True)
class Profile:
    """The samples of one run.

    stacks: from a stack to how many samples found it: the indices of the calls that were going on,
        outermost first, and of the instruction that was being executed
    interval: float, the seconds between two requests
    engine: str, its name
    stopped: bool, whether the run was ended because its time was over
    error: RunError or None, how the program failed
    copies: from an instruction to how many containers, and how many elements of these, it copied
        because they were shared: counted, not sampled
    """

    stacks: dict[tuple[int, ...], int]
    interval: float
    engine: str
    stopped: bool
    error: RunError | None
    copies: dict[int, tuple[int, int]]

    @property
    def samples(self) -> int:
        """How many samples there are."""
        return sum(self.stacks.values())


def profile(
    program: Program,
    *,
    interval: float = DEFAULT_INTERVAL,
    seconds: float | None = None,
    stdout: Destination | None = None,
) -> Profile:
    """Run the program from its start and take samples.

    interval: seconds between samples. seconds: when to end the run, None for never; that is no
    error. stdout: as in Program.run. Raises what Program.run raises, but RunError.
    """
    options = run_options(stdout, timeout=seconds, mode=protocol.PROFILE)
    error: RunError | None = None
    stopped = False
    with _requests(interval):
        try:
            program.run_with(options)
        except LimitError:
            stopped = True
        except RunError as failure:
            error = failure
    return Profile(
        _stacks(program.samples), interval, engine_name(), stopped, error, program.copies
    )


@contextmanager
def _requests(interval: float) -> Iterator[None]:
    """Meanwhile a thread asks for samples."""
    finished = threading.Event()
    engine = session().engine

    def ask() -> None:
        while not finished.wait(interval):
            engine.request_sample()

    thread = threading.Thread(target=ask, name="mdvm-sampler", daemon=True)
    switch_interval = sys.getswitchinterval()
    # so that the Python engine lets the thread in as often
    sys.setswitchinterval(min(switch_interval, interval / 4))
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join()
        sys.setswitchinterval(switch_interval)


def _stacks(samples: Sequence[int]) -> dict[tuple[int, ...], int]:
    """The samples as mdvm.debugging.profiler has them, counted."""
    counts: Counter[tuple[int, ...]] = Counter()
    position = 0
    while position < len(samples):
        end = position + 1 + samples[position]
        counts[tuple(samples[position + 1 : end])] += 1
        position = end
    return dict(counts)
