"""Habits of other languages, told where a value is followed by something that cannot go on with it:
what is written here instead, and the fix.
"""

from __future__ import annotations

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.built_ins import BUILT_INS
from pymdvm.compiler.frontend.faults import near
from pymdvm.compiler.frontend.fixes import Fix, inserting, replacing
from pymdvm.compiler.frontend.mutations import Mutations
from pymdvm.compiler.frontend.syntax import Place
from pymdvm.compiler.frontend.tokens import Token

# hint, fix
Advice = tuple[str, "Fix | None"]

_COMPARATIVES = frozenset(
    {"greater", "less", "more", "fewer", "larger", "smaller", "bigger", "higher", "lower", "least"}
    | {"most", "equal"}
)
_CASES = {"uppercase": "upper", "upper": "upper", "lowercase": "lower", "lower": "lower"}
_OTHER_SIGNS = {"&": "joined with", "//": "/", "and also": "and"}
_VALUES = (t.NAME, t.POSSESSOR, t.NUMBER, t.TEXT, t.YES_NO, "(", "[")
# What stands in front of `of`.
_OF = (
    *("length", "position", "words", "lines", "names", "contents", "keys", "values", "items"),
    *("characters", "sum", "largest", "smallest"),
)
_ENDINGS = ("st", "nd", "rd", "th")
# Methods of other languages: what is written in front of the arguments, and behind them.
_METHODS = {
    "append": ("Add", "to"),
    "add": ("Add", "to"),
    "push": ("Add", "to"),
    "remove": ("Remove", "from"),
    "discard": ("Remove", "from"),
}


class Habits(Mutations):
    """Knows them."""

    def habit(self) -> Advice | None:
        """What to say of the next word, which stands behind a value; None if it is no habit."""
        token, last = self.token, self.last
        touches = token.line == last.end_line and token.column == last.end_column
        if last.kind == t.NAME and touches and token.kind == "[":
            return self._item_of(last)
        if last.kind == t.NAME and touches and token.kind == "(":
            argument, closing = self.ahead(), self.ahead(2)
            if last.bare and last.value.lower() == "length" and closing.kind == ")":
                text = f"the length of {argument.text}"
                return f"expected {text}", Fix(Place(*last.span), Place(*closing.span.end), text)
            hint = f"a call in a value is written (`{last.value}` with ...)"
            return hint, self._call_in_parentheses(last)
        if last.kind == t.TEXT and token.kind == "of" and self.ahead().kind == t.NAME:
            owner = self.ahead()
            text = f"`{owner.value}`'s {last.text}"
            return f"expected {text}", Fix(Place(*last.span), Place(*owner.span.end), text)
        if last.kind == t.NUMBER and token.bare and token.value in _ENDINGS:
            text = f"item {last.value}"
            is_item = self.ahead().kind == "item"
            end = Place(*self.ahead().span.end)
            return f"expected {text}", Fix(Place(*last.span), end, text) if is_item else None
        if last.kind == "empty" and token.kind in t.KIND_KEYWORDS:
            return "expected `is empty`", Fix(self.end_of_last(), Place(*token.span.end), "")
        return self._other_word(token, last) or self._other_sign(token)

    def _other_word(self, token: Token, last: Token) -> Advice | None:
        word = str(token.value).lower() if token.bare else token.kind
        if last.bare and last.value.lower() in _COMPARATIVES and token.kind in _VALUES:
            than = "to" if last.value.lower() == "equal" else "than"
            hint = f"expected `{last.value} {than}`"
            return hint, inserting(self.end_of_last(), f" {than}")
        if last.bare and last.value in BUILT_INS and token.kind == "of":
            operand = self.ahead()
            text = f"(`{last.value}` with {operand.text})"
            is_simple = operand.kind in (t.NAME, t.TEXT, t.NUMBER)
            fix = Fix(Place(*last.span), Place(*operand.span.end), text) if is_simple else None
            return f"expected (`{last.value}` with ...)", fix
        if last.bare and last.value.lower() in ("remainder", "rest") and token.kind == "of":
            return self._remainder(last)
        if last.bare and token.kind == "of":
            meant = near(last.value.lower(), _OF)
            return (f"did you mean {meant}?", replacing(last.span, meant)) if meant else None
        if last.bare and last.value.lower() == "input" and token.kind == t.TEXT:
            fix = Fix(Place(*last.span), Place(*token.span.end), f"(`ask` with {token.text})")
            return "expected (`ask` with ...)", fix
        if last.bare and last.value in BUILT_INS and token.kind in _VALUES:
            return self._built_in(last)
        if word in _CASES and last.kind in (t.NAME, t.TEXT):
            text = f"in {_CASES[word]} case"
            return f"expected {text}", replacing(token.span, text)
        if last.bare and last.value.lower() in _CASES and _is_marked(token):
            text = f"{token.text} in {_CASES[last.value.lower()]} case"
            return f"expected {text}", Fix(Place(*last.span), Place(*token.span.end), text)
        if word == "to" and self.ahead().kind in t.KIND_KEYWORDS:
            return "expected `as` and a kind", replacing(token.span, "as")
        if word in _COMPARATIVES:
            return f"expected `is {_whole(word)}`", self._is_in_front(token, word)
        if word == "in":
            return "expected `is in`", inserting(self.end_of_last(), " is")
        return None

    def _is_in_front(self, token: Token, word: str) -> Fix | None:
        if word == "equal":
            return replacing(token.span, "is equal") if self.ahead().kind == "to" else None
        return inserting(self.end_of_last(), " is")

    def _other_sign(self, token: Token) -> Advice | None:
        if token.text == "&":
            return "expected `joined with`", replacing(token.span, "joined with")
        if token.text == "?" and not self.ahead().first and self.ahead().kind != t.END:
            return "one of two values is written `a` if `condition` else `b`", None
        if token.text in ("!", "?"):
            return "expected a period", replacing(token.span, ".")
        return None

    # ____________________________________________________________ calls and indexes

    def _built_in(self, name: Token) -> Advice:
        value, behind = self.token, self.ahead()
        hint = f"a call in a value is written (`{name.value}` with ...)"
        if behind.kind not in (".", ":", ",", t.END) or value.kind in ("(", "["):
            return hint, None
        text = f"(`{name.value}` with {value.text})"
        return hint, Fix(Place(*name.span), Place(*value.span.end), text)

    def _remainder(self, word: Token) -> Advice:
        """`the remainder of a divided by b`, or `of a and b`."""
        left, sign, right = self.ahead(), self.ahead(2), self.ahead(3)
        numbers = (t.NAME, t.NUMBER)
        is_simple = left.kind in numbers and sign.text in ("/", "divided", "and")
        if not is_simple or right.kind not in numbers:
            return "a remainder is written `a` modulo `b`", None
        text = f"{left.text} modulo {right.text}"
        return f"expected {text}", Fix(Place(*word.span), Place(*right.span.end), text)

    def _item_of(self, owner: Token) -> Advice:
        """`l[0]`, `d["key"]`."""
        index, closing = self.ahead(), self.ahead(2)
        name = f"`{owner.value}`"
        if index.kind == "-" and closing.kind == t.NUMBER and self.ahead(3).kind == "]":
            text, closing = f"the last item of {name}", self.ahead(3)
            fix = Fix(Place(*owner.span), Place(*closing.span.end), text)
            return f"expected {text}", fix if self.ahead(2).value == 1 else None
        if closing.kind == "]" and index.kind == t.TEXT:
            text = f"{name}'s {index.text}"
        elif closing.kind == "]" and index.kind == t.NUMBER and type(index.value) is int:
            text = f"item {index.value + 1} of {name}"
        else:
            return f"expected item ... of {name}, counted from 1, or {name}'s ...", None
        hint = f"expected {text}" + (", counted from 1" if index.kind == t.NUMBER else "")
        return hint, Fix(Place(*owner.span), Place(*closing.span.end), text)

    def _call_in_parentheses(self, name: Token) -> Fix | None:
        """`f(1)` as a call of the language."""
        words = []
        steps = 1
        while self.ahead(steps).kind not in (")", ".", t.END) and steps < 40:
            words.append(self.ahead(steps).text)
            steps += 1
        if self.ahead(steps).kind != ")":
            return None
        written = " ".join(words).replace(" ,", ",")
        text = f"(`{name.value}` with {written})" if words else f"(`{name.value}`)"
        return Fix(Place(*name.span), Place(*self.ahead(steps).span.end), text)

    def method(self, statement: syntax.Statement | None) -> Advice | None:
        """`l.append(1)`, `d.key`: what a period between two words is, None if it is an end."""
        dot, owner, word = self.token, self.last, self.ahead()
        word = word.before[0] if word.before else word
        touches = dot.column == owner.end_column and word.column == dot.end_column
        if owner.kind != t.NAME or not touches or dot.line != word.line or not word.text.isalpha():
            return None
        if word.kind in t.STATEMENTS and not isinstance(statement, syntax.ExpressionStatement):
            return None
        name = f"`{owner.value}`"
        opening = self.ahead(2)
        if opening.kind != "(":
            text = f"{name}'s {word.text}"
            return f"expected {text}", Fix(Place(*owner.span), Place(*word.span.end), text)
        written = _METHODS.get(word.text.lower())
        if written is None:
            return "expected a phrase or a call; values have no methods", None
        hint = f"expected {written[0]} ... {written[1]} {name}"
        argument, closing = self.ahead(3), self.ahead(4)
        if closing.kind != ")":
            return hint, None
        text = f"{written[0]} {argument.text} {written[1]} {name}"
        return hint, Fix(Place(*owner.span), Place(*closing.span.end), text)


def _is_marked(token: Token) -> bool:
    return token.kind == t.TEXT or (token.kind == t.NAME and not token.bare)


def _whole(word: str) -> str:
    if word in ("least", "most"):
        return f"at {word}"
    return "equal to" if word == "equal" else f"{word} than"
