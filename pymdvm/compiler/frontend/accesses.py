"""Values that look into others, and calls: items, entries, names and contents, arguments."""

from __future__ import annotations

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.fixes import inserting, replacing
from pymdvm.compiler.frontend.phrases import PARTS, Phrases, part_at
from pymdvm.compiler.frontend.tokens import Token

_VALUES = frozenset({t.NAME, t.POSSESSOR, t.NUMBER, t.TEXT, t.YES_NO, "empty"})
# Words that go on with a sentence behind a key.
_LINKS = frozenset(
    {"to", "using", "with", "and", "or", "in", "is", "is not", "if", "else", "from", "as", "equals"}
    | {"<", ">", "<=", ">=", "has", "has not", "then", "where"}
)
_AND, _POSTFIX = 3, 10  # strengths of expressions.py


class Accesses(Phrases):
    """Parses accesses and calls."""

    def access(self) -> syntax.Expression | None:
        """The access that begins here; None if none does."""
        token = self.token
        kind = token.kind
        if kind == t.POSSESSOR:
            return self._entry()
        if kind == "item" or self._is_ordinal(token):
            part = self._part_of_text()
            if part is not None:
                return part
            position = self.position()
            if not self.skip("of"):
                is_name = self.token.kind in (t.NAME, t.POSSESSOR)
                fix = inserting(self.end_of_last(), " of") if is_name else None
                if self.token.kind == "in":
                    fix = replacing(self.token.span, "of")
                raise self.unexpected("expected `of` and a list", fix=fix)
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
        if token.bare and token.value.lower() == "function" and self._is_marked_name(self.ahead()):
            self.advance()
            name = self.advance()
            return syntax.FunctionName(self.span_from(token), name.value)
        return self.phrase(token)

    def _is_marked_name(self, token: Token) -> bool:
        return token.kind == t.NAME and (not token.bare or token.text.startswith("*"))

    # ____________________________________________________________ items

    def _is_ordinal(self, token: Token) -> bool:
        if token.kind in ("first", "second", "third", "last"):
            return True
        return (
            token.bare
            and token.value.lower() in t.ORDINALS
            and token.value not in self.defined
            and (self.ahead().kind == "item" or self.ahead().text.lower() in PARTS)
        )

    def _part_of_text(self) -> syntax.Expression | None:
        """`the first character of t`, `the last word of t`."""
        token = self.token
        words = 2 if token.kind == "second" and self.ahead().kind in ("to", "last") else 0
        words -= words and self.ahead().kind == "last"
        part = self.ahead(words + 1)
        if not part.bare or part.value.lower() not in PARTS or self.ahead(words + 2).kind != "of":
            return None
        position: syntax.Position
        for _ in range(words + 1):
            word = self.advance()
        if word.kind == "last":
            position = syntax.Last(token.span, 1 if words else 0)
        else:
            position = syntax.Literal(token.span, t.ORDINALS[word.text.lower().strip("*")])
        self.advance()
        self.advance()
        name = "character" if part.value.lower() == "letter" else part.value.lower()
        operand = self.expression(_POSTFIX)
        return part_at(self.span_from(token), name, position, operand)

    def parenthesis(self) -> syntax.Expression:
        """Defined in expressions.py."""
        raise NotImplementedError

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
            fix = inserting(self.end_of_last(), " item") if self.token.kind == "of" else None
            raise self.unexpected(f"expected `item of` after `{token.text}`", fix=fix)
        if word == "last":
            return syntax.Last(token.span, before_last)
        return syntax.Literal(token.span, t.ORDINALS[word])

    # ____________________________________________________________ entries

    def _entry(self) -> syntax.Expression:
        token = self.advance()
        made: syntax.Expression = syntax.Name(token.span, token.value)
        return self._entries(token, made)

    def _entries(self, token: Token, made: syntax.Expression) -> syntax.Expression:
        """The entries behind a possessor, each in the one before."""
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
            return syntax.Literal(token.span, token.value), self.skip(t.POSSESSIVE)
        if token.kind in (t.NAME, t.POSSESSOR) and not token.bare:
            self.advance()
            return syntax.Name(token.span, token.value), token.kind == t.POSSESSOR
        if token.kind == "(":
            return self.parenthesis(), self.skip(t.POSSESSIVE)
        if token.before and (token.kind in _LINKS or not token.text[:1].isalpha()):
            # A filler word can be a key.
            word = token.before[-1]
            self._meant.add(id(word))
            return syntax.Literal(word.span, word.text), False
        if token.bare and token.value.endswith("'s") and not token.text.startswith("*"):
            self.advance()
            return syntax.Literal(token.span, token.value[:-2]), True
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
            kind = opening.kind
            while True:
                self._argument(kind, positional, named)
                if self.token.kind == "where" and kind == "with":
                    kind = "where"
                elif self.token.kind not in (",", "and"):
                    break
                self.advance()
                if self.token.kind == "where" and self.last.kind in (",", "and"):
                    kind = self.advance().kind
                if self.token.kind in (".", ")") or self.is_word("store"):
                    break
            is_value = self.token.kind in _VALUES and not self.is_word("store")
            if is_value and self.token.line == self.last.end_line:
                fix = inserting(self.end_of_last(), ",")
                raise self.unexpected("expected a comma between arguments", fix=fix)
        return syntax.Call(
            self.span_from(start), name.value, tuple(positional), tuple(named), False, name.span
        )

    def _argument(
        self,
        opening: str,
        positional: list[syntax.Expression],
        named: list[syntax.NamedArgument],
    ) -> None:
        token, following = self.token, self.ahead().kind
        if opening == "where" and following == "is not" and self.ahead().text.lower() == "is not":
            # The value begins with `not`.
            self.ahead().kind, following = "not", "is"
        is_named = token.kind == t.NAME and (
            following in (":", "=") or (opening == "where" and following == "is")
        )
        if is_named:
            self.advance()
            if self.token.kind != "not":
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
