"""Walking and rewriting syntax trees without naming each kind of node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields

from pymdvm.compiler.frontend.syntax import (
    Binary,
    Define,
    ForEach,
    ForRange,
    If,
    Node,
    Statement,
    While,
)

# The types of fields that hold no nodes.
_NO_NODES = frozenset(
    {"str", "int", "bool", "Place", "Place | None", "Kind", "Dispatch", "Scope | None"}
    | {"BinaryOperator", "UnaryOperator", "tuple[Kind, ...]", "None | bool | int | float | str"}
)
_FIELD_NAMES: dict[type[Node], tuple[str, ...]] = {}
_LAST_FIELD_FIRST: dict[type[Node], tuple[str, ...]] = {}


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every node of the trees, each before its parts, in the order of the source."""
    waiting = list(nodes)[::-1]
    field_names = _LAST_FIELD_FIRST
    while waiting:
        node = waiting.pop()
        yield node
        names = field_names.get(type(node))
        if names is None:
            names = field_names[type(node)] = _field_names(type(node))[::-1]
        for name in names:
            value = getattr(node, name)
            if isinstance(value, tuple):
                if value:
                    waiting.extend(reversed(list(_nodes_in(value))))
            elif isinstance(value, Node):
                waiting.append(value)


def children(node: Node) -> Iterator[Node]:
    """The nodes that are parts of this one."""
    for name in _field_names(type(node)):
        yield from _nodes_in(getattr(node, name))


def left_side(node: Binary) -> list[Binary]:
    """The node, its left operand, that one's left operand, and so on, as long as they are Binary.

    A long sum leans to the left: following it by recursion would end at Python's limit.
    """
    side = [node]
    while isinstance(side[-1].left, Binary):
        side.append(side[-1].left)
    return side


def definitions(body: Iterable[Statement]) -> Iterator[Define | ForEach | ForRange]:
    """The statements that define a variable in the scope of the body, in the order of the
    source.
    """
    for node in walk(body):
        if isinstance(node, (Define, ForEach, ForRange)):
            yield node


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes_in(item)


def _field_names(node_type: type[Node]) -> tuple[str, ...]:
    if node_type not in _FIELD_NAMES:
        _FIELD_NAMES[node_type] = tuple(
            field.name for field in fields(node_type) if field.type not in _NO_NODES
        )
    return _FIELD_NAMES[node_type]


def own_expressions(node: Statement) -> Iterator[Node]:
    """What a statement evaluates itself: not the blocks inside it."""
    if isinstance(node, (If, While)):
        yield node.condition
    elif isinstance(node, ForEach):
        yield node.collection
    elif isinstance(node, ForRange):
        yield node.first
        yield node.last
    else:
        yield node
