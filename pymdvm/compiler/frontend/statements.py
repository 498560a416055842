"""Simple statements: those without a block."""

from __future__ import annotations

from collections.abc import Callable

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.faults import (
    A_KIND,
    A_NAME,
    A_PERIOD,
    A_STATEMENT,
    A_VARIABLE,
    Fault,
    Stop,
    kind_hint,
    statement_hint,
)
from pymdvm.compiler.frontend.literal_lists import LiteralLists
from pymdvm.compiler.frontend.syntax import BinaryOperator, Kind
from pymdvm.compiler.frontend.tokens import Token

_ORDINALS = ("first", "second", "third", "last")


class Statements(LiteralLists):
    """Parses simple statements."""

    def simple_statement(self) -> syntax.Statement:
        """The statement that begins at the next word, with its end."""
        token = self.token
        parse = _STATEMENTS.get(token.kind)
        if parse is None and token.bare:
            parse = _WORD_STATEMENTS.get(token.value.lower())
            if parse is not None and not self._is_word_statement(token):
                parse = None
        if parse is None and token.kind == "empty" and self.ahead().kind == t.NAME:
            parse = Statements._clear
        statement = self._expression_statement() if parse is None else parse(self)
        self.end_of_statement(statement)
        return statement

    def _is_word_statement(self, token: Token) -> bool:
        following = self.ahead()
        if token.value.lower() in ("stop", "skip"):
            return True
        if token.value.lower() == "ask":
            return following.kind in (t.TEXT, t.NAME)
        return following.kind == t.NAME

    # ____________________________________________________________ ends

    def end_of_statement(self, statement: syntax.Statement | None = None) -> None:
        """Pass the period, or see that none is needed."""
        token, last = self.token, self.last
        if token.kind == ".":
            self.advance()
            return
        if token.kind in t.STRUCTURE or token.paragraph != last.paragraph:
            return
        if isinstance(statement, syntax.Define) and (token.first or token.kind == t.ITALIC):
            return
        if isinstance(statement, syntax.Set) and _is_written_list(statement.value):
            return
        if token.first and token.line > last.end_line and self.begins_statement(token):
            raise Stop(Fault(self.end_of_last(), "the statement has no end", A_PERIOD))
        raise self.unexpected(self._hint_at_end(statement, token))

    def _hint_at_end(self, statement: syntax.Statement | None, token: Token) -> str:
        last = self.last
        if isinstance(statement, syntax.GiveBack) and token.kind == ",":
            return A_PERIOD
        if last.kind == t.NAME and token.kind in ("with", "where", "("):
            return f"{A_PERIOD}; a call in a value is written (`{last.value}` with ...)"
        if isinstance(statement, syntax.Say) and last.bare and token.bare:
            return f'{A_PERIOD}; is this a text? _"text"_'
        if token.kind == "=":
            return f"{A_PERIOD}; values are compared with `equals`"
        return A_PERIOD

    def begins_statement(self, token: Token) -> bool:
        """Whether the word begins a statement where one is due."""
        return token.kind in t.STATEMENTS or token.bare and token.value.lower() in t.STATEMENT_WORDS

    # ____________________________________________________________ names

    def variable(self) -> syntax.Name:
        """The name of a variable; some keywords do as well."""
        token = self.token
        if token.kind == t.NAME:
            self.advance()
            return syntax.Name(token.span, token.value)
        if token.text.replace(" ", "").isalpha() and token.kind in t.KEYWORDS.values():
            self.advance()
            return syntax.Name(token.span, token.text)
        raise self.unexpected(A_VARIABLE)

    def _defined_name(self, expected: str) -> syntax.Name:
        if self.token.kind != t.NAME:
            raise self.unexpected(expected)
        token = self.advance()
        return syntax.Name(token.span, token.value)

    # ____________________________________________________________ kinds

    def kinds(self) -> tuple[Kind, ...]:
        """`KIND or KIND`."""
        found: list[Kind] = []
        while True:
            found.extend(self._kind())
            if self.token.kind != "or":
                return tuple(found)
            self.advance()

    def _kind(self) -> tuple[Kind, ...]:
        token = self.token
        if token.kind in t.KIND_KEYWORDS:
            self.advance()
            return (t.KIND_KEYWORDS[token.kind],)
        if token.kind == t.ITALIC or token.bare:
            word = str(token.value).lower()
            if token.bare and word == "truth" and self.ahead().kind == "value":
                self.advance()
                word = "truth value"
            if word in t.KIND_KEYWORDS:
                self.advance()
                return (t.KIND_KEYWORDS[word],)
            if word in t.KIND_WORDS:
                self.advance()
                return t.KIND_WORDS[word] or tuple(Kind)
        if self.filler("any"):
            return tuple(Kind)
        if token.kind == "set":
            raise self.stop(token, "this VM has no sets", "expected a list", "unsupported")
        raise self.unexpected(kind_hint(token.text) or A_KIND)

    # ____________________________________________________________ Define, Set

    def _define(self) -> syntax.Statement:
        start = self.advance()
        target = self._defined_name("expected the name of a variable in backticks")
        if not self.skip("as") and self.token.kind not in t.KIND_KEYWORDS:
            raise self.unexpected("expected `as` and a kind")
        if self.last.kind != "as":
            raise self.unexpected("expected `as` and a kind")
        kinds = self.kinds()
        default = self._default() if self.token.kind == "(" else None
        place = self.span_from(start)
        if self.token.kind == t.ITALIC or self._has_description():
            default = self._description(default)
        return syntax.Define(place, target, kinds, default)

    def _default(self) -> syntax.Expression:
        """`(default: VALUE)`."""
        self.advance()
        self.expect("default", "expected `default:` and a value")
        self.expect(":", "expected a colon after `default`")
        value = self.expression()
        self.expect(")", "expected a closing parenthesis")
        return value

    def _has_description(self) -> bool:
        return self.token.kind == "." and self.ahead().kind == t.ITALIC

    def _description(self, default: syntax.Expression | None) -> syntax.Expression | None:
        """A sentence in italics, with the default behind it."""
        self.skip(".")
        self.advance()
        if self.token.kind == "(":
            default = self._default()
        return default

    def _set(self) -> syntax.Statement:
        start = self.advance()
        token = self.token
        if token.kind == t.POSSESSOR:
            self.advance()
            key, _ = self.key()
            self.expect("to", "expected `to` and a value")
            value = self.expression()
            name = syntax.Name(token.span, token.value)
            return syntax.SetEntry(self.span_from(start), name, key, value)
        if token.kind == "item" or self._is_ordinal(token):
            return self._set_item(start)
        if token.kind != t.NAME:
            raise self.unexpected("expected the name of a variable in backticks")
        name = self._defined_name(A_NAME)
        if self.token.kind == "as":
            self.advance()
            kinds = self.kinds()
            self.expect("to", "expected `to` and a value")
            value = self.expression()
            return syntax.Define(self.span_from(start), name, kinds, value)
        if self.skip("using"):
            call = self.call(self.token)
            return syntax.Set(self.span_from(start), name, call)
        if self.token.kind != "to":
            prose = "; a sentence that begins with Set is no prose, but in a heading or a comment"
            raise self.unexpected("expected `to` or `using`" + (prose if token.bare else ""))
        self.advance()
        return syntax.Set(self.span_from(start), name, self._value())

    def _value(self) -> syntax.Expression:
        token = self.token
        if token.kind == ":":
            self.advance()
            return self.literal_list()
        if token.kind == "blank":
            self.advance()
            return syntax.Blank(token.span)
        return self.expression()

    def _set_item(self, start: Token) -> syntax.Statement:
        is_ordinal = self.token.kind != "item"
        position = self._loose_position() if is_ordinal else self.position()
        self.skip("of")
        if self.token.kind == t.POSSESSOR:
            raise self.unexpected("expected a variable; put the list into one first")
        target = self.variable()
        self.skip("to")
        return syntax.SetItem(self.span_from(start), target, position, self.expression())

    def _loose_position(self) -> syntax.Position:
        """An ordinal; `item` behind it may be missing."""
        token = self.token
        if token.kind in _ORDINALS and self.ahead().kind in ("of", t.NAME):
            self.advance()
            if token.kind == "last":
                return syntax.Last(token.span)
            return syntax.Literal(token.span, _ORDINALS.index(token.kind) + 1)
        return self.position()

    # ____________________________________________________________ Say, Give back, calls

    def _say(self) -> syntax.Statement:
        start = self.advance()
        value = self.expression()
        while self.token.kind == ",":
            comma = self.advance()
            value = syntax.Binary(comma.span, BinaryOperator.JOIN, value, self.expression())
        return syntax.Say(self.span_from(start), value)

    def _give_back(self) -> syntax.Statement:
        start = self.advance()
        return syntax.GiveBack(self.span_from(start), self.expression())

    def _use(self) -> syntax.Statement:
        start = self.advance()
        call = self.call(start)
        if self.is_word("store") and self.last.kind == "and":
            self.advance()
            self.expect("in", "expected `in` and a variable")
            target = self.variable()
            return syntax.Set(self.span_from(start), target, call)
        return syntax.ExpressionStatement(call.place, call)

    def _ask(self) -> syntax.Statement:
        raise self.stop(
            self.token,
            "this VM cannot ask: it reads no input",
            "input needs a host function, which version 1 of the format does not have",
            "unsupported",
        )

    def _leave(self) -> syntax.Statement:
        start = self.advance()
        if start.value.lower() == "stop":
            self.skip_word("loop")
            return syntax.StopLoop(self.span_from(start))
        self.skip("to")
        self.skip_word("next")
        return syntax.SkipRound(self.span_from(start))

    def _expression_statement(self) -> syntax.Statement:
        token = self.token
        if token.kind == t.POSSESSOR and self.ahead(2).kind == "=":
            raise self.unexpected("expected Set")
        if token.kind == t.NAME and self.ahead().kind == "=":
            raise self.unexpected(f"expected Set `{token.value}` to ...", self.ahead())
        if token.kind == t.BAD and token.value:
            raise self.unexpected(A_STATEMENT)
        if token.bare and not self._may_be_value(token):
            raise self.unexpected(statement_hint(token.text) or A_STATEMENT)
        if token.kind in t.KEYWORDS.values() and token.kind not in _VALUE_KEYWORDS:
            raise self.unexpected(A_STATEMENT)
        if token.kind in _NO_BEGINNING:
            raise self.unexpected(A_STATEMENT)
        expression = self.expression()
        return syntax.ExpressionStatement(expression.place, expression)

    def _may_be_value(self, token: Token) -> bool:
        following = self.ahead()
        if token.value in self.defined:
            return True
        if following.kind in (".", t.END) or following.kind in t.STRUCTURE:
            return True
        return following.kind in _GO_ON or following.kind in t.KIND_KEYWORDS and False

    # ____________________________________________________________ collections

    def _linking_word(self, kind: str) -> None:
        """The word in front of the collection, which may be missing where nothing else is."""
        if self.skip(kind):
            return
        if self.token.kind != t.NAME or self.ahead().kind not in (".", "with", "to", t.END):
            raise self.unexpected(f"expected `{kind}` and the name of a list")
        if self.ahead().kind == kind:
            raise self.unexpected(f"expected `{kind}` and the name of a list")

    def _add(self) -> syntax.Statement:
        start = self.advance()
        value = self.expression()
        self._linking_word("to")
        target = self.variable()
        if not self.skip("with"):
            return syntax.AddItem(self.span_from(start), target, value)
        self.skip("value")
        content = self.expression()
        return syntax.SetEntry(self.span_from(start), target, value, content)

    def _remove(self) -> syntax.Statement:
        start = self.advance()
        all_of_them = self.filler("all")
        token = self.token
        if token.kind == "item" or self._is_ordinal(token):
            position = self.position()
            if self.skip("from"):
                target = self.variable()
                return syntax.RemoveAt(self.span_from(start), target, position)
            self.expect("of", "expected `of` or `from` and a list")
            value: syntax.Expression = syntax.ItemOf(
                self.span_from(token), self.expression(10), position
            )
        else:
            value = self.expression()
        self._linking_word("from")
        target = self.variable()
        place = self.span_from(start)
        if all_of_them:
            return syntax.RemoveAll(place, target, value)
        return syntax.Remove(place, target, value)

    def _insert(self) -> syntax.Statement:
        start = self.advance()
        value = self.expression()
        after = self.filler("after")
        self.filler("at", "before")
        if self.token.kind == t.NAME and self.token.value.lower() == "position":
            self.advance()
            after = self.filler("after") or after
        place = self.token.span
        position = self.expression()
        if after:
            one = syntax.Literal(place, 1)
            position = syntax.Binary(place, BinaryOperator.ADD, position, one)
        self._linking_word("in")
        target = self.variable()
        return syntax.InsertItem(self.span_from(start), target, position, value)

    def _update(self) -> syntax.Statement:
        start = self.advance()
        key = self.expression()
        self._linking_word("in")
        target = self.variable()
        self.skip("to")
        return syntax.SetEntry(self.span_from(start), target, key, self.expression())

    def _clear(self) -> syntax.Statement:
        start = self.advance()
        if self.is_word("entries", "items") and self.ahead().kind == "from":
            self.filler("all")
            self.advance()
            self.advance()
        return syntax.Clear(self.span_from(start), self.variable())

    def _else(self) -> syntax.Statement:
        raise self.unexpected(
            "expected an If in front of it, in a block of the same depth"
            if self.depth
            else f"{A_STATEMENT}; an Else belongs to an If of the same depth"
        )


def _is_written_list(value: syntax.Expression) -> bool:
    return isinstance(value, (syntax.ListLiteral, syntax.NamedListLiteral))


_STATEMENTS: dict[str, Callable[[Statements], syntax.Statement]] = {
    "define": Statements._define,
    "set": Statements._set,
    "say": Statements._say,
    "give back": Statements._give_back,
    "use": Statements._use,
    "add": Statements._add,
    "remove": Statements._remove,
    "insert": Statements._insert,
    "update": Statements._update,
    "clear": Statements._clear,
    "else": Statements._else,
}
_WORD_STATEMENTS: dict[str, Callable[[Statements], syntax.Statement]] = {
    "call": Statements._use,
    "trigger": Statements._use,
    "apply": Statements._use,
    "ask": Statements._ask,
    "stop": Statements._leave,
    "skip": Statements._leave,
}
_VALUE_KEYWORDS = frozenset(
    {"empty", "item", "first", "second", "third", "last", "not", "the names of", "the contents of"}
    | {"names", "contents", "number"}
)
_NO_BEGINNING = frozenset({"+", "*", "/", "^", "<", ">", "<=", ">=", "%", ")", "]", ":", ",", "="})
_GO_ON = frozenset(
    {"+", "-", "*", "/", "^", "%", "**", "<", ">", "<=", ">=", "and", "or", "if", "is", "is not"}
    | {"equals", "is strictly equal to", "is not strictly equal to", "has"}
    | {"the names of", "the contents of", "="}
)
