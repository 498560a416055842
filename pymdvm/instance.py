"""Programs that have begun and keep their global variables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, Protocol

from mdvm.embedding import protocol
from pymdvm.engines.base import EngineError
from pymdvm.engines.callers import CallsByName, with_fast_call
from pymdvm.marshal import Value, decode
from pymdvm.program_function import ProgramFunction, check_count
from pymdvm.run_options import DEFAULT, Options, RunOptions, run_options

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from pymdvm.handles import Handle
    from pymdvm.session import Session
    from pymdvm.values import Function


class Program(Protocol):
    """What an instance needs of its pymdvm.Program."""

    _session: Session
    _numbers: dict[str, int] | None

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> int: ...

    def _number_of(self, function: str, options: RunOptions) -> int: ...

    def _execute(
        self, handle: int, number: int, arguments: tuple[Any, ...], options: RunOptions
    ) -> Value: ...


@with_fast_call
class Instance(CallsByName):
    """A program with global variables that stay from one call to the next: made by
    `Program.start`. Several instances of one program share no variables.

    A call that fails, or is ended by a limit, leaves what it has stored until then. It may be used
    from any thread, one after the other.
    """

    __slots__ = ("__weakref__", "_kept", "_program", "_run")

    def __init__(self, program: Program, handle: Handle) -> None:
        """Not to be called: use `Program.start`."""
        self._program = program
        self._run: Callable[..., Value] = program._session.run
        self._kept = handle
        self._handle = handle.number
        self._numbers = None
        self._entry = program._session.entry
        program._session.programs[handle.number] = self

    @property
    def program(self) -> Any:
        """The pymdvm.Program that it is of."""
        return self._program

    @property
    def version(self) -> int:
        """That of the program."""
        return self._program.version

    def run(self, **options: Unpack[Options]) -> Value:
        """Run from the start once more, with the global variables as they are.  The options and
        errors are those of `Program.run`.
        """
        checked = run_options(**options) if options else DEFAULT
        return self._program._execute(self._handle, protocol.START, (), checked)

    def call(self, function: str, /, *arguments: Any, **options: Unpack[Options]) -> Value:
        """Call a function, which goes on with the global variables.  As `Program.call`."""
        check_count(arguments)
        checked = run_options(**options) if options else DEFAULT
        return self._call_named(function, arguments, checked)

    async def arun(self, **options: Unpack[Options]) -> Value:
        """As `run` and `Program.arun`."""
        from pymdvm.aio import run_in_thread

        return await run_in_thread(
            self._program._session.turns,
            lambda checked: self._program._execute(self._handle, protocol.START, (), checked),
            options,
        )

    async def acall(self, function: str, /, *arguments: Any, **options: Unpack[Options]) -> Value:
        """As `Program.acall`, for a call that goes on with the global variables."""
        from pymdvm.aio import run_in_thread

        return await run_in_thread(
            self._program._session.turns,
            lambda checked: self._call_named(function, arguments, checked),
            options,
        )

    def _call_named(self, name: str, arguments: tuple[Any, ...], options: RunOptions) -> Value:
        number = self._program._number_of(name, options)
        self._numbers = self._program._numbers
        return self._call(number, arguments, options)

    def _end_call(self, status: int, number: int, data: bytes, count: int) -> tuple[int, bytes]:
        """See CallsByName."""
        session = self._program._session
        return session.end_of_run(status, self._handle, number, data, count, DEFAULT)

    def _result_of(self, end: tuple[int, bytes]) -> Value:
        """See CallsByName."""
        return self._program._session.result_of(end, self._handle, DEFAULT)

    def _decode(self, data: bytes) -> Value:
        """See CallsByName."""
        return decode(data, self)

    def function(self, name: str) -> Function:
        """As `Program.function`, for calls that go on with the global variables."""
        return ProgramFunction(name, self, self._program._number_of(name, DEFAULT))

    def _call(self, number: int, arguments: tuple[Any, ...], options: RunOptions) -> Value:
        return self._program._execute(self._handle, number, arguments, options)

    @property
    def globals(self) -> MutableMapping[str, Any]:
        """The global variables by name, None for those that are undefined; setting one changes the
        instance.  What is read is a copy.
        """
        return _Globals(self)

    @globals.setter
    def globals(self, values: Mapping[str, Any]) -> None:
        variables = _Globals(self)
        for name, value in values.items():
            variables[name] = value

    def __repr__(self) -> str:
        try:
            return f"<pymdvm.Instance of {self._program.name!r}>"
        except EngineError as error:
            return f"<pymdvm.Instance: {error}>"


class _Globals(MutableMapping[str, Any]):
    """See Instance.globals.  There are always those that the program names."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance

    def _read(self, name: str = "") -> dict[str, Any]:
        instance = self._instance
        return instance._program._session.globals_of(instance._handle, name)

    def __getitem__(self, name: str) -> Any:
        if isinstance(name, str) and name.isprintable():
            found = self._read(name)
            if name in found:
                return found[name]
        raise KeyError(name)

    def __setitem__(self, name: str, value: Any) -> None:
        instance = self._instance
        is_name = isinstance(name, str) and name.isprintable()
        if not is_name or not instance._program._session.set_global(instance._handle, name, value):
            raise KeyError(f"the program has no global variable {name!r}")

    def __delitem__(self, name: str) -> None:
        """Make it undefined."""
        self[name] = None

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def __repr__(self) -> str:
        return repr(self._read())
