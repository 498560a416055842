"""Comparisons: `is` in all its forms, and those that go on behind `and` and `or`."""

from __future__ import annotations

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.accesses import Accesses
from pymdvm.compiler.frontend.faults import A_KIND, kind_fix, kind_hint
from pymdvm.compiler.frontend.fixes import Fix
from pymdvm.compiler.frontend.operators import (
    AND,
    EQUALITY,
    OPERATORS,
    OR,
    ORDER,
)
from pymdvm.compiler.frontend.subjects import compared_in, twice, with_compared
from pymdvm.compiler.frontend.syntax import BinaryOperator, Kind, Place, UnaryOperator
from pymdvm.compiler.frontend.tokens import Token

# What may stand behind `and` and `or` and has no left side of its own.
_WITHOUT_LEFT_SIDE = frozenset(
    {kind for kind, (strength, _) in OPERATORS.items() if strength in (EQUALITY, ORDER)}
    | {"is", "has", "has not"}
)


class Comparisons(Accesses):
    """Parses them."""

    def _infix(self, left: syntax.Expression, strength: int) -> syntax.Expression:
        """Defined in expressions.py."""
        raise NotImplementedError

    def _shared_left(
        self, token: Token, joiner: BinaryOperator, left: syntax.Expression
    ) -> syntax.Expression | None:
        """`x is at least 1 and at most 5`: both compare x."""
        sign = self.token
        is_word = self.is_word("contains") and self.ahead().kind not in t.INFIX_SIGNS
        if sign.value != "comparison" and sign.kind not in _WITHOUT_LEFT_SIDE and not is_word:
            return None
        subject = compared_in(left)
        if subject is None:
            raise self.unexpected("expected a comparison in front of it, or a value")
        first, subject = twice(subject)
        left = with_compared(left, first)
        comparison = self._infix(subject, ORDER if is_word else _strength_of(sign.kind))
        while joiner is BinaryOperator.OR and self.token.kind == "and":
            joined = self.advance()
            more = self._shared_left(joined, BinaryOperator.AND, comparison)
            if more is None:
                more = syntax.Binary(
                    joined.span, BinaryOperator.AND, comparison, self.expression(AND)
                )
            comparison = more
        return syntax.Binary(token.span, joiner, left, comparison)

    def _is(self, token: Token, left: syntax.Expression, negated: bool) -> syntax.Expression:
        """What stands behind `is`: a kind, a value, `between` or `in`."""
        if self.token.kind == "not" and not negated:
            negated = True
            self.advance()
        if self.filler("between"):
            return self._negated(token, self._between(token, left), negated)
        if self.token.kind == "in" or self.is_word("in"):
            self.advance()
            return self._negated(
                token, self._contains(token, self.expression(ORDER), left), negated
            )
        kind = self._kind_behind_is()
        if kind is not None:
            return self._negated(token, self._is_of_kinds(token, left, kind), negated)
        divided = self._divided(token, left)
        if divided is not None:
            return self._negated(token, divided, negated)
        if self.is_word("either"):
            return self._negated(token, self._is_either(token, left), negated)
        if self.is_word("one") and self.ahead().kind == "of":
            self.advance()
            self.advance()
            return self._negated(
                token, self._contains(token, self.expression(ORDER), left), negated
            )
        article = next((word for word in self.token.before if word.text in ("a", "an")), None)
        if article is not None and self.token.bare and self.token.value not in self.defined:
            hint = kind_hint(self.token.text) or A_KIND
            raise self.unexpected(hint, fix=kind_fix(self.token))
        operator = BinaryOperator.UNEQUAL if negated else BinaryOperator.EQUAL
        return syntax.Binary(token.span, operator, left, self.expression(EQUALITY))

    def is_no_equality(self) -> bool:
        """Whether `is not`, which is next, asks for a kind, a range or a membership, and so holds
        as strongly as `is` does there.
        """
        following = self.ahead()
        words = [filler.text.lower() for filler in following.before]
        if "between" in words:
            return True
        if following.bare:
            word = following.value.lower()
            if following.value in self.defined:
                return False
            return word in ("even", "odd", "divisible", "truth") or bool(t.KIND_WORDS.get(word))
        if following.kind == "number" and self.ahead(2).kind == "of":
            return False
        is_kind = following.kind in t.KIND_KEYWORDS and following.kind != "empty"
        is_set = following.kind == "set" and "a" in words
        return is_kind or is_set or following.kind == "in"

    def _is_either(self, token: Token, left: syntax.Expression) -> syntax.Expression:
        """`x is either 1 or 2` compares with each."""
        self.advance()
        first = self.expression(OR)
        left, again = twice(left)
        made: syntax.Expression = syntax.Binary(token.span, BinaryOperator.EQUAL, left, first)
        while self.token.kind == "or":
            joined = self.advance()
            value = self.expression(OR)
            other = syntax.Binary(token.span, BinaryOperator.EQUAL, again, value)
            made = syntax.Binary(joined.span, BinaryOperator.OR, made, other)
        return made

    def _is_not(self, token: Token, left: syntax.Expression) -> syntax.Expression:
        if token.text.lower() not in ("is not", "isn't", "**is not**"):
            right = self.expression(EQUALITY)
            return syntax.Binary(token.span, BinaryOperator.UNEQUAL, left, right)
        # `is not empty` compares with a value, and comes to the same.
        if self.token.kind == "empty":
            right = self.expression(EQUALITY)
            return syntax.Binary(token.span, BinaryOperator.UNEQUAL, left, right)
        return self._is(token, left, negated=True)

    def _negated(self, token: Token, node: syntax.Expression, negated: bool) -> syntax.Expression:
        return syntax.Unary(token.span, UnaryOperator.NOT, node) if negated else node

    def _kind_behind_is(self) -> Kind | None:
        token = self.token
        kind = t.KIND_KEYWORDS.get(token.kind)
        if kind is Kind.NUMBER and self.ahead().kind == "of":
            return None  # the number of items
        if kind is not None:
            self.advance()
            return kind
        if token.bare and token.text.lower() == "function" and self.ahead().kind == t.NAME:
            return None
        if token.bare and token.text.lower() == "truth" and self.ahead().kind == "value":
            self.advance()
            self.advance()
            return Kind.YES_NO
        words = t.KIND_WORDS.get(token.value.lower()) if token.bare else None
        if words and token.value not in self.defined:
            self.advance()
            return words[0]
        if self.token.kind == "set" and self.filler("a"):
            self.advance()
            return Kind.SET
        return None

    def _divided(self, token: Token, left: syntax.Expression) -> syntax.Expression | None:
        """`x is even`, `x is odd`, `x is divisible by 3`."""
        if not self.is_word("even", "odd", "divisible") or self.token.value in self.defined:
            return None
        word = self.token.value.lower()
        is_divisible = word == "divisible"
        if is_divisible and not any(each.text.lower() == "by" for each in self.ahead().before):
            return None
        self.advance()
        divisor: syntax.Expression = syntax.Literal(token.span, 2)
        if is_divisible:
            self.filler("by")
            divisor = self.expression(ORDER)
        rest = syntax.Binary(token.span, BinaryOperator.REMAINDER, left, divisor)
        zero = syntax.Literal(token.span, 0)
        made = syntax.Binary(token.span, BinaryOperator.EQUAL, rest, zero)
        return self._negated(token, made, word == "odd")

    def _is_of_kinds(self, token: Token, left: syntax.Expression, kind: Kind) -> syntax.Expression:
        """`x is a Text or a Number`: of one of the kinds."""
        if not self._another_kind():
            return syntax.KindCheck(token.span, left, kind)
        left, again = twice(left)
        made: syntax.Expression = syntax.KindCheck(token.span, left, kind)
        while self._another_kind():
            joined = self.advance()
            other = self._kind_behind_is()
            assert other is not None
            check = syntax.KindCheck(token.span, again, other)
            made = syntax.Binary(joined.span, BinaryOperator.OR, made, check)
        return made

    def _another_kind(self) -> bool:
        """Whether `or` and one more kind come next, and not a value such as the number of items."""
        kind, behind = self.ahead(), self.ahead(2)
        if self.token.kind != "or" or behind.kind in _WITHOUT_LEFT_SIDE | {"of", t.NAME}:
            return False
        if kind.bare:
            return bool(t.KIND_WORDS.get(kind.value.lower())) and kind.value not in self.defined
        has_article = any(filler.text.lower() == "a" for filler in kind.before)
        return kind.kind in t.KIND_KEYWORDS or (kind.kind == "set" and has_article)

    def _between(self, token: Token, value: syntax.Expression) -> syntax.Expression:
        value, again = twice(value)
        low = self.expression(ORDER)
        if self.token.kind in (",", "to"):
            fix = Fix(self.end_of_last(), Place(*self.token.span.end), " and")
            raise self.unexpected("expected `and` and the upper bound", fix=fix)
        self.expect("and", "expected `and` and the upper bound")
        high = self.expression(ORDER)
        return syntax.Binary(
            token.span,
            BinaryOperator.AND,
            syntax.Binary(token.span, BinaryOperator.GREATER_OR_EQUAL, value, low),
            syntax.Binary(token.span, BinaryOperator.LESS_OR_EQUAL, again, high),
        )

    def _contains(
        self, token: Token, collection: syntax.Expression, value: syntax.Expression
    ) -> syntax.Expression:
        return syntax.Contains(token.span, collection, value)


def _strength_of(kind: str) -> int:
    return OPERATORS[kind][0] if kind in OPERATORS else ORDER
