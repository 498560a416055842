"""Where a statement ends, and what to say if something else stands there."""

from __future__ import annotations

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.faults import A_PERIOD, Fault, Stop, near, no_ordinal
from pymdvm.compiler.frontend.fixes import Fix, inserting, replacing
from pymdvm.compiler.frontend.habits import Habits
from pymdvm.compiler.frontend.missing_words import missing_word
from pymdvm.compiler.frontend.syntax import Place
from pymdvm.compiler.frontend.tokens import Token

_LITERALS = (t.NUMBER, t.TEXT, t.YES_NO)
# What stands in front of a default where people guess.
_DEFAULTS = frozenset({"=", "default", "with", ",", ":", "to", "value", "is", "of"})
# Positions that have no words of their own.
_NO_ORDINALS = {
    word: number
    for number, word in enumerate(
        ["eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth"], 11
    )
}


class Ends(Habits):
    """Parses ends of statements."""

    def end_of_statement(self, statement: syntax.Statement | None = None) -> None:
        """Pass the period, or see that none is needed."""
        token, last = self.token, self.last
        if token.kind == ".":
            advice = self.method(statement)
            if advice is not None:
                raise self.unexpected(advice[0], fix=advice[1])
            self.advance()
            return
        if token.kind == "," and self.ahead().kind == "else":
            self.advance()
            return
        if token.kind == "else" and not token.first and last.kind != ",":
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
        hint, fix = self._advice(statement, token)
        raise self.unexpected(hint, fix=fix)

    def unexpected(self, expected: str, token: Token | None = None, fix: Fix | None = None) -> Stop:
        """A word in front of `item` that is no ordinal is what is wrong, wherever it stands."""
        item, last = self.token, self.last
        is_ordinal = item.kind == "item" and last.bare and last.line == item.line
        if token is None and is_ordinal and last.value not in self.defined:
            return super().unexpected(no_ordinal(last.text), last, _fix_of_ordinal(last, item))
        return super().unexpected(expected, token, fix)

    def _advice(self, statement: syntax.Statement | None, token: Token) -> tuple[str, Fix | None]:
        last = self.last
        if isinstance(statement, syntax.GiveBack) and token.kind == ",":
            return A_PERIOD, None
        if isinstance(statement, syntax.Define) and token.kind in _DEFAULTS | {t.NAME}:
            fix = self._fix_of_default(token)
            if fix is not None or token.kind in ("=", "default"):
                return "expected (default: VALUE)", fix
        if last.kind == t.NAME and token.kind in ("with", "where"):
            hint = f"{A_PERIOD}; a call in a value is written (`{last.value}` with ...)"
            return hint, self._fix_of_call(statement, token)
        is_say = isinstance(statement, syntax.Say)
        is_call = isinstance(statement, syntax.ExpressionStatement)
        if is_call and last.kind == t.NAME and token.kind in (*_LITERALS, t.NAME):
            return f"{A_PERIOD}, or `with` and arguments", inserting(self.end_of_last(), " with")
        habit = self.habit() or missing_word(last, token, self.end_of_last())
        if habit is not None:
            return habit
        takes_text = is_say or isinstance(statement, (syntax.Set, syntax.GiveBack, syntax.AddItem))
        if takes_text and last.bare and token.bare:
            return f'{A_PERIOD}; is this a text? _"text"_', self._fix_of_text()
        if is_say and token.kind in (*_LITERALS, t.NAME, t.POSSESSOR) and not token.bare:
            return self._comma(last)
        if token.kind in (";", ",") and (self.ahead().first or token.kind == ";"):
            return A_PERIOD, replacing(token.span, ".")
        if token.kind == "," and isinstance(statement, (syntax.Set, syntax.GiveBack)):
            if last.kind == t.NUMBER and self.is_thousand(last, token, self.ahead()):
                text = f"{last.text}{self.ahead().text}"
                fix = Fix(Place(*last.span), Place(*self.ahead().span.end), text)
                return f"expected {text}: numbers have no commas", fix
            end = self._end_of_line()
            fix = self.listed(last, end) if end is not None and last.kind in _LITERALS else None
            return "a list stands in brackets: [1, 2]", fix
        if token.kind == ")":
            return "there is no opening parenthesis", replacing(token.span, "")
        if t.TEXT in (last.kind, token.kind) and token.kind in (t.TEXT, t.NAME, t.NUMBER):
            return "expected `joined with`", inserting(self.end_of_last(), " joined with")
        if token.kind == "=":
            hint = f"{A_PERIOD}; values are compared with `equals`"
            return hint, replacing(token.span, "equals")
        return A_PERIOD, None

    def is_thousand(self, last: Token, comma: Token, digits: Token) -> bool:
        """Whether the comma stands in a number, as in 1,000."""
        touches = last.end_column == comma.column and digits.column == comma.end_column
        return touches and digits.text.isdigit() and len(digits.text) == 3

    def _comma(self, last: Token) -> tuple[str, Fix | None]:
        """Between the values of a Say."""
        if last.bare and last.text.lower() == "f":
            return 'expected a comma between values: _"a is "_, `a`', None
        return "expected a comma between values, or a period", inserting(self.end_of_last(), ",")

    # ____________________________________________________________ fixes

    def less_deep(self, first: int, by: int) -> Fix | None:
        """That line, and those behind it that are deeper than the line before, with fewer marks."""
        lines = self.lines_from(first, 1000)
        depths = [line[: len(line) - len(line.lstrip("> \t"))].count(">") for line in lines]
        count = 1
        while count < len(lines) and depths[count] > depths[0]:
            count += 1
        while self.token.kind != "else" and count < len(lines) and depths[count] == depths[0]:
            count += 1
        made = [
            "> " * (depth - by) + line.lstrip("> \t")
            for line, depth in zip(lines[:count], depths[:count])
        ]
        end = Place(first + count - 1, len(lines[count - 1]) + 1)
        return Fix(Place(first, 1), end, "\n".join(made))

    def _fix_of_default(self, token: Token) -> Fix | None:
        """A default as other languages write it, in the way of this one."""
        steps = 1
        while self.ahead(steps).kind in _DEFAULTS or self.ahead(steps).text.lower() == "value":
            steps += 1
        value = self.ahead(steps)
        if value.kind not in _LITERALS or self.ahead(steps + 1).kind not in (".", t.END):
            return None
        return Fix(Place(*token.span), Place(*value.span.end), f"(default: {value.text})")

    def _fix_of_call(self, statement: syntax.Statement | None, token: Token) -> Fix | None:
        last, end = self.last, self._end_of_line()
        if end is None:
            return None
        before = self._tokens[self._index - 2]
        if isinstance(statement, syntax.Set) and before.kind == "to":
            return replacing(before.span, "using")
        written = " ".join(self._words_up_to(end))
        return Fix(Place(*last.span), Place(*end.span), f"({last.text} {written})")

    def _fix_of_text(self) -> Fix | None:
        last, end = self.last, self._end_of_line()
        if end is None:
            return None
        text = " ".join([last.text, *self._words_up_to(end)])
        return Fix(Place(*last.span), Place(*end.span), f'_"{text}"_')

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


def _fix_of_ordinal(word: Token, item: Token) -> Fix | None:
    if word.text.lower() in _NO_ORDINALS:
        text = f"item {_NO_ORDINALS[word.text.lower()]}"
        return Fix(Place(*word.span), Place(*item.span.end), text)
    meant = near(word.text.lower(), t.ORDINALS)
    return replacing(word.span, meant) if meant and word.bare else None


def _ends_with_list(statement: syntax.Statement | None) -> bool:
    """Whether its last words may be the items of a list."""
    if isinstance(statement, syntax.ChangePart):
        statement = statement.change
    return isinstance(statement, (syntax.Set, syntax.SetItem, syntax.SetEntry)) and isinstance(
        statement.value, (syntax.ListLiteral, syntax.NamedListLiteral)
    )
