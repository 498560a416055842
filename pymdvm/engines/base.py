"""The interface of the engines that run programs."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Protocol

from mdvm.embedding import protocol
from pymdvm.sinks import Sink

NATIVE = "native"
PYTHON = "python"
CHOICE = "PYMDVM_ENGINE"

MOST_BYTES = 2**31 - 1  # of arguments: what a C int can hold


class EngineError(Exception):
    """The chosen engine is not to be had, or cannot go on."""


# Why a call has not begun, or does not go on.
REFUSALS = {
    protocol.NESTED: "the output of a running program must not be used to run or look at programs, "
    "nor the handler of a signal or a finalizer that comes amid it",
    protocol.CROSSED: "a function that a program has called must come back before one that the "
    "program called earlier",
    protocol.STUCK: "the output of a running program waits for another thread, which must not "
    "run or look at programs then",
    protocol.LOST: "this process was forked while another thread was amid the VM: it cannot run "
    "programs itself",
    protocol.UNWATCHED: "no thread can be started that watches over the limits of a run",
    protocol.CLOSED: "this VM is closed",
}


class Engine(Protocol):
    """A VM in this process.  A program is named by its handle.

    A number from protocol.OUTPUT downwards, as the result of a request or a run, tells that it is
    not over, or has not begun.
    """

    name: str

    # Takes the output, where that does not pause a run.  None in an engine whose runs pause for it.
    sink: Sink | None

    def start(self) -> None:
        """Begin to work for this process."""

    def request(self, what: int, number: int, data: bytes, /) -> int:
        """Anything but running a program; what, mdvm.embedding.protocol lists."""

    def hold(self, seconds: int, nanoseconds: int, ended: array[int] | None, /) -> int:
        """Be in the VM from now on, to `leave`.  0, or why not.  The arguments are those of
        `run_limited`.
        """

    def run(
        self, program: int, function: int, arguments: bytes, size: int, count: int, mode: int, /
    ) -> int:
        """Run to the end.  The status, as mdvm.embedding.protocol has it.

        arguments: bytes, size of them, at most MOST_BYTES, that stand for count values. mode:
        bits of mdvm.embedding.protocol.
        """

    def run_limited(
        self,
        program: int,
        function: int,
        arguments: bytes,
        size: int,
        count: int,
        mode: int,
        seconds: int,
        nanoseconds: int,
        ended: array[int] | None,
        /,
    ) -> int:
        """The same with a deadline of time.monotonic, 0 and 0 for none, and a flag that ends the
        run, see `end`.
        """

    def resume(self, by_line: int, /) -> int:
        """Go on with the call that has paused.  by_line: whether output is wanted line by line.
        As `run`.
        """

    # Takes calls of functions that were given for a run, where they do not pause it: gets the bytes
    # of protocol.HOST_CALL and gives those of the result.  None in an engine whose runs pause.
    host: Callable[[bytes], bytes] | None

    def level(self) -> int:
        """How many calls that have paused for a function the current one is within."""

    def give_result(self, level: int, result: bytes, /) -> int:
        """Go on with the call that has paused at that level, with the result of the function.  As
        `run`.
        """

    def output(self) -> bytes:
        """What a call has paused for with protocol.OUTPUT or protocol.HOST_CALL."""

    def seen_output(self) -> bytes | memoryview:
        """The same, to be looked at until the call goes on: what is long is not copied."""

    def write_output(self, descriptor: int, /) -> int:
        """Write that.  0, or errno: EINTR if it is to be called again; -1 if the run is to end and
        nobody reads.
        """

    def answer(self) -> bytes:
        """The answer of the last call that has left one."""

    def leave(self) -> object:
        """Let other threads in.  What has paused is ended."""

    def end(self, ended: array[int], /) -> None:
        """Set the flag, and end a run that goes on with it.  May be called at any time from any
        thread.
        """

    def close(self) -> int:
        """End what runs, and give back all memory: every call is protocol.CLOSED from then on.  0,
        NESTED, or WAITING if it is to be called again.
        """

    def addresses(self) -> tuple[int, ...] | None:
        """Those of mdvm_run, mdvm_leave, mdvm_answer, mdvm_give_result, mdvm_output and mdvm_level,
        see mdvm/embedding/embedding.h; None of an engine that is not the library.
        """

    def request_sample(self) -> object:
        """Have a run with PROFILE note where it is.  May be called at any time from any thread."""
