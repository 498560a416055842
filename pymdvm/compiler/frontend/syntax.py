"""The compiler's own syntax tree of a Machine Dialect program, and what each node does at run time.

The parser's adapter makes the tree, `names.resolve` turns it into a resolved one, and lowering and
the tests' evaluator read the resolved tree only. In a resolved tree

* every Name says whether it is GLOBAL or LOCAL to the function around it;
* every Call has exactly one positional argument for each parameter of the function that it names,
  and that function exists (missing arguments have become the declared defaults or Empty);
* there is no Blank; For each, Remove and Clear say by which kind of collection they go;
* positions that are written as numbers are 1 or more.

Values and errors are the VM's. "ADD", "ARRAY_GET" and so on below mean the VM's instructions: their
results, and their errors word by word, in the order in which they are named. Expressions are
evaluated left to right. Apart from calls, evaluating an expression has no effect but a possible
run-time error.

Nodes are immutable and compare by what they say, not by where they stand.  Sequences are tuples.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, Union


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
        span = cls(line, column)
        span.end = Place(end_line, end_column)
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

    LIST and NAMED are decided by the declared kind and not looked into at run time. BY_VALUE: a
    named list goes as NAMED, every other value as LIST.
    """

    LIST = "list"
    NAMED = "named list"
    BY_VALUE = "by value"


@dataclass(frozen=True)
class Node:
    """Anything in the tree. `place` takes no part in comparisons: where the node's source begins,
    of a Binary and a KindCheck where the operator stands.
    """

    place: Place = field(compare=False)


# ____________________________________________________________ expressions


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
    (DICT_SET).
    """

    entries: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True)
class Name(Node):
    """Gives the variable's value: Empty if nothing has been put into it.  `scope` is set in a
    resolved tree.
    """

    name: str
    scope: Scope | None = None


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
    (DICT_CONTAINS), or if an item of a list is EQ to the value.
    """

    collection: Expression
    value: Expression


@dataclass(frozen=True)
class NamedArgument(Node):
    """One `name is value` of a call.  Not in a resolved tree."""

    name: str
    value: Expression


@dataclass(frozen=True)
class Call(Node):
    """Evaluates the arguments, runs the function on copies of them, and gives what it gave back, or
    Empty. built_in: whether it is one of the language's own functions, whatever the program has.
    """

    function: str
    arguments: tuple[Expression, ...]
    named: tuple[NamedArgument, ...] = ()
    built_in: bool = False


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
]

# ____________________________________________________________ statements


@dataclass(frozen=True)
class Define(Node):
    """Puts the default, or Empty if there is none, into the variable, each time it is run."""

    target: Name
    kinds: tuple[Kind, ...]
    default: Expression | None = None


@dataclass(frozen=True)
class Set(Node):
    """Evaluates the value and puts a copy of it into the variable."""

    target: Name
    value: Expression


@dataclass(frozen=True)
class If(Node):
    """Evaluates the condition and runs one of the two blocks by its truthiness; `otherwise` may be
    empty.
    """

    condition: Expression
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class While(Node):
    """Evaluates the condition, runs the body if it is truthy, and starts again."""

    condition: Expression
    body: tuple[Statement, ...]


@dataclass(frozen=True)
class ForEach(Node):
    """Evaluates the collection once, then runs the body with each item in turn in the variable.

    LIST: the items of the value as it was at the start (ARRAY_LEN, then ARRAY_GET each). NAMED: the
    items of its DICT_KEYS. The variable keeps its last value afterwards.
    """

    item: Name
    collection: Expression
    body: tuple[Statement, ...]
    dispatch: Dispatch = Dispatch.BY_VALUE


@dataclass(frozen=True)
class ForRange(Node):
    """Evaluates first, last and step (1 if there is none), then runs the body with first, first +
    step (ADD) and so on in the variable, as long as it is not beyond last.

    Beyond is above for a step that is GT 0, below for one that is LT 0; with any other step there
    is no round.
    """

    item: Name
    first: Expression
    last: Expression
    step: Expression | None
    body: tuple[Statement, ...]


@dataclass(frozen=True)
class StopLoop(Node):
    """Ends the loop around it."""


@dataclass(frozen=True)
class SkipRound(Node):
    """Goes on with the next round of the loop around it."""


@dataclass(frozen=True)
class Say(Node):
    """Evaluates the value and prints it with DEBUG_PRINT."""

    value: Expression


@dataclass(frozen=True)
class GiveBack(Node):
    """Evaluates the value and ends the function with it; at top level it ends the program with
    it.
    """

    value: Expression


@dataclass(frozen=True)
class ExpressionStatement(Node):
    """Evaluates the expression, often a Call, and drops the result."""

    expression: Expression


@dataclass(frozen=True)
class AddItem(Node):
    """Evaluates the value, then appends it to the variable's list (ARRAY_LEN's error if there is
    none).
    """

    target: Name
    value: Expression


@dataclass(frozen=True)
class InsertItem(Node):
    """Puts the value before an item of the variable's list, or at its end.

    Evaluates the value, then the position's index, then takes ARRAY_LEN. An index that is EQ to the
    length appends; for any other, ARRAY_GET of the index has to succeed (its errors are this
    statement's), and the item there and those behind it move up.
    """

    target: Name
    position: Expression
    value: Expression


@dataclass(frozen=True)
class SetItem(Node):
    """Evaluates the position's index (of Last: in the variable's list), then the value, then does
    ARRAY_SET.
    """

    target: Name
    position: Position
    value: Expression


@dataclass(frozen=True)
class SetEntry(Node):
    """Evaluates the key, then the value, then does DICT_SET: both `Add k to d with value v` and
    `Update k in d to v`.
    """

    target: Name
    key: Expression
    value: Expression


@dataclass(frozen=True)
class Remove(Node):
    """Evaluates the value, then takes it out of the variable's collection.

    LIST: ARRAY_LEN, then the first item that is EQ to the value goes, if there is one. NAMED:
    DICT_REMOVE.
    """

    target: Name
    value: Expression
    dispatch: Dispatch = Dispatch.BY_VALUE


@dataclass(frozen=True)
class RemoveAll(Node):
    """Evaluates the value, then takes all items that are EQ to it out of the variable's list."""

    target: Name
    value: Expression


@dataclass(frozen=True)
class RemoveAt(Node):
    """Evaluates the position's index, then takes the item there out of the variable's list.
    ARRAY_GET's errors are this statement's.
    """

    target: Name
    position: Position


@dataclass(frozen=True)
class Clear(Node):
    """LIST: puts a new empty list into the variable.  NAMED: a new empty named list.

    Whatever the variable held is dropped; only BY_VALUE looks at it, and takes its ARRAY_LEN if it
    is no named list.
    """

    target: Name
    dispatch: Dispatch = Dispatch.BY_VALUE


Statement = Union[
    Define,
    Set,
    If,
    While,
    ForEach,
    ForRange,
    StopLoop,
    SkipRound,
    Say,
    GiveBack,
    ExpressionStatement,
    AddItem,
    InsertItem,
    SetItem,
    SetEntry,
    Remove,
    RemoveAll,
    RemoveAt,
    Clear,
]

# ____________________________________________________________ programs


@dataclass(frozen=True)
class Parameter(Node):
    """A parameter: a local name that a call sets. The default is used where a call leaves the
    argument out.

    Names in a default are global, whatever the caller's or the function's locals are.
    """

    name: str
    kinds: tuple[Kind, ...] = ()
    default: Expression | None = None


@dataclass(frozen=True)
class Function(Node):
    """A Utility, Action or Interaction: the three do the same. `gives` is what the Outputs section
    declares, if anything.

    A call sets the parameters, leaves the other locals Empty and runs the body; falling off its end
    gives Empty.
    """

    name: str
    parameters: tuple[Parameter, ...]
    body: tuple[Statement, ...]
    gives: tuple[Kind, ...] = ()


@dataclass(frozen=True)
class Program:
    """A file: its functions in the order of the source, and the statements at top level, which are
    what running it runs.

    Running off the end of the body ends the program without a value.  Globals start out Empty.
    """

    functions: tuple[Function, ...]
    body: tuple[Statement, ...]
