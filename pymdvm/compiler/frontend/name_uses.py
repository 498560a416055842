"""Names in expressions: which variable or function each means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.built_ins import BUILT_INS, LENGTH_OF_SET, of_kind
from pymdvm.compiler.frontend.entries_of_items import entry_of_item
from pymdvm.compiler.frontend.faults import near
from pymdvm.compiler.frontend.fixes import Fix, replacing
from pymdvm.compiler.frontend.kind_inference import KindInference
from pymdvm.compiler.frontend.name_hints import (
    fix_of_literal,
    fix_of_name,
    literal_hint,
    suggestion,
)
from pymdvm.compiler.frontend.named_arguments import with_names
from pymdvm.compiler.frontend.reporter import Reporter
from pymdvm.compiler.frontend.scopes import Variable, Variables, dispatch_of, local_variables
from pymdvm.compiler.frontend.syntax import (
    BinaryOperator,
    Dispatch,
    Function,
    Kind,
    Scope,
)
from pymdvm.compiler.frontend.tree import left_side, walk
from pymdvm.wording import counted


class Uses:
    """Resolves the expressions of one scope, in the order of the source.

    functions: all that can be called; variables: the globals; own: the function's locals; defined,
    at top level only: the globals that are defined before its first statement.
    """

    def __init__(
        self,
        reporter: Reporter,
        functions: dict[str, Function],
        variables: Variables,
        own: Variables | None = None,
        defined: Iterable[str] | None = None,
    ) -> None:
        self._reporter = reporter
        self._functions = functions
        self._globals = variables
        self._locals = own or {}
        self._kinds = KindInference(functions, variables, self._locals)
        self._at_top = defined is not None
        # What is defined on the way to the current statement, and what is defined anywhere in front
        # of it.
        self._defined = set(defined or ())
        self._seen = set(self._defined)
        # For each loop around the current statement, what its body defines.
        self._loops: list[set[str]] = []
        # The names that have been told to be missing.
        self._missing_names: set[str] = set()

    # ____________________________________________________________ expressions

    def expression(self, node: syntax.Expression) -> syntax.Expression:
        if isinstance(node, (syntax.Literal, syntax.EmptySet)):
            return node
        if isinstance(node, syntax.FunctionName):
            return self._function_name(node)
        if isinstance(node, syntax.Blank):
            return syntax.ListLiteral(node.place, ())
        if isinstance(node, syntax.Name):
            is_function = node.alone and not self._is_variable(node.name)
            if is_function and (node.name in self._functions or node.name in BUILT_INS):
                return self._call(syntax.Call(node.place, node.name, (), (), False, node.place))
            return self.target(node)
        if isinstance(node, syntax.KindCheck):
            return self._kind_check(replace(node, operand=self.expression(node.operand)))
        if isinstance(node, syntax.Unary):
            return replace(node, operand=self.expression(node.operand))
        if isinstance(node, syntax.Binary):
            side = left_side(node)
            made = self.expression(side[-1].left)
            for part in reversed(side):
                right = self.expression(part.right)
                made = self._binary(syntax.Binary(part.place, part.operator, made, right))
            return made
        if isinstance(node, syntax.Kept):
            return replace(node, value=self.expression(node.value))
        if isinstance(node, syntax.Again):
            return node
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
            access = entry_of_item(node, self._is_list)
            if isinstance(access, syntax.EntryOf):
                return self.expression(access)
            return replace(
                node,
                collection=self.expression(node.collection),
                position=self.position(node.position),
            )
        if isinstance(node, syntax.EntryOf):
            return replace(
                node, collection=self.expression(node.collection), key=self.expression(node.key)
            )
        if isinstance(node, (syntax.NamesOf, syntax.ContentsOf)):
            return replace(node, collection=self.expression(node.collection))
        if isinstance(node, syntax.Contains):
            collection = self.expression(node.collection)
            kind = self._kinds.kind_of(collection)
            return replace(
                node,
                collection=collection,
                value=self.expression(node.value),
                dispatch=dispatch_of(() if kind is None else (kind,)),
            )
        assert isinstance(node, syntax.Call), "calls of variables come from resolving"
        return self._call(node)

    def _kind_check(self, node: syntax.KindCheck) -> syntax.Expression:
        """The same; a set is empty if it has no members."""
        if node.kind is not Kind.EMPTY or self._kinds.kind_of(node.operand) is not Kind.SET:
            return node
        empty = syntax.Literal(node.place, None)
        return self._binary(syntax.Binary(node.place, BinaryOperator.EQUAL, node.operand, empty))

    def _binary(self, node: syntax.Binary) -> syntax.Binary:
        """The same for a comparison with Empty."""
        if node.operator not in (BinaryOperator.EQUAL, BinaryOperator.UNEQUAL):
            return node
        is_empty = isinstance(node.right, syntax.Literal) and node.right.value is None
        if not is_empty or self._kinds.kind_of(node.left) is not Kind.SET:
            return node
        length = syntax.Call(node.left.place, LENGTH_OF_SET, (node.left,), (), True)
        return replace(node, left=length, right=syntax.Literal(node.right.place, 0))

    def _is_list(self, name: str) -> bool:
        return self.dispatch(name) is Dispatch.LIST

    def position(self, position: syntax.Position) -> syntax.Position:
        return position if isinstance(position, syntax.Last) else self.expression(position)

    def _call(self, call: syntax.Call) -> syntax.Expression:
        function = self._functions.get(call.function)
        if function is not None:
            call = with_names(call, function, self._is_variable)
        given = tuple(self.expression(argument) for argument in call.arguments)
        named = {argument.name: self.expression(argument.value) for argument in call.named}
        if call.built_in or (function is None and call.function in BUILT_INS):
            return self._built_in(call, given)
        if function is None and call.name_place is not None and self._is_variable(call.function):
            return self._call_value(call, given)
        if function is None:
            self._reporter.error(
                "unknown-function",
                call.name_place or call.place,
                f"there is no function `{call.function}`",
                suggestion(call.function, self._callable()) or "expected a function of this file",
                self._fix_of_call(call),
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

    def _is_variable(self, name: str) -> bool:
        return name in self._locals or name in self._globals

    def _call_value(
        self, call: syntax.Call, given: tuple[syntax.Expression, ...]
    ) -> syntax.Expression:
        """The call of a function that a variable holds."""
        assert call.name_place is not None
        if call.named:
            self._reporter.error(
                "unknown-argument",
                call.named[0].place,
                f"nothing is known of the parameters of the function in `{call.function}`",
                "its arguments have no names: write them behind `with`",
            )
        name = self.target(syntax.Name(call.name_place, call.function))
        return syntax.CallValue(call.place, name, given)

    def _function_name(self, node: syntax.FunctionName) -> syntax.Expression:
        if node.name not in self._functions and node.name not in BUILT_INS:
            self._reporter.error(
                "unknown-function",
                node.place,
                f"there is no function `{node.name}`",
                suggestion(node.name, self._callable()) or "expected a function of this file",
            )
        return node

    def _built_in(
        self, call: syntax.Call, given: tuple[syntax.Expression, ...]
    ) -> syntax.Expression:
        least, most = BUILT_INS[call.function]
        count = len(given)
        if call.named:
            self._reporter.error(
                "unknown-argument",
                call.named[0].place,
                f"`{call.function}` has no parameter `{call.named[0].name}`",
                "its arguments have no names: write them behind `with`",
            )
        elif not least <= count <= most:
            wanted = counted(least, "argument") if least == most else f"{least} to {most} arguments"
            self._reporter.error(
                "too-many-arguments" if count > most else "missing-argument",
                given[most].place if count > most else call.place,
                f"`{call.function}` takes {wanted}, not {count}",
            )
        made = replace(call, arguments=given, named=(), built_in=True)
        return of_kind(made, self._kinds.kind_of(given[0])) if given else made

    def _callable(self) -> list[str]:
        return [*self._functions, *BUILT_INS]

    def _fix_of_call(self, call: syntax.Call) -> Fix | None:
        meant = near(call.function, self._callable())
        if not meant or call.name_place is None:
            return None
        return replacing(call.name_place, f"`{meant}`")

    def _has_unknown_names(self, function: Function) -> bool:
        known = {*self._globals, *local_variables(function)}
        return any(
            isinstance(node, syntax.Name) and node.name not in known for node in walk(function.body)
        )

    def _check_arguments(self, call: syntax.Call, function: Function) -> None:
        if not function.parameters and self._has_unknown_names(function):
            # It lacks its Inputs, which is told where it uses them.
            return
        if len(call.arguments) > len(function.parameters):
            self._reporter.error(
                "too-many-arguments",
                call.arguments[len(function.parameters)].place,
                f"`{function.name}` takes {counted(len(function.parameters), 'argument')}, "
                f"not {len(call.arguments)}",
                _parameter_list(function),
            )
        names = [parameter.name for parameter in function.parameters]
        seen = set(names[: len(call.arguments)])
        for argument in call.named:
            if argument.name not in names:
                self._reporter.error(
                    "unknown-argument",
                    argument.place,
                    f"`{function.name}` has no parameter `{argument.name}`",
                    suggestion(argument.name, names) or _parameter_list(function),
                    fix_of_name(argument.place, argument.name, names),
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
        return Uses(Reporter(""), self._functions, self._globals).expression(parameter.default)

    # ____________________________________________________________ names

    def target(self, node: syntax.Name, fix: Fix | None = None) -> syntax.Name:
        """A use of a variable: where its value lives, and whether it can have been defined by
        now.
        """
        if node.name == syntax.PART:
            return node
        if node.name in self._locals:
            self._check_order(node)
            return syntax.Name(node.place, node.name, Scope.LOCAL, node.alone)
        if node.name not in self._globals and node.name not in self._missing_names:
            self._missing_names.add(node.name)
            self._reporter.error(
                "undefined-name",
                node.place,
                f"`{node.name}` is not defined",
                self._function_hint(node.name)
                or literal_hint(node.name)
                or suggestion(node.name, [*self._locals, *self._globals])
                or f"expected Define `{node.name}` as ... before"
                + (", or a parameter of that name, in Inputs" if not self._at_top else ""),
                fix_of_literal(node)
                or fix_of_name(node.place, node.name, [*self._locals, *self._globals])
                or fix,
            )
        elif node.name in self._globals and self._at_top:
            self._check_order(node)
        return syntax.Name(node.place, node.name, Scope.GLOBAL, node.alone)

    def _function_hint(self, name: str) -> str:
        if name not in self._functions:
            return ""
        return f"`{name}` is a function: (`{name}`) or (`{name}` with ...) calls it"

    def now_defined(self, name: str) -> None:
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

    def dispatch(self, name: str) -> Dispatch:
        if name not in self._locals and name not in self._globals:
            return Dispatch.BY_VALUE
        return self._variable(name).dispatch

    def may_be_set(self, name: str) -> bool:
        """Whether the variable is declared as a Set, or as nothing that would rule it out."""
        if name not in self._locals and name not in self._globals:
            return True
        kinds = self._variable(name).kinds
        return not kinds or Kind.SET in kinds

    def dispatch_of_value(self, value: syntax.Expression) -> Dispatch:
        """By which kind of collection a For each over the value goes."""
        if isinstance(value, syntax.Name):
            return self.dispatch(value.name)
        if isinstance(value, (syntax.NamesOf, syntax.ContentsOf)):
            return Dispatch.LIST
        if isinstance(value, syntax.Call):
            return (
                dispatch_of(self._functions[value.function].gives)
                if value.function in self._functions
                else Dispatch.BY_VALUE
            )
        return Dispatch.BY_VALUE


def _parameter_list(function: Function) -> str:
    if not function.parameters:
        return "it has no parameters"
    return "its parameters are " + ", ".join(
        f"`{parameter.name}`" for parameter in function.parameters
    )
