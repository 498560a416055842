"""The options of a run, checked, and what they ask of the engine."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from mdvm.embedding import protocol
from pymdvm.counts import not_negative
from pymdvm.marshal import decode, encode_result, encode_tagged
from pymdvm.run_handle import RunHandle, flag_of
from pymdvm.sinks import Destination, Sink, check_destination, sink_of, to_descriptor_1

if TYPE_CHECKING:
    from pymdvm.journal import Journal

Functions = Mapping[str, Callable[..., Any]]


class Options(TypedDict, total=False):
    """The options of a run, see pymdvm.Program.run."""

    stdout: Destination | None
    max_instructions: int | None
    max_depth: int | None
    timeout: float | None
    jit: bool | str | None
    max_memory: int | None
    max_output: int | None
    handle: RunHandle | None
    functions: Functions | None
    arrays: bool | Literal["nested"]
    journal: Journal | None
    count: bool


UNLIMITED = 2**62
NESTED = "nested"
_MOST_SECONDS = 1e8


class RunOptions:
    """What one run is to be like.  A timeout counts from when this is made.

    sink: where output goes
    mode: int, flags of mdvm.embedding.protocol
    limits: what is to be requested of the VM before the run, as pairs of a request of
        mdvm.embedding.protocol and its number
    needs_preparation: whether there are some
    timeout: seconds, None for no limit
    deadline: when it is over, in nanoseconds of time.monotonic, 0 for never
    ended: the flag of a RunHandle
    is_watched: whether there is one of these
    jit: str, parameters of the JIT, "default" for the usual ones
    functions: those that the program can call, by their names
    called: the same, by their numbers
    arrays: whether a result that is an array of numbers or bools is to be a memoryview; NESTED for
        those within a result too
    journal: what records the calls of the functions, or None
    """

    __slots__ = (
        "arrays",
        "called",
        "deadline",
        "_names",
        "_result",
        "ended",
        "functions",
        "journal",
        "is_watched",
        "jit",
        "limits",
        "needs_preparation",
        "sink",
        "timeout",
        "mode",
    )

    def __init__(
        self,
        sink: Sink = to_descriptor_1,
        mode: int = 0,
        limits: tuple[tuple[int, int], ...] = (),
        timeout: float | None = None,
        ended: array[int] | None = None,
        jit: str = "default",
        functions: Functions | None = None,
        arrays: bool | str = False,
        journal: Journal | None = None,
    ) -> None:
        self.sink = sink
        self.journal = journal
        self.arrays = arrays
        self.mode = mode
        self.limits = limits
        self.functions = {} if functions is None else functions
        self._names = tuple(self.functions)
        self.called = tuple(self.functions.values())
        self._result: tuple[Any, ...] = ()
        self.needs_preparation = limits != () or bool(functions)
        self.timeout = timeout
        self.deadline = 0 if timeout is None else time.monotonic_ns() + int(timeout * 1e9)
        self.ended = ended
        self.is_watched = timeout is not None or ended is not None
        self.jit = jit

    def call(self, data: bytes, program: Any) -> bytes:
        """Call a function as protocol.HOST_CALL says; its result.  program: the one that calls.
        Raises what that raises, and what encode_all does.
        """
        call: Any = decode(data, program)
        if call[0] == protocol.AGAIN:
            (result, name), self._result = self._result, ()
            return encode_result(result, name, program, encode_tagged)
        number, *arguments = call
        name = self._names[number]
        if self.journal is not None:
            return self.journal.call(name, arguments, self.called[number], program)
        return self.encode(program, self.called[number](*arguments), number)

    def encode(self, program: Any, result: Any, number: int) -> bytes:
        """What `call` gives for what a function has given."""
        name = self._names[number]
        self._result = (result, name)
        return encode_result(result, name, program)


DEFAULT = RunOptions()


def run_options(
    stdout: Destination | None = None,
    max_instructions: int | None = None,
    max_depth: int | None = None,
    timeout: float | None = None,
    jit: bool | str | None = None,
    mode: int = 0,
    max_memory: int | None = None,
    max_output: int | None = None,
    ended: array[int] | None = None,
    functions: Functions | None = None,
    handle: RunHandle | None = None,
    arrays: bool | str = False,
    journal: Journal | None = None,
    count: bool = False,
    **unknown: object,
) -> RunOptions:
    """The options as Program.run has them; ended: the flag of a handle, if not that of `handle`.

    Raises TypeError and ValueError, naming the option.
    """
    if unknown:
        raise _unknown_option(next(iter(unknown)))
    if timeout is not None:
        timeout = _seconds(timeout)
    sink: Sink = to_descriptor_1
    if stdout is not None:
        check_destination(stdout)
        sink = sink_of(stdout)
    limits: tuple[tuple[int, int], ...] = ()
    if not isinstance(count, bool):
        raise TypeError(f"count must be a bool, not {type(count).__name__}")
    if count:
        mode |= protocol.COUNT | protocol.COUNT_ALLOCATIONS
    if max_instructions is not None:
        mode |= protocol.COUNT | protocol.LIMIT_INSTRUCTIONS
        limits += ((protocol.SET_MAX_INSTRUCTIONS, _count("max_instructions", max_instructions)),)
    if max_depth is not None:
        mode |= protocol.LIMIT_DEPTH
        limits += ((protocol.SET_MAX_DEPTH, _count("max_depth", max_depth)),)
    if max_memory is not None:
        limits += ((protocol.SET_MAX_MEMORY, max(_count("max_memory", max_memory), 1)),)
    if max_output is not None:
        limits += ((protocol.SET_MAX_OUTPUT, _count("max_output", max_output)),)
    parameters = "default" if jit is None else _jit_parameters(jit)
    if parameters == "off":
        mode |= protocol.OWN_COMPILED_CODE
    elif parameters != "default":
        mode |= protocol.TUNED_CODE
    return RunOptions(
        sink,
        mode,
        limits,
        timeout,
        flag_of(handle) if ended is None else ended,
        parameters,
        _checked_functions(functions),
        _checked_arrays(arrays),
        None if journal is None else _checked_journal(journal),
    )


def _unknown_option(name: str) -> TypeError:
    from difflib import get_close_matches

    similar = get_close_matches(name, Options.__annotations__, 1)
    hint = f"; did you mean {similar[0]!r}?" if similar else ""
    return TypeError(f"a run got an unexpected keyword argument {name!r}{hint}")


def _checked_arrays(arrays: object) -> bool | str:
    if not isinstance(arrays, (bool, str)):
        raise TypeError(f'arrays must be a bool or "{NESTED}", not {type(arrays).__name__}')
    if isinstance(arrays, str) and arrays != NESTED:
        raise ValueError(f'arrays must be a bool or "{NESTED}", which {arrays!r} is not')
    return arrays


def _checked_journal(journal: object) -> Journal:
    from pymdvm.journal import Journal

    if not isinstance(journal, Journal):
        raise TypeError(f"journal must be a Journal, not {type(journal).__name__}")
    return journal


def _checked_functions(functions: object) -> dict[str, Callable[..., Any]]:
    """A copy, which nobody changes while the program runs."""
    if functions is None:
        return {}
    if not isinstance(functions, Mapping):
        raise TypeError(f"functions must be a mapping, not {type(functions).__name__}")
    checked = dict(functions)
    for name, function in checked.items():
        if not isinstance(name, str):
            raise TypeError(f"the name of a function must be a str, not {type(name).__name__}")
        if not callable(function):
            raise TypeError(
                f"functions[{name!r}] must be callable, which {type(function).__name__} is not"
            )
        try:
            name.encode("utf-8")
        except UnicodeEncodeError:
            raise ValueError(f"no program can call a function of the name {name!r}") from None
    return checked


def _count(name: str, value: object) -> int:
    return min(not_negative(name, value), UNLIMITED)


def _seconds(value: object) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise TypeError(f"timeout must be a number of seconds, not {type(value).__name__}")
    if not value > 0:  # not for NaN either
        raise ValueError(f"timeout must be more than 0 seconds, which {value} is not")
    return float(min(value, _MOST_SECONDS))


def _jit_parameters(value: object) -> str:
    if value is True:
        return "default"
    if value is False:
        return "off"
    if not isinstance(value, str):
        raise TypeError(f"jit must be a bool or a str, not {type(value).__name__}")
    if "\0" in value or not value.isascii():
        raise ValueError(f"jit={value!r} is not a list of NAME=VALUE")
    return value or "default"
