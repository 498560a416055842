"""Functions of programs and instances, to be called again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from mdvm.embedding import protocol
from pymdvm.marshal import Value
from pymdvm.run_options import DEFAULT, Options, RunOptions, run_options
from pymdvm.values import Function

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Callable(Protocol):
    """A pymdvm.Program or pymdvm.Instance."""

    def _call(self, number: int, arguments: tuple[Any, ...], options: RunOptions) -> Value: ...


class ProgramFunction(Function):
    """A function of a program or an instance whose number is known."""

    __slots__ = ("_call", "_number")

    def __init__(self, name: str, program: Callable, number: int) -> None:
        super().__init__(name, program)
        self._call = program._call
        self._number = number

    def __call__(self, *arguments: Any, **options: Unpack[Options]) -> Value:
        check_count(arguments)
        checked = run_options(**options) if options else DEFAULT
        return self._call(self._number, arguments, checked)


def check_count(arguments: tuple[Any, ...]) -> None:
    """Raises ValueError for more arguments than a call can have."""
    if len(arguments) > protocol.MOST_ARGUMENTS:
        raise ValueError(
            f"a function takes at most {protocol.MOST_ARGUMENTS} arguments, not {len(arguments)}"
        )
