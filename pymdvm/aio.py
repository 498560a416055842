"""Runs that a coroutine awaits: each goes on in a thread, so that the event loop goes on too.

Of one VM one run is begun after the other, in the order in which they were asked for, so a thousand
tasks that wait for it take no threads.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextvars
import inspect
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any
from weakref import WeakKeyDictionary

from mdvm.embedding import protocol
from pymdvm.engines.base import EngineError
from pymdvm.errors import LimitError
from pymdvm.marshal import Value
from pymdvm.run_errors import limit_error
from pymdvm.run_handle import RunHandle
from pymdvm.run_options import Options, RunOptions, run_options

# A wait with a limit is one that the VM takes for no deadlock, see mdvm/system/thread_states.c.
_LONG = 3600.0

# The VMs, or pools, that wait for the coroutine which goes on.
_waiting_for_this: contextvars.ContextVar[tuple[object, ...]] = contextvars.ContextVar(
    "pymdvm_waiting_for_this", default=()
)


class Turns:
    """Who may run programs: at most so many at a time in each event loop.

    runs: those that go on
    """

    def __init__(self, most: int = 1) -> None:
        self.runs: set[_Run] = set()
        self._most = most
        self._gates: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = (
            WeakKeyDictionary()
        )

    @asynccontextmanager
    async def turn(self, timeout: float | None) -> AsyncIterator[None]:
        """Raises LimitError when it does not come in time."""
        if _waiting_for_this.get().count(self) >= self._most:
            raise EngineError(
                "a coroutine that a running program waits for must run programs in another VM"
            )
        gate = self._gates.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(self._most))
        try:
            if timeout is None:
                await gate.acquire()  # wait_for may overlook that the task is cancelled
            else:
                await asyncio.wait_for(gate.acquire(), timeout)
        except (asyncio.TimeoutError, TimeoutError):
            raise limit_error(protocol.TIMEOUT, "", (), 0, timeout) from None
        try:
            yield
        finally:
            gate.release()

    def end_runs(self) -> None:
        """End what runs, and do not wait for the coroutines that it waits for: their event loop may
        be the one that waits for the end.
        """
        for run in tuple(self.runs):
            run.cancel()


async def run_in_thread(
    turns: Turns, work: Callable[[RunOptions], Value], options: Options
) -> Value:
    """Do a piece of work that takes these options, in a thread, once it is its turn. Functions
    among the options may be coroutines. When the task is cancelled the run is ended first.
    """
    run = _Run(turns, options)
    timeout = run.checked.timeout
    async with turns.turn(timeout):
        turns.runs.add(run)
        future = run.begin(work)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            run.cancel()
            while not future.done():
                try:
                    await asyncio.wait({future})
                except asyncio.CancelledError:
                    continue
            future.exception()  # which is seen by that
            raise
        finally:
            turns.runs.discard(run)


class _Handle(RunHandle):
    """One that also ends the wait for a coroutine."""

    __slots__ = ("_stop_waiting",)

    def __init__(self, stop_waiting: Callable[[], None]) -> None:
        super().__init__()
        self._stop_waiting = stop_waiting

    def end(self) -> None:
        super().end()
        self._stop_waiting()


class _Run:
    """One run in a thread of its own.

    checked: its options, which let it be ended
    """

    def __init__(self, turns: Turns, options: Options) -> None:
        self._turns = turns
        self._loop = asyncio.get_running_loop()
        self._handle = _Handle(self._stop_waiting)
        self._awaited: concurrent.futures.Future[Any] | None = None
        given: Any = dict(options)
        outer = given.pop("handle", None)
        functions = given.get("functions")
        if isinstance(functions, Mapping):
            given["functions"] = {
                name: self._awaiting(function) if callable(function) else function
                for name, function in functions.items()
            }
        self.checked = run_options(handle=self._handle, **given)
        if outer is not None:
            if not isinstance(outer, RunHandle):
                raise TypeError(f"handle must be a RunHandle, not {type(outer).__name__}")
            outer.end_too(self._handle)

    def begin(self, work: Callable[[RunOptions], Value]) -> asyncio.Future[Value]:
        future: asyncio.Future[Value] = self._loop.create_future()
        context = contextvars.copy_context()

        def settle(value: Value, error: BaseException | None) -> None:
            if future.cancelled():
                return
            if error is None:
                future.set_result(value)
            else:
                future.set_exception(error)

        def body() -> None:
            value: Value = None
            error: BaseException | None = None
            try:
                value = context.run(work, self.checked)
            except BaseException as raised:
                # A future takes neither of these two.
                is_strange = isinstance(raised, (StopIteration, asyncio.CancelledError))
                error = RuntimeError(repr(raised)) if is_strange else raised
            with suppress(RuntimeError):  # of a loop that is closed: nobody waits any more
                self._loop.call_soon_threadsafe(settle, value, error)

        threading.Thread(target=body, name="pymdvm", daemon=True).start()
        return future

    def cancel(self) -> None:
        """End it, and the coroutine that it waits for."""
        self._handle.end()

    def _stop_waiting(self) -> None:
        awaited = self._awaited
        if awaited is not None:
            awaited.cancel()

    # ________________________________________________________ functions

    def _awaiting(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, for the thread of the run: with what it returns awaited in the loop, if
        that can be.
        """

        def call(*arguments: Any) -> Any:
            result = function(*arguments)
            return self._await(result) if inspect.isawaitable(result) else result

        return call

    def _await(self, awaitable: Any) -> Any:
        async def wait() -> Any:
            _waiting_for_this.set((*_waiting_for_this.get(), self._turns))
            return await awaitable

        future = asyncio.run_coroutine_threadsafe(wait(), self._loop)
        self._awaited = future
        try:
            if self._handle.ended:
                future.cancel()
            while True:
                left = self._seconds_left()
                try:
                    return future.result(min(left, _LONG))
                except (concurrent.futures.TimeoutError, TimeoutError):
                    if future.done():
                        raise  # its own
                    if self._seconds_left() <= 0:
                        future.cancel()
                        # The VM would end the run too, but perhaps not before it goes on.
                        raise self._limit_error(protocol.TIMEOUT) from None
                except concurrent.futures.CancelledError:
                    if self._handle.ended:
                        raise self._limit_error(protocol.ENDED) from None
                    raise
        finally:
            self._awaited = None

    def _limit_error(self, kind: int) -> LimitError:
        return limit_error(kind, "", (), 0, self.checked.timeout)

    def _seconds_left(self) -> float:
        deadline = self.checked.deadline
        if not deadline:
            return _LONG
        return max(0.0, (deadline - time.monotonic_ns()) / 1e9)
