"""The engine without a built library: the VM's own sources, run by this Python."""

from __future__ import annotations

import os
import sys
import threading
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident

from mdvm.embedding import host, host_calls, protocol
from mdvm.system import interruption
from mdvm.system.output import Output
from pymdvm.engines.base import PYTHON
from pymdvm.engines.thread_waits import StuckThread
from pymdvm.sinks import BY_LINE, Sink, to_descriptor_1
from pymdvm.vm_text import bytes_from_vm, bytes_to_vm

# A guest call takes five Python calls. Before Python 3.11 each of those takes some of the C stack,
# which is small.
_RECURSION_LIMIT = 60000 if sys.version_info >= (3, 11) else 8000

_BUFFER_SIZE = 65536
_OLD = 0.04  # seconds after which output is not kept any longer
_SLICE = 0.02  # seconds that a thread waits before it lets the handlers of signals run


class _BufferedOutput(Output):
    """Passes output on to a sink: by line or in pieces, as the sink wants it, and before it is old.
    What the sink raises is kept.
    """

    def __init__(self) -> None:
        Output.__init__(self)
        self.begin(to_descriptor_1)

    def begin(self, sink: Sink) -> None:
        """Forget what has not been passed on."""
        self._sink = sink
        self._parts: list[str] = []
        self._size = 0
        self._began = 0.0
        self._by_line = BY_LINE
        self.error: BaseException | None = None

    def put(self, text: str) -> None:
        if not self._parts:
            self._began = time.monotonic()
        self._parts.append(text)
        self._size += len(text)
        if self._size >= _BUFFER_SIZE or (self._by_line and text.endswith("\n")):
            self.flush()

    def flush_if_old(self) -> None:
        if self._parts and time.monotonic() - self._began > _OLD:
            self.flush()

    def flush(self) -> None:
        """Raises OutputRefused when the sink has raised something."""
        if self._parts:
            data = bytes_from_vm("".join(self._parts))
            self._parts = []
            self._size = 0
            try:
                self._by_line = self._sink(data)
            except BaseException as error:
                self.error = error
                raise host_calls.OutputRefused from None


class _Use:
    """Which thread is in the VM: all copies of this package share it.

    owner: a thread, 0 for none
    native_owner: its native id
    is_held: whether it stays there between calls
    is_running: whether it runs a program
    is_with_host: whether that waits for a function of the embedding process
    refused: how many calls of that thread have been refused, and not left yet
    """

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Nobody is."""
        # The handler of a signal may come between its acquisition and what is noted of that.
        self.lock = threading.RLock()
        self.owner = 0
        self.native_owner = 0
        self.is_held = False
        self.is_running = False
        self.is_with_host = False
        self.refused = 0
        self.stuck = StuckThread()


def _shared_use() -> _Use:
    """The one that belongs to the modules of the VM, which may outlive an import of this package
    anew.
    """
    use: _Use = vars(interruption).setdefault("untranslated_use", _Use())
    return use


class PythonEngine:
    """See pymdvm.engines.base.Engine.  Nothing pauses here: output goes to the sink, and handlers
    of signals run amid the VM.
    """

    name = PYTHON

    def __init__(self) -> None:
        self.sink: Sink | None = to_descriptor_1
        self.host: Callable[[bytes], bytes] | None = _no_host
        self._host = host.Host()
        self._output = _BufferedOutput()
        self._use = _shared_use()

    def start(self) -> None:
        self._host.start(self._output)
        os.register_at_fork(after_in_child=self._after_fork)

    def _after_fork(self) -> None:
        if self._use.owner != get_ident():
            self._use.begin()
            interruption.untranslated_interruption.reason = None

    # ________________________________________________________ the thread in the VM

    def _enter(self, deadline: float, ended: array[int] | None, belongs: int) -> int:
        """0, or why this thread is not in the VM now.  belongs: whether the call belongs to what
        has begun with `hold`.
        """
        me = get_ident()
        use = self._use
        if use.owner == me:
            if use.is_with_host if use.is_running else use.is_held and belongs:
                return 0
            use.refused += 1
            return protocol.NESTED
        if not use.lock.acquire(timeout=_SLICE):
            if ended is not None and ended[0]:
                return protocol.ENDED_WAITING
            if deadline and time.monotonic() > deadline:
                return protocol.TIMED_OUT
            return protocol.STUCK if use.stuck.is_stuck(use.native_owner) else protocol.WAITING
        use.owner = me
        use.native_owner = threading.get_native_id()
        return 0

    def hold(self, seconds: int, nanoseconds: int, ended: array[int] | None, /) -> int:
        status = self._enter(seconds + nanoseconds / 1e9, ended, False)
        if status == 0 and not self._use.is_running:
            self._use.is_held = True
        return status

    def leave(self) -> None:
        use = self._use
        if use.owner != get_ident():
            return
        if use.refused:
            use.refused -= 1
        elif not use.is_running:
            use.is_held = False
            use.owner = 0
            use.lock.release()

    # ________________________________________________________ calls

    def request(self, what: int, number: int, data: bytes, /) -> int:
        was_inside = self._use.owner == get_ident()
        result: int = self._enter(0.0, None, what & protocol.HELD)
        if result == 0:
            what &= ~protocol.HELD
            result = self._host.request(what, number, bytes_to_vm(data))
            if not was_inside and result >= 0 and what < protocol.ASK:
                self.leave()
        return result

    def run(
        self, program: int, function: int, arguments: bytes, size: int, count: int, mode: int, /
    ) -> int:
        return self.run_limited(program, function, arguments, size, count, mode, 0, 0, None)

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
        deadline = seconds + nanoseconds / 1e9
        status = self._enter(deadline, ended, mode & protocol.HELD)
        if status:
            return status
        mode &= ~protocol.HELD
        outer = _OuterRun(self._output, self._use)

        def why_to_end() -> int:
            self._output.flush_if_old()
            if ended is not None and ended[0]:
                return protocol.ENDED
            if deadline and time.monotonic() > deadline:
                return protocol.TIMEOUT
            return 0 if outer.reason is None else outer.reason()

        assert self.sink is not None and self.host is not None
        self._output.begin(self.sink)
        self._use.is_running = True
        self._use.is_with_host = False
        interruption.untranslated_interruption.reason = why_to_end
        host_calls.untranslated_host.call = self._caller_of(self.host)
        try:
            with _deep_recursion():
                try:
                    status = self._host.run(program, function, bytes_to_vm(arguments), count, mode)
                finally:
                    if self._output.error is None:
                        self._output.flush()
        except host_calls.OutputRefused:
            pass
        finally:
            error = self._output.error
            outer.go_on()
        if error is not None:
            raise error
        return status

    def _caller_of(self, function: Callable[[bytes], bytes]) -> Callable[[str], str]:
        """What the VM calls a function of the embedding process by."""

        def call(data: str) -> str:
            self._output.flush()
            self._use.is_with_host = True
            try:
                return bytes_to_vm(function(bytes_from_vm(data)))
            except BaseException as error:
                self._output.error = error
                raise host_calls.OutputRefused from None
            finally:
                self._use.is_with_host = False

        return call

    def level(self) -> int:
        raise AssertionError("nothing has paused")

    def give_result(self, level: int, result: bytes, /) -> int:
        raise AssertionError("nothing has paused")

    def resume(self, by_line: int, /) -> int:
        raise AssertionError("nothing has paused")

    def output(self) -> bytes:
        raise AssertionError("nothing has paused")

    seen_output = output

    def write_output(self, descriptor: int, /) -> int:
        raise AssertionError("nothing has paused")

    def answer(self) -> bytes:
        return bytes_from_vm(self._host.answer)

    def end(self, ended: array[int], /) -> None:
        ended[0] = 1

    def close(self) -> int:
        raise AssertionError("there is one such VM in a process")

    def addresses(self) -> None:
        return None

    def request_sample(self) -> None:
        interruption.untranslated_sample_request.requested = interruption.WANTED_SAMPLE


class _OuterRun:
    """What belongs to a run and is not the VM's, of the one that the next run is within."""

    def __init__(self, output: _BufferedOutput, use: _Use) -> None:
        self._output = output
        self._use = use
        self._attributes = dict(vars(output))
        self._is_running = use.is_running
        self._is_with_host = use.is_with_host
        self.reason = interruption.untranslated_interruption.reason
        self._call = host_calls.untranslated_host.call

    def go_on(self) -> None:
        vars(self._output).update(self._attributes)
        self._use.is_running = self._is_running
        self._use.is_with_host = self._is_with_host
        interruption.untranslated_interruption.reason = self.reason
        host_calls.untranslated_host.call = self._call


def _no_host(call: bytes) -> bytes:
    raise AssertionError("no functions were given")


@contextmanager
def _deep_recursion() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _RECURSION_LIMIT))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
