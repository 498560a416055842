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

from pymdvm.compiler.frontend.syntax.base import (
    LIST_KINDS,
    BinaryOperator,
    Dispatch,
    Kind,
    Node,
    Place,
    Scope,
    Span,
    UnaryOperator,
)
from pymdvm.compiler.frontend.syntax.expressions import (
    Again,
    Binary,
    Blank,
    Call,
    CallValue,
    Conditional,
    Contains,
    ContentsOf,
    EmptySet,
    EntryOf,
    Expression,
    FunctionName,
    ItemOf,
    Kept,
    KindCheck,
    Last,
    ListLiteral,
    Literal,
    Name,
    NamedArgument,
    NamedListLiteral,
    NamesOf,
    Position,
    Unary,
)
from pymdvm.compiler.frontend.syntax.programs import Function, Parameter, Program
from pymdvm.compiler.frontend.syntax.statements import (
    PART,
    AddItem,
    ChangePart,
    Clear,
    Define,
    EntryStep,
    ExpressionStatement,
    ForEach,
    ForRange,
    GiveBack,
    If,
    InsertItem,
    ItemStep,
    Remove,
    RemoveAll,
    RemoveAt,
    Say,
    Set,
    SetEntry,
    SetItem,
    SkipRound,
    Statement,
    Step,
    StopLoop,
    While,
)

__all__ = [
    "Again",
    "Kept",
    "AddItem",
    "Binary",
    "BinaryOperator",
    "Blank",
    "Call",
    "CallValue",
    "ChangePart",
    "Clear",
    "Conditional",
    "Contains",
    "ContentsOf",
    "Define",
    "Dispatch",
    "EmptySet",
    "EntryOf",
    "EntryStep",
    "Expression",
    "ExpressionStatement",
    "ForEach",
    "ForRange",
    "Function",
    "FunctionName",
    "GiveBack",
    "If",
    "InsertItem",
    "ItemOf",
    "ItemStep",
    "Kind",
    "KindCheck",
    "LIST_KINDS",
    "Last",
    "ListLiteral",
    "Literal",
    "Name",
    "NamedArgument",
    "NamedListLiteral",
    "NamesOf",
    "Node",
    "PART",
    "Parameter",
    "Place",
    "Position",
    "Program",
    "Remove",
    "RemoveAll",
    "RemoveAt",
    "Say",
    "Scope",
    "Set",
    "SetEntry",
    "SetItem",
    "SkipRound",
    "Span",
    "Statement",
    "Step",
    "StopLoop",
    "Unary",
    "UnaryOperator",
    "While",
]
