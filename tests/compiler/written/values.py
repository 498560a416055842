"""Values: each as the words of the language and as Python.

The levels are those of the table of operators in docs/language.md: 1 holds most loosely.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")

WHOLE, FLOAT, TEXT, YES_NO = "Whole Number", "Float", "Text", "Yes/No"
NUMBERS, TEXTS, TABLE, NAMED, SET = "numbers", "texts", "table", "named", "set"
# How each kind may be declared.
DECLARED = {
    WHOLE: ("Whole Number", "Number", "Integer", "a Whole Number", "_Whole Number_", "Any"),
    FLOAT: ("Float", "Number", "Decimal", "a Float or a Whole Number"),
    TEXT: ("Text", "a Text", "String", "Text or Number", "**Text**"),
    YES_NO: ("Yes/No", "Status", "Boolean", "a Truth Value", "Yes/No or Empty"),
    NUMBERS: ("List", "Ordered List", "a List", "Unordered List"),
    TEXTS: ("List", "Unordered List", "List or Text"),
    TABLE: ("List", "an Ordered List"),
    NAMED: ("Named List", "a Named List"),
    SET: ("Set", "a Set"),
}
CONDITION, OR, AND, EQUALITY, ORDER, SUM, PRODUCT, POWER, PREFIX, ATOM = range(1, 11)
_LETTERS = ("a", "b", "ab", "Ada", "x y", "naïve", "🦊 z", "one two three", "", " padded ")
# Names that need no backticks.
PLAIN = ("total", "x", "result", "größe")
KEYS = ("k", "m", "two words", "Ada", "if")


class Value(NamedTuple):
    """words: in the language; level: how strongly its operator holds; python: the same."""

    words: str
    level: int
    python: str

    def at(self, level: int) -> str:
        """The words where something that holds so strongly is wanted."""
        return self.words if self.level >= level else f"({self.words})"


@dataclass
class Function:
    """A function that may be called: its name, its parameters and what it gives."""

    name: str
    parameters: list[tuple[str, str, Value | None]]
    gives: str
    python: str


@dataclass
class Names:
    """The variables of a program or a function, by kind, each with the same in Python."""

    variables: dict[str, list[Value]] = field(default_factory=dict)
    functions: list[Function] = field(default_factory=list)
    # Loop variables and counters, which nothing sets.
    fixed: list[Value] = field(default_factory=list)


def inner_of(kind: str) -> str:
    """The kind of the items of such a list."""
    return {NUMBERS: WHOLE, TEXTS: TEXT, TABLE: NUMBERS}[kind]


class Values:
    """Draws values. random: what decides; names: the variables there are."""

    def __init__(self, source: random.Random) -> None:
        self.random = source
        self.names = Names()

    # ____________________________________________________________ choices

    def pick(self, items: list[Item] | tuple[Item, ...]) -> Item:
        """One of them."""
        return items[self.random.randrange(len(items))]

    def rarely(self, chance: int = 4) -> bool:
        """Yes once in so many times."""
        return self.random.randrange(chance) == 0

    def value(self, kind: str, depth: int) -> Value:
        """A value of that kind, with so many operators in each other."""
        known = self.names.variables.get(kind, [])
        if kind in (NAMED, SET):
            return self.pick(known)
        if depth <= 0 or self.rarely(5):
            return self.known(known) if known and not self.rarely() else self.literal(kind)
        calls = [function for function in self.names.functions if function.gives == kind]
        if calls and self.rarely(6):
            return self.call(self.pick(calls), depth - 1)
        if self.rarely(12):
            return self.conditional(kind, depth - 1)
        make: Callable[[int], Value] = {
            WHOLE: self.whole,
            FLOAT: self.float,
            TEXT: self.text,
            YES_NO: self.condition,
            NUMBERS: self.numbers,
            TEXTS: self.texts,
            TABLE: self.table,
        }[kind]
        return make(depth - 1)

    def known(self, values: list[Value]) -> Value:
        """A variable, now and then without backticks, or in bold."""
        value = self.pick(values)
        if value.words.strip("`") not in PLAIN or not self.rarely(3):
            return value
        word = value.words.strip("`")
        return value._replace(words=self.pick((word, f"**{word}**")))

    def there(self, *kinds: str) -> str:
        """One of the kinds of which there are values."""
        known = self.names.variables
        return self.pick([kind for kind in kinds if kind not in (NAMED, SET) or known.get(kind)])

    # ____________________________________________________________ literals

    def literal(self, kind: str) -> Value:
        """A value that is written out."""
        if kind == WHOLE:
            return self._whole_literal(self.pick((0, 1, 2, 3, 5, 7, 10, 12, 100, -1, -2, -7)))
        if kind == FLOAT:
            number = self.pick((0.5, 1.5, 2.0, 2.5, -0.5, 0.25, 100.0))
            words = self.pick((f"_{number}_", f"{number}")) if number >= 0 else f"_{number}_"
            return Value(words.replace("0.5", ".5") if self.rarely() else words, ATOM, repr(number))
        if kind == TEXT:
            return self.text_literal(self.pick(_LETTERS))
        if kind == YES_NO:
            yes = bool(self.random.randrange(2))
            word = self.pick(
                ("_Yes_", "Yes", "yes", "_true_") if yes else ("_No_", "No", "_false_")
            )
            return Value(word, ATOM, str(yes))
        if kind == NUMBERS:
            return self.brackets([self.literal(WHOLE) for _ in range(self.random.randrange(5))])
        if kind == TEXTS:
            return self.brackets([self.literal(TEXT) for _ in range(self.random.randrange(4))])
        if kind == TABLE:
            return self.brackets(
                [self.literal(NUMBERS) for _ in range(1 + self.random.randrange(3))]
            )
        raise ValueError(kind)

    def _whole_literal(self, number: int) -> Value:
        if number < 0 and self.rarely():
            return Value(f"-{-number}", PREFIX, f"({number})")
        words = f"_{number}_" if number < 0 or self.rarely(2) else str(number)
        return Value(words, ATOM, f"({number})")

    def text_literal(self, text: str) -> Value:
        """A text between one of the marks."""
        before, behind = self.pick((('"', '"'), ('_"', '"_'), ("_'", "'_"), ('_"""', '"""_')))
        if not text or text[0] == " ":
            before, behind = '_"', '"_'
        return Value(before + text + behind, ATOM, repr(text))

    def brackets(self, items: list[Value]) -> Value:
        """A list between brackets."""
        words = ", ".join(item.words for item in items)
        return Value(f"[{words}]", ATOM, f"[{', '.join(item.python for item in items)}]")

    # ____________________________________________________________ operators

    def _binary(self, words: str, level: int, python: str, left: Value, right: Value) -> Value:
        """From left to right: the right side holds more strongly."""
        return Value(
            f"{left.at(level)} {words} {right.at(level + 1)}",
            level,
            python.format(left.python, right.python),
        )

    def _unary_phrase(self, words: str, python: str, operand: Value) -> Value:
        """Words in front of a value."""
        return Value(f"{words} {operand.at(ATOM)}", PREFIX, python.format(operand.python))

    def _behind(self, operand: Value, words: str, python: str) -> Value:
        """Words behind a value."""
        return Value(f"{operand.at(ATOM)} {words}", PREFIX, python.format(operand.python))

    # ____________________________________________________________ by kinds

    def conditional(self, kind: str, depth: int) -> Value:
        """One of two."""
        raise NotImplementedError

    def whole(self, depth: int) -> Value:
        """A whole number."""
        raise NotImplementedError

    def float(self, depth: int) -> Value:
        """A float."""
        raise NotImplementedError

    def text(self, depth: int) -> Value:
        """A text."""
        raise NotImplementedError

    def condition(self, depth: int) -> Value:
        """A Yes/No."""
        raise NotImplementedError

    def numbers(self, depth: int) -> Value:
        """A list of whole numbers."""
        raise NotImplementedError

    def texts(self, depth: int) -> Value:
        """A list of texts."""
        raise NotImplementedError

    def table(self, depth: int) -> Value:
        """A list of lists of whole numbers."""
        raise NotImplementedError

    def call(self, function: Function, depth: int) -> Value:
        """A call between parentheses."""
        raise NotImplementedError
