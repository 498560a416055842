"""The words of the language for the REPL's prompt: colours and completion."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.lexers import Lexer
from prompt_toolkit.styles import Style

KEYWORDS = (
    "Define",
    "Set",
    "Say",
    "Give back",
    "If",
    "Else",
    "Otherwise",
    "While",
    "For each",
    "Use",
    "Add",
    "Remove",
    "Insert",
    "Update",
    "Clear",
    "as",
    "to",
    "of",
    "in",
    "from",
    "with",
    "where",
    "using",
    "then",
    "if",
    "else",
    "and",
    "or",
    "not",
    "is",
    "equals",
    "item",
    "first",
    "last",
    "blank",
    "default",
    "Whole Number",
    "Float",
    "Number",
    "Text",
    "Yes/No",
    "URL",
    "Ordered List",
    "Unordered List",
    "Named List",
    "Empty",
)

STYLE = Style.from_dict(
    {
        "keyword": "bold ansiblue",
        "name": "ansicyan",
        "literal": "ansigreen",
        "block": "ansibrightblack",
        "heading": "bold ansimagenta",
        "command": "bold ansiyellow",
        "prompt": "bold",
    }
)

_TOKENS = re.compile(
    "|".join(
        (
            r"(?P<command>^:\w+)",
            r"(?P<heading>^#+.*)",
            r"(?P<block>^[> ]*>)",
            r"(?P<name>`[^`]*`?)",
            r'(?P<literal>_"[^"]*"?_?|_[^_\s]+_?)',
            r"(?P<keyword>\b(?:"
            + "|".join(sorted(map(re.escape, KEYWORDS), key=len, reverse=True))
            + r")\b)",
        )
    )
)
_UNFINISHED_WORD = re.compile(r"(`[^`\n]*|:?[\w/]+)$")


class WordLexer(Lexer):
    """Colours, line by line."""

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        lines = document.lines

        def styled(number: int) -> StyleAndTextTuples:
            return styled_line(lines[number]) if number < len(lines) else []

        return styled


def styled_line(line: str) -> StyleAndTextTuples:
    """A line in pieces, each with the class of its style."""
    pieces: StyleAndTextTuples = []
    end = 0
    for match in _TOKENS.finditer(line):
        if match.start() > end:
            pieces.append(("", line[end : match.start()]))
        pieces.append((f"class:{match.lastgroup}", match.group()))
        end = match.end()
    if end < len(line):
        pieces.append(("", line[end:]))
    return pieces


class WordCompleter(Completer):
    """Names in backticks, keywords, and commands at the beginning of a line.

    names: gives the variables and functions that there are now
    commands: those of the REPL, with their colons
    """

    def __init__(self, names: Callable[[], Iterable[str]], commands: Iterable[str]) -> None:
        self._names = names
        self._commands = tuple(commands)

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        match = _UNFINISHED_WORD.search(document.current_line_before_cursor)
        if match is None:
            return
        begun = match.group()
        for word in self._candidates(begun):
            if word.startswith(begun) and word != begun:
                yield Completion(word, start_position=-len(begun))

    def _candidates(self, begun: str) -> Iterable[str]:
        if begun.startswith(":"):
            return self._commands
        if begun.startswith("`"):
            return [f"`{name}`" for name in sorted(self._names())]
        return KEYWORDS
