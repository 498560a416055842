"""The nodes of statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

from pymdvm.compiler.frontend.syntax.base import Dispatch, Kind, Node
from pymdvm.compiler.frontend.syntax.expressions import Expression, Name, Position


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
    none). SET: SET_ADD.
    """

    target: Name
    value: Expression
    dispatch: Dispatch = Dispatch.LIST


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
    DICT_REMOVE. SET: SET_REMOVE.
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


PART = "(part)"
"""The variable that holds a part of another while it is changed; no source can name it."""


@dataclass(frozen=True)
class ItemStep(Node):
    """From a list to one of its items."""

    position: Position


@dataclass(frozen=True)
class EntryStep(Node):
    """From a named list to one of its entries."""

    key: Expression


Step = Union[ItemStep, EntryStep]


@dataclass(frozen=True)
class ChangePart(Node):
    """Changes what is inside the items and entries of a variable.

    Goes the path, evaluating each position or key (ARRAY_GET, DICT_GET), puts what it finds at its
    end into the local variable PART, does the change, which is a mutation of that variable, and
    puts the parts back on the way (ARRAY_SET, DICT_SET).
    """

    target: Name
    path: tuple[Step, ...]
    change: Statement


Statement = Union[
    ChangePart,
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
