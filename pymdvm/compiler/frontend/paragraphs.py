"""Whether a paragraph is code, prose, or a mistake for one of both."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.faults import (
    A_STATEMENT,
    NO_LIST,
    NO_PROSE,
    WITHOUT_MEANING,
    Fault,
    statement_fix,
    statement_hint,
)
from pymdvm.compiler.frontend.fixes import Fix
from pymdvm.compiler.frontend.other_statements import advice
from pymdvm.compiler.frontend.structure import Structure
from pymdvm.compiler.frontend.syntax import Place
from pymdvm.compiler.frontend.tokens import Token

MARKS = re.compile(r"[^\S\n]*(?:>[^\S\n]*)+")
ITEM = re.compile(r"[^\S\n]*(?:-|\d+\.)(?=\s)")
_MARKS_OF_CODE = frozenset({t.NAME, t.POSSESSOR, t.TEXT, t.NUMBER, t.YES_NO, "empty"})


class Paragraphs(Structure):
    """Decides it.

    parses: whether words make statements; names: what is defined already; is_input: whether it is
    an input of a REPL.
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
        self._names_read = 0

    def is_code(self, words: list[Token], start: int) -> bool:
        """Whether the words of the paragraph that begins at start are code; mistakes are told."""
        if not words:
            return False
        first = words[0]
        if _begins_statement(words) or self._is_bare_head(words):
            return True
        marks = [word for word in words if _is_mark(word)]
        if first.text.lower() in WITHOUT_MEANING and words[-1].kind == ":":
            self._fault(first, f"unexpected {first.text}", statement_hint(first.text))
            return False
        if ITEM.match(self._source, start):
            if marks or any(_is_value(item) for item in _lines_of(words)):
                self._fault(first, NO_LIST, "")
            else:
                self._tell_statement(words)
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
            self._tell_statement(words)
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

    def _is_bare_head(self, words: list[Token]) -> bool:
        """Whether it is the head of a short function whose name has no backticks, or of a loop that
        lacks `each`, with a block.
        """
        if words[-1].kind != ":" or len(words) < 3:
            return False
        if words[0].kind in t.FUNCTION_KINDS:
            is_head = words[1].bare and (words[2].kind in ("with", "(") or len(words) == 3)
        else:
            is_head = words[0].kind == "for"
        return is_head and MARKS.match(self._source, self._reader.position) is not None

    def _is_statement_of_another_language(self, words: list[Token]) -> bool:
        """Whether the words would be a statement, if the first were the one that is meant."""
        first = words[0]
        fix = statement_fix(first) if first.bare else None
        if fix is None or fix.text.lower() not in t.KEYWORDS or len(words) < 2:
            return False
        values = (t.TEXT, t.NUMBER, t.YES_NO)
        sentence = _sentence(words)
        if not any(word.kind in values for word in sentence[1:]):
            return False
        kind, bare = first.kind, first.bare
        first.kind, first.bare = t.KEYWORDS[fix.text.lower()], False
        try:
            return self._parses(sentence)
        finally:
            first.kind, first.bare = kind, bare

    def _tell_statement(self, words: list[Token]) -> None:
        """A line that is a statement with a value, behind lines of prose, is none of them."""
        for index, word in enumerate(words):
            if not index or not word.first or not _begins_statement(words[index : index + 2]):
                continue
            sentence = _sentence(words, index)
            if any(part.kind in (t.TEXT, t.NUMBER) for part in sentence) and self._parses(sentence):
                expected = "expected an empty line between prose and statements"
                self._fault(word, f"unexpected {word.text}", expected)
                return

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


def _lines_of(words: list[Token]) -> list[list[Token]]:
    lines: list[list[Token]] = []
    for word in words:
        if word.first or not lines:
            lines.append([])
        lines[-1].append(word)
    return lines


def _is_value(item: list[Token]) -> bool:
    """Whether an item is nothing but a text or a number."""
    rest = item[2:] if [word.kind for word in item[:2]] == [t.NUMBER, "."] else item[1:]
    kinds = [word.kind for word in rest]
    return kinds[:1] in ([t.TEXT], [t.NUMBER]) and kinds[1:] in ([], ["."])


def _is_mark(word: Token) -> bool:
    """Whether the word shows that somebody means code."""
    if word.kind in (t.NAME, t.POSSESSOR):
        return not word.bare and (word.text.startswith("**`") or not word.text.startswith("*"))
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


def _sentence(words: list[Token], start: int = 0) -> list[Token]:
    """The words from there up to the first period, or to the line that begins another statement."""
    for index in range(start, len(words)):
        word = words[index]
        if word.kind == ".":
            return words[start : index + 1]
        if index > start and word.first and _begins_statement(words[index : index + 2]):
            return words[start:index]
    return words[start:]
