"""From lines to words: which lines of the document are code, and how deep they stand.

Headings, prose, comments, fences and tables are left out here; a paragraph that is neither code nor
prose is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.faults import (
    A_STATEMENT,
    NO_PROSE,
    Fault,
    statement_fix,
    statement_hint,
)
from pymdvm.compiler.frontend.fixes import Fix
from pymdvm.compiler.frontend.joining import finished
from pymdvm.compiler.frontend.other_statements import advice
from pymdvm.compiler.frontend.structure import FENCE, HEADING, TABLE, Structure
from pymdvm.compiler.frontend.syntax import Place, Span
from pymdvm.compiler.frontend.tokens import Token

_MARKS = re.compile(r"[^\S\n]*(?:>[^\S\n]*)+")
_BLANK = re.compile(r"[^\S\n]*(?:\n|\Z)")
_STARTS = re.compile(
    r"(?:define|set|give\s+back|gives\s+back|if|when|whenever|while|for\s+each|say|tell|use|add|"
    r"remove|insert|update|clear|else|otherwise)\b(?!\*\*\S)",
    re.IGNORECASE,
)
_TAG = re.compile(r"[^\S\n]*</?(?:details|summary)>", re.IGNORECASE)
_COMMENT = re.compile(r"[^\S\n]*<!--")
_ITEM = re.compile(r"[^\S\n]*(?:-|\d+\.)(?=\s)")
# An item of words only, which is no value.
_PROSE_ITEM = re.compile(r"[^\S\n]*(?:-|\d+\.)\s+[^\W\d]+(?:[\s,;]+[^\W\d]+)+\s*[.!?]?\s*\Z")
_LOOSE_ITEM = re.compile(r"[^\S\n]*(?:-|\d+\.)")

_MARKS_OF_CODE = frozenset({t.NAME, t.POSSESSOR, t.TEXT, t.NUMBER, t.YES_NO, "empty"})


class Document(Structure):
    """Reads the words of a whole document.

    parses: whether words make statements; names: what is defined already; is_input: whether it is
    an input of a REPL. tokens, faults: the result; margins: how wide the marks are, by line.
    """

    def __init__(
        self,
        source: str,
        parses: Callable[[list[Token]], bool],
        names: Iterable[str] = (),
        is_input: bool = False,
    ) -> None:
        super().__init__(source)
        self._is_input = is_input
        self._parses = parses
        self._names = set(names)
        self.margins: dict[int, int] = {}
        self._names_read = 0

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
            marks = _MARKS.match(source, reader.position)
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
            elif fresh:
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
        code = self._is_code(words, start)
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
                or _MARKS.match(source, position)
                or HEADING.match(source, position)
                or FENCE.match(source, position)
                or TABLE.match(source, position)
                or _TAG.match(source, position)
            ):
                return position
        return len(source)

    def _is_code(self, words: list[Token], start: int) -> bool:
        if not words:
            return False
        first = words[0]
        if _begins_statement(words) or self._is_bare_function(words):
            return True
        marks = [word for word in words if _is_mark(word)]
        if _ITEM.match(self._source, start):
            is_value = len(words) in (2, 3) and words[1].kind in (t.TEXT, t.NUMBER)
            if marks or (is_value and words[-1].kind in (".", t.TEXT, t.NUMBER)):
                self._fault(first, "a list needs Set ... to: in front of it", "")
            return False
        values = marks or [word for word in words if word.kind in _MARKS_OF_CODE and not word.bare]
        values = values or [word for word in words if word.kind in ("+", "*", "/", "^", "<", ">")]
        if not values:
            names = self._defined_names()
            values = (
                [word for word in words if word.bare and word.value in names]
                if all(not word.bare or word.value in names for word in words)
                else []
            )
        if values and self._parses(words):
            known = self._defined_names()
            unknown = [word for word in words if word.bare and word.value not in known]
            if self._is_input or not unknown or not marks or len(words) < 4:
                return True
            if words[0].kind in t.STATEMENTS:
                return True
            self._fault(first, "this is no statement", NO_PROSE)
            return False
        other = advice(words) if first.bare else None
        if other is not None:
            self._fault(first, f"unexpected {first.text}", *other)
            return False
        if self._is_statement_of_another_language(words):
            self._fault(
                first, f"unexpected {first.text}", statement_hint(first.text), statement_fix(first)
            )
            return False
        if first.bare and len(words) > 1 and words[1].kind == "=":
            fix = Fix(Place(*first.span), Place(*words[1].span.end), f"Set `{first.value}` to")
            self._fault(words[1], "unexpected =", f"expected Set `{first.value}` to ...", fix)
            return False
        if not marks:
            return False
        if self._continues(words):
            return True
        if first.kind == t.BAD:
            self._fault(first, f"unexpected {first.text}", first.value)
        elif first.bare or first.is_keyword:
            hint = statement_hint(first.text)
            self._fault(
                first,
                f"unexpected {first.text}",
                hint or f"{A_STATEMENT}; {NO_PROSE}",
                statement_fix(first),
            )
        elif first.kind in ("*", "+", ":", ")", "]", "%"):
            self._fault(first, "this is no statement", NO_PROSE)
        else:
            return True  # it begins with a value: what is wrong stands behind it
        return False

    def _is_bare_function(self, words: list[Token]) -> bool:
        """Whether it is the head of a short function whose name has no backticks, with a block."""
        if words[0].kind not in t.FUNCTION_KINDS or words[-1].kind != ":" or len(words) < 3:
            return False
        is_head = words[1].bare and (words[2].kind == "with" or len(words) == 3)
        return is_head and _MARKS.match(self._source, self._reader.position) is not None

    def _is_statement_of_another_language(self, words: list[Token]) -> bool:
        """Whether the words would be a statement, if the first were the one that is meant."""
        first = words[0]
        fix = statement_fix(first) if first.bare else None
        if fix is None or fix.text.lower() not in t.KEYWORDS or len(words) < 2:
            return False
        values = (t.TEXT, t.NUMBER, t.YES_NO)
        if not any(word.kind in values for word in words[1:]):
            return False
        kind, bare = first.kind, first.bare
        first.kind, first.bare = t.KEYWORDS[fix.text.lower()], False
        try:
            return self._parses(words)
        finally:
            first.kind, first.bare = kind, bare

    def _continues(self, words: list[Token]) -> bool:
        """Whether a statement before it has no end yet, so that this may be the rest of it."""
        tokens = self.tokens
        return bool(
            tokens
            and tokens[-1].kind not in (".", ":")
            and tokens[-1].kind not in t.STRUCTURE
            and words[0].kind not in (t.NAME,)
        )

    def _defined_names(self) -> set[str]:
        for index in range(self._names_read, len(self.tokens) - 1):
            if self.tokens[index].kind in ("define", "each"):
                self._names.add(str(self.tokens[index + 1].value))
        self._names_read = max(0, len(self.tokens) - 1)
        return self._names

    def _fault(self, token: Token, message: str, expected: str, fix: Fix | None = None) -> None:
        self.faults.append(Fault(token.span, message, expected, fix=fix or token.fix))

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


def _is_mark(word: Token) -> bool:
    """Whether the word shows that somebody means code."""
    if word.kind in (t.NAME, t.POSSESSOR):
        return not word.bare and not word.text.startswith("*")
    return word.text.startswith("_") and word.kind in (t.TEXT, t.NUMBER, t.YES_NO, "empty", t.BAD)


def _begins_statement(words: list[Token]) -> bool:
    first, second = words[0], words[1] if len(words) > 1 else None
    if first.kind in t.STATEMENTS:
        return first.kind != "for" or (second is not None and second.kind == "each")
    if second is None:
        return first.bare and first.value.lower() in ("stop", "skip")
    if first.kind == "empty" and second.kind in ("item", "first", "second", "third", "last"):
        return True
    if first.kind in t.FUNCTION_KINDS or first.kind == "empty":
        return second.kind == t.NAME and not second.bare
    return first.bare and first.value.lower() in t.STATEMENT_WORDS


def span_of(first: Token, last: Token) -> Span:
    """From the beginning of one word to the end of another."""
    return Span.of(first.line, first.column, last.end_line, last.end_column)
