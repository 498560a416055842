"""Lists that are written out: one item a line behind `Set ... to:`."""

from __future__ import annotations

import re
from typing import Union

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.expressions import Expressions
from pymdvm.compiler.frontend.faults import A_LIST, A_PERIOD
from pymdvm.compiler.frontend.fixes import Fix
from pymdvm.compiler.frontend.syntax import Place
from pymdvm.compiler.frontend.tokens import Token

_Literal = Union[syntax.ListLiteral, syntax.NamedListLiteral]
_Key = Union[str, int, float]


class LiteralLists(Expressions):
    """Parses them.  depth: the marks of the lines of the statement."""

    depth = 0

    def literal_list(self) -> syntax.Expression:
        """The list behind the colon; the next word is its first."""
        if self.token.kind == t.BREAK and self._is_marker(self.ahead()):
            # Items stand at the margin, whatever block the statement is in.
            margin = self.advance()
            made = self._items(self.column(self.token))
            if self.token.kind not in t.STRUCTURE:
                # The block has ended where the items have begun.
                self.put_back(margin)
            return made
        token = self.token
        if token.kind == t.END or (token.kind in ("set", "define") and token.first):
            self.warn(token, "empty-list", "the list is empty", "expected its items, or `blank`")
            return syntax.ListLiteral(token.span, ())
        if token.kind == ".":
            return syntax.ListLiteral(self.token.span, ())
        if not self._is_marker(self.token) and not self._is_number(self.token):
            raise self.unexpected(A_LIST, fix=self._fix_of_items())
        return self._items(self.column(self.token) if self.token.first else 0)

    def _fix_of_items(self) -> Fix | None:
        """The lines that are meant to be items, with a dash in front; values on the line of the
        colon in brackets.
        """
        token = self.token
        if token.line == self.last.line:
            steps = 0
            while self.ahead(steps).kind in (t.NUMBER, t.TEXT, t.YES_NO, t.NAME, ","):
                steps += 1
            if self.ahead(steps).kind != "." or steps == 0:
                return None
            words = [self.ahead(step).text for step in range(steps)]
            text = f" [{' '.join(words).replace(' ,', ',')}]"
            return Fix(Place(*self.last.span), Place(*self.ahead(steps).span), text)
        return self.lines_replaced(token.line, r"([> \t]*)(?:[*+]\s+)?(?=\S)", r"\1- ")

    def lines_replaced(self, first: int, pattern: str, text: str) -> Fix | None:
        """The lines from that one on that the pattern matches at their beginnings, up to an empty
        line, with the text for what it matches.
        """
        lines = []
        for line in self.lines_from(first, 1000):
            if not line.strip("> \t\r") or not re.match(pattern, line):
                break
            lines.append(line)
        if not lines:
            return None
        made = "\n".join(re.sub(pattern, text, line, count=1) for line in lines)
        end = Place(first + len(lines) - 1, len(lines[-1]) + 1)
        return Fix(Place(first, 1), end, made)

    def _is_marker(self, token: Token) -> bool:
        return token.first and (
            token.kind == "-" or (token.kind == t.NUMBER and isinstance(token.value, int))
        )

    def _is_number(self, token: Token) -> bool:
        """Whether it is the marker of a numbered item, at the beginning of a line or not."""
        return (
            token.kind == t.NUMBER
            and isinstance(token.value, int)
            and token is self.token
            and self.ahead().kind == "."
        )

    def _marks_level(self, token: Token, column: int) -> bool:
        """Whether the word is the marker of an item of the list that stands in that column."""
        return self._is_marker(token) and (
            column == 0 or column - 1 <= self.column(token) < column + 2
        )

    def _items(self, column: int) -> _Literal:
        """The items whose markers stand in that column."""
        start = self.token
        by_number = start.kind == t.NUMBER
        elements: list[syntax.Expression] = []
        entries: list[tuple[_Key, syntax.Expression]] = []
        named: bool | None = None
        while True:
            marker = self.token
            if (marker.kind == t.NUMBER) is not by_number:
                raise self.unexpected("expected all items with the same mark, - or a number")
            self.advance()
            if by_number:
                self.expect(".", "expected a period behind the number")
            is_named = not by_number and self._is_key()
            if named is None:
                named = is_named
            elif named is not is_named:
                raise self.unexpected(
                    "expected a key and a colon, as the items before have"
                    if named
                    else "expected an item without a key, as the items before are"
                )
            if is_named:
                key = self._key()
                self.expect(":", "expected a colon after the key")
                entries.append((key, self._content(column, marker)))
            else:
                if self._has_no_value(marker):
                    raise self.stop(self.last, "the item is empty", "expected a value behind it")
                elements.append(self._content(column, marker))
            if not self._goes_on(column, by_number):
                break
        if named:
            return syntax.NamedListLiteral(self.span_from(start), tuple(entries))
        return syntax.ListLiteral(self.span_from(start), tuple(elements))

    def _has_no_value(self, marker: Token) -> bool:
        """Whether the next item, or something else, begins where the value should stand."""
        token = self.token
        if not self._is_marker(token) or self.column(token) != self.column(marker):
            return False
        return token.kind == "-" or self.ahead().kind == "."

    def _goes_on(self, column: int, by_number: bool) -> bool:
        """Whether another item follows, which is the next word then."""
        token = self.token
        if token.kind == t.BREAK:
            return False
        if by_number and self._is_number(token) and not token.first:
            return True
        if not self._is_marker(token):
            return False
        if token.kind == t.NUMBER and self.ahead().kind != ".":
            return False
        return self._marks_level(token, column)

    def _is_key(self) -> bool:
        """Whether a key and a colon come next."""
        token = self.token
        if token.kind == ":":
            return bool(token.before)
        if token.kind in ("-", "("):
            return False
        if self.ahead().kind == ":":
            return True
        if token.kind == t.NUMBER:
            return False
        # Several words.
        steps = 0
        while _is_plain_word(self.ahead(steps)) and self.ahead(steps).line == token.line:
            steps += 1
        return steps > 1 and self.ahead(steps).kind == ":"

    def _key(self) -> _Key:
        if self.token.kind == ":":
            filler = self.token.before[-1]
            self._meant.add(id(filler))
            return filler.text
        token = self.advance()
        if token.kind == t.NUMBER and isinstance(token.value, (int, float)):
            return token.value
        if _is_plain_word(token) and _is_plain_word(self.token):
            words = [token]
            while self.token.kind != ":":
                words.append(self.advance())
            self._meant.update(id(filler) for word in words for filler in word.before)
            written = [each for word in words for each in (*word.before, word)]
            return " ".join(each.text for each in written)
        if token.kind == t.TEXT or token.kind == t.NAME:
            return str(token.value)
        if token.text.isalpha():
            return token.text
        raise self.unexpected("expected a name that is a text or a word", token)

    def _content(self, column: int, marker: Token) -> syntax.Expression:
        """What an item holds: a value, or items that stand deeper."""
        token = self.token
        if self._is_deeper(token, column):
            return self._items(self.column(token))
        if token.kind == "-" and not token.first and self._begins_inner(marker, token, column):
            # `- - x`: the inner list's first item is on the line of the outer one's.
            token.first = True
            return self._items(self.column(token))
        outer, self._in_items = self._in_items, True
        try:
            value = self.expression()
        finally:
            self._in_items = outer
        self._end_of_item()
        if self._is_deeper(self.token, column) and self.token.line > self.last.line:
            raise self.unexpected("a value has no items; those of a list stand behind `- -`")
        return value

    def _is_deeper(self, token: Token, column: int) -> bool:
        return column > 0 and self._is_marker(token) and self.column(token) >= column + 2

    def _begins_inner(self, marker: Token, token: Token, column: int) -> bool:
        """Whether the dash behind a marker is one too: with a blank behind both, and no more.
        Behind a number it may be a sign, unless more items follow as deep as it stands.
        """
        following = self.ahead()
        has_blanks = (
            marker.line == token.line
            and token.column == marker.end_column + (1 if marker.kind == "-" else 2)
            and following.line == token.line
            and following.column > token.end_column
        )
        return has_blanks and (marker.kind == "-" or self._more_stand_deeper(column))

    def _more_stand_deeper(self, column: int) -> bool:
        """Whether the next line goes on with an item that stands deeper than the column."""
        steps = 1
        while not self.ahead(steps).first:
            if self.ahead(steps).kind in t.STRUCTURE:
                return False
            steps += 1
        return self._is_deeper(self.ahead(steps), column)

    def _end_of_item(self) -> None:
        token = self.token
        if token.kind == ".":
            self.advance()
            return
        if token.kind in t.STRUCTURE or token.paragraph != self.last.paragraph:
            return
        if token.first and self._is_marker(token):
            return
        if token.first:
            return
        if token.kind == ",":
            fix = self.lines_replaced(token.line, r"(.*?),([ \t\r]*)$", r"\1.\2")
            raise self.unexpected(A_PERIOD, fix=fix)
        if token.kind == "=":
            fix = self.lines_replaced(token.line, r"(.*?) *=(?=[^=])", r"\1:")
            raise self.unexpected("expected a colon between a key and its value", fix=fix)
        raise self.unexpected(A_PERIOD)


def _is_plain_word(token: Token) -> bool:
    """Whether the token is a word without marks, be it a keyword or not."""
    return token.bare or token.text.replace(" ", "").isalpha() and token.kind not in t.STRUCTURE
