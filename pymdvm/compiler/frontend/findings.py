"""What the compiler has to say about a source file: errors and warnings, each with its place, and
how they are shown.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from pymdvm.compiler.frontend.fixes import Fix
from pymdvm.compiler.frontend.syntax import Place


class Severity(Enum):
    """An ERROR ends compilation; a WARNING does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One finding.

    code: a short word for programs to tell the kind of finding by ("syntax", "undefined-name",
    ...);
    message: what is wrong; expected: what should stand there, or what to do about it, empty if
    there is nothing to say.
    fix: a replacement that mends it, if there is one.
    """

    severity: Severity
    code: str
    file: str
    place: Place
    message: str
    expected: str = ""
    fix: Fix | None = None

    def text(self, lines: Sequence[str]) -> str:
        """Three lines: the finding with its place, the source line, and a caret with what was
        expected.

        lines: those of the source file; where they hold no such line only the first line of text is
        given.
        """
        header = (
            f"{self.file}:{self.place.line}:{self.place.column}: {self.severity.value}: "
            f"{_printable(self.message)}"
        )
        if not 1 <= self.place.line <= len(lines):
            return f"{header}; {self.expected}" if self.expected else header
        line = lines[self.place.line - 1]
        caret = f"{_space_before(line, self.place.column)}^ {self.expected}"
        return f"{header}\n    {_printable(line)}\n    {caret}".rstrip()

    @property
    def end(self) -> Place:
        """The place behind what the finding is about; its beginning where nothing more is known."""
        return getattr(self.place, "end", self.place)

    def as_dict(self) -> dict[str, object]:
        """The finding as JSON types, for `mdvm check --json`."""
        described: dict[str, object] = {
            "severity": self.severity.value,
            "code": self.code,
            "file": self.file,
            "line": self.place.line,
            "column": self.place.column,
            "end_line": self.end.line,
            "end_column": self.end.column,
            "message": self.message,
            "expected": self.expected,
        }
        if self.fix is not None:
            described["fix"] = self.fix.as_dict()
        return described


class SourceError(Exception):
    """A source file cannot be compiled. `findings` holds every finding, at least one of which is an
    error.
    """

    def __init__(self, findings: Sequence[Finding], source: str) -> None:
        super().__init__(show(findings, source))
        self.findings = tuple(findings)
        self.source = source


def source_lines(source: str) -> list[str]:
    """The lines that places count: only a line feed ends one."""
    return [line.rstrip("\r") for line in source.split("\n")]


def show(findings: Iterable[Finding], source: str) -> str:
    """All findings as text, in their order."""
    lines = source_lines(source)
    return "\n".join(finding.text(lines) for finding in findings)


def pointed_out(lines: Sequence[str], place: Place) -> list[str]:
    """The source line of a place, and a caret under it; nothing where there is no such line."""
    if not 1 <= place.line <= len(lines):
        return []
    line = lines[place.line - 1]
    return [_printable(line), f"{_space_before(line, place.column)}^"]


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether one of them ends compilation."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sorted by place, each once."""
    return sorted(dict.fromkeys(findings), key=lambda finding: finding.place)


def _printable(text: str) -> str:
    """The text without what would make a terminal do things; every character keeps its place."""
    return "".join(
        character if character == "\t" or character.isprintable() else "\ufffd"
        for character in text
    )


def _space_before(line: str, column: int) -> str:
    """As much white space as the line takes up before the column; tabs stay tabs."""
    return "".join(_space_for(character) for character in line[: column - 1].ljust(column - 1))


def _space_for(character: str) -> str:
    if character == "\t":
        return "\t"
    if unicodedata.combining(character):
        return ""
    return "  " if unicodedata.east_asian_width(character) in "WF" else " "
