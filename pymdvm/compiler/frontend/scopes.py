"""Which variables a program has: the global ones and each function's own, with the kinds that they
were defined as.

Variables defined at top level are global. Parameters, and what a function's body defines, are local
to that function, wherever in the body the definition stands. A For each defines its variable,
unless it has been defined.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pymdvm.compiler.frontend.syntax import (
    LIST_KINDS,
    Define,
    Dispatch,
    Function,
    Kind,
    Place,
    Program,
    Statement,
)
from pymdvm.compiler.frontend.tree import definitions

_DISPATCHES = {Kind.NAMED_LIST: Dispatch.NAMED, Kind.SET: Dispatch.SET}

Variables = Mapping[str, "Variable"]


@dataclass(frozen=True)
class Variable:
    """A variable: the kinds that it was defined as (none: nothing is known of it) and where it was
    first defined.
    """

    kinds: tuple[Kind, ...]
    place: Place

    @property
    def dispatch(self) -> Dispatch:
        """By which kind of collection a statement goes that changes this variable."""
        return dispatch_of(self.kinds)


@dataclass(frozen=True)
class Known:
    """What stood before the program that is compiled: the REPL's earlier inputs.  Functions are
    unresolved.

    has_function_values: whether a variable may hold a function
    """

    variables: Variables = field(default_factory=dict)
    functions: tuple[Function, ...] = ()
    has_function_values: bool = False


def global_variables(program: Program, known: Known) -> dict[str, Variable]:
    """Name -> Variable for every global."""
    return _with_definitions(dict(known.variables), program.body)


def local_variables(function: Function) -> dict[str, Variable]:
    """Name -> Variable for the parameters, in their order, and then the names that the body
    defines.
    """
    parameters = {
        parameter.name: Variable(parameter.kinds, parameter.place)
        for parameter in function.parameters
    }
    return _with_definitions(parameters, function.body)


def dispatch_of(kinds: Iterable[Kind]) -> Dispatch:
    """LIST or NAMED if the kinds leave no doubt about it."""
    collections = {
        _DISPATCHES.get(kind, Dispatch.LIST)
        for kind in kinds
        if kind in LIST_KINDS or kind in _DISPATCHES
    }
    if len(collections) == 1:
        return collections.pop()
    return Dispatch.BY_VALUE


def _with_definitions(
    variables: dict[str, Variable], body: Iterable[Statement]
) -> dict[str, Variable]:
    for statement in definitions(body):
        target, kinds = (
            (statement.target, statement.kinds)
            if isinstance(statement, Define)
            else (statement.item, ())
        )
        earlier = variables.get(target.name)
        if earlier is None:
            variables[target.name] = Variable(kinds, target.place)
        else:
            variables[target.name] = Variable(_joined(earlier.kinds, kinds), earlier.place)
    return variables


def _joined(left: tuple[Kind, ...], right: tuple[Kind, ...]) -> tuple[Kind, ...]:
    """The kinds of a variable that is defined twice: nothing is known of it if one definition says
    nothing.
    """
    return tuple(dict.fromkeys(left + right)) if left and right else ()
