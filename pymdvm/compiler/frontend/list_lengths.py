"""Positions that a list surely does not have, where the items that it holds stand in the source.

Only what is certain is followed: a list is written out, and grows and shrinks by statements that
stand behind each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.findings import Finding, Severity
from pymdvm.compiler.frontend.names import Resolution
from pymdvm.compiler.frontend.syntax import Scope
from pymdvm.compiler.frontend.tree import own_expressions, walk

# How long the variables' lists are, as far as that is known.
Lengths = dict[str, int]
_SHORTEST_ORDINAL = len("fifth")


def missing_positions(resolution: Resolution, file: str) -> list[Finding]:
    """The findings: an error for `the fourth item`, a warning for `item 4`, which the VM tells."""
    program = resolution.program
    made = list(_Watch(Scope.GLOBAL, file).block(program.body, {}, True))
    for function in program.functions:
        if function.name in resolution.own:
            made += _Watch(Scope.LOCAL, file).block(function.body, {}, True)
    return made


class _Watch:
    """Follows the variables of one scope."""

    def __init__(self, scope: Scope, file: str) -> None:
        self._scope = scope
        self._file = file

    def block(
        self, statements: Iterable[syntax.Statement], lengths: Lengths, is_certain: bool
    ) -> Iterator[Finding]:
        """lengths: changed to those behind the block; is_certain: whether it runs in any case."""
        for statement in statements:
            yield from self._read(statement, lengths, is_certain)
            blocks = _blocks(statement)
            if not blocks:
                self._change(statement, lengths)
                continue
            if not isinstance(statement, syntax.If):
                self._forget(statement, lengths)
            for inner in blocks:
                yield from self.block(inner, dict(lengths), False)
            self._forget(statement, lengths)

    def _read(
        self, statement: syntax.Statement, lengths: Lengths, is_certain: bool
    ) -> Iterator[Finding]:
        if not lengths:
            return
        for node in walk(own_expressions(statement)):
            if isinstance(node, syntax.ItemOf):
                where, position = node.collection, node.position
            elif isinstance(node, (syntax.SetItem, syntax.RemoveAt)):
                where, position = node.target, node.position
            else:
                continue
            length = self._length(where, lengths)
            if length is None or not isinstance(position, syntax.Literal):
                continue
            if type(position.value) is int and position.value > length:
                is_error = is_certain and _is_ordinal(position)
                yield Finding(
                    Severity.ERROR if is_error else Severity.WARNING,
                    "no-such-position",
                    self._file,
                    position.place,
                    f"there is no item {position.value} in a list of {length}",
                    f"expected 1 to {length}" if length else "expected Add before",
                )

    def _length(self, node: syntax.Expression, lengths: Lengths) -> int | None:
        if isinstance(node, syntax.ListLiteral):
            return len(node.elements)
        if isinstance(node, syntax.Name) and node.scope is self._scope:
            return lengths.get(node.name)
        return None

    def _change(self, statement: syntax.Statement, lengths: Lengths) -> None:
        """Follow one that has no block."""
        target = getattr(statement, "target", None)
        before: int | None = None
        if isinstance(target, syntax.Name) and target.scope is self._scope:
            before = lengths.pop(target.name, None)
        after: int | None = None
        if isinstance(statement, syntax.Set):
            after = self._length(statement.value, lengths)
        elif isinstance(statement, syntax.Define) and statement.default is not None:
            after = self._length(statement.default, lengths)
        elif isinstance(statement, (syntax.AddItem, syntax.InsertItem)) and before is not None:
            after = before + 1
        elif isinstance(statement, syntax.RemoveAt) and before is not None:
            after = max(before - 1, 0)
        elif isinstance(statement, syntax.SetItem):
            after = before
        if self._scope is Scope.GLOBAL and _calls(statement):
            lengths.clear()
            return
        if after is not None and isinstance(target, syntax.Name) and target.scope is self._scope:
            lengths[target.name] = after

    def _forget(self, statement: syntax.Statement, lengths: Lengths) -> None:
        """What the statement, or one inside of it, may change."""
        if self._scope is Scope.GLOBAL and _calls(statement):
            lengths.clear()
        for node in walk((statement,)):
            for name in (getattr(node, "target", None), getattr(node, "item", None)):
                if isinstance(name, syntax.Name):
                    lengths.pop(name.name, None)


def _blocks(statement: syntax.Statement) -> tuple[tuple[syntax.Statement, ...], ...]:
    if isinstance(statement, syntax.If):
        return statement.then, statement.otherwise
    if isinstance(statement, (syntax.While, syntax.ForEach, syntax.ForRange)):
        return (statement.body,)
    return ()


def _calls(statement: syntax.Statement) -> bool:
    """Whether something is called that may set variables of the top level."""
    return any(
        isinstance(node, syntax.CallValue) or (isinstance(node, syntax.Call) and not node.built_in)
        for node in walk((statement,))
    )


def _is_ordinal(position: syntax.Literal) -> bool:
    """Whether it is written as a word behind the third, which no program had before."""
    place = position.place
    width = place.end[1] - place.column if isinstance(place, syntax.Span) else 0
    return isinstance(position.value, int) and position.value > 3 and width >= _SHORTEST_ORDINAL
