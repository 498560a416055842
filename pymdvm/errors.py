"""The exceptions of loading and running programs.  Their texts are the VM's own."""

from __future__ import annotations

from typing import NamedTuple

from mdvm.embedding import protocol


class Error(Exception):
    """The base of the errors here.

    text: str, what the VM says
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class LoadError(Error):
    """A file cannot be loaded."""


class StackEntry(NamedTuple):
    """One call that was going on.

    function: str, its name, "" for a start without one
    instruction: int, an index
    """

    function: str
    instruction: int


class RunError(Error):
    """A program failed.

    stack: tuple of StackEntry, innermost first
    omitted: int, how many outer calls it leaves out
    function: str and instruction: int, where it failed: the first entry's, or "" and -1 when the
        program had not begun
    """

    def __init__(self, text: str, stack: tuple[StackEntry, ...] = (), omitted: int = 0) -> None:
        super().__init__(text)
        self.stack = stack
        self.omitted = omitted
        self.function, self.instruction = stack[0] if stack else StackEntry("", -1)

    def __reduce__(self) -> tuple[type, tuple[str, tuple[StackEntry, ...], int]]:
        return type(self), (self.text, self.stack, self.omitted)


# LimitError.kind for each kind of mdvm.embedding.protocol.
LIMITS = {
    protocol.INSTRUCTIONS: "instructions",
    protocol.TIMEOUT: "timeout",
    protocol.ENDED: "ended",
    protocol.MEMORY: "memory",
    protocol.OUTPUT_SIZE: "output",
}


class LimitError(RunError):
    """A program was ended because it went beyond a limit of its run.  stack tells where it was.

    kind: str, which limit: "instructions", "timeout", "memory" or "output", as the options
        max_instructions, timeout, max_memory and max_output set them, or "ended" if a RunHandle has
        ended it
    """

    def __init__(
        self, text: str, stack: tuple[StackEntry, ...] = (), omitted: int = 0, kind: str = ""
    ) -> None:
        super().__init__(text, stack, omitted)
        self.kind = kind

    def __reduce__(self) -> tuple[type, tuple[str, tuple[StackEntry, ...], int, str]]:  # type: ignore[override]
        return type(self), (self.text, self.stack, self.omitted, self.kind)
