"""What is no code in a document: headings, fences, tables and lines of dashes."""

from __future__ import annotations

import re

from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.faults import Fault, statement_hint
from pymdvm.compiler.frontend.fixes import replacing
from pymdvm.compiler.frontend.joining import finished
from pymdvm.compiler.frontend.syntax import Span
from pymdvm.compiler.frontend.tokens import Token
from pymdvm.compiler.frontend.words import WordReader

HEADING = re.compile(r"[^\S\n]*(#{1,6})(?:[^\S\n]+|(?=\*))([^\n]*)")
_FUNCTION = re.compile(
    r"(\*\*)?(actions?|interactions?|utility)(\*\*)?[^\S\n]*(:)?[^\S\n]*(\*\*)?(?=[`\w]|$)",
    re.IGNORECASE,
)
_ENDS_WITH_NAME = re.compile(r"`[^`]+`[^\S\n]*\Z")
_NO_FUNCTION = re.compile(r"\*\*([^*\n]+)\*\*:[^\S\n]*`", re.IGNORECASE)
# Functions and sections as others name them.
_OTHER_FUNCTION = re.compile(r"(?:\*\*)?(function|procedure|method)s?(?:\*\*)?:[^\S\n]*`", re.I)
_WITHOUT_MEANING = re.compile(r"(?:\*\*)?(template|entrypoint)s?(?:\*\*)?:[^\S\n]*`", re.I)
_OTHER_SECTION = re.compile(
    r"(?:\*\*)?((parameters?|arguments?|params|args)|returns?|results?)(?:\*\*)?:?\Z", re.I
)
_SECTION = re.compile(
    r"(?:\*\*)?(inputs?|outputs?)(?:\*\*)?(?:[^\S\n]*:?[^\S\n]*(?:\*\*)?\Z|:[^\S\n]*(-.*))",
    re.IGNORECASE,
)
FENCE = re.compile(r"[^\S\n]{0,3}(```+|~~~+)")
TABLE = re.compile(r"[^\S\n]*\|")
_RULE = re.compile(r"[^\S\n]*(?:-{3,}|\*{3,}|_{3,})[^\S\n]*(?:\n|\Z)")


class Structure:
    """Reads it.  tokens, faults: the result."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._reader = WordReader(source)
        self.tokens: list[Token] = []
        self.faults: list[Fault] = []
        self._paragraph = 0
        self._depth = 0
        self._in_function = False
        self._in_section = False
        # Whether the last code is `to :`, or items behind it.
        self._in_list = False
        # Filler words at the end of a paragraph: they stand in front of the word after it.
        self._fillers: list[Token] = []

    def _code_line(self, start: int, depth: int, fresh: bool) -> bool:
        """Defined in blocks.py."""
        raise NotImplementedError

    def _next_line(self) -> None:
        reader = self._reader
        end = self._source.find("\n", reader.position)
        if end < 0:
            reader.position = len(self._source)
            return
        reader.position = reader.line_start = end + 1
        reader.line += 1

    # ____________________________________________________________ structure

    def _structure(self, start: int, in_block: bool, fresh: bool) -> bool:
        """Read what is no code at all; whether there was any."""
        source = self._source
        character = source[start : start + 1]
        if character not in "#`~|-*_ \t<":
            return False
        heading = HEADING.match(source, start)
        if heading is not None:
            self._heading(heading, in_block)
            return True
        fence = FENCE.match(source, start)
        if fence is not None and (fresh or self._is_finished()):
            self._skip_fence(fence.group(1))
            return True
        if TABLE.match(source, start) or (
            not in_block and _RULE.match(source, start) and (fresh or self._is_finished())
        ):
            self._new_paragraph()
            self._next_line()
            return True
        return False

    def _is_finished(self) -> bool:
        """Whether no statement goes on here."""
        found = self._reader.found
        return not found or found[-1].kind in (".", ":", t.DETAILS, t.DETAILS_END)

    def _skip_fence(self, fence: str) -> None:
        self._new_paragraph()
        reader, source = self._reader, self._source
        while True:
            self._next_line()
            if reader.position >= len(source):
                return
            line = source[reader.position : source.find("\n", reader.position) + 1 or None]
            if line.strip(" \t\r\n>").startswith(fence):
                self._next_line()
                return

    def _heading(self, heading: re.Match[str], in_block: bool) -> None:
        self._new_paragraph()
        reader = self._reader
        text, start = heading.group(2).rstrip(), heading.start(2)
        function = _FUNCTION.match(text)
        section = _SECTION.match(text)
        column = start - reader.line_start + 1
        is_named = function and _ENDS_WITH_NAME.match(text, function.end())
        if function and (function.group(4) or function.group(1) or is_named) and not section:
            self._function_heading(function, start, column)
            return
        token = Token(t.HEADING, text, text, reader.line, column, reader.line, column + len(text))
        if section and self._in_function and section.group(2):
            # The first declaration is on the line of the heading.
            token.kind, token.value = t.SECTION, section.group(1).lower().rstrip("s")
            self._in_section = True
            self._emit(token)
            self._code_line(start + section.start(2), 0, False)
            return
        if section and self._in_function:
            token.kind, token.value = t.SECTION, section.group(1).lower().rstrip("s")
            self._in_section = True
        elif self._in_function and (other := _OTHER_SECTION.match(text)):
            meant = "Inputs" if other.group(2) else "Outputs"
            span = Span.of(token.line, column, token.line, column + len(other.group(1)))
            message = f"unexpected {other.group(1)}"
            fix = replacing(span, meant)
            self.faults.append(Fault(span, message, f"expected {meant}", fix=fix))
            token.kind, token.value = t.SECTION, meant.lower().rstrip("s")
            self._in_section = True
        else:
            self._in_function = self._in_section = False
            meaningless = _WITHOUT_MEANING.match(text)
            if meaningless is not None:
                self._without_meaning(meaningless, column)
            wrong = None if meaningless else _NO_FUNCTION.match(text) or _OTHER_FUNCTION.match(text)
            if wrong is not None:
                self._other_function(wrong, start, column)
                return
        if not in_block:
            self._emit(token)
        self._next_line()

    def _without_meaning(self, wrong: re.Match[str], column: int) -> None:
        """A heading of something that the language has no meaning for."""
        word, line = wrong.group(1), self._reader.line
        span = Span.of(line, column, line, column + wrong.end() - 1)
        self.faults.append(Fault(span, f"unexpected {word}", statement_hint(word)))

    def _other_function(self, wrong: re.Match[str], start: int, column: int) -> None:
        """A function heading with a word that is none of the three."""
        word, line = wrong.group(1), self._reader.line
        first = column + wrong.start(1)
        text = wrong.group()[:-1].rstrip()
        heading = Span.of(line, column, line, column + len(text))
        fix = replacing(Span.of(line, first, line, first + len(word)), "Utility")
        expected = "expected Utility, Action or Interaction"
        self.faults.append(Fault(heading, f"unexpected {word}", expected, fix=fix))
        token = Token(t.FUNCTION, True, text, line, column, line, column + len(text))
        token.bare = True  # it has been told
        self._emit(token)
        self._in_function, self._in_section = True, False
        self._reader.position = start + wrong.end() - 1
        self._reader.read_line(len(self._source))
        self._finish_chunk()
        self._next_line()

    def _function_heading(self, function: re.Match[str], start: int, column: int) -> None:
        """The heading's token, then the rest of its line as words: the name."""
        reader = self._reader
        token = Token(
            t.FUNCTION,
            function.group(4) is not None,
            function.group().rstrip(),
            reader.line,
            column,
            reader.line,
            column + len(function.group().rstrip()),
        )
        self._emit(token)
        self._in_function, self._in_section = True, False
        reader.position = start + function.end()
        reader.read_line(len(self._source))
        self._finish_chunk()
        self._next_line()

    def _emit(self, token: Token) -> None:
        token.first = True
        token.paragraph = self._paragraph
        self._depth = 0
        self._append(token)

    def _new_paragraph(self) -> None:
        self._finish_chunk()
        self._paragraph += 1

    def _mark(self, words: list[Token], depth: int) -> None:
        for word in words:
            word.depth = depth
            word.paragraph = self._paragraph

    def _append(self, token: Token) -> None:
        """Append what is no word of a line."""
        token.before = tuple(self._fillers)
        self._fillers.clear()
        self.tokens.append(token)

    def _finish_chunk(self) -> None:
        if not self._reader.found:
            return
        words = finished(self._reader.found, self._fillers)
        self._reader.found = []
        self.tokens.extend(words)
        previous = ""
        for word in words:
            kind = word.kind
            if word.first and kind not in ("-", t.NUMBER, t.BREAK):
                self._in_list = False
            if kind == ":" and previous == "to":
                self._in_list = True
            previous = kind
