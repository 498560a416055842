"""Programs that can be run."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Union

from mdvm.embedding import protocol
from pymdvm.cached import cached_property
from pymdvm.engines.base import EngineError
from pymdvm.engines.callers import CallsByName, with_fast_call
from pymdvm.errors import RunError
from pymdvm.handles import Handle
from pymdvm.instance import Instance
from pymdvm.load_size import check_max_size, refuse_larger, refuse_larger_files
from pymdvm.marshal import Refused, Value, decode, encode_all, encode_tagged
from pymdvm.program_function import ProgramFunction, check_count
from pymdvm.run_options import DEFAULT, Options, RunOptions, run_options
from pymdvm.session import Session
from pymdvm.sessions import session
from pymdvm.stats import Stats, stats_of
from pymdvm.values import Function

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from pymdvm.bytecode.model import Program as Model

Path = Union[str, "os.PathLike[str]"]


@with_fast_call
class Program(CallsByName):
    """A loaded program: made by `load` and `loads`, immutable. Every run starts anew and shares
    nothing with another.

    Programs can be used from any thread and be pickled; one run at a time is executed in a process.
    """

    __slots__ = ("__dict__", "__weakref__", "_kept", "_run", "_session")

    # What `load` and `loads` know besides, for `describe`.
    _path = ""
    _metadata = b""

    def __init__(self, handle: Handle, owner: Session) -> None:
        """Not to be called: use `load` or `loads`."""
        self._kept = handle
        self._handle = handle.number
        self._numbers = None
        self._session = owner
        self._entry = owner.entry
        self._run: Callable[..., Value] = owner.run
        owner.programs[handle.number] = self

    def __reduce__(self) -> tuple[Callable[[bytes, bytes], Program], tuple[bytes, bytes]]:
        return loads, (self.content, self.metadata)

    def __repr__(self) -> str:
        try:
            return (
                f"<pymdvm.Program {self.name!r}: {self.instruction_count} instructions, "
                f"{len(self.functions)} functions>"
            )
        except EngineError as error:
            return f"<pymdvm.Program: {error}>"

    # ________________________________________________________ running

    def run(self, **options: Unpack[Options]) -> Value:
        """Run from the start. The value that the program ends with; None also when it ends without
        one.

        stdout: a text stream, or a callable that gets every printed line with its end; without it,
        output goes to the process's standard output, after what Python has written there.
        max_instructions: int, how many may be executed. max_depth: int, how many calls may be
        nested; beyond that the program fails with `Stack overflow`. timeout: seconds, from this
        call on.
        jit: False for interpretation only, or parameters as in "threshold=100,trace_eagerness=20".
        max_memory: bytes that the run may add to what the VM holds. max_output: bytes that it may
        print. handle: a RunHandle, whose `end` ends the run. functions: what the program can call
        that it does not define, by name; values are converted as for `call`. What such a function
        raises ends the run. arrays: True for a memoryview in the place of a list, where the value
        is an array of only ints, only floats or only bools; "nested" for one in the place of each
        such array within the value too. journal: a pymdvm.Journal, which records what the
        functions give, and answers what it has recorded before. count: whether to count
        instructions and what is made in memory, for `stats`.

        Raises RunError, its subclass LimitError beyond max_instructions, timeout, max_memory or
        max_output and when the handle is ended, whatever stdout, a function or the handler of a
        signal raises, such as KeyboardInterrupt, and TypeError or ValueError for a wrong option.
        """
        return self.run_with(run_options(**options) if options else DEFAULT)

    def call(self, function: str, /, *arguments: Any, **options: Unpack[Options]) -> Value:
        """Call a function by its name and return what it returns, None if that is nothing.

        arguments: None, bool, int in 64 bits, float, str, list, tuple, dict with str keys, and
        these nested in each other; a tuple arrives as an array, and arrays come back as lists. A
        parameter that is not given is Empty. Dataclasses arrive as dicts, arrays of numbers and
        bools with the buffer protocol as arrays, and what has an `__index__` as an int. To programs
        of version 2 also pymdvm.URL, pymdvm.Function, sets of scalars, and dicts with any scalars
        as keys. The options are those of `run`.

        Raises as `run` does; RunError when there is no such function; TypeError for another type of
        argument, OverflowError for an int outside 64 bits, and ValueError for a str with
        surrogates, a value that contains itself, and more than 255 arguments.
        """
        # The options first, as the arguments take some of the time too.
        if options:
            return self.call_with(run_options(**options), function, *arguments)
        try:
            number = -1 if self._numbers is None else self._numbers.get(function, -1)
        except TypeError:  # what has no hash
            raise _no_function(function) from None
        count = len(arguments)
        if number < 0 or count > protocol.MOST_ARGUMENTS:
            return self.call_with(DEFAULT, function, *arguments)
        try:
            data = encode_all(arguments, self, True) if count else b""
            return self._run(self._handle, number, data, count, DEFAULT)
        except Refused:
            pass
        return self._run(self._handle, number, encode_tagged(arguments, self, True), count, DEFAULT)

    def _end_call(self, status: int, number: int, data: bytes, count: int) -> tuple[int, bytes]:
        """See CallsByName."""
        return self._session.end_of_run(status, self._handle, number, data, count, DEFAULT)

    def _result_of(self, end: tuple[int, bytes]) -> Value:
        """See CallsByName."""
        return self._session.result_of(end, self._handle, DEFAULT)

    def _decode(self, data: bytes) -> Value:
        """See CallsByName."""
        return decode(data, self)

    def _call(self, number: int, arguments: tuple[Any, ...], options: RunOptions) -> Value:
        return self._execute(self._handle, number, arguments, options)

    def _execute(
        self, handle: int, number: int, arguments: tuple[Any, ...], options: RunOptions
    ) -> Value:
        """Run this program or an instance of it, whose handle that is."""
        count = len(arguments)
        if options.journal is not None:
            data = encode_tagged(arguments, self)
            with options.journal.used(self.content, number, data, options.sink) as sink:
                options.sink = sink
                return self._run(handle, number, data, count, options)
        data = encode_all(arguments, self, True) if arguments else b""
        try:
            return self._run(handle, number, data, count, options)
        except Refused:
            pass
        return self._run(handle, number, encode_tagged(arguments, self, True), count, options)

    async def arun(self, **options: Unpack[Options]) -> Value:
        """Run from the start in a thread, while other tasks go on. As `run`; the functions may be
        coroutine functions, which go on in the event loop. When the task is cancelled the run is
        ended at once.
        """
        from pymdvm.aio import run_in_thread

        return await run_in_thread(self._session.turns, self.run_with, options)

    async def acall(self, function: str, /, *arguments: Any, **options: Unpack[Options]) -> Value:
        """Call a function in a thread, while other tasks go on. As `call` and `arun`."""
        from pymdvm.aio import run_in_thread

        return await run_in_thread(
            self._session.turns,
            lambda checked: self.call_with(checked, function, *arguments),
            options,
        )

    def function(self, name: str) -> Function:
        """A function of this program, to be called again and again: as `call`, with the name looked
        up once.  Raises RunError when there is no such function.
        """
        return ProgramFunction(name, self, self._number_of(name, DEFAULT))

    def start(self, **options: Unpack[Options]) -> Instance:
        """Run from the start, and keep the global variables: an Instance, whose calls go on with
        them.  The options and errors are those of `run`.
        """
        instance = Instance(self, self._session.new_instance(self._handle))
        instance.run(**options)
        return instance

    def _number_of(self, function: str, options: RunOptions) -> int:
        numbers = self._numbers
        if numbers is None:
            numbers = self._find_numbers(options)
        number = numbers.get(function) if isinstance(function, str) else None
        if number is None:
            raise _no_function(function)
        return number

    def _find_numbers(self, options: RunOptions) -> dict[str, int]:
        if "_function_table" not in vars(self):
            answer: Any = decode(self._session.ask(self._handle, protocol.FUNCTIONS, options))
            self._function_table = answer
        numbers = {name: number for name, (number, _) in self._function_table.items()}
        self._numbers = numbers
        return numbers

    def run_with(self, options: RunOptions) -> Value:
        """Run from the start with options that are checked already, as the commands of mdvm do.
        Raises as `run` does.
        """
        return self._execute(self._handle, protocol.START, (), options)

    def call_with(self, options: RunOptions, function: str, *arguments: Any) -> Value:
        """Call a function with options that are checked already.  Raises as `call` does."""
        check_count(arguments)
        return self._call(self._number_of(function, options), arguments, options)

    def describe(self, error: RunError) -> list[str]:
        """Where in its source this program failed: `  at FUNCTION (FILE:LINE:COLUMN)` for each call
        that was going on, innermost first, as mdvm-c prints them.

        It takes the metadata that the compiler writes beside a .mdbc file; without them the list is
        empty, and metadata of another program give one line that says so.
        """
        from pymdvm.bytecode.metadata import stack_lines

        return stack_lines(self.metadata, self.content, error)

    # ________________________________________________________ looking at it

    def _ask(self, question: int) -> Any:
        return decode(self._session.ask(self._handle, question), self)

    @cached_property
    def _function_table(self) -> dict[str, list[int]]:
        table: dict[str, list[int]] = self._ask(protocol.FUNCTIONS)
        return table

    @cached_property
    def _shape(self) -> tuple[int, str, int]:
        count, name, version = self._ask(protocol.SHAPE)
        return count, name, version

    @property
    def name(self) -> str:
        """The program's own name, as its file says."""
        return self._shape[1]

    @property
    def version(self) -> int:
        """The version that the file says it has: 2 for what only this VM runs."""
        return self._shape[2]

    @property
    def instruction_count(self) -> int:
        """How many instructions the program has."""
        return self._shape[0]

    @cached_property
    def functions(self) -> Mapping[str, int]:
        """The names of the functions in the order of the file, each with the index of its first
        instruction.
        """
        return MappingProxyType({name: index for name, (_, index) in self._function_table.items()})

    @cached_property
    def required_functions(self) -> tuple[str, ...]:
        """The functions that the program calls by name and that neither it nor the VM defines:
        those that `functions` of `run` should give.
        """
        from pymdvm.required_functions import required_functions

        return required_functions(self.content)

    @cached_property
    def constants(self) -> tuple[None | bool | int | float | str | Function, ...]:
        """The constant pool."""
        return tuple(self._ask(protocol.CONSTANTS))

    @property
    def content(self) -> bytes:
        """The bytes of the program's file."""
        return self._session.ask(self._handle, protocol.CONTENT)

    @property
    def metadata(self) -> bytes:
        """The bytes of the program's .mdbm file, which know its source; empty if there is none."""
        if self._metadata or not self._path:
            return self._metadata
        from pymdvm.bytecode.metadata import read_beside

        return read_beside(self._path)

    @property
    def model(self) -> Model:
        """What the file says, in full: a pymdvm.bytecode.Program."""
        from pymdvm.bytecode.codec import read

        return read(self.content)

    @property
    def samples(self) -> list[int]:
        """Where the last run that was profiled has been, as mdvm.debugging.profiler has it."""
        samples: list[int] = self._ask(protocol.SAMPLES)
        return samples

    @property
    def copies(self) -> dict[int, tuple[int, int]]:
        """What the last run that was profiled has copied because it was shared: from an instruction
        to how many containers and how many elements.
        """
        items: list[int] = self._ask(protocol.COPIES)
        return {items[at]: (items[at + 1], items[at + 2]) for at in range(0, len(items), 3)}

    def disassemble(self) -> str:
        """The listing, which the assembler reads back."""
        listing: str = self._ask(protocol.LISTING)
        return listing

    @property
    def globals(self) -> dict[str, Value]:
        """The global variables as the last run left them, however it ended. Those of a run that
        failed or was interrupted are reliable only if its options had the flag
        protocol.KEEP_GLOBALS.
        """
        variables: dict[str, Value] = self._ask(protocol.GLOBALS)
        return variables

    @property
    def stats(self) -> Stats:
        """The statistics of the runs so far."""
        return stats_of(self._ask(protocol.STATISTICS))


def _no_function(name: object) -> Exception:
    if not isinstance(name, str):
        return TypeError(f"the name of a function must be a str, not {type(name).__name__}")
    return RunError(f"Undefined function: {name}")


def load(path: Path, *, max_size: int | None = None) -> Program:
    """Load a .mdbc file. Another extension is replaced by `mdbc`. max_size: int, the bytes that it
    may have, and its .mdbm file.

    Raises LoadError, for a larger one before any of it is read, and TypeError for what is no path.
    """
    return load_into(session(), path, max_size)


def load_into(owner: Session, path: Path, max_size: int | None) -> Program:
    """The same for another VM than the one of the process."""
    text = _text_path(path)
    refuse_larger_files(text, check_max_size(max_size))
    program = Program(owner.load_file(os.fsencode(text)), owner)
    program._path = text
    return program


def _text_path(path: Path) -> str:
    text = os.fspath(path) if isinstance(path, (str, os.PathLike)) else None
    if not isinstance(text, str):
        raise TypeError(
            f"the path of a program must be a str or a PathLike of str, not {type(path).__name__}"
        )
    return text


def loads(
    data: bytes | bytearray | memoryview, metadata: bytes = b"", *, max_size: int | None = None
) -> Program:
    """Load a program from the bytes of a .mdbc file. metadata: the bytes of its .mdbm file, for
    `Program.describe`.
    max_size: int, how many bytes either may have.

    Raises LoadError, for more bytes before they are looked at.
    """
    return loads_into(session(), data, metadata, max_size)


def loads_into(
    owner: Session,
    data: bytes | bytearray | memoryview,
    metadata: bytes,
    max_size: int | None,
) -> Program:
    """The same for another VM than the one of the process."""
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise TypeError(f"a program is made of bytes, not {type(data).__name__}")
    limit = check_max_size(max_size)
    refuse_larger(memoryview(data).nbytes, limit)
    if not isinstance(metadata, (bytes, bytearray, memoryview)):
        raise TypeError(f"metadata are bytes, not {type(metadata).__name__}")
    refuse_larger(memoryview(metadata).nbytes, limit)
    program = Program(owner.load(bytes(data)), owner)
    if metadata:
        program._metadata = bytes(metadata)
    return program
