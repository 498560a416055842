"""Expressions, by precedence: each word that may begin a value has a method, each operator a
strength.
"""

from __future__ import annotations

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.accesses import Accesses
from pymdvm.compiler.frontend.faults import A_KIND, A_VALUE, kind_hint
from pymdvm.compiler.frontend.syntax import BinaryOperator, Kind, UnaryOperator
from pymdvm.compiler.frontend.tokens import Token
from pymdvm.compiler.frontend.tree import walk

# How strongly operators hold; a prefix holds more strongly than all of them.
ANY, CONDITION, OR, AND, EQUALITY, ORDER, SUM, PRODUCT, POWER, PREFIX, POSTFIX = range(11)

_OPERATORS: dict[str, tuple[int, BinaryOperator]] = {
    "or": (OR, BinaryOperator.OR),
    "and": (AND, BinaryOperator.AND),
    "equals": (EQUALITY, BinaryOperator.EQUAL),
    "is not": (EQUALITY, BinaryOperator.UNEQUAL),
    "is strictly equal to": (EQUALITY, BinaryOperator.STRICTLY_EQUAL),
    "is not strictly equal to": (EQUALITY, BinaryOperator.STRICTLY_UNEQUAL),
    "<": (ORDER, BinaryOperator.LESS),
    ">": (ORDER, BinaryOperator.GREATER),
    "<=": (ORDER, BinaryOperator.LESS_OR_EQUAL),
    ">=": (ORDER, BinaryOperator.GREATER_OR_EQUAL),
    "+": (SUM, BinaryOperator.ADD),
    "-": (SUM, BinaryOperator.SUBTRACT),
    "*": (PRODUCT, BinaryOperator.MULTIPLY),
    "/": (PRODUCT, BinaryOperator.DIVIDE),
    "%": (PRODUCT, BinaryOperator.REMAINDER),
    "^": (POWER, BinaryOperator.POWER),
    "**": (POWER, BinaryOperator.POWER),
}
_STRENGTHS: dict[str, int] = {kind: strength for kind, (strength, _) in _OPERATORS.items()}
_STRENGTHS.update(
    {"if": CONDITION, "is": ORDER, "has": ORDER}
    | {"the names of": POSTFIX, "the contents of": POSTFIX}
)

# Operators that are words like others elsewhere: what they are, and how many more words they take.
_WORD_OPERATORS = {
    "plus": "+",
    "minus": "-",
    "times": "*",
    "modulo": "%",
    "divided": "/",
    "joined": "joined with",
    "contains": "contains",
}
_WORD_STRENGTHS = {
    **{word: _OPERATORS[sign][0] for word, sign in _WORD_OPERATORS.items() if sign in _OPERATORS},
    "joined": SUM,
    "contains": ORDER,
}
_COMPARISONS = frozenset(
    operator for strength, operator in _OPERATORS.values() if strength in (EQUALITY, ORDER)
)
_MATH = frozenset({t.NAME, t.NUMBER, "+", "-", "*", "/", "^", "(", ")"})


class Expressions(Accesses):
    """Parses expressions."""

    # Whether the filler word `by` ends an expression, as it does in the head of a loop.
    _ends_at_by = False
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
                if kind == "times":
                    found = PRODUCT
                elif token.bare:
                    found = self._strength_of_word(token)
                if found is None:
                    return left
            if found <= strength:
                return left
            if token.first and (
                (kind == "if" and token.text[0].isupper()) or (kind == "-" and self._in_items)
            ):
                return left
            if self._ends_at_by and token.before and self.filler("by"):
                return left
            left = self._infix(left, found)

    def _strength_of_word(self, token: Token) -> int | None:
        word = token.value.lower()
        if word == "joined" and self.ahead().kind != "with":
            return None
        if word == "divided" and not any(f.text.lower() == "by" for f in self.ahead().before):
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
        if kind == "has":
            return self._contains(token, left, self.expression(SUM))
        if kind == "the names of":
            return syntax.NamesOf(token.span, left)
        if kind == "the contents of":
            return syntax.ContentsOf(token.span, left)
        if token.bare or kind == "times":
            kind = _WORD_OPERATORS[token.text.lower()]
            if kind == "contains":
                return self._contains(token, left, self.expression(SUM))
            if kind == "joined with":
                self.advance()
                return syntax.Binary(token.span, BinaryOperator.JOIN, left, self.expression(SUM))
            self.filler("by")
        operator = _OPERATORS[kind][1]
        if strength <= AND:
            shared = self._shared_left(token, operator, left)
            if shared is not None:
                return shared
        return syntax.Binary(token.span, operator, left, self.expression(strength))

    def _shared_left(
        self, token: Token, joiner: BinaryOperator, left: syntax.Expression
    ) -> syntax.Expression | None:
        """`x is at least 1 and at most 5`: both compare x."""
        sign = self.token
        if sign.value != "comparison":
            return None
        compared: syntax.Expression = left
        while isinstance(compared, syntax.Binary) and compared.operator not in _COMPARISONS:
            compared = compared.right
        if not isinstance(compared, syntax.Binary):
            raise self.unexpected("expected a comparison in front of it, or a value")
        if any(isinstance(node, syntax.Call) for node in walk((compared.left,))):
            raise self.stop(
                sign,
                "what is compared twice is a call here",
                "put its result into a variable first",
            )
        self.advance()
        right = self.expression(ORDER)
        operator = _OPERATORS[sign.kind][1]
        comparison = syntax.Binary(sign.span, operator, compared.left, right)
        while joiner is BinaryOperator.OR and self.token.kind == "and":
            joined = self.advance()
            more = self._shared_left(joined, BinaryOperator.AND, comparison)
            if more is None:
                comparison = syntax.Binary(
                    joined.span, BinaryOperator.AND, comparison, self.expression(AND)
                )
            else:
                assert isinstance(more, syntax.Binary)
                comparison = more
        return syntax.Binary(token.span, joiner, left, comparison)

    def _conditional(self, consequence: syntax.Expression) -> syntax.Expression:
        condition = self.expression(CONDITION)
        if self.token.kind in (",", ";"):
            self.advance()
        self.expect("else", "expected `else` and a value")
        alternative = self.expression()
        return syntax.Conditional(consequence.place, condition, consequence, alternative)

    def _is(self, token: Token, left: syntax.Expression, negated: bool) -> syntax.Expression:
        """What stands behind `is`: a kind, a value, `between` or `in`."""
        if self.token.kind == "not":
            negated = True
            self.advance()
        if self.filler("between"):
            return self._negated(token, self._between(token, left), negated)
        if self.token.kind == "in" or self.is_word("in"):
            self.advance()
            return self._negated(token, self._contains(token, self.expression(SUM), left), negated)
        kind = self._kind_behind_is()
        if kind is not None:
            return self._negated(token, syntax.KindCheck(token.span, left, kind), negated)
        article = next((word for word in self.token.before if word.text in ("a", "an")), None)
        if article is not None and self.token.bare and self.token.value not in self.defined:
            raise self.unexpected(f"{kind_hint(self.token.text)} {A_KIND}".strip())
        operator = BinaryOperator.UNEQUAL if negated else BinaryOperator.EQUAL
        return syntax.Binary(token.span, operator, left, self.expression(EQUALITY))

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
        if kind is not None:
            self.advance()
            return kind
        words = t.KIND_WORDS.get(token.value.lower()) if token.bare else None
        if words and token.value not in self.defined:
            self.advance()
            return words[0]
        if self.token.kind == "set" and self.filler("a"):
            raise self.stop(token, "there are no sets for this VM", "", "unsupported")
        return None

    def _between(self, token: Token, value: syntax.Expression) -> syntax.Expression:
        if any(isinstance(node, syntax.Call) for node in walk((value,))):
            raise self.stop(
                token, "what is compared twice is a call here", "put its result into a variable"
            )
        low = self.expression(ORDER)
        self.expect("and", "expected `and` and the upper bound")
        high = self.expression(ORDER)
        return syntax.Binary(
            token.span,
            BinaryOperator.AND,
            syntax.Binary(token.span, BinaryOperator.GREATER_OR_EQUAL, value, low),
            syntax.Binary(token.span, BinaryOperator.LESS_OR_EQUAL, value, high),
        )

    def _contains(
        self, token: Token, collection: syntax.Expression, value: syntax.Expression
    ) -> syntax.Expression:
        return syntax.Contains(token.span, collection, value)

    # ____________________________________________________________ beginnings of values

    def _prefix(self) -> syntax.Expression:
        token = self.token
        kind = token.kind
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
        if kind in ("-", "not"):
            self.advance()
            operator = UnaryOperator.NEGATE if kind == "-" else UnaryOperator.NOT
            return syntax.Unary(token.span, operator, self.expression(PREFIX))
        if kind == "(":
            return self._parenthesis()
        if kind == "[":
            return self._brackets()
        if kind == "$$":
            return self._math()
        access = self.access()
        if access is not None:
            return access
        raise self.unexpected(A_VALUE)

    def _bare_word(self, token: Token) -> syntax.Expression:
        """A name without backticks, or one of the words that are something else unless a variable
        is called so.
        """
        word = token.value
        if word not in self.defined:
            following = self.ahead()
            if word in ("True", "False"):
                self.advance()
                return syntax.Literal(token.span, word == "True")
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
            access = self.access()
            if access is not None:
                return access
        self.advance()
        return syntax.Name(token.span, word)

    def _either(self, token: Token) -> syntax.Expression:
        """`either A or B` groups."""
        self.advance()
        left = self.expression(OR)
        joined = self.expect("or", "expected `or` behind `either`")
        return syntax.Binary(joined.span, BinaryOperator.OR, left, self.expression(OR))

    def _parenthesis(self) -> syntax.Expression:
        self.advance()
        if self.token.kind == t.NAME and self.ahead().kind in ("with", "where"):
            made: syntax.Expression = self.call(self.token)
        else:
            made = self.expression()
        self.expect(")", "expected a closing parenthesis")
        return made

    def _brackets(self) -> syntax.Expression:
        start = self.advance()
        elements = []
        while self.token.kind != "]":
            elements.append(self.expression())
            if not self.skip(","):
                break
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
