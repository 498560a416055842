"""From lines to words: which lines of the document are code, and how deep they stand.

Headings, prose, comments, fences and tables are left out here; a paragraph that is neither code nor
prose is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.joining import finished
from pymdvm.compiler.frontend.paragraphs import ITEM, MARKS, Paragraphs
from pymdvm.compiler.frontend.structure import FENCE, HEADING, TABLE
from pymdvm.compiler.frontend.syntax import Span
from pymdvm.compiler.frontend.tokens import Token

_BLANK = re.compile(r"[^\S\n]*(?:\n|\Z)")
_STARTS = re.compile(
    r"(?:define|set|give\s+back|gives\s+back|if|when|whenever|while|for\s+each|say|tell|use|add|"
    r"remove|insert|update|clear|else|otherwise)\b(?!\*\*\S)",
    re.IGNORECASE,
)
_TAG = re.compile(r"[^\S\n]*</?(?:details|summary)>", re.IGNORECASE)
_COMMENT = re.compile(r"[^\S\n]*<!--")
# An item of words only, which is no value.
_PROSE_ITEM = re.compile(r"[^\S\n]*(?:-|\d+\.)\s+[^\W\d]+(?:[\s,;]+[^\W\d]+)+\s*[.!?]?\s*\Z")
_LOOSE_ITEM = re.compile(r"[^\S\n]*(?:-|\d+\.)")


class Document(Paragraphs):
    """Reads the words of a whole document.

    tokens, faults: the result; margins: how wide the marks are, by line.
    """

    def __init__(
        self,
        source: str,
        parses: Callable[[list[Token]], bool],
        names: Iterable[str] = (),
        is_input: bool = False,
    ) -> None:
        super().__init__(source, parses, names, is_input)
        self.margins: dict[int, int] = {}

    def read(self) -> None:
        """Read everything."""
        reader, source = self._reader, self._source
        end = len(source)
        fresh = True  # whether the next line begins a paragraph
        while reader.position < end:
            if _BLANK.match(source, reader.position):
                self._next_line()
                fresh = True
                continue
            marks = MARKS.match(source, reader.position)
            if marks is not None:
                start = marks.end()
                self.margins[reader.line] = marks.group().rfind(">") + 1
                if _BLANK.match(source, start):
                    fresh = True
                elif self._structure(start, True, fresh):
                    fresh = True
                    continue
                else:
                    fresh = self._code_line(start, marks.group().count(">"), fresh)
                    continue
                self._next_line()
            elif self._structure(reader.position, False, fresh):
                fresh = True
            elif fresh or self._ends_before_item():
                fresh = self._paragraph_start()
            else:
                fresh = self._code_line(reader.position, 0, fresh)
        self._finish_chunk()
        self._end()

    def _end(self) -> None:
        lines = self._source.rstrip()
        line = lines.count("\n") + 1
        column = len(lines) - (lines.rfind("\n") + 1) + 1
        token = Token(t.END, None, "end of the file", line, column, line, column)
        token.paragraph = self._paragraph + 1
        self._append(token)

    # ____________________________________________________________ paragraphs

    def _paragraph_start(self) -> bool:
        """Read the paragraph that begins here; whether the next line begins another."""
        reader, source = self._reader, self._source
        start = reader.position
        self._new_paragraph()
        if _TAG.match(source, start) or _COMMENT.match(source, start):
            return self._code_line(start, 0, True) or True
        first = source[start : start + 40].lstrip(" \t*")
        if _STARTS.match(first):
            self._in_section = False
            return self._code_line(start, 0, True)
        if self._goes_on(start):
            return self._code_line(start, 0, True)
        return self._undecided(start)

    def _ends_before_item(self) -> bool:
        """Whether the line is an item, and what stands before it is over and no list."""
        found = self._reader.found
        if not found or found[-1].kind != ".":
            return False
        if not ITEM.match(self._source, self._reader.position):
            return False
        self._finish_chunk()
        return not self._in_list and not self._in_section

    def _goes_on(self, start: int) -> bool:
        """Whether the line is an item of a list or section that has begun."""
        if self._in_section and _LOOSE_ITEM.match(self._source, start):
            return True
        self._in_section = False
        if not self._in_list or not _LOOSE_ITEM.match(self._source, start):
            return False
        if self.tokens and self.tokens[-1].kind == ":":
            return True  # the first item
        end = self._source.find("\n", start)
        return not _PROSE_ITEM.match(self._source[start : None if end < 0 else end])

    def _undecided(self, start: int) -> bool:
        """A paragraph that begins with no statement's word: code, prose or a fault."""
        reader = self._reader
        line, line_start, end = reader.line, reader.line_start, self._paragraph_end(start)
        before = self._reader.found
        reader.found = []
        first = True
        while reader.position < end:
            count = len(reader.found)
            reader.read_line(end)
            for token in reader.found[count : count + 1]:
                token.first = True
            self._mark(reader.found[count:], 0)
            self._next_line()
        raw, reader.found = reader.found, before
        words = finished(raw, [])
        code = self.is_code(words, start)
        if code:
            # Again, with texts that may go on behind the paragraph.
            reader.position, reader.line, reader.line_start = start, line, line_start
            return self._code_line(start, 0, first)
        reader.found = []
        return True

    def _paragraph_end(self, start: int) -> int:
        source = self._source
        position = start
        while position < len(source):
            end = source.find("\n", position)
            if end < 0:
                return len(source)
            position = end + 1
            if (
                _BLANK.match(source, position)
                or MARKS.match(source, position)
                or HEADING.match(source, position)
                or FENCE.match(source, position)
                or TABLE.match(source, position)
                or _TAG.match(source, position)
            ):
                return position
        return len(source)

    # ____________________________________________________________ lines of code

    def _code_line(self, start: int, depth: int, fresh: bool) -> bool:
        """Read a line as code; False: the next line belongs to the same paragraph."""
        reader, source = self._reader, self._source
        if fresh:
            self._new_paragraph()
        found = reader.found
        count = len(found)
        if depth != self._depth and not (
            depth == 0 and not fresh and self._continues_lazily(start)
        ):
            column = start - reader.line_start + 1
            token = Token(t.BREAK, None, "", reader.line, column, reader.line, column)
            token.depth = depth
            token.paragraph = self._paragraph
            found.append(token)
            self._depth = depth
            count += 1
        reader.position = start
        reader.read_line(len(source))
        if count < len(found):
            found[count].first = True
            self._mark(found[count:], self._depth)
            if depth == self._depth:
                self._marks_behind_colon(count)
        self._next_line()
        return False

    def _continues_lazily(self, start: int) -> bool:
        """Whether a line without marks goes on with the statement of the line before, as Markdown
        has it.
        """
        found = self._reader.found
        if not found or found[-1].kind in (".", ":", t.BREAK, t.DETAILS, t.DETAILS_END):
            return False
        source = self._source
        return not _TAG.match(source, start) and not _STARTS.match(
            source[start : start + 40].lstrip(" \t*")
        )

    def _marks_behind_colon(self, start: int) -> None:
        """Marks on the line of a header, behind its colon, begin a line of the block."""
        found = self._reader.found
        index = next(
            (
                index
                for index in range(start, len(found) - 1)
                if found[index].kind == ":" and found[index + 1].kind == ">"
            ),
            None,
        )
        if index is None:
            return
        end = index + 1
        while end < len(found) and found[end].kind == ">":
            end += 1
        token, rest = found[index + 1], found[end:]
        token.kind, token.text, token.depth = t.BREAK, "", end - index - 1
        found[index + 1 :] = [token, *rest] if rest else []
        if rest:
            rest[0].first = True
            self._mark(rest, token.depth)
            self._depth = token.depth


def span_of(first: Token, last: Token) -> Span:
    """From the beginning of one word to the end of another."""
    return Span.of(first.line, first.column, last.end_line, last.end_column)
