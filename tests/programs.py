"""Programs that say what they do: assembler texts with comment lines that a test holds them to.

; expect: TEXT    a line of standard output; the program's own, then `Result: VALUE` if it ends with one
; fails: TEXT     the run-time error that it ends with
; jit: TEXT       parameters of the JIT to run it with, beside the usual ones
; without: NAMES  optimisations that are off in those runs, with commas between them
; differs: TEXT   why the published VM does something else
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pymdvm.assembler import assemble
from pymdvm.bytecode import Program, write

TESTS = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Noted:
    """A program and what its text says of it.

    fails: None if it ends well. jit: parameters, one text for each run. without: optimisations that
    are off.
    """

    path: Path
    source: str
    expect: tuple[str, ...]
    fails: str | None
    jit: tuple[str, ...]
    without: tuple[str, ...]
    differs: str

    @property
    def says_nothing(self) -> bool:
        """Whether the text tells neither output nor error."""
        return not self.expect and self.fails is None

    @property
    def stdout(self) -> str:
        """All that mdvm-c writes to standard output."""
        return "".join(f"{line}\n" for line in self.expect)

    @property
    def stderr(self) -> str:
        """All that mdvm-c writes to standard error."""
        return "" if self.fails is None else f"Runtime error: {self.fails}\n"

    def assembled(self) -> Program:
        """The program itself."""
        return assemble(self.source)

    def content(self) -> bytes:
        """Its .mdbc file."""
        return write(self.assembled())


def read(path: Path) -> Noted:
    """One program of a file."""
    source = path.read_text(encoding="utf-8")
    failures = tuple(_noted(source, "fails"))
    assert len(failures) <= 1, f"{path} fails in more than one way"
    return Noted(
        path,
        source,
        tuple(_noted(source, "expect")),
        failures[0] if failures else None,
        tuple(_noted(source, "jit")),
        tuple(names for line in _noted(source, "without") for names in line.split(",")),
        " ".join(_noted(source, "differs")),
    )


def read_all(folder: str) -> list[Noted]:
    """Every program below a folder of tests/."""
    return [read(path) for path in sorted((TESTS / folder).rglob("*.mdasm"))]


def name(noted: Noted) -> str:
    """What a test of it is called."""
    return noted.path.stem


def _noted(source: str, word: str) -> Iterator[str]:
    """What stands behind `; word:` in the lines of a text."""
    start = f"; {word}:"
    for line in source.splitlines():
        if line.startswith(start):
            yield line[len(start) :].removeprefix(" ")
