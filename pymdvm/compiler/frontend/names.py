"""Names: from a parsed tree to a resolved one (syntax.py says what that is), with findings about
names and calls.

Errors: names and functions that are defined nowhere, a use of a variable in front of its
definition, too many arguments, unknown or repeated ones, repeated parameters. Warnings: whatever
runs, but hardly as meant.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from mdvm.embedding.protocol import MOST_ARGUMENTS
from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.built_ins import BUILT_INS, folded
from pymdvm.compiler.frontend.findings import Finding, Severity
from pymdvm.compiler.frontend.scopes import (
    Known,
    Variable,
    Variables,
    dispatch_of,
    global_variables,
    local_variables,
)
from pymdvm.compiler.frontend.syntax import Dispatch, Function, Place, Program, Scope
from pymdvm.compiler.frontend.tree import definitions, left_side
from pymdvm.wording import counted

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
    reporter = _Reporter(file)
    own = _functions_by_name(program, reporter)
    functions = {**{function.name: function for function in known.functions}, **own}
    variables = global_variables(program, known)
    body = _Resolver(reporter, functions, variables, defined=known.variables).block(program.body)
    locals_of = {name: local_variables(function) for name, function in functions.items()}
    resolved = tuple(
        _Resolver(
            reporter if name in own else _Reporter(file), functions, variables, locals_of[name]
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


def _functions_by_name(program: Program, reporter: _Reporter) -> dict[str, Function]:
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


class _Reporter:
    """Collects findings about one file."""

    def __init__(self, file: str) -> None:
        self.findings: list[Finding] = []
        self._file = file

    def error(self, code: str, place: Place, message: str, expected: str = "") -> None:
        self.findings.append(Finding(Severity.ERROR, code, self._file, place, message, expected))

    def warning(self, code: str, place: Place, message: str, expected: str = "") -> None:
        self.findings.append(Finding(Severity.WARNING, code, self._file, place, message, expected))


class _Resolver:
    """Resolves the statements of one scope, in the order of the source.

    functions: all that can be called; variables: the globals; own: the function's locals; defined,
    at top level only: the globals that are defined before its first statement.
    """

    def __init__(
        self,
        reporter: _Reporter,
        functions: dict[str, Function],
        variables: Variables,
        own: Variables | None = None,
        defined: Iterable[str] | None = None,
    ) -> None:
        self._reporter = reporter
        self._functions = functions
        self._globals = variables
        self._locals = own or {}
        self._at_top = defined is not None
        # What is defined on the way to the current statement, and what is defined anywhere in front
        # of it.
        self._defined = set(defined or ())
        self._seen = set(self._defined)
        # For each loop around the current statement, what its body defines.
        self._loops: list[set[str]] = []
        # The names that have been told to be missing.
        self._missing_names: set[str] = set()

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
            self._now_defined(parameter.name)
        return tuple(
            replace(parameter, default=self._default(parameter))
            for parameter in function.parameters
        )

    def _default(self, parameter: syntax.Parameter) -> syntax.Expression | None:
        if parameter.default is None:
            return None
        return _Resolver(self._reporter, self._functions, self._globals).expression(
            parameter.default
        )

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
        if isinstance(statement, (syntax.Say, syntax.GiveBack)):
            return replace(statement, value=self.expression(statement.value))
        if isinstance(statement, syntax.ExpressionStatement):
            return replace(statement, expression=self.expression(statement.expression))
        return self._mutation(statement)

    def _define(self, statement: syntax.Define) -> syntax.Statement:
        name = statement.target.name
        default = None if statement.default is None else self._value_for(name, statement.default)
        if name in self._defined:
            self._reporter.warning(
                "redefined",
                statement.target.place,
                f"`{name}` has been defined before",
                "it loses its value here; expected another name, or Set",
            )
        self._now_defined(name)
        return replace(statement, target=self._target(statement.target), default=default)

    def _set(self, statement: syntax.Set) -> syntax.Statement:
        target = self._target(statement.target)
        return replace(
            statement, target=target, value=self._value_for(target.name, statement.value)
        )

    def _value_for(self, name: str, value: syntax.Expression) -> syntax.Expression:
        """The value that a variable is set to; blank goes by the variable's kind."""
        if not isinstance(value, syntax.Blank):
            return self.expression(value)
        if self._dispatch(name) is Dispatch.NAMED:
            return syntax.NamedListLiteral(value.place, ())
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
        dispatch = self._dispatch_of_value(collection)
        self._now_defined(statement.item.name)
        with self._loop(statement.body):
            body = self.block(statement.body)
        return replace(
            statement,
            item=self._target(statement.item),
            collection=collection,
            body=body,
            dispatch=dispatch,
        )

    def _for_range(self, statement: syntax.ForRange) -> syntax.Statement:
        first, last = self.expression(statement.first), self.expression(statement.last)
        step = None if statement.step is None else self.expression(statement.step)
        self._now_defined(statement.item.name)
        with self._loop(statement.body):
            body = self.block(statement.body)
        return replace(
            statement,
            item=self._target(statement.item),
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
        target = self._target(statement.target)
        dispatch = self._dispatch(target.name)
        if isinstance(statement, syntax.Clear):
            return replace(statement, target=target, dispatch=dispatch)
        if isinstance(statement, syntax.RemoveAt):
            position = self._position(statement.position)
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
                statement, target=target, position=self._position(statement.position), value=value
            )
        return replace(statement, target=target, value=value)

    # ____________________________________________________________ expressions

    def expression(self, node: syntax.Expression) -> syntax.Expression:
        if isinstance(node, (syntax.Literal, syntax.Blank)):
            return node
        if isinstance(node, syntax.Name):
            return self._target(node)
        if isinstance(node, (syntax.Unary, syntax.KindCheck)):
            return replace(node, operand=self.expression(node.operand))
        if isinstance(node, syntax.Binary):
            side = left_side(node)
            made = self.expression(side[-1].left)
            for part in reversed(side):
                made = replace(part, left=made, right=self.expression(part.right))
            return made
        if isinstance(node, syntax.Conditional):
            return replace(
                node,
                condition=self.expression(node.condition),
                consequence=self.expression(node.consequence),
                alternative=self.expression(node.alternative),
            )
        if isinstance(node, syntax.ListLiteral):
            return replace(
                node, elements=tuple(self.expression(element) for element in node.elements)
            )
        if isinstance(node, syntax.NamedListLiteral):
            return replace(
                node,
                entries=tuple((name, self.expression(content)) for name, content in node.entries),
            )
        if isinstance(node, syntax.ItemOf):
            return replace(
                node,
                collection=self.expression(node.collection),
                position=self._position(node.position),
            )
        if isinstance(node, syntax.EntryOf):
            return replace(
                node, collection=self.expression(node.collection), key=self.expression(node.key)
            )
        if isinstance(node, (syntax.NamesOf, syntax.ContentsOf)):
            return replace(node, collection=self.expression(node.collection))
        if isinstance(node, syntax.Contains):
            return replace(
                node, collection=self.expression(node.collection), value=self.expression(node.value)
            )
        return self._call(node)

    def _position(self, position: syntax.Position) -> syntax.Position:
        return position if isinstance(position, syntax.Last) else self.expression(position)

    def _call(self, call: syntax.Call) -> syntax.Expression:
        function = self._functions.get(call.function)
        given = tuple(self.expression(argument) for argument in call.arguments)
        named = {argument.name: self.expression(argument.value) for argument in call.named}
        if call.built_in or (function is None and call.function in BUILT_INS):
            return self._built_in(call, given)
        if function is None:
            self._reporter.error(
                "unknown-function",
                call.place,
                f"there is no function `{call.function}`",
                _suggestion(call.function, self._functions) or "expected a function of this file",
            )
            return replace(call, arguments=given, named=())
        found = len(self._reporter.findings)
        self._check_arguments(call, function)
        if len(self._reporter.findings) > found:
            return replace(call, arguments=given, named=())
        arguments = tuple(
            given[position]
            if position < len(given)
            else named.get(parameter.name) or self._missing(call, function, parameter)
            for position, parameter in enumerate(function.parameters)
        )
        return replace(call, arguments=arguments, named=())

    def _built_in(
        self, call: syntax.Call, given: tuple[syntax.Expression, ...]
    ) -> syntax.Expression:
        parameters = BUILT_INS[call.function]
        if call.named:
            self._reporter.error(
                "unknown-argument",
                call.named[0].place,
                f"`{call.function}` has no parameter `{call.named[0].name}`",
                "its arguments have no names: write them behind `with`",
            )
        elif len(given) != parameters:
            self._reporter.error(
                "too-many-arguments" if len(given) > parameters else "missing-argument",
                given[parameters].place if len(given) > parameters else call.place,
                f"`{call.function}` takes {counted(parameters, 'argument')}, not {len(given)}",
            )
        return folded(replace(call, arguments=given, named=(), built_in=True))

    def _check_arguments(self, call: syntax.Call, function: Function) -> None:
        if len(call.arguments) > len(function.parameters):
            self._reporter.error(
                "too-many-arguments",
                call.arguments[len(function.parameters)].place,
                f"`{function.name}` takes {counted(len(function.parameters), 'argument')}, "
                f"not {len(call.arguments)}",
                _parameter_list(function),
            )
        names = [parameter.name for parameter in function.parameters]
        seen: set[str] = set()
        for argument in call.named:
            if argument.name not in names:
                self._reporter.error(
                    "unknown-argument",
                    argument.place,
                    f"`{function.name}` has no parameter `{argument.name}`",
                    _suggestion(argument.name, names) or _parameter_list(function),
                )
            elif argument.name in seen:
                self._reporter.error(
                    "repeated-argument", argument.place, f"`{argument.name}` is given twice"
                )
            seen.add(argument.name)

    def _missing(
        self, call: syntax.Call, function: Function, parameter: syntax.Parameter
    ) -> syntax.Expression:
        """The argument for a parameter that the call leaves out."""
        if parameter.default is None:
            self._reporter.warning(
                "missing-argument",
                call.place,
                f"`{function.name}` is not given its `{parameter.name}`",
                "it is Empty; " + _parameter_list(function),
            )
            return syntax.Literal(call.place, None)
        return _Resolver(_Reporter(""), self._functions, self._globals).expression(
            parameter.default
        )

    # ____________________________________________________________ names

    def _target(self, node: syntax.Name) -> syntax.Name:
        """A use of a variable: where its value lives, and whether it can have been defined by
        now.
        """
        if node.name in self._locals:
            self._check_order(node)
            return replace(node, scope=Scope.LOCAL)
        if node.name not in self._globals and node.name not in self._missing_names:
            self._missing_names.add(node.name)
            self._reporter.error(
                "undefined-name",
                node.place,
                f"`{node.name}` is not defined",
                _suggestion(node.name, [*self._locals, *self._globals])
                or f"expected Define `{node.name}` as ... before"
                + (", or a parameter of that name" if not self._at_top else ""),
            )
        elif node.name in self._globals and self._at_top:
            self._check_order(node)
        return replace(node, scope=Scope.GLOBAL)

    def _now_defined(self, name: str) -> None:
        self._defined.add(name)
        self._seen.add(name)

    def _check_order(self, node: syntax.Name) -> None:
        if node.name in self._seen:
            return
        variable = self._variable(node.name)
        if any(node.name in names for names in self._loops):
            self._reporter.warning(
                "use-before-definition",
                node.place,
                f"`{node.name}` has no value in the first round of the loop",
                f"it is defined in line {variable.place.line}",
            )
        else:
            self._reporter.error(
                "use-before-definition",
                node.place,
                f"`{node.name}` is used before it is defined",
                f"it is defined in line {variable.place.line}",
            )

    def _variable(self, name: str) -> Variable:
        return self._locals.get(name) or self._globals[name]

    def _dispatch(self, name: str) -> Dispatch:
        if name not in self._locals and name not in self._globals:
            return Dispatch.BY_VALUE
        return self._variable(name).dispatch

    def _dispatch_of_value(self, value: syntax.Expression) -> Dispatch:
        """By which kind of collection a For each over the value goes."""
        if isinstance(value, syntax.Name):
            return self._dispatch(value.name)
        if isinstance(value, (syntax.NamesOf, syntax.ContentsOf)):
            return Dispatch.LIST
        if isinstance(value, syntax.Call):
            return (
                dispatch_of(self._functions[value.function].gives)
                if value.function in self._functions
                else Dispatch.BY_VALUE
            )
        return Dispatch.BY_VALUE


def _defined_name(statement: syntax.Define | syntax.ForEach | syntax.ForRange) -> str:
    return statement.target.name if isinstance(statement, syntax.Define) else statement.item.name


def _suggestion(name: str, names: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(names), 1)
    return f"did you mean `{close[0]}`?" if close else ""


def _parameter_list(function: Function) -> str:
    if not function.parameters:
        return "it has no parameters"
    return "its parameters are " + ", ".join(
        f"`{parameter.name}`" for parameter in function.parameters
    )
