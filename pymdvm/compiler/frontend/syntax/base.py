"""What all parts of the tree share: places, kinds of values, operators, scopes."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

_new = tuple.__new__


class Place(NamedTuple):
    """Where something begins in its source file: line and column, both counted from 1, in
    characters.
    """

    line: int
    column: int


class Span(Place):
    """A place with the end of what begins there: the place behind its last character."""

    end: Place

    @classmethod
    def of(cls, line: int, column: int, end_line: int, end_column: int) -> Span:
        """From the numbers."""
        # One for each word: without the Python code that NamedTuple has for the same.
        span = _new(cls, (line, column))
        span.end = _new(Place, (end_line, end_column))
        return span

    def to(self, end: Place) -> Span:
        """The span from here to the end of another."""
        span = Span(self.line, self.column)
        span.end = getattr(end, "end", end)
        return span


class Kind(Enum):
    """A kind of value that a program can name; the member's value is its name in source text.

    No value is ever a DATE, DATETIME or TIME. A URL is a text: nothing at run time tells the two
    apart.
    """

    TEXT = "Text"
    WHOLE_NUMBER = "Whole Number"
    FLOAT = "Float"
    NUMBER = "Number"
    YES_NO = "Yes/No"
    URL = "URL"
    DATE = "Date"
    DATETIME = "DateTime"
    TIME = "Time"
    LIST = "List"
    ORDERED_LIST = "Ordered List"
    UNORDERED_LIST = "Unordered List"
    NAMED_LIST = "Named List"
    EMPTY = "Empty"
    SET = "Set"
    FUNCTION = "Function"


LIST_KINDS = frozenset({Kind.LIST, Kind.ORDERED_LIST, Kind.UNORDERED_LIST})


class UnaryOperator(Enum):
    """NEGATE is NEG, NOT is NOT."""

    NEGATE = "-"
    NOT = "not"


class BinaryOperator(Enum):
    """Both operands are evaluated, then the instruction of the same meaning works on them.

    POWER: two ints, the right one not negative, give an int (`Integer overflow` if it does not
    fit); any other two numbers give a float, that of C's pow, but zero to a negative power is
    `Division by zero`; anything else is MUL's `Type mismatch: expected numeric, found A and B`.
    STRICTLY_EQUAL is EQ, but No for an int beside a float; STRICTLY_UNEQUAL is its opposite.
    """

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"
    POWER = "^"
    EQUAL = "equals"
    UNEQUAL = "is not"
    STRICTLY_EQUAL = "is strictly equal to"
    STRICTLY_UNEQUAL = "is not strictly equal to"
    LESS = "<"
    GREATER = ">"
    LESS_OR_EQUAL = "<="
    GREATER_OR_EQUAL = ">="
    REMAINDER = "%"
    JOIN = "joined with"
    AND = "and"
    OR = "or"


class Scope(Enum):
    """Where a name's value lives: with the program, or with one run of the function around it."""

    GLOBAL = "global"
    LOCAL = "local"


class Dispatch(Enum):
    """By which kind of collection a statement goes that lists and named lists share.

    LIST, NAMED and SET are decided by the declared kind and not looked into at run time. BY_VALUE:
    a named list goes as NAMED, every other value as LIST.
    """

    LIST = "list"
    NAMED = "named list"
    SET = "set"
    BY_VALUE = "by value"


@dataclass(frozen=True)
class Node:
    """Anything in the tree. `place` takes no part in comparisons: where the node's source begins,
    of a Binary and a KindCheck where the operator stands.
    """

    place: Place = field(compare=False)
