"""Which variables of the top level have to be global variables of the VM: those that a function reads or sets.

The others are as good as local to the program itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from pymdvm.compiler import syntax

_FIELDS: dict[type, tuple[str, ...]] = {}


def shared_globals(program: syntax.Program) -> frozenset[str]:
    """The names with the scope GLOBAL in the functions of a resolved program."""
    found = set()
    for function in program.functions:
        for node in _walk(function.body):
            if isinstance(node, syntax.Name) and node.scope is syntax.Scope.GLOBAL:
                found.add(node.name)
    return frozenset(found)


def _walk(root: tuple[object, ...]) -> Iterator[syntax.Node]:
    """All nodes in a tuple of nodes, at any depth."""
    work: list[object] = [root]
    while work:
        part = work.pop()
        if isinstance(part, tuple):
            work.extend(part)
        elif isinstance(part, syntax.Node):
            yield part
            work.extend([getattr(part, name) for name in _field_names(type(part))])


def _field_names(node_type: type[syntax.Node]) -> tuple[str, ...]:
    names = _FIELDS.get(node_type)
    if names is None:
        names = tuple(field.name for field in fields(node_type) if field.name != "place")
        _FIELDS[node_type] = names
    return names
