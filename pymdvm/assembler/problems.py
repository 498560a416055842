"""What is wrong with an assembler text, and how it is told."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from pymdvm.assembler.tokens import SyntaxProblem, Token
from pymdvm.bytecode.builder import BuildError
from pymdvm.bytecode.model import BytecodeError, FormatLimitError


@dataclass(frozen=True)
class Problem:
    """What is wrong at one position of a text.

    line, column: int, both from 1
    source: str, the line
    """

    line: int
    column: int
    message: str
    source: str

    def report(self, file_name: str) -> str:
        """The message as a compiler writes it, with the line and a caret below it."""
        before = self.source[: self.column - 1]
        caret = "".join("\t" if character == "\t" else " " for character in before) + "^"
        return f"{file_name}:{self.line}:{self.column}: {self.message}\n{self.source}\n{caret}"


class AssemblyError(BytecodeError):
    """A text does not assemble.

    problems: tuple of Problem, in the order of the text, never empty
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.line, problem.column)))
        super().__init__(
            "\n".join(
                f"{problem.line}:{problem.column}: {problem.message}" for problem in self.problems
            )
        )

    def report(self, file_name: str) -> str:
        """All problems, each with its line and a caret.  file_name: str, what to call the text."""
        return "\n".join(problem.report(file_name) for problem in self.problems)


class ProblemsAt:
    """In a `with` block: a FormatLimitError or BuildError becomes a SyntaxProblem at the token."""

    def __init__(self, token: Token) -> None:
        self._token = token

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if isinstance(error, (FormatLimitError, BuildError)):
            raise SyntaxProblem(self._token.column, str(error)) from None


def unknown(what: str, token: Token, known: Iterable[str], wanted: str = "") -> SyntaxProblem:
    """The problem that a name means nothing, with the one that was probably meant.  wanted: the
    name in another case.
    """
    similar = difflib.get_close_matches(wanted or token.text, list(known), n=1, cutoff=0.7)
    hint = f"; did you mean {similar[0]}?" if similar else ""
    return SyntaxProblem(token.column, f'unknown {what} "{token}"{hint}')


def decode(data: bytes) -> str:
    """The text of a source file, without a byte order mark.  Raises AssemblyError where it is not
    UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = data.rfind(b"\n", 0, error.start) + 1
        before = data[start : error.start].decode("utf-8", "replace")
        line = data.count(b"\n", 0, error.start) + 1
        raise AssemblyError([Problem(line, len(before) + 1, "this is not UTF-8", before)]) from None
