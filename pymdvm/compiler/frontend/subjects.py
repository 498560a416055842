"""What a comparison compares, for the one behind it that has no left side of its own.

What calls functions is evaluated once, and its value kept.
"""

from __future__ import annotations

from dataclasses import replace

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.operators import COMPARISONS
from pymdvm.compiler.frontend.syntax import UnaryOperator
from pymdvm.compiler.frontend.tree import walk


def compared_in(node: syntax.Expression) -> syntax.Expression | None:
    """What the last comparison in a condition compares; None if there is none."""
    while True:
        if isinstance(node, syntax.Binary) and node.operator in COMPARISONS:
            return node.left
        if isinstance(node, syntax.KindCheck):
            return node.operand
        if isinstance(node, syntax.Contains):
            return node.collection
        if isinstance(node, syntax.Unary) and node.operator is UnaryOperator.NOT:
            node = node.operand
        elif isinstance(node, syntax.Binary):
            node = node.right
        else:
            return None


def twice(value: syntax.Expression) -> tuple[syntax.Expression, syntax.Expression]:
    """The value for its first use and for every later one."""
    if isinstance(value, syntax.Kept):
        return value, syntax.Again(value.place, value.name)
    if not any(_may_call(node) for node in walk((value,))):
        return value, value
    name = f"(value of {value.place.line}:{value.place.column})"
    return syntax.Kept(value.place, value, name), syntax.Again(value.place, name)


def _may_call(node: syntax.Node) -> bool:
    """Whether it is a call, or a name alone in parentheses, which may be one."""
    return isinstance(node, syntax.Call) or (isinstance(node, syntax.Name) and node.alone)


def with_compared(node: syntax.Expression, value: syntax.Expression) -> syntax.Expression:
    """The condition whose last comparison compares that value."""
    if isinstance(node, syntax.Binary) and node.operator in COMPARISONS:
        return replace(node, left=value)
    if isinstance(node, syntax.KindCheck):
        return replace(node, operand=value)
    if isinstance(node, syntax.Contains):
        return replace(node, collection=value)
    if isinstance(node, syntax.Unary):
        return replace(node, operand=with_compared(node.operand, value))
    assert isinstance(node, syntax.Binary)
    return replace(node, right=with_compared(node.right, value))
