"""Phrases for the built-in functions: `the length of x`, `t in upper case`, `l sorted`.

Each is a call of a built-in function, whatever functions the program has. Positions are counted
from 1 in prose, and from 0 by the functions.
"""

from __future__ import annotations

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.built_ins import AS_NUMBER, CHARACTERS, MEMBERS, SET_OF_LIST
from pymdvm.compiler.frontend.cursor import Cursor
from pymdvm.compiler.frontend.syntax import BinaryOperator, Kind, Place
from pymdvm.compiler.frontend.tokens import Token

_ORDER, _POSTFIX = 5, 10  # strengths of expressions.py

# `the WORD of x`, and the WORD VALUE of x.
_OF = {
    "length": "len",
    "smallest": "min",
    "largest": "max",
    "minimum": "min",
    "maximum": "max",
    "min": "min",
    "max": "max",
    "size": "len",
    "count": "len",
    "sum": "sum",
    "words": "split",
    "lines": "lines",
}
_OF_VALUES = {"absolute": ("value", "abs"), "square": ("root", "sqrt")}
_COUNTED = {
    "items": "len",
    "elements": "len",
    "entries": "len",
    "members": "len",
    "names": "len",
    "characters": "len",
    "letters": "len",
    "bytes": "bytes",
    "words": "words",
    "lines": "lines",
}
_CONVERSIONS = {
    Kind.TEXT: "str",
    Kind.WHOLE_NUMBER: "int",
    Kind.FLOAT: "float",
    Kind.NUMBER: AS_NUMBER,
    Kind.YES_NO: "bool",
    Kind.URL: "url",
}
_PLACES = ("places", "place", "decimals", "decimal", "digits")
# Words that stand behind what they work on.
POSTFIX_WORDS = frozenset({"rounded", "sorted", "reversed", "split", "trimmed", "repeated"})
_OF_TEXTS = frozenset({"in", "with", "without", "trimmed"})
_OF_LISTS = frozenset({"split", "sorted", "reversed"})
_CHARACTERS = ("character", "characters", "letter", "letters")
PARTS = frozenset({"character", "letter", "word", "line"})


def built_in(place: Place, name: str, *arguments: syntax.Expression) -> syntax.Call:
    """The call of a built-in function."""
    return syntax.Call(place, name, arguments, (), True)


def minus_one(value: syntax.Expression) -> syntax.Expression:
    """The index of a position."""
    if isinstance(value, syntax.Literal) and type(value.value) is int:
        return syntax.Literal(value.place, value.value - 1)
    one = syntax.Literal(value.place, 1)
    return syntax.Binary(value.place, BinaryOperator.SUBTRACT, value, one)


def part_at(
    place: Place, part: str, position: syntax.Position, text: syntax.Expression
) -> syntax.Expression:
    """A character, word or line of a text."""
    if part == "word":
        text = built_in(place, "split", text)
    elif part == "line":
        text = built_in(place, "split", text, syntax.Literal(place, "\n"))
    index: syntax.Expression
    if isinstance(position, syntax.Last):
        back = syntax.Literal(place, position.before + 1)
        length = built_in(place, "len", text)
        index = syntax.Binary(place, BinaryOperator.SUBTRACT, length, back)
    else:
        index = minus_one(position)
    return built_in(place, "at", text, index)


class Phrases(Cursor):
    """Parses phrases."""

    # Whether the word `times` ends an expression, as it does behind `repeated`.
    _ends_at_times = False

    def expression(self, strength: int = 0) -> syntax.Expression:
        """Defined in expressions.py."""
        raise NotImplementedError

    # ____________________________________________________________ in front of a value

    def phrase(self, token: Token) -> syntax.Expression | None:
        """The phrase that begins at the word; None if none does."""
        word = token.text.lower()
        following = self.ahead()
        if following.kind == "of" and word in ("items", "members", "elements"):
            return self._of(token, MEMBERS, 2)
        if following.kind == "of" and word in ("characters", "letters"):
            return self._of(token, CHARACTERS, 2)
        if following.kind == "of" and word in _OF:
            return self._of(token, _OF[word], 2)
        if word in _OF_VALUES and self.ahead(2).kind == "of":
            expected, name = _OF_VALUES[word]
            if following.text.lower() == expected:
                return self._of(token, name, 3)
        is_item = following.kind == "item" and self.ahead(2).kind in ("of", "in")
        if word in ("smallest", "largest") and is_item:
            return self._of(token, _OF[word], 3)
        if word == "number" and following.kind == "of":
            return self._number_of(token)
        if not token.bare or (token.value in self.defined and not self.is_phrase_anyway(token)):
            return None
        if word == "position" and following.kind == "of":
            return self._position_of(token)
        if word in ("characters", "letters", "items"):
            return self._slice(token)
        if word in PARTS and following.kind not in t.STRUCTURE and following.kind != ".":
            return self._part(token)
        return None

    def is_phrase_anyway(self, token: Token) -> bool:
        """Whether the name of a variable cannot be meant as one: `the sum of l`, `word 2 of t`."""
        following = self.ahead()
        if following.kind == "of":
            return any(filler.text.lower() == "the" for filler in token.before)
        return following.kind in (t.NUMBER, "(") or (
            following.kind in (t.NAME, t.POSSESSOR) and not following.bare
        )

    def _of(self, token: Token, name: str, words: int) -> syntax.Expression:
        for _ in range(words):
            self.advance()
        return self._call_of(token, name, self._operand(name))

    def _operand(self, name: str) -> syntax.Expression:
        """What the phrase in front works on, with the phrases behind it that make sense only there:
        a length has no upper case.
        """
        operand = self.expression(_POSTFIX)
        inner = (
            _OF_TEXTS if name in ("split", "lines", "words", CHARACTERS) else _OF_TEXTS | _OF_LISTS
        )
        if name in ("abs", "sqrt", MEMBERS):
            return operand
        while self.follows_phrase(self.token):
            token = self.token
            if (token.value.lower() if token.bare else token.kind) not in inner:
                break
            operand = self.behind(self.advance(), operand)
        return operand

    def _call_of(self, token: Token, name: str, operand: syntax.Expression) -> syntax.Expression:
        place = self.span_from(token)
        if name == "lines":
            return built_in(place, "split", operand, syntax.Literal(place, "\n"))
        return built_in(place, name, operand)

    def _number_of(self, token: Token) -> syntax.Expression | None:
        word = self.ahead(2).text.lower()
        if word not in _COUNTED or self.ahead(3).kind not in ("in", "of"):
            return None
        for _ in range(4):
            self.advance()
        name = _COUNTED[word]
        operand = self._operand(name)
        if name in ("words", "lines"):
            operand = self._call_of(token, "split" if name == "words" else "lines", operand)
            name = "len"
        return self._call_of(token, name, operand)

    def _position_of(self, token: Token) -> syntax.Expression:
        self.advance()
        self.advance()
        value = self.expression(_ORDER)
        self.expect("in", "expected `in` and a text or a list")
        where = self.expression(_POSTFIX)
        place = self.span_from(token)
        one = syntax.Literal(place, 1)
        return syntax.Binary(place, BinaryOperator.ADD, built_in(place, "find", where, value), one)

    def _slice(self, token: Token) -> syntax.Expression:
        """`characters m to n of t`, `items m to n of l`."""
        self.advance()
        self.filler("from")
        self.skip("from")
        first = self.expression(_ORDER)
        self.expect("to", "expected `to` and the last position")
        last = self.expression(_ORDER)
        if not self.skip("of"):
            raise self.unexpected(f"expected `of` and a {self._owner(token)}")
        operand = self.expression(_POSTFIX)
        place = self.span_from(token)
        if isinstance(last, syntax.Name) and last.name.lower() == "end":
            return built_in(place, "slice", operand, minus_one(first))
        return built_in(place, "slice", operand, minus_one(first), last)

    def _owner(self, token: Token) -> str:
        return "text" if token.text.lower() in _CHARACTERS else "list"

    def _part(self, token: Token) -> syntax.Expression:
        """`character n of t`."""
        self.advance()
        position = self.expression(_ORDER)
        if not self.skip("of"):
            raise self.unexpected("expected `of` and a text")
        operand = self.expression(_POSTFIX)
        part = "character" if token.text.lower() == "letter" else token.text.lower()
        return part_at(self.span_from(token), part, position, operand)

    # ____________________________________________________________ behind a value

    def follows_phrase(self, token: Token) -> bool:
        """Whether the word, which stands behind a value, begins a phrase."""
        if token.kind == "as":
            following = self.ahead()
            return (
                following.kind == "set"
                or following.kind in t.KIND_KEYWORDS
                or (following.bare and following.value.lower() in t.KIND_WORDS)
            )
        if token.kind == "in":
            word = self.ahead().text.lower()
            return word in ("uppercase", "lowercase", "capitals") or (
                word in ("upper", "lower") and self.ahead(2).text.lower() == "case"
            )
        if token.kind == "with":
            return self._replaces()
        if not token.bare:
            return False
        word = token.value.lower()
        if word == "without":
            return self.ahead().text.lower() in ("spaces", "blanks")
        return word in POSTFIX_WORDS

    def _replaces(self, steps: int = 1) -> bool:
        """Whether `A replaced by B` stands so many words ahead."""
        depth = 0
        while True:
            token = self.ahead(steps)
            kind = token.kind
            if kind in (".", "with", "where", t.END) or kind in t.STRUCTURE:
                return False
            depth += (kind in ("(", "[")) - (kind in (")", "]"))
            if depth < 0:
                return False
            if token.bare and depth == 0 and token.value.lower() == "replaced":
                return True
            steps += 1

    def behind(self, token: Token, left: syntax.Expression) -> syntax.Expression:
        """The phrase whose first word has been passed."""
        if token.kind == "as":
            return self._conversion(token, left)
        if token.kind == "in":
            word = self.advance().text.lower()
            if word in ("upper", "lower"):
                self.advance()
            name = "lower" if word.startswith("lower") else "upper"
            return built_in(token.span, name, left)
        if token.kind == "with":
            old = self.expression()
            self.advance()
            self.filler("by")
            self.skip("with")
            return built_in(token.span, "replace", left, old, self.expression(_POSTFIX))
        word = str(token.value).lower()
        if word == "without":
            self.advance()
            self._skip_around()
            return built_in(token.span, "trim", left)
        if word == "trimmed":
            return built_in(token.span, "trim", left)
        if word == "split":
            return self._split(token, left)
        if word == "repeated":
            outer, self._ends_at_times = self._ends_at_times, True
            count = self.expression(_ORDER)
            self._ends_at_times = outer
            self.expect("times", "expected `times`")
            return built_in(token.span, "repeat", left, count)
        if word == "rounded":
            return self._rounded(token, left)
        return built_in(token.span, "sort" if word == "sorted" else "reverse", left)

    def _skip_around(self) -> None:
        """`around it`, the second of which is a filler word."""
        self.skip_word("around")

    def _conversion(self, token: Token, left: syntax.Expression) -> syntax.Expression:
        written = self.advance()
        if written.kind == "set":
            return built_in(token.span, SET_OF_LIST, left)
        kind = t.KIND_KEYWORDS.get(written.kind)
        if kind is None:
            kind = (t.KIND_WORDS[written.value.lower()] or (Kind.EMPTY,))[0]
        if kind not in _CONVERSIONS:
            raise self.stop(
                written,
                f"nothing can be made a {written.text}",
                "expected Text, Number, Whole Number, Float, Yes/No, Set or URL",
            )
        return built_in(token.span, _CONVERSIONS[kind], left)

    def _split(self, token: Token, left: syntax.Expression) -> syntax.Expression:
        if self.token.kind in (".", ",", ")", ":", t.END) or self.token.kind in t.STRUCTURE:
            return built_in(token.span, "split", left)
        if self.filler("into") and self.is_word("words", "lines"):
            word = self.advance().value.lower()
            if word == "lines":
                return built_in(token.span, "split", left, syntax.Literal(token.span, "\n"))
            return built_in(token.span, "split", left)
        self.filler("at", "by")
        return built_in(token.span, "split", left, self.expression(_POSTFIX))

    def _rounded(self, token: Token, left: syntax.Expression) -> syntax.Expression:
        if self.filler("up"):
            return built_in(token.span, "ceil", left)
        if self.filler("down"):
            return built_in(token.span, "floor", left)
        places = self.ahead(2)
        if self.token.kind == "to" and places.bare and places.value.lower() in _PLACES:
            self.advance()
            count = self.expression(_POSTFIX)
            self.advance()
            self.skip_word(*_PLACES)
            return built_in(token.span, "round", left, count)
        return built_in(token.span, "round", left)
