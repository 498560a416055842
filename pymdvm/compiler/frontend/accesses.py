"""Values that look into others, and calls: items, entries, names and contents, arguments."""

from __future__ import annotations

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.cursor import Cursor
from pymdvm.compiler.frontend.tokens import Token

_ORDINALS = {
    word: number
    for number, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
        ],
        1,
    )
}
_VALUES = frozenset({t.NAME, t.POSSESSOR, t.NUMBER, t.TEXT, t.YES_NO, "empty"})
_AND, _POSTFIX = 3, 10  # strengths of expressions.py


class Accesses(Cursor):
    """Parses accesses and calls."""

    def expression(self, strength: int = 0) -> syntax.Expression:
        """Defined in expressions.py."""
        raise NotImplementedError

    def access(self) -> syntax.Expression | None:
        """The access that begins here; None if none does."""
        token = self.token
        kind = token.kind
        if kind == t.POSSESSOR:
            return self._entry()
        if kind == "item" or self._is_ordinal(token):
            position = self.position()
            if not self.skip("of"):
                raise self.unexpected("expected `of` and a list")
            return syntax.ItemOf(self.span_from(token), self.expression(_POSTFIX), position)
        if kind == "the names of":
            self.advance()
            return syntax.NamesOf(token.span, self.expression(_POSTFIX))
        if kind == "the contents of":
            self.advance()
            return syntax.ContentsOf(token.span, self.expression(_POSTFIX))
        if (
            kind in ("names", "contents")
            or token.bare
            and token.value.lower() in ("keys", "values")
        ):
            if self.ahead().kind != "of":
                return None
            self.advance()
            self.advance()
            make = (
                syntax.NamesOf
                if token.text.lower() in ("keys", "names", "name")
                else syntax.ContentsOf
            )
            return make(token.span, self.expression(_POSTFIX))
        return self._phrase(token)

    # ____________________________________________________________ items

    def _is_ordinal(self, token: Token) -> bool:
        if token.kind in ("first", "second", "third", "last"):
            return True
        return (
            token.bare
            and token.value.lower() in _ORDINALS
            and token.value not in self.defined
            and self.ahead().kind == "item"
        )

    def position(self) -> syntax.Position:
        """`item 3`, `the first item`, without `of`."""
        token = self.token
        if token.kind == "item":
            self.advance()
            return self.expression()
        self.advance()
        word = token.text.lower().strip("*")
        before_last = 0
        if word == "second" and self.token.kind == "last":
            self.advance()
            word, before_last = "last", 1
        elif word == "second" and self.token.kind == "to" and self.ahead().kind == "last":
            self.advance()
            self.advance()
            word, before_last = "last", 1
        if not self.skip("item"):
            raise self.unexpected(f"expected `item of` after `{token.text}`")
        if word == "last":
            return syntax.Last(token.span, before_last)
        return syntax.Literal(token.span, _ORDINALS[word])

    # ____________________________________________________________ entries

    def _entry(self) -> syntax.Expression:
        token = self.advance()
        made: syntax.Expression = syntax.Name(token.span, token.value)
        while True:
            following = self.token
            key, goes_on = self.key()
            made = syntax.EntryOf(token.span, made, key)
            if not goes_on:
                return made
            token = following

    def key(self) -> tuple[syntax.Expression, bool]:
        """The key behind a possessor, and whether it is a possessor itself."""
        token = self.token
        if token.kind == t.TEXT:
            self.advance()
            return syntax.Literal(token.span, token.value), False
        if token.kind in (t.NAME, t.POSSESSOR) and not token.bare:
            self.advance()
            return syntax.Name(token.span, token.value), token.kind == t.POSSESSOR
        if token.bare or (token.text.isalpha() and token.kind in t.KEYWORDS.values()):
            self.advance()
            return syntax.Literal(token.span, token.text), False
        if token.kind == t.YES_NO and token.text.isalpha():
            self.advance()
            return syntax.Literal(token.span, token.text), False
        raise self.unexpected(
            'expected a name written out as a text, such as `person`\'s _"age"_, a word, or a '
            "variable in backticks"
        )

    # ____________________________________________________________ phrases

    def _phrase(self, token: Token) -> syntax.Expression | None:
        """`the length of x` and its kin."""
        word = token.text.lower()
        following = self.ahead()
        if word == "length" and following.kind == "of":
            return self._built_in("len", token, 2)
        items = self.ahead(2)
        if word == "number" and following.kind == "of" and items.text.lower() == "items":
            self.advance()
            self.advance()
            self.advance()
            if self.token.kind not in ("in", "of"):
                raise self.unexpected("expected `in` and a list")
            return self._built_in("len", token, 1)
        if word == "absolute" and following.kind == "value" and self.ahead(2).kind == "of":
            return self._built_in("abs", token, 3)
        return None

    def _built_in(self, name: str, token: Token, words: int) -> syntax.Expression:
        for _ in range(words):
            self.advance()
        operand = self.expression(_POSTFIX)
        return syntax.Call(self.span_from(token), name, (operand,), (), True)

    # ____________________________________________________________ calls

    def call(self, start: Token) -> syntax.Call:
        """The call whose function's name is next; start: where the call's place is."""
        if self.token.kind != t.NAME:
            raise self.unexpected("expected the name of a function in backticks")
        name = self.advance()
        positional: list[syntax.Expression] = []
        named: list[syntax.NamedArgument] = []
        if self.token.kind in ("with", "where"):
            opening = self.advance()
            if self.token.kind in (".", t.END) or self.token.kind in t.STRUCTURE:
                raise self.unexpected(f"expected an argument after `{opening.text}`")
            while True:
                self._argument(opening.kind, positional, named)
                if self.token.kind not in (",", "and"):
                    break
                self.advance()
                if self.token.kind in (".", ")") or self.is_word("store"):
                    break
            is_value = self.token.kind in _VALUES and not self.is_word("store")
            if is_value and self.token.line == self.last.end_line:
                raise self.unexpected("expected a comma between arguments")
        return syntax.Call(self.span_from(start), name.value, tuple(positional), tuple(named))

    def _argument(
        self,
        opening: str,
        positional: list[syntax.Expression],
        named: list[syntax.NamedArgument],
    ) -> None:
        token, following = self.token, self.ahead().kind
        is_named = token.kind == t.NAME and (
            following in (":", "=") or (opening == "where" and following == "is")
        )
        if is_named:
            self.advance()
            self.advance()
            named.append(syntax.NamedArgument(token.span, token.value, self.expression(_AND)))
        elif opening == "where":
            if token.kind == t.NAME:
                self.advance()
                raise self.unexpected("expected `is` after the parameter's name")
            raise self.unexpected("expected the name of a parameter and `is`")
        elif named:
            raise self.unexpected("expected arguments without a name in front of those with one")
        else:
            positional.append(self.expression(_AND))
