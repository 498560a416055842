"""Who can tell a list that was never set from an empty one.

Saying it does: Empty prints nothing. So do comparing it, asking for its kind and making a text of
it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.built_ins import JOINED
from pymdvm.compiler.frontend.scopes import dispatch_of
from pymdvm.compiler.frontend.syntax import BinaryOperator, Dispatch, Scope
from pymdvm.compiler.frontend.tree import walk

_COMPARES = frozenset(
    {
        BinaryOperator.EQUAL,
        BinaryOperator.UNEQUAL,
        BinaryOperator.STRICTLY_EQUAL,
        BinaryOperator.STRICTLY_UNEQUAL,
        BinaryOperator.JOIN,
    }
)
_TELLS = ("print", "str", "bool", "type", JOINED)


def observed_in(node: syntax.Node, is_top: bool) -> Iterator[syntax.Name]:
    """The variables whose being Empty shows in the node, without what is inside its blocks."""
    for value in _observed_by(node, is_top):
        if isinstance(value, syntax.Name):
            yield value


def _observed_by(node: syntax.Node, is_top: bool) -> Iterator[syntax.Node]:
    if isinstance(node, syntax.Say) or (is_top and isinstance(node, syntax.GiveBack)):
        yield node.value
    elif isinstance(node, syntax.KindCheck):
        yield node.operand
    elif isinstance(node, syntax.Binary) and node.operator in _COMPARES:
        yield node.left
        yield node.right
    elif isinstance(node, syntax.Call) and node.built_in and node.function in _TELLS:
        yield from node.arguments


def is_bare_list(node: syntax.Define) -> bool:
    """Whether it defines a list, named list or set without a default."""
    return node.default is None and dispatch_of(node.kinds) is not Dispatch.BY_VALUE


def observed_globals(program: syntax.Program) -> frozenset[str]:
    """Those that show in functions, at whatever time these are called."""
    return frozenset(
        name.name
        for function in program.functions
        for node in walk(function.body)
        for name in observed_in(node, False)
        if name.scope is Scope.GLOBAL
    )
