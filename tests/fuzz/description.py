"""One text for each value: types, the bits of floats, strings and the order of a dict's entries are
kept; all NaNs are one.
"""

from __future__ import annotations

from typing import Any

LARGEST = 4_000_000


class TooLong(Exception):
    """The text would be longer than anybody wants to compare."""


def describe(value: Any) -> str:
    """The text of what a program returns; nesting may be deep.  Raises TooLong."""
    parts: list[str] = []
    size = 0
    todo: list[Any] = [(value,)]
    while todo:
        entry = todo.pop()
        if isinstance(entry, tuple):
            item = entry[0]
            if isinstance(item, list):
                todo.append("]")
                todo.extend((element,) for element in reversed(item))
                entry = "["
            elif isinstance(item, dict):
                todo.append("}")
                for key, element in reversed(item.items()):
                    todo += [(element,), f"{key!a}: "]
                entry = "{"
            else:
                entry = _atom(item) + " "
        parts.append(entry)
        size += len(entry)
        if size > LARGEST:
            raise TooLong
    return "".join(parts).strip()


def _atom(value: Any) -> str:
    if value is None:
        return "Empty"
    if isinstance(value, float):
        return "Float(NaN)" if value != value else f"Float({value.hex()})"
    return f"{type(value).__name__.capitalize()}({value!a})"
