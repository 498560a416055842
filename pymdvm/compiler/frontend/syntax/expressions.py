"""The nodes of expressions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Union

from pymdvm.compiler.frontend.syntax.base import (
    BinaryOperator,
    Dispatch,
    Kind,
    Node,
    Place,
    Scope,
    UnaryOperator,
)


@dataclass(frozen=True)
class Literal(Node):
    """Gives its value: None for Empty, a bool, an int of 64 bits, a float or a str.  1, 1.0, Yes
    and -0.0 all differ.
    """

    value: None | bool | int | float | str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Literal) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[type, str]:
        return type(self.value), repr(self.value)


@dataclass(frozen=True)
class Blank(Node):
    """An empty list or named list, by the declared kind of the variable that is set to it.  Not in
    a resolved tree.
    """


@dataclass(frozen=True)
class ListLiteral(Node):
    """Gives a new list of its elements, in order."""

    elements: tuple[Expression, ...]


@dataclass(frozen=True)
class NamedListLiteral(Node):
    """Gives a new named list; a name that comes twice keeps its first place and gets the last value
    (DICT_SET). A name is a text or a number.
    """

    entries: tuple[tuple[str | int | float, Expression], ...]


@dataclass(frozen=True)
class EmptySet(Node):
    """Gives a new set (SET_NEW)."""


@dataclass(frozen=True)
class FunctionName(Node):
    """Gives the function of that name as a value."""

    name: str


@dataclass(frozen=True)
class Kept(Node):
    """Gives the value, and keeps it under that name, which no source can name."""

    value: Expression
    name: str = field(compare=False)


@dataclass(frozen=True)
class Again(Node):
    """Gives what a Kept of that name, evaluated before in the same expression, has kept."""

    name: str = field(compare=False)


@dataclass(frozen=True)
class Name(Node):
    """Gives the variable's value: Empty if nothing has been put into it.  `scope` is set in a
    resolved tree.

    alone: whether it stands alone in parentheses; if there is no such variable, but a function, it
    is called.
    """

    name: str
    scope: Scope | None = None
    alone: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Unary(Node):
    """Gives the operator's result on the operand."""

    operator: UnaryOperator
    operand: Expression


@dataclass(frozen=True)
class Binary(Node):
    """Gives the operator's result; `and` and `or` too evaluate both sides."""

    operator: BinaryOperator
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Conditional(Node):
    """Evaluates the condition, then, by its truthiness, only one of the other two, and gives
    that.
    """

    condition: Expression
    consequence: Expression
    alternative: Expression


@dataclass(frozen=True)
class Last(Node):
    """The position of a list's last item: ARRAY_LEN gives the length, SUB takes 1 off (-1 for an
    empty list). before: how many items in front of the last one.
    """

    before: int = 0


Position = Union["Expression", Last]
"""A position in a list, counted from 1.  Its value less 1 (by SUB) is the VM's index."""


@dataclass(frozen=True)
class ItemOf(Node):
    """Evaluates the list, then the position's index, and gives ARRAY_GET's result."""

    collection: Expression
    position: Position


@dataclass(frozen=True)
class EntryOf(Node):
    """Evaluates the named list, then the key, and gives DICT_GET's result (Empty for a missing
    key).
    """

    collection: Expression
    key: Expression


@dataclass(frozen=True)
class NamesOf(Node):
    """Gives DICT_KEYS of the named list."""

    collection: Expression


@dataclass(frozen=True)
class ContentsOf(Node):
    """Gives DICT_VALUES of the named list."""

    collection: Expression


@dataclass(frozen=True)
class KindCheck(Node):
    """Gives Yes if the operand's value is of the kind, else No.

    Text and URL: any text. Number: an int or a float. List, Ordered List and Unordered List: any
    list. Date, DateTime and Time: nothing.
    """

    operand: Expression
    kind: Kind


@dataclass(frozen=True)
class Contains(Node):
    """Evaluates the collection, then the value, and gives Yes if a named list has that name
    (DICT_CONTAINS), or if an item of a list is EQ to the value. Where there is version 2 of the
    file format, also if a text has the other in it.
    """

    collection: Expression
    value: Expression
    dispatch: Dispatch = Dispatch.BY_VALUE


@dataclass(frozen=True)
class NamedArgument(Node):
    """One `name is value` of a call.  Not in a resolved tree."""

    name: str
    value: Expression


@dataclass(frozen=True)
class CallValue(Node):
    """Evaluates the arguments and calls the function that the variable holds (CALL)."""

    function: Name
    arguments: tuple[Expression, ...]


@dataclass(frozen=True)
class Call(Node):
    """Evaluates the arguments, runs the function on copies of them, and gives what it gave back, or
    Empty.

    built_in: whether it is one of the language's own functions, whatever the program has.
    name_place: where the name stands
    """

    function: str
    arguments: tuple[Expression, ...]
    named: tuple[NamedArgument, ...] = ()
    built_in: bool = False
    name_place: Place | None = field(default=None, compare=False)


Expression = Union[
    Literal,
    Blank,
    ListLiteral,
    NamedListLiteral,
    Name,
    Unary,
    Binary,
    Conditional,
    ItemOf,
    EntryOf,
    NamesOf,
    ContentsOf,
    KindCheck,
    Contains,
    Call,
    CallValue,
    FunctionName,
    EmptySet,
    Kept,
    Again,
]
