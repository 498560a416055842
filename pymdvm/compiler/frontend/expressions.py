"""Expressions, by precedence: each word that may begin a value has a method, each operator a
strength.
"""

from __future__ import annotations

from dataclasses import replace

from pymdvm.bytecode.model import I64_MIN
from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.built_ins import JOINED
from pymdvm.compiler.frontend.faults import A_VALUE, Fault
from pymdvm.compiler.frontend.fixes import Fix, inserting, replacing
from pymdvm.compiler.frontend.operators import (
    AND,
    ANY,
    CONDITION,
    EQUALITY,
    OPERATORS,
    OR,
    ORDER,
    POSTFIX,
    PREFIX,
    PRODUCT,
    SUM,
)
from pymdvm.compiler.frontend.other_lists import OtherLists
from pymdvm.compiler.frontend.phrases import built_in
from pymdvm.compiler.frontend.syntax import BinaryOperator, Place, UnaryOperator
from pymdvm.compiler.frontend.tokens import Token

_STRENGTHS: dict[str, int] = {kind: strength for kind, (strength, _) in OPERATORS.items()}
_STRENGTHS.update(
    {"if": CONDITION, "is": ORDER, "has": ORDER, "has not": ORDER, t.POSSESSIVE: POSTFIX + 1}
    | {"the names of": POSTFIX, "the contents of": POSTFIX}
)

# Operators that are words like others elsewhere: what they are, and how many more words they take.
WORD_OPERATORS = {
    "plus": "+",
    "minus": "-",
    "times": "*",
    "modulo": "%",
    "mod": "%",
    "divided": "/",
    "joined": "joined with",
    "contains": "contains",
    "starts": "starts with",
    "ends": "ends with",
}
_WORD_STRENGTHS = {
    **{word: OPERATORS[sign][0] for word, sign in WORD_OPERATORS.items() if sign in OPERATORS},
    "joined": SUM,
    "contains": ORDER,
    "starts": ORDER,
    "ends": ORDER,
}
# What a position behind `item` begins with.
_POSITIONS = frozenset({t.NAME, t.POSSESSOR, t.NUMBER, "(", "-", "item", "$$"})
_MATH = frozenset({t.NAME, t.NUMBER, "+", "-", "*", "/", "^", "(", ")"})


class Expressions(OtherLists):
    """Parses expressions."""

    # Whether the filler word `by` ends an expression, as it does in the head of a loop.
    _ends_at_by = False
    # The `not` that has been read last, without parentheses around it.
    _negated_here: syntax.Unary | None = None
    # Whether a dash at the beginning of a line is the marker of an item.
    _in_items = False

    def expression(self, strength: int = ANY) -> syntax.Expression:
        """The expression that begins at the next word, up to an operator that holds no more
        strongly.
        """
        left = self._prefix()
        while True:
            token = self.token
            kind = token.kind
            found = _STRENGTHS.get(kind)
            if found is None:
                if kind == "times" and not self._ends_at_times:
                    found = PRODUCT
                elif kind in ("as", "in", "with"):
                    found = PREFIX if self.follows_phrase(token) else None
                elif token.bare:
                    found = self._strength_of_word(token)
                if found is None:
                    return left
            elif kind == "is not" and self.is_no_equality():
                found = ORDER
            if found <= strength:
                return left
            if token.first and (self._in_items or kind == "if") and self._begins_anew(token):
                return left
            if self._ends_at_by and token.before and self.filler("by"):
                return left
            is_loose = found in (EQUALITY, ORDER) and left is self._negated_here
            index = self._index
            left = self._infix(left, found)
            if is_loose:
                self._not_is_tight(index)

    def _not_is_tight(self, index: int) -> None:
        """Tell that `not x is 1` is `(not x) is 1`; index: that of the comparison's first word."""
        start = index
        while self._tokens[start].kind != "not":
            start -= 1
        token, end = self._tokens[start], Place(*self.last.span.end)
        words = self._tokens[start + 1 : self._index]
        text = " ".join(each.text for word in words for each in (*word.before, word))
        fix = Fix(Place(*token.span), end, f"not ({text})") if token.line == end.line else None
        self.faults.append(
            Fault(
                token.span,
                "`not` belongs to what stands right behind it, and not to the comparison",
                "expected parentheses around the comparison",
                "operands",
                False,
                fix,
            )
        )

    def _begins_anew(self, token: Token) -> bool:
        """Whether the word, the first of its line, is the beginning of something else than the
        rest of the value.
        """
        if token.kind == "if" and token.text[0].isupper():
            return True
        is_other = token.paragraph != self.last.paragraph or token.kind in ("-", "if")
        return self._in_items and is_other

    def _strength_of_word(self, token: Token) -> int | None:
        word = token.value.lower()
        if word == "joined" and self.ahead().kind != "with":
            return None
        if word == "divided" and not any(f.text.lower() == "by" for f in self.ahead().before):
            return None
        if self.follows_phrase(token):
            return PREFIX
        if word in ("starts", "ends") and self.ahead().kind != "with":
            return None
        return _WORD_STRENGTHS.get(word)

    # ____________________________________________________________ operators

    def _infix(self, left: syntax.Expression, strength: int) -> syntax.Expression:
        token = self.advance()
        kind = token.kind
        if kind == "if":
            return self._conditional(left)
        if kind == "is":
            return self._is(token, left, negated=False)
        if kind == "is not":
            return self._is_not(token, left)
        if kind == t.POSSESSIVE:
            return self._entries(token, left)
        if kind in ("has", "has not"):
            found = self._contains(token, left, self.expression(ORDER))
            return self._negated(token, found, kind == "has not")
        if strength == PREFIX:
            return self.behind(token, left)
        if kind == "the names of":
            return syntax.NamesOf(token.span, left)
        if kind == "the contents of":
            return syntax.ContentsOf(token.span, left)
        if token.bare or kind == "times":
            kind = WORD_OPERATORS[token.text.lower()]
            if kind == "contains":
                return self._contains(token, left, self.expression(ORDER))
            if kind == "joined with":
                self.advance()
                return built_in(token.span, JOINED, left, self.expression(SUM))
            if kind in ("starts with", "ends with"):
                self.advance()
                return built_in(token.span, kind, left, self.expression(ORDER))
            self.filler("by")
        operator = OPERATORS[kind][1]
        if strength <= AND:
            shared = self._shared_left(token, operator, left)
            if shared is not None:
                return shared
        return syntax.Binary(token.span, operator, left, self.expression(strength))

    def _conditional(self, consequence: syntax.Expression) -> syntax.Expression:
        condition = self.expression(CONDITION)
        if self.token.kind in (",", ";"):
            self.advance()
        self.expect("else", "expected `else` and a value")
        alternative = self.expression()
        return syntax.Conditional(consequence.place, condition, consequence, alternative)

    # ____________________________________________________________ beginnings of values

    def _prefix(self) -> syntax.Expression:
        token = self.token
        kind = token.kind
        if token.before and self.filler("both"):
            return self._both()
        if kind == t.NAME:
            if token.bare:
                return self._bare_word(token)
            self.advance()
            return syntax.Name(token.span, token.value)
        if kind in (t.NUMBER, t.TEXT, t.YES_NO):
            self.advance()
            return syntax.Literal(token.span, token.value)
        if kind == "empty":
            self.advance()
            return syntax.Literal(token.span, None)
        if kind == "-" and self.ahead().value == -I64_MIN and self.ahead().kind == t.NUMBER:
            # Without its sign the number would be too large.
            self.advance()
            self.advance()
            return syntax.Literal(self.span_from(token), I64_MIN)
        if kind in ("-", "not"):
            self.advance()
            operator = UnaryOperator.NEGATE if kind == "-" else UnaryOperator.NOT
            made = syntax.Unary(token.span, operator, self.expression(PREFIX))
            self._negated_here = made if kind == "not" else None
            return made
        if kind == "(":
            return self.parenthesis()
        if kind == "[":
            return self._brackets()
        if kind == "$$":
            return self._math()
        if kind == "item" and "item" in self.defined and self.ahead().kind not in _POSITIONS:
            # A For each has made the word a variable.
            self.advance()
            return syntax.Name(token.span, token.text)
        access = self.access()
        if access is not None:
            return access
        if token.text in self.defined and token.text.isalpha():
            # A keyword that a For each has made a variable.
            self.advance()
            return syntax.Name(token.span, token.text)
        if kind == t.ITALIC:
            text = f'_"{token.value}"_'
            raise self.unexpected(f"a text has quotes: {text}", fix=replacing(token.span, text))
        if kind == ">" and self.last.kind == "<":
            both = Fix(Place(*self.last.span), Place(*token.span.end), "is not")
            raise self.unexpected("compare with `is not`", fix=both)
        if token.text == "!":
            raise self.unexpected("expected `not`", fix=replacing(token.span, "not "))
        if kind in ("{", "}"):
            raise self.unexpected(*self.braces())
        if kind == "if":
            raise self.unexpected("one of two values is written `a` if `condition` else `b`")
        if kind == "/" and self.last.kind == "/" and token.column == self.last.end_column:
            fix = replacing(token.span, "")
            raise self.unexpected("one / divides whole numbers without a fraction", fix=fix)
        if token.kind == "to" and self.last.kind == "equals":
            space = Place(*self.last.span.end)
            fix = Fix(space, Place(*token.span.end), "")
            raise self.unexpected("expected a value: `equals` has no `to`", fix=fix)
        raise self.unexpected(A_VALUE)

    def _bare_word(self, token: Token) -> syntax.Expression:
        """A name without backticks, or one of the words that are something else unless a variable
        is called so.
        """
        word = token.value
        if word in self.defined and self.is_phrase_anyway(token):
            phrase = self.phrase(token)
            if phrase is not None:
                return phrase
        if word not in self.defined:
            following = self.ahead()
            if word.lower() in ("true", "false"):
                self.advance()
                return syntax.Literal(token.span, word.lower() == "true")
            if word.lower() == "new" and following.bare and following.value.lower() == "line":
                self.advance()
                self.advance()
                return syntax.Literal(self.span_from(token), "\n")
            if word.lower() == "tab":
                self.advance()
                return syntax.Literal(token.span, "\t")
            if word.lower() == "whether":
                self.advance()
                return self.expression(CONDITION)
            if word.lower() == "either":
                return self._either(token)
            if word.endswith("'s") and word[:-2] in self.defined:
                self.advance()
                owner = syntax.Name(token.span, word[:-2])
                return self._entries(token, owner)
            access = self.access()
            if access is not None:
                return access
        self.advance()
        return syntax.Name(token.span, word)

    def _both(self) -> syntax.Expression:
        """`both A and B` groups."""
        self._meant.update(id(filler) for filler in self.token.before)
        self.token.before = ()
        left = self.expression(AND)
        if self.token.kind != "and":
            return left
        joined = self.advance()
        shared = self._shared_left(joined, BinaryOperator.AND, left)
        if shared is not None:
            return shared
        return syntax.Binary(joined.span, BinaryOperator.AND, left, self.expression(AND))

    def _either(self, token: Token) -> syntax.Expression:
        """`either A or B` groups."""
        self.advance()
        left = self.expression(OR)
        joined = self.expect("or", "expected `or` behind `either`")
        return syntax.Binary(joined.span, BinaryOperator.OR, left, self.expression(OR))

    def parenthesis(self) -> syntax.Expression:
        start = self.advance()
        if self._is_call():
            made: syntax.Expression = self.call(self.token)
        else:
            is_name = self.token.kind == t.NAME and self.ahead().kind == ")"
            made = self.expression()
            self._negated_here = None
            if is_name and isinstance(made, syntax.Name):
                made = replace(made, alone=True)
        if self.token.kind != ")":
            self._not_closed(start, made)
        self.advance()
        return made

    def _not_closed(self, start: Token, made: syntax.Expression) -> None:
        """What to say where a closing parenthesis should be."""
        token = self.token
        is_value = token.kind in (t.NUMBER, t.TEXT, t.YES_NO, t.NAME, t.POSSESSOR, "(", "[")
        if is_value and isinstance(made, syntax.Name) and self.last.kind == t.NAME:
            fix = inserting(self.end_of_last(), " with")
            raise self.unexpected("expected `with` and arguments, or an operator", fix=fix)
        if token.kind == ",":
            raise self.unexpected("a list stands in brackets: [1, 2]", fix=self.listed(start))
        self.expect(")", "expected a closing parenthesis")

    def _is_call(self) -> bool:
        """Whether the words behind the parenthesis are a call."""
        if self.token.kind != t.NAME or self.ahead().kind not in ("with", "where"):
            return False
        if self.token.value not in self.defined or self.ahead().kind == "where":
            return True
        return not self._replaces(2)

    def _brackets(self) -> syntax.Expression:
        start = self.advance()
        elements = []
        while self.token.kind != "]":
            elements.append(self.expression())
            if not self.skip(","):
                break
        if self.token.kind in (t.NUMBER, t.TEXT, t.YES_NO, t.NAME):
            raise self.unexpected("expected a comma between items", fix=self.listed(start))
        if self.token.kind == ".":
            fix = inserting(self.end_of_last(), "]")
            raise self.unexpected("expected a comma or a closing bracket", fix=fix)
        self.expect("]", "expected a comma or a closing bracket")
        return syntax.ListLiteral(self.span_from(start), tuple(elements))

    def _math(self) -> syntax.Expression:
        self.advance()
        index = self._index
        while self._tokens[index].kind in _MATH:
            index += 1
        if self._tokens[index].kind != "$$":
            raise self.unexpected(
                "expected names, numbers, + - * / ^ and parentheses up to $$", self._tokens[index]
            )
        made = self.expression()
        self.expect("$$", "expected $$")
        return made
