"""Names: from a parsed tree to a resolved one (syntax.py says what that is), with findings about
names and calls.

Errors: names and functions that are defined nowhere, a use of a variable in front of its
definition, too many arguments, unknown or repeated ones, repeated parameters. Warnings: whatever
runs, but hardly as meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from mdvm.embedding.protocol import MOST_ARGUMENTS
from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.entries_of_items import changed_entry_of_item
from pymdvm.compiler.frontend.findings import Finding
from pymdvm.compiler.frontend.fixes import Fix, inserting, replacing
from pymdvm.compiler.frontend.name_uses import Uses
from pymdvm.compiler.frontend.reporter import Reporter
from pymdvm.compiler.frontend.scopes import (
    Known,
    Variables,
    global_variables,
    local_variables,
)
from pymdvm.compiler.frontend.syntax import Dispatch, Function, Kind, Program
from pymdvm.compiler.frontend.tree import definitions

# A call instruction counts its arguments in a byte.


@dataclass(frozen=True)
class Resolution:
    """program: resolved; variables: the globals; locals_of: each function's variables, parameters
    first; own: the names of the functions that are the program's, not of earlier ones.
    """

    program: Program
    variables: Variables
    locals_of: dict[str, Variables]
    own: frozenset[str]
    findings: tuple[Finding, ...]


def resolve(program: Program, file: str, known: Known | None = None) -> Resolution:
    """Resolves a parsed tree.

    known: what the program may use of earlier ones; its functions become functions of the resolved
    program, unless the program has one of the same name, and are not reported on again. The
    resolved program is of use only if no finding is an error.
    """
    known = known or Known()
    reporter = Reporter(file)
    own = _functions_by_name(program, reporter)
    functions = {**{function.name: function for function in known.functions}, **own}
    variables = global_variables(program, known)
    body = _Resolver(reporter, functions, variables, defined=known.variables).block(program.body)
    locals_of = {name: local_variables(function) for name, function in functions.items()}
    resolved = tuple(
        _Resolver(
            reporter if name in own else Reporter(file), functions, variables, locals_of[name]
        ).function(function)
        for name, function in functions.items()
    )
    return Resolution(
        Program(resolved, body),
        variables,
        dict(locals_of),
        frozenset(own),
        tuple(reporter.findings),
    )


def _functions_by_name(program: Program, reporter: Reporter) -> dict[str, Function]:
    functions: dict[str, Function] = {}
    for function in program.functions:
        if function.name in functions:
            reporter.warning(
                "repeated-function",
                function.place,
                f"`{function.name}` replaces the function in line "
                f"{functions[function.name].place.line}",
                "expected another name",
            )
        functions[function.name] = function
    return functions


class _Resolver(Uses):
    """Resolves the statements of one scope."""

    # ____________________________________________________________ functions

    def function(self, function: Function) -> Function:
        parameters = self._parameters(function)
        return replace(function, parameters=parameters, body=self.block(function.body))

    def _parameters(self, function: Function) -> tuple[syntax.Parameter, ...]:
        """The parameters with resolved defaults, which count as defined from here on."""
        if len(function.parameters) > MOST_ARGUMENTS:
            self._reporter.error(
                "too-many-parameters",
                function.place,
                f"`{function.name}` has {len(function.parameters)} parameters",
                f"expected no more than {MOST_ARGUMENTS}",
            )
        for parameter in function.parameters:
            if parameter.name in self._defined:
                self._reporter.error(
                    "repeated-parameter",
                    parameter.place,
                    f"`{parameter.name}` is a parameter already",
                    "expected another name",
                )
            self.now_defined(parameter.name)
        return tuple(
            replace(parameter, default=self._default(parameter))
            for parameter in function.parameters
        )

    def _default(self, parameter: syntax.Parameter) -> syntax.Expression | None:
        if parameter.default is None:
            return None
        return Uses(self._reporter, self._functions, self._globals).expression(parameter.default)

    # ____________________________________________________________ statements

    def block(self, statements: Iterable[syntax.Statement]) -> tuple[syntax.Statement, ...]:
        return tuple(self._statement(statement) for statement in statements)

    def _statement(self, statement: syntax.Statement) -> syntax.Statement:
        if isinstance(statement, syntax.Define):
            return self._define(statement)
        if isinstance(statement, syntax.Set):
            return self._set(statement)
        if isinstance(statement, syntax.If):
            return self._if(statement)
        if isinstance(statement, syntax.While):
            with self._loop(statement.body):
                return replace(
                    statement,
                    condition=self.expression(statement.condition),
                    body=self.block(statement.body),
                )
        if isinstance(statement, syntax.ForEach):
            return self._for_each(statement)
        if isinstance(statement, syntax.ForRange):
            return self._for_range(statement)
        if isinstance(statement, (syntax.StopLoop, syntax.SkipRound)):
            return self._leave(statement)
        if isinstance(statement, syntax.Say):
            return syntax.Say(statement.place, self._said(statement.value))
        if isinstance(statement, syntax.GiveBack):
            return replace(statement, value=self.expression(statement.value))
        if isinstance(statement, syntax.ExpressionStatement):
            return replace(statement, expression=self.expression(statement.expression))
        if isinstance(statement, syntax.ChangePart):
            statement = changed_entry_of_item(statement, self._is_list)
            return replace(
                statement,
                target=self.target(statement.target),
                path=tuple(self._step(step) for step in statement.path),
                change=self._statement(statement.change),
            )
        return self._mutation(statement)

    def _said(self, value: syntax.Expression) -> syntax.Expression:
        """What Say prints; a word that is no name may be meant as a text."""
        if isinstance(value, syntax.Name) and not value.alone:
            end = getattr(value.place, "end", value.place)
            if end.column - value.place.column == len(value.name):
                return self.target(value, replacing(value.place, f'_"{value.name}"_'))
        return self.expression(value)

    def _step(self, step: syntax.Step) -> syntax.Step:
        if isinstance(step, syntax.ItemStep):
            return replace(step, position=self.position(step.position))
        return replace(step, key=self.expression(step.key))

    def _define(self, statement: syntax.Define) -> syntax.Statement:
        name = statement.target.name
        default = None if statement.default is None else self._value_for(name, statement.default)
        if default is None and statement.kinds == (Kind.SET,):
            default = syntax.EmptySet(statement.place)
        if name in self._defined:
            self._reporter.warning(
                "redefined",
                statement.target.place,
                f"`{name}` has been defined before",
                "it loses its value here; expected another name, or Set",
            )
        self.now_defined(name)
        return replace(statement, target=self.target(statement.target), default=default)

    def _set(self, statement: syntax.Set) -> syntax.Statement:
        target = self.target(statement.target, self._define_of(statement))
        return syntax.Set(statement.place, target, self._value_for(target.name, statement.value))

    def _define_of(self, statement: syntax.Set) -> Fix | None:
        """The Define that a Set of an unknown name lacks, in front of it."""
        kind = self._kinds.kind_of(statement.value)
        if kind is None or not self._at_top or statement.place.column != 1:
            return None
        return inserting(statement.place, f"Define `{statement.target.name}` as {kind.value}.\n")

    def _value_for(self, name: str, value: syntax.Expression) -> syntax.Expression:
        """The value that a variable is set to; blank goes by the variable's kind."""
        if not isinstance(value, syntax.Blank):
            return self.expression(value)
        if self.dispatch(name) is Dispatch.NAMED:
            return syntax.NamedListLiteral(value.place, ())
        if self.dispatch(name) is Dispatch.SET:
            return syntax.EmptySet(value.place)
        return syntax.ListLiteral(value.place, ())

    def _if(self, statement: syntax.If) -> syntax.Statement:
        condition = self.expression(statement.condition)
        before = set(self._defined)
        then = self.block(statement.then)
        after_then, self._defined = self._defined, before
        otherwise = self.block(statement.otherwise)
        self._defined |= after_then
        return replace(statement, condition=condition, then=then, otherwise=otherwise)

    def _for_each(self, statement: syntax.ForEach) -> syntax.Statement:
        collection = self.expression(statement.collection)
        dispatch = self.dispatch_of_value(collection)
        self.now_defined(statement.item.name)
        with self._loop(statement.body):
            body = self.block(statement.body)
        return replace(
            statement,
            item=self.target(statement.item),
            collection=collection,
            body=body,
            dispatch=dispatch,
        )

    def _for_range(self, statement: syntax.ForRange) -> syntax.Statement:
        first, last = self.expression(statement.first), self.expression(statement.last)
        step = None if statement.step is None else self.expression(statement.step)
        self.now_defined(statement.item.name)
        with self._loop(statement.body):
            body = self.block(statement.body)
        return replace(
            statement,
            item=self.target(statement.item),
            first=first,
            last=last,
            step=step,
            body=body,
        )

    def _leave(self, statement: syntax.StopLoop | syntax.SkipRound) -> syntax.Statement:
        if not self._loops:
            self._reporter.error(
                "no-loop",
                statement.place,
                "there is no loop around it",
                "expected it in the block of a While or a For each",
            )
        return statement

    @contextmanager
    def _loop(self, body: Iterable[syntax.Statement]) -> Iterator[None]:
        self._loops.append({_defined_name(statement) for statement in definitions(body)})
        yield
        self._loops.pop()

    def _mutation(
        self,
        statement: syntax.AddItem
        | syntax.InsertItem
        | syntax.SetItem
        | syntax.SetEntry
        | syntax.Remove
        | syntax.RemoveAll
        | syntax.RemoveAt
        | syntax.Clear,
    ) -> syntax.Statement:
        target = self.target(statement.target)
        dispatch = self.dispatch(target.name)
        if isinstance(statement, syntax.Clear):
            return replace(statement, target=target, dispatch=dispatch)
        if isinstance(statement, syntax.RemoveAt):
            position = self.position(statement.position)
            return replace(statement, target=target, position=position)
        value = self.expression(statement.value)
        if isinstance(statement, syntax.Remove):
            return replace(statement, target=target, value=value, dispatch=dispatch)
        if isinstance(statement, syntax.SetEntry):
            return replace(
                statement, target=target, key=self.expression(statement.key), value=value
            )
        if isinstance(statement, syntax.InsertItem):
            return replace(
                statement, target=target, position=self.expression(statement.position), value=value
            )
        if isinstance(statement, syntax.SetItem):
            return replace(
                statement, target=target, position=self.position(statement.position), value=value
            )
        if isinstance(statement, syntax.AddItem) and self.may_be_set(target.name):
            return replace(statement, target=target, value=value, dispatch=dispatch)
        if isinstance(statement, syntax.RemoveAll) and dispatch is Dispatch.SET:
            return syntax.Remove(statement.place, target, value, dispatch)
        return replace(statement, target=target, value=value)


def _defined_name(statement: syntax.Define | syntax.ForEach | syntax.ForRange) -> str:
    return statement.target.name if isinstance(statement, syntax.Define) else statement.item.name
