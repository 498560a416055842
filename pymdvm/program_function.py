"""Functions of programs and instances, to be called again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from mdvm.embedding import protocol
from pymdvm.engines.callers import with_fast_call
from pymdvm.marshal import Refused, Value, encode_all, encode_tagged
from pymdvm.run_options import DEFAULT, Options, RunOptions, run_options
from pymdvm.values import Function

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Owner(Protocol):
    """A pymdvm.Program or pymdvm.Instance."""

    _entry: object
    _handle: int
    _run: Callable[..., Value]

    def _call(self, number: int, arguments: tuple[Any, ...], options: RunOptions) -> Value: ...
    def _end_call(self, status: int, number: int, data: bytes, count: int) -> tuple[int, bytes]: ...
    def _result_of(self, end: tuple[int, bytes]) -> Value: ...
    def _decode(self, data: bytes) -> Value: ...


@with_fast_call
class ProgramFunction(Function):
    """A function of a program or an instance whose number is known."""

    __slots__ = ("_run",)

    def __init__(self, name: str, program: Owner, number: int) -> None:
        super().__init__(name, program)
        self._number = number
        self._run = program._run
        self._handle = program._handle
        self._entry = program._entry

    def __call__(self, *arguments: Any, **options: Unpack[Options]) -> Value:
        count = len(arguments)
        if options or count > protocol.MOST_ARGUMENTS:
            check_count(arguments)
            value: Value = self._program._call(self._number, arguments, run_options(**options))
            return value
        program = self._program
        try:
            data = encode_all(arguments, program, True) if count else b""
            return self._run(self._handle, self._number, data, count, DEFAULT)
        except Refused:
            pass
        return self._run(
            self._handle, self._number, encode_tagged(arguments, program, True), count, DEFAULT
        )

    def _end_call(self, status: int, number: int, data: bytes, count: int) -> tuple[int, bytes]:
        """See CallsOne."""
        end: tuple[int, bytes] = self._program._end_call(status, number, data, count)
        return end

    def _result_of(self, end: tuple[int, bytes]) -> Value:
        """See CallsOne."""
        value: Value = self._program._result_of(end)
        return value

    def _decode(self, data: bytes) -> Value:
        """See CallsOne."""
        value: Value = self._program._decode(data)
        return value


def check_count(arguments: tuple[Any, ...]) -> None:
    """Raises ValueError for more arguments than a call can have."""
    if len(arguments) > protocol.MOST_ARGUMENTS:
        raise ValueError(
            f"a function takes at most {protocol.MOST_ARGUMENTS} arguments, not {len(arguments)}"
        )
