"""`item 1 of l's name`, where l is a list: a list has no entries, so the name is that of the item.

What is read is the item of the list `l's name`; which of both is meant shows only in the kinds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pymdvm.compiler.frontend import syntax


def entry_of_item(
    node: syntax.ItemOf, is_list: Callable[[str], bool]
) -> syntax.ItemOf | syntax.EntryOf:
    """The access. is_list: whether a variable is declared as a list."""
    entries: list[syntax.EntryOf] = []
    owner = node.collection
    while isinstance(owner, syntax.EntryOf):
        entries.append(owner)
        owner = owner.collection
    if not entries or not isinstance(owner, syntax.Name) or not is_list(owner.name):
        return node
    made: syntax.ItemOf | syntax.EntryOf = replace(node, collection=owner)
    for entry in reversed(entries):
        made = replace(entry, collection=made)
    return made


def changed_entry_of_item(
    node: syntax.ChangePart, is_list: Callable[[str], bool]
) -> syntax.ChangePart:
    """The same of what a statement changes."""
    count = next(
        (index for index, step in enumerate(node.path) if isinstance(step, syntax.ItemStep)),
        len(node.path),
    )
    if not count or not is_list(node.target.name):
        return node
    entries, rest = node.path[:count], node.path[count:]
    if rest:
        return replace(node, path=(rest[0], *entries, *rest[1:]))
    change, last = node.change, entries[-1]
    if not isinstance(change, syntax.SetItem) or not isinstance(last, syntax.EntryStep):
        return node
    item = syntax.ItemStep(change.position.place, change.position)
    set_entry = syntax.SetEntry(change.place, change.target, last.key, change.value)
    return replace(node, path=(item, *entries[:-1]), change=set_entry)
