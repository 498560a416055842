"""One text for each value: types, the bits of floats, strings and the order of a dict's entries are
kept; all NaNs are one, and a set has no order. The values are Python's, from pymdvm or from the
evaluator.
"""

from __future__ import annotations

from typing import Any

from .reference.values import Function, Members, Url, scalar_of

LARGEST = 4_000_000


class TooLong(Exception):
    """The text would be longer than anybody wants to compare."""


class Indistinguishable(Exception):
    """Two keys, or two members of a set, are different to the VM and equal to Python."""


def describe(value: Any) -> str:
    """The text of what a program returns; nesting may be deep.  Raises TooLong, Indistinguishable."""
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
            elif isinstance(item, (Members, set)):
                scalars = [scalar_of(key) if isinstance(item, Members) else key for key in item]
                _check(scalars)
                entry = f"set({', '.join(sorted(map(_atom, scalars)))}) "
            elif isinstance(item, dict):
                todo.append("}")
                _check([_key(key) for key in item])
                for key, element in reversed(item.items()):
                    todo += [(element,), f"{_key_text(_key(key))}: "]
                entry = "{"
            else:
                entry = _atom(item) + " "
        parts.append(entry)
        size += len(entry)
        if size > LARGEST:
            raise TooLong
    return "".join(parts).strip()


def _key(key: Any) -> Any:
    """The scalar that a key of the evaluator's or of Python stands for."""
    return scalar_of(key) if isinstance(key, tuple) else key


def _key_text(key: Any) -> str:
    return f"{key!a}" if type(key) is str else _atom(key)


def _check(scalars: list[Any]) -> None:
    as_python = {scalar.text if isinstance(scalar, Url) else scalar for scalar in scalars}
    if len(as_python) < len(scalars):
        raise Indistinguishable


def _atom(value: Any) -> str:
    if value is None:
        return "Empty"
    if isinstance(value, float):
        return "Float(NaN)" if value != value else f"Float({value.hex()})"
    kind = type(value).__name__.capitalize()
    if isinstance(value, Url):
        value = value.text
    elif kind == Function.__name__:
        value = value.name
    return f"{kind}({str(value)!a})" if kind == Url.__name__ else f"{kind}({value!a})"
