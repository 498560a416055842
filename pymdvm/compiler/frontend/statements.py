"""Simple statements: those without a block."""

from __future__ import annotations

from collections.abc import Callable

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.cursor import as_name
from pymdvm.compiler.frontend.ends import Ends
from pymdvm.compiler.frontend.faults import (
    A_KIND,
    A_STATEMENT,
    A_VARIABLE,
    NO_LIST,
    Fault,
    Stop,
    kind_fix,
    kind_hint,
    statement_fix,
    statement_hint,
)
from pymdvm.compiler.frontend.fixes import Fix, inserting, replacing
from pymdvm.compiler.frontend.other_statements import advice, kind_of_literal
from pymdvm.compiler.frontend.syntax import BinaryOperator, Kind, Place
from pymdvm.compiler.frontend.tokens import Token


class Statements(Ends):
    """Parses simple statements.  is_input: whether they are typed into a REPL."""

    is_input = False
    # Whether a brace has been told that should have been a block.
    in_braces = False

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

    def _is_kind(self) -> bool:
        """Whether a kind may begin here, where `as` is left out."""
        token = self.token
        if token.kind == t.ITALIC or token.bare:
            word = str(token.value).lower()
            return word in t.KIND_KEYWORDS or word in t.KIND_WORDS
        return token.kind in t.KIND_KEYWORDS

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
        is_half = token.text.lower() == "whole" or not kind_hint(token.text)
        is_word = token.kind != "." and token.line == self.ahead().line
        if is_half and is_word and kind_hint(f"{token.text} {self.ahead().text}"):
            hint = kind_hint(f"{token.text} {self.ahead().text}")
            end = Place(*self.ahead().span.end)
            fix = Fix(Place(*token.span), end, hint.removeprefix("did you mean ").rstrip("?"))
            raise self.unexpected(hint, fix=fix)
        raise self.unexpected(kind_hint(token.text) or A_KIND, fix=kind_fix(token))

    # ____________________________________________________________ Define, Set

    def _define(self) -> syntax.Statement:
        start = self.advance()
        target = self._defined_name(A_VARIABLE)
        if self.token.kind == t.NAME and self.ahead().kind == "as" and self.last.bare:
            text = f"`{target.name} {self.token.value}`"
            both = Fix(Place(*target.place), Place(*self.token.span.end), text)
            raise self.unexpected(f"expected {text}", fix=both)
        if not self.skip("as"):
            if not self._is_kind():
                raise self.unexpected("expected `as` and a kind", fix=self._fix_of_kind())
            fix = inserting(self.end_of_last(), " as")
            span = self.token.span
            self.faults.append(
                Fault(span, "`as` is missing", "expected `as` and a kind", is_error=False, fix=fix)
            )
        kinds = self.kinds()
        default = self._default() if self.token.kind == "(" else None
        place = self.span_from(start)
        if self.token.kind == t.ITALIC or self._has_description():
            default = self._description(default)
        return syntax.Define(place, target, kinds, default)

    def _fix_of_kind(self) -> Fix | None:
        """`Define x = 5` says of which kind it is, and its default."""
        value = self.ahead()
        if self.token.kind == "is" and value.kind in t.KIND_KEYWORDS:
            return replacing(self.token.span, "as")
        if self.token.kind == "to" and value.kind in t.KIND_KEYWORDS:
            be = [filler for filler in value.before if filler.text.lower() == "be"]
            end = be[0].span.end if be else self.token.span.end
            return Fix(Place(*self.token.span), Place(*end), "as")
        if self.token.kind not in ("=", "to", "is") or value.kind not in _LITERALS:
            return None
        if self.ahead(2).kind not in (".", t.END):
            return None
        text = f"as {kind_of_literal(value)} (default: {value.text})"
        return Fix(Place(*self.token.span), Place(*value.span.end), text)

    def _default(self) -> syntax.Expression:
        """`(default: VALUE)`."""
        self.advance()
        if self.token.kind != "default":
            fix = inserting(Place(*self.token.span), "default: ")
            is_value = self.token.kind in _LITERALS and self.ahead().kind == ")"
            raise self.unexpected("expected `default:` and a value", fix=fix if is_value else None)
        self.advance()
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
        habit = self._entry_of() if token.kind == t.TEXT else None
        if habit is not None:
            raise self.unexpected(habit[0], fix=habit[1])
        name = self._defined_name(A_VARIABLE)
        if self.token.kind == "as":
            self.advance()
            kinds = self.kinds()
            if self.token.kind not in ("to", "using"):
                raise self.unexpected("expected `to` and a value")
            value = self.assigned(start)
            return syntax.Define(self.span_from(start), name, kinds, value)
        if self.token.kind == "using":
            value = self.assigned(start)
            return syntax.Set(self.span_from(start), name, value)
        if self.token.kind == "[":
            habit = self.habit()
        elif self.token.kind == "." and not self.ahead().first:
            habit = self.method(None)
        if habit is not None:
            raise self.unexpected(habit[0], fix=habit[1])
        if self.token.kind != "to":
            fix = None
            if self.token.kind == "=":
                fix = replacing(self.token.span, "to")
            elif self.is_word("equal") and self.ahead().kind == "to":
                fix = Fix(Place(*self.token.span), Place(*self.ahead().span), "")
            elif self.token.kind in (t.NUMBER, t.TEXT):
                fix = inserting(self.end_of_last(), " to")
            raise self.unexpected("expected `to` or `using`", fix=fix)
        value = self.assigned(start)
        return syntax.Set(self.span_from(start), name, value)

    def _entry_of(self) -> tuple[str, Fix | None] | None:
        """`"key" of d`."""
        key, owner = self.token, self.ahead(2)
        if self.ahead().kind != "of" or owner.kind != t.NAME:
            return None
        text = f"`{owner.value}`'s {key.text}"
        return f"expected {text}", Fix(Place(*key.span), Place(*owner.span.end), text)

    # ____________________________________________________________ Say, Give back, calls

    def _say(self) -> syntax.Statement:
        start = self.advance()
        value = self.expression()
        while self.token.kind == "," and self.ahead().kind != "else":
            before, comma = self.last, self.advance()
            if before.kind == t.NUMBER and self.is_thousand(before, comma, self.token):
                text = f"{before.text}{self.token.text}"
                fix = Fix(Place(*before.span), Place(*self.token.span.end), text)
                message, expected = "these are two values", f"expected {text}, or a blank"
                self.faults.append(Fault(comma.span, message, expected, "operands", False, fix))
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
        self._elsewhere(token)
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
            raise self.unexpected(statement_hint(token.text) or A_STATEMENT)
        if token.kind == "}" and self.in_braces:
            self.in_braces = False
            self.advance()
            return syntax.ExpressionStatement(token.span, syntax.Literal(token.span, None))
        if token.kind in _NO_BEGINNING:
            raise self.unexpected(A_STATEMENT)
        if token.kind == "-" and token.first and not (self.is_input or self._is_next(token)):
            raise Stop(Fault(token.span, NO_LIST))
        expression = self.expression()
        return syntax.ExpressionStatement(expression.place, expression)

    def _is_next(self, token: Token) -> bool:
        """Whether nothing separates the word from the one behind it."""
        following = self.ahead()
        return token.span.end == (following.line, following.column)

    def _elsewhere(self, token: Token) -> None:
        """Statements of other languages that are words of this one."""
        word, following = token.text.lower(), self.ahead()
        if token.kind == t.NAME and following.kind in _ASSIGNED and self.ahead(2).kind == "=":
            sign = self.ahead(2)
            text = f"Set `{token.value}` to `{token.value}` {following.text}"
            fix = Fix(Place(*token.span), Place(*sign.span.end), text)
            raise self.unexpected(f"expected {text} ...", sign, fix)
        if not token.bare or token.value in self.defined:
            return
        other = advice([self.ahead(steps) for steps in range(5)])
        if other is not None:
            raise self.unexpected(other[0], fix=other[1])
        if word in _LEAVES and following.kind in (".", t.END):
            raise self.unexpected(f"did you mean {_LEAVES[word]}?", fix=statement_fix(token))
        if word == "end" and following.kind in (".", "if", "while", "for", "is"):
            period = self.ahead(1 if following.kind == "." else 2)
            fix = Fix(Place(*token.span), Place(*period.span.end), "")
            is_whole = period.kind == "."
            raise self.unexpected(
                "a block ends with the last line that has its marks", fix=fix if is_whole else None
            )

    def _may_be_value(self, token: Token) -> bool:
        following = self.ahead()
        if token.value in self.defined:
            return True
        if following.kind in (".", t.END) or following.kind in t.STRUCTURE:
            return True
        return following.kind in _GO_ON or following.kind in t.KIND_KEYWORDS and False

    def _fix_of_else(self) -> Fix | None:
        """One mark less in front of it, and of its block."""
        token = self.token
        before = "".join(self.lines_from(token.line, 1))[: token.column - 1]
        if not self.depth or before.strip("> \t") != "":
            return None
        return self.less_deep(token.line, 1)

    def _else(self) -> syntax.Statement:
        raise self.unexpected(
            "expected an If in front of it, in a block of the same depth"
            if self.depth
            else f"{A_STATEMENT}; an Else belongs to an If of the same depth",
            fix=self._fix_of_else(),
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
_LITERALS = (t.NUMBER, t.TEXT, t.YES_NO)
_ASSIGNED = ("+", "-", "*", "/", "%")
_LEAVES = {"break": "Stop", "continue": "Skip"}
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
