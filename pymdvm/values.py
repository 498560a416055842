"""The values of a program for which Python has no type of its own: URLs and functions."""

from __future__ import annotations

import re
from typing import Any

from pymdvm.engines.callers import CallsOne

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def is_url(text: str) -> bool:
    """Whether the text is a URI: a scheme, as RFC 3986 has it, and a colon."""
    return _URL.match(text) is not None


class URL(str):
    """A text that is a URI.  Raises ValueError for any other."""

    __slots__ = ()

    def __new__(cls, text: str) -> URL:
        if not isinstance(text, str):
            raise TypeError(f"a URL is made of a str, not {type(text).__name__}")
        if not is_url(text):
            raise ValueError(f"{text!r} is no URL: it begins with no scheme and colon")
        return super().__new__(cls, text)

    def __repr__(self) -> str:
        return f"pymdvm.URL({super().__repr__()})"


class Function(CallsOne):
    """A function by its name: one of a program, a built-in one or one of the host.

    One that a program has given can be called, with the values and options of `Program.call`. Two
    of one name are equal.
    """

    __slots__ = ("_program", "name")

    def __init__(self, name: str, program: Any = None) -> None:
        """program: the pymdvm.Program or pymdvm.Instance that a call runs."""
        if not isinstance(name, str):
            raise TypeError(f"the name of a function is a str, not {type(name).__name__}")
        self.name = name
        self._program = program

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        if self._program is None:
            raise TypeError(f"{self!r} belongs to no program that could run it")
        return self._program.call(self.name, *arguments, **options)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Function) and other.name == self.name

    def __hash__(self) -> int:
        return hash((Function, self.name))

    def __repr__(self) -> str:
        return f"pymdvm.Function({self.name!r})"

    def __reduce__(self) -> tuple[type[Function], tuple[str]]:
        return Function, (self.name,)
