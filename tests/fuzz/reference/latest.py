"""What version 2 adds to the instructions: lists that grow, sets, keys of any scalar, and casts to
functions and URLs.
"""

from __future__ import annotations

from .failures import Failure, mismatch, out_of_bounds
from .values import Function, Members, Url, Value, equal, is_url, key_of, scalar_of

LATEST = 2

# ____________________________________________________________ lists


def as_list(value: Value) -> list[Value]:
    if type(value) is not list:
        raise mismatch("array", value)
    return value


def _index(index: Value, length: int, most: int) -> int:
    """An index up to `most` into an array of that length."""
    if type(index) is not int:
        raise mismatch("integer index", index)
    if not 0 <= index <= most:
        raise out_of_bounds(index, length)
    return index


def push(array: Value, value: Value) -> list[Value]:
    return [*as_list(array), value]


def pop(array: Value) -> tuple[list[Value], Value]:
    """The shorter array, and its last element."""
    items = as_list(array)
    if not items:
        raise out_of_bounds(-1, 0)
    return items[:-1], items[-1]


def insert(array: Value, index: Value, value: Value) -> list[Value]:
    items = as_list(array)
    place = _index(index, len(items), len(items))
    return [*items[:place], value, *items[place:]]


def remove(array: Value, index: Value) -> tuple[list[Value], Value]:
    """The shorter array, and the element that it has lost."""
    items = as_list(array)
    place = _index(index, len(items), len(items) - 1)
    return [*items[:place], *items[place + 1 :]], items[place]


def place_of(items: list[Value], value: Value, first: int = 0) -> int:
    """The index of the first element from there on that equals the value, or -1."""
    for place in range(first, len(items)):
        if equal(items[place], value):
            return place
    return -1


def find(array: Value, value: Value) -> int:
    return place_of(as_list(array), value)


def part(array: Value, first: Value, end: Value) -> list[Value]:
    items = as_list(array)
    start = _index(first, len(items), len(items))
    return items[start : max(start, _index(end, len(items), len(items)))]


def concatenation(left: Value, right: Value) -> list[Value]:
    return as_list(left) + as_list(right)


# ____________________________________________________________ dicts and sets


def as_key(value: Value) -> object:
    """The key that a scalar is."""
    if type(value) in (list, dict, Members) or value != value:
        raise mismatch("scalar key", value)
    return key_of(value)


def as_dict(value: Value) -> dict[object, Value]:
    if type(value) is not dict:
        raise mismatch("dict", value)
    return value


def dict_get(entries: Value, key: Value) -> Value:
    return as_dict(entries).get(as_key(key))


def dict_set(entries: Value, key: Value, value: Value) -> dict[object, Value]:
    return {**as_dict(entries), as_key(key): value}


def dict_remove(entries: Value, key: Value) -> dict[object, Value]:
    found = as_dict(entries)
    removed = as_key(key)
    return {other: value for other, value in found.items() if other != removed}


def dict_contains(entries: Value, key: Value) -> bool:
    found = as_dict(entries)
    return as_key(key) in found


def dict_keys(entries: Value) -> list[Value]:
    return [scalar_of(key) for key in as_dict(entries)]


def as_set(value: Value) -> Members:
    if type(value) is not Members:
        raise mismatch("set", value)
    return value


def set_add(members: Value, value: Value) -> Members:
    return Members({**as_set(members), as_key(value): None})


def set_remove(members: Value, value: Value) -> Members:
    found = as_set(members)
    removed = as_key(value)
    return Members({other: None for other in found if other != removed})


def set_contains(members: Value, value: Value) -> bool:
    found = as_set(members)
    return as_key(value) in found


def set_length(members: Value) -> int:
    return len(as_set(members))


def set_values(members: Value) -> list[Value]:
    return [scalar_of(key) for key in as_set(members)]


# ____________________________________________________________ types

# By the numbers of types that mean one; all others are the same unknown one.
TYPE_IDS = {Function: 5, Url: 6, Members: 8, list: 9, dict: 10}
_KNOWN_TYPES = {0, 1, 2, 3, 4, *TYPE_IDS.values()}
_UNKNOWN_TYPE = 7


def known_type(type_id: int) -> int:
    return type_id if type_id in _KNOWN_TYPES else _UNKNOWN_TYPE


def cast_to_url(value: Value) -> Url:
    if type(value) is Url:
        return value
    if type(value) is str and is_url(value):
        return Url(value)
    raise mismatch("url", value)


def undefined(name: str) -> Failure:
    return Failure(f"Undefined function: {name}")
