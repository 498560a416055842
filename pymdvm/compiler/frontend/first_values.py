"""Whether variables have a value yet: from a resolved tree to one in which lists begin empty.

A variable that is defined without a default is Empty until it is set. Adding to it, inserting,
removing, walking and the like begin with an empty list or named list, if that is its kind;
calculating with it cannot end well, and is an error where nothing can have set it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.built_ins import (
    BUILT_INS,
    FIND_IN_LIST,
    JOINED,
    LENGTH_OF_LIST,
    LENGTH_OF_NAMED_LIST,
    LENGTH_OF_SET,
)
from pymdvm.compiler.frontend.findings import Finding, Severity
from pymdvm.compiler.frontend.names import Resolution
from pymdvm.compiler.frontend.observing import (
    is_bare_list,
    observed_globals,
    observed_in,
)
from pymdvm.compiler.frontend.scopes import Known, dispatch_of
from pymdvm.compiler.frontend.syntax import BinaryOperator, Dispatch, Kind, Scope
from pymdvm.compiler.frontend.tree import own_expressions, walk

_CALCULATES = frozenset(BinaryOperator) - {
    BinaryOperator.EQUAL,
    BinaryOperator.UNEQUAL,
    BinaryOperator.STRICTLY_EQUAL,
    BinaryOperator.STRICTLY_UNEQUAL,
    BinaryOperator.AND,
    BinaryOperator.OR,
    BinaryOperator.JOIN,
}
_CHANGES = (
    syntax.AddItem,
    syntax.InsertItem,
    syntax.SetEntry,
    syntax.Remove,
    syntax.RemoveAll,
    syntax.Clear,
)
_LOOKS_INTO = (
    syntax.ItemOf,
    syntax.EntryOf,
    syntax.NamesOf,
    syntax.ContentsOf,
    syntax.Contains,
)
# The built-in functions that can do nothing with Empty.
_NEED_A_VALUE = (
    frozenset(BUILT_INS) | {LENGTH_OF_LIST, LENGTH_OF_NAMED_LIST, LENGTH_OF_SET, FIND_IN_LIST}
) - {
    "print",
    "str",
    "bool",
    "type",
    JOINED,
}
# What is known of a variable: that it has no value, or that it may have none; else it is not in
# the state.
_NONE, _MAYBE = "none", "maybe"

State = dict[str, str]
Block = tuple[syntax.Statement, ...]


def begin_with_values(
    resolution: Resolution, file: str, known: Known | None = None
) -> tuple[Resolution, list[Finding]]:
    """The resolution with lists that begin empty, and the findings. known: of an input of a REPL,
    what earlier ones have defined; what they have set, and what later ones look at, is not known.
    """
    program = resolution.program
    interactive = known is not None
    earlier = {
        name: variable.kinds
        for name, variable in (known.variables.items() if known else ())
        if dispatch_of(variable.kinds) is not Dispatch.BY_VALUE and Kind.EMPTY not in variable.kinds
    }
    elsewhere = frozenset(
        _target_of(node).name
        for function in program.functions
        for node in walk(function.body)
        if _is_write(node) and _target_of(node).scope is Scope.GLOBAL
    )
    lists = {
        node.target.name: node.kinds
        for node in walk(program.body)
        if isinstance(node, syntax.Define) and is_bare_list(node)
    }
    lists.update(earlier)
    observed = set(lists) if interactive else set(observed_globals(program))
    used = frozenset(
        node.name
        for function in program.functions
        for node in walk(function.body)
        if isinstance(node, syntax.Name) and node.scope is Scope.GLOBAL
    )
    watching = _Flow(file, [], Scope.GLOBAL, elsewhere, observed, elsewhere_used=used)
    watching.block(program.body, {})
    findings: list[Finding] = []
    wanted = frozenset(watching.needed)
    kept = frozenset(observed)
    flow = _Flow(file, findings, Scope.GLOBAL, elsewhere, set(), kept, wanted=wanted)
    body = flow.block(program.body, flow.begun_before(earlier))
    unsure = {name: kinds for name, kinds in lists.items() if name in observed}
    functions = tuple(
        _with_lists(function, file, findings if function.name in resolution.own else [], unsure)
        for function in program.functions
    )
    return replace(resolution, program=syntax.Program(functions, body)), findings


def _with_lists(
    function: syntax.Function,
    file: str,
    findings: list[Finding],
    unsure: dict[str, tuple[Kind, ...]],
) -> syntax.Function:
    """The function with its lists begun. unsure: globals that may be Empty when it is called."""
    observed: set[str] = set()
    watching = _Flow(file, [], Scope.LOCAL, frozenset(), observed)
    watching.block(function.body, {})
    wanted, kept = frozenset(watching.needed), frozenset(observed)
    flow = _Flow(file, findings, Scope.LOCAL, frozenset(), set(), kept, unsure, wanted)
    return replace(function, body=flow.block(function.body, {}))


def _is_write(node: syntax.Node) -> bool:
    return isinstance(
        node,
        (
            syntax.Set,
            syntax.Define,
            syntax.ForEach,
            syntax.ForRange,
            syntax.SetItem,
            syntax.RemoveAt,
            syntax.ChangePart,
            *_CHANGES,
        ),
    )


def _target_of(node: syntax.Node) -> syntax.Name:
    name = node.item if isinstance(node, (syntax.ForEach, syntax.ForRange)) else node.target  # type: ignore[attr-defined]
    assert isinstance(name, syntax.Name)
    return name


class _Flow:
    """Goes through the statements of one scope.

    elsewhere: variables that other scopes set. observed: gets those that show while they may be
    Empty. kept: of the lists, those that are Empty until something is put into them; None while
    that is being found out. unsure: global lists that may be Empty here. wanted: variables that
    something needs before they are set; needed: gets them. elsewhere_used: those of other scopes
    """

    def __init__(
        self,
        file: str,
        findings: list[Finding],
        scope: Scope,
        elsewhere: frozenset[str],
        observed: set[str],
        kept: frozenset[str] | None = None,
        unsure: dict[str, tuple[Kind, ...]] | None = None,
        wanted: frozenset[str] = frozenset(),
        elsewhere_used: frozenset[str] = frozenset(),
    ) -> None:
        self._file = file
        self._findings = findings
        self._scope = scope
        self._elsewhere = elsewhere
        self._observed = observed
        self._kept = kept
        self._unsure = unsure or {}
        self._wanted = wanted
        self._elsewhere_used = elsewhere_used
        self.needed: set[str] = set()
        self._kinds: dict[str, tuple[Kind, ...]] = {}

    def begun_before(self, lists: dict[str, tuple[Kind, ...]]) -> State:
        """The state in which these may be Empty."""
        self._kinds.update(lists)
        return dict.fromkeys(lists, _MAYBE)

    def block(self, statements: Iterable[syntax.Statement], state: State) -> Block:
        """The statements, with the state changed to that behind them."""
        return tuple(made for statement in statements for made in self._statement(statement, state))

    def _statement(self, node: syntax.Statement, state: State) -> Iterator[syntax.Statement]:
        if state or self._unsure:
            yield from self._begun_for(node, state)
        if state:
            self._note_needed(node, state)
            self._check(node, state)
        if isinstance(node, syntax.Define):
            node = self._begun(node)
            self._define(node, state)
        elif isinstance(node, syntax.If):
            node = self._if(node, state)
        elif isinstance(node, (syntax.While, syntax.ForEach, syntax.ForRange)):
            if isinstance(node, syntax.ForEach) and isinstance(node.collection, syntax.Name):
                yield from self._beginning(node.collection, node.place, state)
            node = self._loop(node, state)
        elif isinstance(node, _CHANGES):
            yield from self._beginning(node.target, node.place, state)
            state.pop(node.target.name, None)
        elif isinstance(node, syntax.Set) and node.target.name in state:
            del state[node.target.name]
        yield node

    def _note_needed(self, node: syntax.Statement, state: State) -> None:
        """Which of the variables without a value the statement reads or changes."""
        parts = list(own_expressions(node))
        if isinstance(node, syntax.Set):
            parts = [node.value]  # to be set is no use
        elif isinstance(node, syntax.Define):
            parts = [] if node.default is None else [node.default]
        for inner in walk(parts):
            if isinstance(inner, syntax.Name) and inner.scope is self._scope:
                if inner.name in state:
                    self.needed.add(inner.name)
            elif isinstance(inner, (syntax.Call, syntax.CallValue)):
                self.needed.update(self._elsewhere_used & state.keys())

    def _begun(self, node: syntax.Define) -> syntax.Define:
        """The definition of a list of which nobody can tell whether it is Empty or empty."""
        if node.target.name not in self._wanted:
            return node
        if self._kept is None or node.target.name in self._kept or not is_bare_list(node):
            return node
        return replace(node, default=self._empty(node.kinds, node.place))

    def _begun_for(self, node: syntax.Statement, state: State) -> Iterator[syntax.Statement]:
        """What gives the lists that the statement looks into an empty one, where they may have
        none.
        """
        for part in own_expressions(node):
            for inner in walk((part,)):
                if isinstance(inner, _LOOKS_INTO):
                    looked_into: syntax.Expression = inner.collection
                elif (
                    isinstance(inner, syntax.Call)
                    and inner.built_in
                    and inner.arguments
                    and inner.function in _NEED_A_VALUE
                ):
                    looked_into = inner.arguments[0]
                else:
                    continue
                if isinstance(looked_into, syntax.Name):
                    self._check_position(inner, looked_into, state)
                    yield from self._beginning(looked_into, node.place, state)
                    kinds = self._kinds.get(looked_into.name, ())
                    if looked_into.scope is self._scope and self._empty(kinds, node.place):
                        state.pop(looked_into.name, None)

    def _check_position(self, node: syntax.Node, name: syntax.Name, state: State) -> None:
        """A warning where an item of a list is read that has none for certain."""
        is_item = isinstance(node, syntax.ItemOf) and name.scope is self._scope
        is_list = dispatch_of(self._kinds.get(name.name, ())) is Dispatch.LIST
        is_unset = state.get(name.name) == _NONE and name.name not in self._elsewhere
        if is_item and is_list and is_unset:
            finding = (Severity.WARNING, "no-such-position", self._file, node.place)
            message = f"`{name.name}` has no items yet"
            self._findings.append(Finding(*finding, message, "expected Add before"))

    def _define(self, node: syntax.Define, state: State) -> None:
        name = node.target.name
        state.pop(name, None)
        if node.default is None and Kind.EMPTY not in node.kinds:
            state[name] = _NONE
            self._kinds[name] = node.kinds

    def _if(self, node: syntax.If, state: State) -> syntax.If:
        other = dict(state)
        then = self.block(node.then, state)
        otherwise = self.block(node.otherwise, other)
        self._join(state, other)
        return replace(node, then=then, otherwise=otherwise)

    def _join(self, state: State, other: State) -> None:
        """The state where two ways meet."""
        for name in {**state, **other}:
            if state.get(name) != other.get(name):
                state[name] = _MAYBE

    def _loop(
        self, node: syntax.While | syntax.ForEach | syntax.ForRange, state: State
    ) -> syntax.Statement:
        for inner in walk(node.body):
            if _is_write(inner) and _target_of(inner).name in state:
                state[_target_of(inner).name] = _MAYBE
        before = dict(state)
        if not isinstance(node, syntax.While):
            state.pop(node.item.name, None)
        body = self.block(node.body, state)
        self._join(state, before)
        return replace(node, body=body)

    # ____________________________________________________________ lists

    def _beginning(
        self, name: syntax.Name, place: syntax.Place, state: State
    ) -> Iterator[syntax.Statement]:
        """What gives the variable an empty list, if it may have none."""
        known = state.get(name.name)
        kinds = self._kinds.get(name.name, ())
        if name.scope is not self._scope and name.name in self._unsure:
            known, kinds = _MAYBE, self._unsure[name.name]
        elif known is None or name.scope is not self._scope:
            return
        empty = self._empty(kinds, place)
        if empty is None:
            return
        begin = syntax.Set(place, name, empty)
        if known == _NONE and name.name not in self._elsewhere:
            yield begin
        else:
            yield syntax.If(place, syntax.KindCheck(place, name, Kind.EMPTY), (begin,))

    def _empty(self, kinds: tuple[Kind, ...], place: syntax.Place) -> syntax.Expression | None:
        dispatch = dispatch_of(kinds)
        if dispatch is Dispatch.LIST:
            return syntax.ListLiteral(place, ())
        if dispatch is Dispatch.SET:
            return syntax.EmptySet(place)
        return syntax.NamedListLiteral(place, ()) if dispatch is Dispatch.NAMED else None

    # ____________________________________________________________ uses

    def _check(self, node: syntax.Statement, state: State) -> None:
        """Findings about values that the statement itself needs, not those inside it."""
        for part in own_expressions(node):
            for inner in walk((part,)):
                for name in observed_in(inner, self._scope is Scope.GLOBAL):
                    if name.scope is self._scope and name.name in state:
                        self._observed.add(name.name)
                if isinstance(inner, syntax.Binary) and inner.operator in _CALCULATES:
                    self._use(inner.left, state)
                    self._use(inner.right, state)
                elif isinstance(inner, _LOOKS_INTO):
                    if self._can_be_looked_into(inner):
                        self._use(inner.collection, state)
                elif isinstance(inner, syntax.Call) and inner.built_in:
                    if inner.function in _NEED_A_VALUE:
                        self._use(inner.arguments[0], state)
                elif (
                    isinstance(inner, syntax.Unary)
                    and inner.operator is syntax.UnaryOperator.NEGATE
                ):
                    self._use(inner.operand, state)

    def _can_be_looked_into(
        self,
        node: syntax.ItemOf | syntax.EntryOf | syntax.NamesOf | syntax.ContentsOf | syntax.Contains,
    ) -> bool:
        """Whether the variable, once it is set, is what the access needs; else there is another
        finding.
        """
        if not isinstance(node.collection, syntax.Name):
            return False
        dispatch = dispatch_of(self._kinds.get(node.collection.name, ()))
        if isinstance(node, syntax.Contains):
            return True
        return dispatch is (Dispatch.LIST if isinstance(node, syntax.ItemOf) else Dispatch.NAMED)

    def _use(self, node: syntax.Expression, state: State) -> None:
        if not isinstance(node, syntax.Name) or node.scope is not self._scope:
            return
        known = state.get(node.name)
        if known is None or node.name in self._elsewhere:
            return
        expected = f"expected Set `{node.name}` to ... before, or a default behind its kind"
        is_error = known == _NONE
        self._findings.append(
            Finding(
                Severity.ERROR if is_error else Severity.WARNING,
                "no-value",
                self._file,
                node.place,
                f"`{node.name}` has no value yet"
                if is_error
                else f"`{node.name}` may have no value",
                expected,
            )
        )
        state.pop(node.name)
