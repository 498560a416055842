"""Parameters that are the global variable of their own name.

Lists and named lists are values, and a call passes copies. There is one exception in the language:
where a call passes the global variable `l` for a parameter that is called `l` too, what Add,
Remove, Insert, Set item, Update and Clear do to the parameter is done to the variable. (A parameter
that the function puts anything else into is a variable of its own.)

`share` says this in terms of the rest of the language: the function leaves the parameter's last
value in a global variable with a name that no source file can have, and the statement after the
call puts it into the variable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.syntax import Function, Name, Place, Program, Scope, Statement
from pymdvm.compiler.frontend.tree import walk

_CHANGES = (
    syntax.AddItem,
    syntax.InsertItem,
    syntax.SetItem,
    syntax.SetEntry,
    syntax.Remove,
    syntax.Clear,
)

Shared = Mapping[str, "tuple[str | None, ...]"]
"""Function name -> for each parameter its name if it is shared, else None; only for functions that share any."""


def share(program: Program, global_names: Iterable[str]) -> Program:
    """program: resolved; global_names: its global variables.  Returns the program without such
    parameters.
    """
    names = set(global_names)
    shared = {function.name: _shared_parameters(function, names) for function in program.functions}
    shared = {name: parameters for name, parameters in shared.items() if any(parameters)}
    if not shared:
        return program
    functions = tuple(
        replace(function, body=_Rewriter(shared, function).function_body())
        for function in program.functions
    )
    return Program(functions, _Rewriter(shared).block(program.body))


def channel(function: str, parameter: str) -> str:
    """The global variable that holds a shared parameter's last value."""
    return f"({function}.{parameter})"


def _shared_parameters(function: Function, global_names: set[str]) -> tuple[str | None, ...]:
    changed = set()
    set_anew = set()
    for node in walk(function.body):
        if isinstance(node, _CHANGES):
            changed.add(node.target.name)
        elif isinstance(node, (syntax.Set, syntax.Define)):
            set_anew.add(node.target.name)
        elif isinstance(node, syntax.ForEach):
            set_anew.add(node.item.name)
    candidates = changed & global_names - set_anew
    return tuple(
        parameter.name if parameter.name in candidates else None
        for parameter in function.parameters
    )


class _Rewriter:
    """Rewrites the statements of one scope: a function's, or those at top level."""

    def __init__(self, shared: Shared, function: Function | None = None) -> None:
        self._shared = shared
        self._function = function

    def function_body(self) -> tuple[Statement, ...]:
        assert self._function is not None
        return self.block(self._function.body) + tuple(self._kept(self._function.place))

    def block(self, statements: Iterable[Statement]) -> tuple[Statement, ...]:
        return tuple(made for statement in statements for made in self._statement(statement))

    def _statement(self, node: Statement) -> Iterator[Statement]:
        if isinstance(node, syntax.If):
            yield replace(node, then=self.block(node.then), otherwise=self.block(node.otherwise))
        elif isinstance(node, (syntax.While, syntax.ForEach)):
            yield replace(node, body=self.block(node.body))
        elif isinstance(node, syntax.GiveBack):
            yield from self._kept(node.place)
            yield node
        elif isinstance(node, syntax.Set) and isinstance(node.value, syntax.Call):
            yield node
            yield from self._taken_over(node.value, node.target)
        elif isinstance(node, syntax.ExpressionStatement) and isinstance(
            node.expression, syntax.Call
        ):
            yield node
            yield from self._taken_over(node.expression, None)
        else:
            yield node

    def _kept(self, place: Place) -> Iterator[Statement]:
        """Leaves the last values of the function's shared parameters where its callers find
        them.
        """
        name = self._function.name if self._function else ""
        for parameter in self._shared.get(name, ()):
            if parameter is not None:
                target = Name(place, channel(name, parameter), Scope.GLOBAL)
                yield syntax.Set(place, target, Name(place, parameter, Scope.LOCAL))

    def _taken_over(self, call: syntax.Call, result: Name | None) -> Iterator[Statement]:
        """Puts the shared parameters' last values into the variables, but not over the call's
        own result.
        """
        for argument, parameter in zip(call.arguments, self._shared.get(call.function, ())):
            if (
                not isinstance(argument, Name)
                or argument.scope is not Scope.GLOBAL
                or argument == result
            ):
                continue
            if argument.name == parameter:
                value = Name(call.place, channel(call.function, argument.name), Scope.GLOBAL)
                yield syntax.Set(call.place, argument, value)
