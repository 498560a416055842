"""Simple statements: those without a block."""

from __future__ import annotations

from collections.abc import Callable

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.accesses import ORDINALS
from pymdvm.compiler.frontend.cursor import as_name
from pymdvm.compiler.frontend.faults import (
    A_KIND,
    A_PERIOD,
    A_STATEMENT,
    A_VARIABLE,
    Fault,
    Stop,
    kind_fix,
    kind_hint,
    near,
    no_ordinal,
    statement_fix,
    statement_hint,
)
from pymdvm.compiler.frontend.fixes import Fix, inserting, replacing
from pymdvm.compiler.frontend.mutations import Mutations
from pymdvm.compiler.frontend.syntax import BinaryOperator, Kind, Place
from pymdvm.compiler.frontend.tokens import Token


class Statements(Mutations):
    """Parses simple statements.  is_input: whether they are typed into a REPL."""

    is_input = False

    def simple_statement(self) -> syntax.Statement:
        """The statement that begins at the next word, with its end."""
        token = self.token
        parse = _STATEMENTS.get(token.kind)
        if parse is None and token.bare:
            parse = _WORD_STATEMENTS.get(token.value.lower())
            if parse is not None and not self._is_word_statement(token):
                parse = None
        if parse is None and token.kind == "empty" and self.ahead().kind in _EMPTIED:
            parse = Statements.clear
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
        if token.kind == "," and self.ahead().kind == "else":
            self.advance()
            return
        if token.kind in t.STRUCTURE or token.paragraph != last.paragraph:
            return
        if isinstance(statement, syntax.Define) and (token.first or token.kind == t.ITALIC):
            return
        if _ends_with_list(statement):
            return
        if token.first and token.line > last.end_line and self.begins_statement(token):
            end = self.end_of_last()
            raise Stop(Fault(end, "the statement has no end", A_PERIOD, fix=inserting(end, ".")))
        raise self.unexpected(
            self._hint_at_end(statement, token), fix=self._fix_at_end(statement, token)
        )

    def _hint_at_end(self, statement: syntax.Statement | None, token: Token) -> str:
        last = self.last
        if isinstance(statement, syntax.GiveBack) and token.kind == ",":
            return A_PERIOD
        if last.kind == t.NAME and token.kind in ("with", "where", "("):
            return f"{A_PERIOD}; a call in a value is written (`{last.value}` with ...)"
        if isinstance(statement, syntax.Say) and last.bare and token.bare:
            return f'{A_PERIOD}; is this a text? _"text"_'
        if isinstance(statement, syntax.Define) and token.kind in ("=", "default"):
            return "expected (default: VALUE)"
        if token.kind == "=":
            return f"{A_PERIOD}; values are compared with `equals`"
        if token.kind == "item" and last.bare:
            return no_ordinal(last.text)
        return A_PERIOD

    def _fix_at_end(self, statement: syntax.Statement | None, token: Token) -> Fix | None:
        last = self.last
        end = self._end_of_line()
        if last.kind == t.NAME and token.kind in ("with", "where") and end is not None:
            before = self._tokens[self._index - 2]
            if isinstance(statement, syntax.Set) and before.kind == "to":
                return replacing(before.span, "using")
            written = " ".join(self._words_up_to(end))
            return Fix(Place(*last.span), Place(*end.span), f"({last.text} {written})")
        if isinstance(statement, syntax.Say) and last.bare and token.bare and end is not None:
            text = " ".join([last.text, *self._words_up_to(end)])
            return Fix(Place(*last.span), Place(*end.span), f'_"{text}"_')
        if isinstance(statement, syntax.Define) and token.kind in ("=", "default"):
            value = self.ahead(2 if self.ahead().kind == ":" else 1)
            if value.kind in (t.NUMBER, t.TEXT, t.YES_NO):
                last_place = Place(*value.span.end)
                return Fix(Place(*token.span), last_place, f"(default: {value.text})")
        if token.kind == "=":
            return replacing(token.span, "equals")
        if token.kind in (";", ",") and (self.ahead().first or token.kind == ";"):
            return replacing(token.span, ".")
        if token.kind == "(" and last.kind == t.NAME and token.column == last.end_column:
            return self._fix_of_call_in_parentheses(last)
        if last.kind == t.NAME and token.kind == "item":
            return _fix_of_ordinal(last)
        return None

    def _fix_of_call_in_parentheses(self, name: Token) -> Fix | None:
        """`f(1)` as a call of the language."""
        words = []
        steps = 1
        while self.ahead(steps).kind not in (")", ".", t.END) and steps < 40:
            words.append(self.ahead(steps).text)
            steps += 1
        if self.ahead(steps).kind != ")" or not words:
            return None
        written = " ".join(words).replace(" ,", ",")
        place = Place(*name.span)
        return Fix(place, Place(*self.ahead(steps).span.end), f"(`{name.value}` with {written})")

    def _end_of_line(self) -> Token | None:
        """The period that ends the statement, if it is on this line."""
        steps = 0
        while True:
            token = self.ahead(steps)
            if token.line != self.last.line or token.kind in t.STRUCTURE:
                return None
            if token.kind == ".":
                return token
            steps += 1

    def _words_up_to(self, end: Token) -> list[str]:
        words = []
        steps = 0
        while self.ahead(steps) is not end:
            token = self.ahead(steps)
            words += [each.text for each in (*token.before, token)]
            steps += 1
        return words + [each.text for each in end.before]

    def begins_statement(self, token: Token) -> bool:
        """Whether the word begins a statement where one is due."""
        return token.kind in t.STATEMENTS or token.bare and token.value.lower() in t.STATEMENT_WORDS

    # ____________________________________________________________ names

    def _defined_name(self, expected: str) -> syntax.Name:
        if self.token.kind != t.NAME:
            if self.token.before and self.token.kind in ("as", "to"):
                raise self.stop(self.token.before[-1], *as_name(self.token.before[-1]))
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
            self.advance()
            return (Kind.SET,)
        raise self.unexpected(kind_hint(token.text) or A_KIND, fix=kind_fix(token))

    # ____________________________________________________________ Define, Set

    def _define(self) -> syntax.Statement:
        start = self.advance()
        target = self._defined_name(A_VARIABLE)
        if not self.skip("as"):
            is_kind = self.token.kind in t.KIND_KEYWORDS
            fix = inserting(self.end_of_last(), " as") if is_kind else None
            raise self.unexpected("expected `as` and a kind", fix=fix)
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
        if not self.skip(":"):
            fix = inserting(self.end_of_last(), ":")
            raise self.unexpected("expected a colon after `default`", fix=fix)
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
        if self.begins_part(token):
            return self._set_part(start)
        name = self._defined_name(A_VARIABLE)
        if self.token.kind == "as":
            self.advance()
            kinds = self.kinds()
            self.expect("to", "expected `to` and a value")
            value = self.expression()
            return syntax.Define(self.span_from(start), name, kinds, value)
        if self.token.kind == "using":
            value = self.assigned(start)
            return syntax.Set(self.span_from(start), name, value)
        if self.token.kind != "to":
            prose = "; a sentence that begins with Set is no prose, but in a heading or a comment"
            fix = None
            if self.token.kind == "=":
                fix = replacing(self.token.span, "to")
            elif self.token.kind in (t.NUMBER, t.TEXT):
                fix = inserting(self.end_of_last(), " to")
            is_prose = token.bare and token.value not in self.defined
            expected = "expected `to` or `using`" + (prose if is_prose else "")
            raise self.unexpected(expected, fix=fix)
        value = self.assigned(start)
        return syntax.Set(self.span_from(start), name, value)

    # ____________________________________________________________ Say, Give back, calls

    def _say(self) -> syntax.Statement:
        start = self.advance()
        value = self.expression()
        while self.token.kind == "," and self.ahead().kind != "else":
            comma = self.advance()
            value = syntax.Binary(comma.span, BinaryOperator.JOIN, value, self.expression())
        return syntax.Say(self.span_from(start), value)

    def _give_back(self) -> syntax.Statement:
        start = self.advance()
        return syntax.GiveBack(self.span_from(start), self.expression())

    def _use(self) -> syntax.Statement:
        start = self.advance()
        call = self.call(start)
        if self.token.kind == "and" and self.ahead().bare and self.ahead().value == "store":
            self.advance()
        if self.is_word("store") and self.last.kind == "and":
            return self.store(start, call)
        return syntax.ExpressionStatement(call.place, call)

    def _ask(self) -> syntax.Statement:
        start = self.advance()
        question = self.expression(3)
        place = self.span_from(start)
        call = syntax.Call(place, "ask", (question,), (), True)
        if self.skip("and") and self.is_word("store"):
            return self.store(start, call)
        return syntax.ExpressionStatement(place, call)

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
            sign = self.ahead()
            fix = Fix(Place(*token.span), Place(*sign.span.end), f"Set `{token.value}` to")
            raise self.unexpected(f"expected Set `{token.value}` to ...", sign, fix)
        if token.kind == t.BAD and token.value:
            raise self.unexpected(A_STATEMENT)
        if token.bare and not self.is_input and not self._may_be_value(token):
            hint = statement_hint(token.text) or A_STATEMENT
            raise self.unexpected(hint, fix=statement_fix(token))
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

    def _else(self) -> syntax.Statement:
        raise self.unexpected(
            "expected an If in front of it, in a block of the same depth"
            if self.depth
            else f"{A_STATEMENT}; an Else belongs to an If of the same depth"
        )


def _fix_of_ordinal(word: Token) -> Fix | None:
    meant = near(word.text.lower(), ORDINALS)
    return replacing(word.span, meant) if meant and word.bare else None


def _ends_with_list(statement: syntax.Statement | None) -> bool:
    """Whether its last words may be the items of a list."""
    if isinstance(statement, syntax.ChangePart):
        statement = statement.change
    return isinstance(statement, (syntax.Set, syntax.SetItem, syntax.SetEntry)) and isinstance(
        statement.value, (syntax.ListLiteral, syntax.NamedListLiteral)
    )


_STATEMENTS: dict[str, Callable[[Statements], syntax.Statement]] = {
    "define": Statements._define,
    "set": Statements._set,
    "say": Statements._say,
    "give back": Statements._give_back,
    "use": Statements._use,
    "add": Statements.add,
    "remove": Statements.remove,
    "insert": Statements.insert,
    "update": Statements.update,
    "clear": Statements.clear,
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
# What `Empty` empties, where it begins a statement.
_EMPTIED = frozenset({t.NAME, t.POSSESSOR, "item", "first", "second", "third", "last"})
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
