"""A VM and how it is used: the rules that hold for every engine.

A VM can do one thing at a time. The engine lets one thread in after another; while one is in, the
others go on with Python. A call of the engine that has something to say before it is over pauses:
with output to be taken, or to let the handlers of signals run, which they do as anywhere in Python.
So whatever these raise is raised here, and the run that has paused is ended.

What begins with `_hold` says so to the engine with each further call, protocol.HELD. A handler or a
finalizer that runs between two calls, or before an answer is read, and wants something of the VM
too, is refused.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from mdvm.embedding import protocol
from pymdvm.amid_calls import is_amid_call
from pymdvm.cached import cached_property
from pymdvm.engines.base import MOST_BYTES, REFUSALS, Engine, EngineError
from pymdvm.engines.callers import entry, serve_calls, set_plain
from pymdvm.engines.running import add_engine
from pymdvm.errors import LoadError
from pymdvm.handles import Handle, Handles
from pymdvm.lent_arrays import Lent
from pymdvm.marshal import Value, decode, encode_all, encode_tagged
from pymdvm.run_errors import limit_error, memory_error
from pymdvm.run_options import DEFAULT, RunOptions
from pymdvm.run_results import result_of
from pymdvm.sinks import complete_to_descriptor_1, to_descriptor_1

if TYPE_CHECKING:
    from pymdvm.aio import Turns

_NANOSECONDS = 10**9


class Session:
    """An engine and how it is used.

    has_memory_of_its_own: whether a limit of memory holds for all its programs together
    programs: the pymdvm.Program or pymdvm.Instance of each handle, for as long as it is there
    entry: how it is called fast, see pymdvm.engines.callers
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.has_memory_of_its_own = False
        self.programs: WeakValueDictionary[int, Any] = WeakValueDictionary()
        self._handles = Handles()
        self._ended_handles = self._handles.ended
        self._jit = DEFAULT.jit
        engine.start()
        add_engine(engine)
        self._run_engine = engine.run
        self.entry = entry(engine.addresses(), self._ended_handles, engine.run)
        self._run_limited = engine.run_limited
        self._resume = engine.resume
        self._leave: Callable[[], object] = engine.leave
        self._calls_back = engine.sink is not None
        if not self._request(protocol.MAY_COMPILE, 0)[0]:
            warnings.warn(
                "this system gives no memory for compiled code: programs are interpreted",
                RuntimeWarning,
                stacklevel=5,
            )

    # ________________________________________________________ requests

    def _ask_engine(self, what: int, number: int, data: bytes = b"") -> int:
        """What the engine says to a request.  To be followed by `leave` if that leaves an answer,
        and when it raises.
        """
        result = self.engine.request(what, number, data)
        while result <= protocol.OUTPUT:
            result = (
                self._resume(0)
                if self._has_paused(result)
                else self.engine.request(what, number, data)
            )
        return result

    def _has_paused(self, status: int) -> bool:
        """Whether a call is to go on; else it is to be made again.  The handlers of signals run
        meanwhile.  Raises EngineError.
        """
        if status == protocol.POLL:
            return True
        if status == protocol.NESTED and not is_amid_call():
            self._leave()  # this call
            self._leave()  # one that is over, and was interrupted before it could
            return False
        if status == protocol.WAITING:
            # A thread that Python's end has stopped never leaves the VM.
            if sys.is_finalizing():
                raise EngineError("Python ends while another thread runs a program")
            return False
        raise EngineError(REFUSALS.get(status, f"the engine has answered {status}"))

    def _request(
        self, what: int, number: int, wants_answer: bool = False, options: RunOptions = DEFAULT
    ) -> tuple[int, bytes]:
        """What the engine says to a request; its answer too if that is wanted.  It waits no longer
        than the options let it.
        """
        try:
            if self._ended_handles or options.is_watched:
                self._hold(options)
                self._catch_up()
                what |= protocol.HELD
            result = self._ask_engine(what, number)
            return result, self.engine.answer() if wants_answer else b""
        finally:
            self._leave()

    def _catch_up(self) -> None:
        """Have programs dropped that nobody has any more.  To be called in the VM, see `_hold`."""
        self._handles.look_again()
        while (program := self._handles.take_ended(protocol.NO_PROGRAM)) != protocol.NO_PROGRAM:
            self._ask_engine(protocol.DROP | protocol.HELD, program)

    # ________________________________________________________ programs

    def load(self, data: bytes) -> Handle:
        """A new program, which is there as long as its handle.  Raises LoadError."""
        return self._load(protocol.LOAD, data)

    def load_file(self, path: bytes) -> Handle:
        """The same from a path."""
        return self._load(protocol.LOAD_FILE, path)

    def _load(self, what: int, data: bytes) -> Handle:
        try:
            dropped = protocol.NO_PROGRAM
            if self._ended_handles:
                # One of those that have ended goes in the same call.
                self._hold(DEFAULT)
                what |= protocol.HELD
                dropped = self._handles.take_ended(protocol.NO_PROGRAM)
                if self._ended_handles:
                    self._catch_up()
            program = self._ask_engine(what, dropped, data)
            if program >= 0:
                return self._handles.new(program)
            raise LoadError(str(decode(self.engine.answer())))
        finally:
            self._leave()

    def new_instance(self, program: int) -> Handle:
        """A new instance of a program, which is there as long as its handle, and can be run as
        that.
        """
        return self._handles.new(self._request(protocol.NEW_INSTANCE, program)[0])

    def set_global(self, instance: int, name: str, value: object) -> bool:
        """Set a global variable.  Whether there is one of that name."""
        receiver = self.programs[instance]
        result = self._send(
            protocol.SET_GLOBAL,
            instance,
            encode_all([name], receiver) + encode_all([value], receiver),
        )
        if result == protocol.REFUSED:
            data = encode_tagged([name, value], receiver)
            result = self._send(protocol.SET_GLOBAL, instance, data)
        return result == 1

    def globals_of(self, instance: int, name: str = "") -> dict[str, Any]:
        """The global variables of an instance, or only the one of that name, if there is one."""
        try:
            self._ask_engine(protocol.ASK + protocol.GLOBALS, instance, name.encode("utf-8"))
            answer: Any = decode(self.engine.answer(), self.programs[instance])
            return dict(answer)
        finally:
            self._leave()

    def _send(self, what: int, number: int, data: bytes) -> int:
        try:
            result = self._ask_engine(what, number, data)
            if result < 0:
                text = str(decode(self.engine.answer()))
                raise memory_error(text, (), 0, None, self.has_memory_of_its_own)
            return result
        finally:
            self._leave()

    def executed(self, program: int) -> int:
        """How many instructions those runs of a program have executed that counted them."""
        return self._request(protocol.EXECUTED, program)[0]

    def ask(self, program: int, question: int, options: RunOptions = DEFAULT) -> bytes:
        """The answer to a question of mdvm.embedding.protocol.  options: those of a run that
        this is for.
        """
        return self._request(protocol.ASK + question, program, True, options)[1]

    # ________________________________________________________ running

    def run(
        self, program: int, function: int, arguments: bytes, count: int, options: RunOptions
    ) -> Value:
        """The value that a run ends with; None too when there is none.  Raises RunError, and
        whatever the output raises.
        """
        if len(arguments) > MOST_BYTES:
            raise ValueError(
                f"arguments of {len(arguments)} bytes: more than {MOST_BYTES} cannot be handed over"
            )
        calls = self._call_back(program, options) if self._calls_back else None
        mode = options.mode
        try:
            if self._ended_handles or options.needs_preparation or options.jit != self._jit:
                self._prepare(program, options)
                mode |= protocol.HELD
            status = (
                self._begin(program, function, arguments, count, options, mode)
                if options.is_watched
                else self._run_engine(program, function, arguments, len(arguments), count, mode)
            )
            if status == protocol.NO_VALUE:
                return None
            # No loop stands here: of a loop's end CPython 3.13 does not know that it is in a try
            # statement.
            end = self.end_of_run(status, program, function, arguments, count, options)
        finally:
            self._leave()
            if calls is not None:
                self.engine.sink, self.engine.host = calls
            if type(arguments) is Lent:
                arguments.give_back()
        return self.result_of(end, program, options)

    def end_of_run(
        self,
        status: int,
        program: int,
        function: int,
        arguments: bytes,
        count: int,
        options: RunOptions,
    ) -> tuple[int, bytes]:
        """What `run` does until it leaves the VM, when the engine has answered with a status. The
        status that it ends with, and the answer.
        """
        while status in (protocol.WAITING, protocol.NESTED):
            # Another thread is in the VM, or this one, which could not leave.
            self._has_paused(status)
            status = self._begin(program, function, arguments, count, options, options.mode)
        if status <= protocol.OUTPUT:
            status = self._go_on(status, program, options)
        has_answer = status not in (protocol.NO_VALUE, protocol.REFUSED)
        return status, self.engine.answer() if has_answer else b""

    def result_of(self, end: tuple[int, bytes], program: int, options: RunOptions) -> Value:
        """What `run` gives, or raises, when a run has ended so: not amid the VM any more."""
        return result_of(end, self.programs, program, options, self.has_memory_of_its_own)

    def _call_back(self, program: int, options: RunOptions) -> tuple[Any, Any]:
        """Tell an engine that calls back what a run is to call. What it was to call before."""
        before = self.engine.sink, self.engine.host
        self.engine.sink = options.sink
        self.engine.host = lambda call: options.call(call, self.programs[program])
        return before

    def _begin(
        self,
        program: int,
        function: int,
        arguments: bytes,
        count: int,
        options: RunOptions,
        mode: int,
    ) -> int:
        """Begin a run, as `run` has it.  The status of the engine."""
        if not options.is_watched:
            return self._run_engine(program, function, arguments, len(arguments), count, mode)
        seconds, nanoseconds = divmod(options.deadline, _NANOSECONDS)
        return self._run_limited(
            program,
            function,
            arguments,
            len(arguments),
            count,
            mode,
            seconds,
            nanoseconds,
            options.ended,
        )

    def _go_on(self, status: int, program: int, options: RunOptions) -> int:
        """Serve a run and have it go on as often as it pauses.  The status that it ends with."""
        while status <= protocol.OUTPUT:
            if status == protocol.HOST_CALL:
                status = self._serve_calls(self.programs[program], options)
            else:
                status = self._resume(self._serve(status, options))
        return status

    def _serve_calls(self, program: Any, options: RunOptions) -> int:
        """The same while it pauses for functions.  The status of what is next."""
        # A journal sees each call.
        entry = self.entry if options.journal is None else None
        encode = partial(options.encode, program)
        while True:
            status = serve_calls(entry, options.called, encode)
            if status != protocol.HOST_CALL:
                return status
            level = self.engine.level()
            status = self.engine.give_result(level, options.call(self.engine.output(), program))
            if status != protocol.HOST_CALL:
                return status

    def _serve(self, status: int, options: RunOptions) -> int:
        """Do what a run has paused for.  Whether its output is wanted line by line."""
        if status == protocol.OUTPUT:
            if options.sink is to_descriptor_1:
                return complete_to_descriptor_1(self.engine.write_output)
            return options.sink(self.engine.seen_output())
        if status in (protocol.TIMED_OUT, protocol.ENDED_WAITING):
            kind = protocol.TIMEOUT if status == protocol.TIMED_OUT else protocol.ENDED
            raise limit_error(kind, "", (), 0, options.timeout)
        self._has_paused(status)
        return 0

    def _hold(self, options: RunOptions) -> None:
        """Enter the VM, to be there until `leave`."""
        seconds, nanoseconds = divmod(options.deadline, _NANOSECONDS)
        while status := self.engine.hold(seconds, nanoseconds, options.ended):
            self._serve(status, options)

    def _prepare(self, program: int, options: RunOptions) -> None:
        """Enter the VM and tell it the limits of the run that follows, and the parameters of the
        JIT.
        """
        names = list(options.functions)
        encoded_names = encode_all(names, self.programs[program]) if names else b""
        self._hold(options)
        self._catch_up()
        for what, limit in options.limits:
            self._ask_engine(what | protocol.HELD, limit)
        if names:
            self._ask_engine(protocol.SET_FUNCTIONS | protocol.HELD, len(names), encoded_names)
        if options.jit != self._jit:
            self._note_jit(DEFAULT.jit)
            set_jit = protocol.SET_JIT | protocol.HELD
            self._ask_engine(set_jit, 0, DEFAULT.jit.encode())
            if not self._ask_engine(set_jit, 0, options.jit.encode()):
                raise ValueError(
                    f"jit={options.jit!r} is not a list of NAME=VALUE that the JIT knows"
                )
            self._note_jit(options.jit)

    def _note_jit(self, parameters: str) -> None:
        self._jit = parameters
        set_plain(self.entry, parameters == DEFAULT.jit)

    @cached_property
    def turns(self) -> Turns:
        """Those of the tasks that run programs here."""
        from pymdvm.aio import Turns

        return Turns()

    def close(self) -> None:
        """End what runs here, and give back all memory that the VM has.  Raises EngineError when
        this thread runs a program here.
        """
        if "turns" in vars(self):
            self.turns.end_runs()
        while status := self.engine.close():
            self._has_paused(status)
