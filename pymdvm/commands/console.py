"""What the commands print: the same lines and tables, with colour where a person looks and plain
where a program reads.

A command writes to an Output. `standard_output()` chooses: rich on a terminal, plain text
otherwise. rich is imported only when it is needed.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TextIO

from pymdvm.assembler.tokens import TokenKind, tokens_of_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

from mdvm import opcodes

# How the parts of assembler text look, and the words that commands use for what they print.
TOKEN_STYLES = {
    TokenKind.DIRECTIVE: "magenta",
    TokenKind.INT: "cyan",
    TokenKind.FLOAT: "cyan",
    TokenKind.STRING: "green",
    TokenKind.CONSTANT_INDEX: "cyan",
    TokenKind.INSTRUCTION_INDEX: "yellow",
}
MNEMONIC_STYLE = "bold blue"
LABEL_STYLE = "yellow"
COMMENT_STYLE = "bright_black"
STYLES = {
    "heading": "bold",
    "error": "bold red",
    "warning": "yellow",
    "good": "green",
    "quiet": "bright_black",
    "": "",
}


@dataclass(frozen=True)
class Column:
    """One column of a table.

    right: whether it is aligned at the right
    code: whether it holds assembler text
    """

    name: str
    right: bool = False
    code: bool = False


class Output(Protocol):
    """Where a command prints."""

    def line(self, text: str = "", style: str = "") -> None:
        """One line.  style: a key of STYLES."""

    def assembly(self, text: str) -> None:
        """One line of assembler text."""

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        """A table with its head."""


class PlainOutput:
    """Text without colours; in tables two spaces stand between columns."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def line(self, text: str = "", style: str = "") -> None:
        """See Output."""
        self._stream.write(text + "\n")

    def assembly(self, text: str) -> None:
        """See Output."""
        self._stream.write(text + "\n")

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        """See Output."""
        cells = [[column.name for column in columns], *rows]
        widths = [max(len(row[position]) for row in cells) for position in range(len(columns))]
        for row in cells:
            padded = [
                cell.rjust(width) if column.right else cell.ljust(width)
                for cell, width, column in zip(row, widths, columns)
            ]
            self._stream.write("  ".join(padded).rstrip() + "\n")


class RichOutput:
    """Colours and ruled tables, through a rich console."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def line(self, text: str = "", style: str = "") -> None:
        """See Output."""
        self._console.print(
            text, style=STYLES[style], markup=False, highlight=False, soft_wrap=True
        )

    def assembly(self, text: str) -> None:
        """See Output."""
        self._console.print(highlighted(text), soft_wrap=True)

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        """See Output."""
        from rich import box
        from rich.table import Table
        from rich.text import Text

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for column in columns:
            table.add_column(
                column.name,
                justify="right" if column.right else "left",
                no_wrap=column.right or column.code,
            )
        for row in rows:
            table.add_row(
                *[
                    highlighted(cell) if column.code else Text(cell, STYLES.get(cell, ""))
                    for column, cell in zip(columns, row)
                ]
            )
        self._console.print(table)


def standard_output() -> Output:
    """The Output for this process's standard output as it is now."""
    if not sys.stdout.isatty():
        use_utf8()
        return PlainOutput(sys.stdout)
    from rich.console import Console

    return RichOutput(Console())


def use_utf8() -> None:
    """From now on standard output is UTF-8 whatever the locale says: what is piped may be a
    listing, to be assembled again.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")


def highlighted(text: str) -> Text:
    """A line of assembler text in colour."""
    from rich.text import Text

    shown = Text(text)
    tokens = tokens_of_line(text)
    for token, following in zip(tokens, tokens[1:]):
        style = TOKEN_STYLES.get(token.kind, "")
        if token.kind is TokenKind.WORD and following.text == ":":
            style = LABEL_STYLE
        elif token.kind is TokenKind.WORD and token.text.upper() in opcodes.BY_NAME:
            style = MNEMONIC_STYLE
        if style:
            shown.stylize(style, token.column - 1, token.column - 1 + len(token.text))
    comment = tokens[-1].column - 1
    if tokens[-1].kind is TokenKind.END and text[comment:].lstrip().startswith(";"):
        shown.stylize(COMMENT_STYLE, comment)
    return shown
