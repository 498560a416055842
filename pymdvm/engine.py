"""What runs programs: the interface of the two engines, which one is chosen, and the rules that hold for both.

The VM can do one thing at a time.  A Session lets one thread in after another and refuses calls that come out of a program's
own output; while one thread is in, the others go on with Python.
"""

from __future__ import annotations

import os
import threading
import warnings
from threading import get_ident
from typing import Protocol

from mdvm import protocol
from pymdvm.errors import LimitError, LoadError, RunError, StackEntry
from pymdvm.handles import Handle, Handles
from pymdvm.options import DEFAULT, NO_LIMIT, RunOptions
from pymdvm.sinks import REFUSED, Sink
from pymdvm.values import Value, decode

NATIVE = "native"
PYTHON = "python"
CHOICE = "PYMDVM_ENGINE"


class EngineError(Exception):
    """The chosen engine is not to be had, or cannot go on."""


class Engine(Protocol):
    """A VM in this process.  A program is named by its handle.  Calls must not overlap, but for `interrupt`."""

    name: str

    def start(self, sink: Sink) -> None:
        """Begin to work for this process.  sink: takes the output of every program."""

    def request(self, what: int, number: int, data: bytes) -> int:
        """Anything but running a program; what, mdvm.protocol lists."""

    def run(self, program: int, function: int, arguments: bytes, size: int, count: int, variant: int, /) -> int:
        """Run to the end.  The status, as mdvm.protocol has it.

        arguments: bytes, size of them, less than MOST_BYTES, that stand for count values.  variant: bits of mdvm.protocol.
        """

    def answer(self) -> bytes:
        """The answer of the last call that has left one."""

    def interrupt(self) -> None:
        """End the run that is going on, which gives INTERRUPTED.  May be called at any time from any thread."""

    def end_interruption(self) -> None:
        """Let runs be run again."""

    def request_sample(self) -> None:
        """Have a run with PROFILE note where it is.  May be called at any time from any thread."""


class Session:
    """The engine of this process and who may use it now."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._lock = threading.Lock()
        self._owner = 0
        self._handles = Handles()
        self._ended_handles = self._handles.ended
        self._sink: Sink = DEFAULT.sink
        self._output_error: BaseException | None = None
        self._jit = DEFAULT.jit
        self._unusable = ""
        self._run_engine = engine.run
        engine.start(self._take_output)
        os.register_at_fork(after_in_child=self._after_fork)

    # ________________________________________________________ who may use it

    def _check_owner(self) -> int:
        """The thread that calls.  Raises EngineError if it is inside already, which would wait for itself."""
        me = get_ident()
        if self._owner == me:
            raise EngineError("the output of a running program must not be used to run or look at programs")
        return me

    def _catch_up(self) -> None:
        """What has to be done before anything else, by the thread inside."""
        if self._unusable:
            raise EngineError(self._unusable)
        self._handles.look_again()
        while (program := self._handles.take_ended(protocol.NO_PROGRAM)) != protocol.NO_PROGRAM:
            self.engine.request(protocol.DROP, program, b"")

    def _request(self, what: int, number: int, wants_answer: bool = False) -> tuple[int, bytes]:
        """What the engine says to a request; its answer too if that is wanted."""
        me = self._check_owner()
        # The lock's own context manager: an interrupt cannot come between locking and noting that it is locked.
        with self._lock:
            self._owner = me
            try:
                self._catch_up()
                result = self.engine.request(what, number, b"")
                return result, self.engine.answer() if wants_answer else b""
            finally:
                self._owner = 0

    def _after_fork(self) -> None:
        """A fork copies the VM.  The copy works unless another thread, which the child does not have, was inside."""
        if self._lock.locked() and self._owner != get_ident():
            self._unusable = "this process was forked while another thread ran a program: it cannot run programs itself"
            self._lock = threading.Lock()

    # ________________________________________________________ programs

    def load(self, data: bytes) -> Handle:
        """A new program, which is there as long as its handle.  Raises LoadError."""
        return self._load(protocol.LOAD, data)

    def load_file(self, path: bytes) -> Handle:
        """The same from a path."""
        return self._load(protocol.LOAD_FILE, path)

    def _load(self, what: int, data: bytes) -> Handle:
        me = self._check_owner()
        with self._lock:
            self._owner = me
            try:
                # One of those that have ended goes in the same call.
                dropped = self._handles.take_ended(protocol.NO_PROGRAM)
                if self._ended_handles or self._unusable:
                    self._catch_up()
                program = self.engine.request(what, dropped, data)
                if program >= 0:
                    return self._handles.new(program)
                raise LoadError(str(decode(self.engine.answer())))
            finally:
                self._owner = 0

    def executed(self, program: int) -> int:
        """How many instructions those runs of a program have executed that counted them."""
        return self._request(protocol.EXECUTED, program)[0]

    def ask(self, program: int, question: int) -> bytes:
        """The answer to a question of mdvm.protocol."""
        return self._request(protocol.ASK + question, program, wants_answer=True)[1]

    # ________________________________________________________ running

    def run(self, program: int, function: int, arguments: bytes, count: int, options: RunOptions) -> Value:
        """The value that a run ends with; None too when there is none.  Raises RunError, and whatever the output raises."""
        me = self._check_owner()
        with self._lock:
            self._owner = me
            try:
                if self._ended_handles or self._unusable:
                    self._catch_up()
                self._sink = options.sink
                if options.has_limits or options.jit != self._jit:
                    self._prepare(options)
                if options.timeout is None:
                    status = self._run_engine(program, function, arguments, len(arguments), count, options.variant)
                else:
                    status = self._run_timed(options.timeout, program, function, arguments, count, options.variant)
                if status == protocol.NO_VALUE:
                    return None
                if status == protocol.VALUE:
                    return decode(self.engine.answer())
                raise self._error(status, options)
            finally:
                self._owner = 0

    def _prepare(self, options: RunOptions) -> None:
        if options.has_limits:
            self.engine.request(protocol.SET_MAX_INSTRUCTIONS, options.max_instructions, b"")
            self.engine.request(protocol.SET_MAX_DEPTH, options.max_depth, b"")
        if options.jit != self._jit:
            self._jit = DEFAULT.jit
            self._set_jit(DEFAULT.jit)
            if not self._set_jit(options.jit):
                raise ValueError(f"jit={options.jit!r} is not a list of NAME=VALUE that the JIT knows")
            self._jit = options.jit

    def _set_jit(self, parameters: str) -> bool:
        return self.engine.request(protocol.SET_JIT, 0, parameters.encode()) == 1

    def _run_timed(self, timeout: float, program: int, function: int, arguments: bytes, count: int, variant: int) -> int:
        ending = threading.Lock()
        has_ended = False

        def interrupt() -> None:
            with ending:
                if not has_ended:
                    self.engine.interrupt()

        timer = threading.Timer(timeout, interrupt)
        timer.daemon = True
        timer.start()
        try:
            return self._run_engine(program, function, arguments, len(arguments), count, variant)
        finally:
            timer.cancel()
            with ending:
                has_ended = True
                self.engine.end_interruption()

    def _error(self, status: int, options: RunOptions) -> BaseException:
        """The exception that tells of a run that has failed."""
        if status == protocol.OUTPUT_FAILED:
            error, self._output_error = self._output_error, None
            assert error is not None
            return error
        answer = decode(self.engine.answer())
        if status == protocol.FAILED:
            return EngineError(str(answer))
        assert isinstance(answer, list)
        text, omitted = answer[:protocol.FIRST_FRAME]
        frames = answer[protocol.FIRST_FRAME:]
        stack = tuple([StackEntry(*frame) for frame in zip(frames[::2], frames[1::2])])
        if status == protocol.RUN_ERROR:
            return RunError(text, stack, omitted)
        if status == protocol.INTERRUPTED:
            if options.timeout is None:
                return KeyboardInterrupt()
            text = f"Timeout: {options.timeout:g} s"
        return LimitError(text, stack, omitted)

    def _take_output(self, data: bytes) -> int:
        try:
            return self._sink(data)
        except BaseException as error:
            self._output_error = error
            return REFUSED


_session: Session | None = None
_session_lock = threading.Lock()


def session() -> Session:
    """The session of this process, begun at the first call.

    The environment variable PYMDVM_ENGINE chooses the engine: `native`, the built library, or `python`, the same VM
    untranslated.  Without it that is the library where there is one.  Raises EngineError.
    """
    global _session
    if _session is None:
        with _session_lock:
            if _session is None:
                _session = Session(_make_engine())
    return _session


def engine_name() -> str:
    """`native` or `python`, the engine that runs programs in this process."""
    return session().engine.name


def _make_engine() -> Engine:
    choice = os.environ.get(CHOICE, "")
    if choice not in ("", NATIVE, PYTHON):
        raise EngineError(f"{CHOICE} must be `{NATIVE}` or `{PYTHON}`, not {choice!r}")
    if choice != PYTHON:
        from pymdvm.native_engine import NativeEngine, find_library

        library = find_library()
        if library is not None:
            return NativeEngine(library)
        if choice == NATIVE:
            raise EngineError(f"{CHOICE} is `{NATIVE}`, but there is no libmdvm here")
        warnings.warn("there is no libmdvm here: programs run on the VM untranslated, which is very slow", RuntimeWarning, stacklevel=4)
    from pymdvm.python_engine import PythonEngine

    return PythonEngine()


__all__ = ["NATIVE", "NO_LIMIT", "PYTHON", "Engine", "EngineError", "Session", "engine_name", "session"]
