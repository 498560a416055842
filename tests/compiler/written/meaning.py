"""What the words of the language mean, for the programs in Python: arithmetic of 64 bits, texts of
values, positions that count from 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

BITS = 2**63


class Failed(Exception):
    """Ends a program with a run-time error."""


class Ended(Exception):
    """Ends a program with a value."""


def whole(value: Any) -> Any:
    """A result of arithmetic, which has to fit."""
    if type(value) is int and not -BITS <= value < BITS:
        raise Failed("Integer overflow")
    return value


def add(left: Any, right: Any) -> Any:
    """The sum, or both texts."""
    return whole(left + right)


def subtract(left: Any, right: Any) -> Any:
    """The difference."""
    return whole(left - right)


def multiply(left: Any, right: Any) -> Any:
    """The product."""
    return whole(left * right)


def divide(left: Any, right: Any) -> Any:
    """The quotient, of whole numbers without its fraction."""
    if right == 0:
        raise Failed("Division by zero")
    if type(left) is type(right) is int:
        quotient = abs(left) // abs(right)
        return whole(quotient if (left < 0) == (right < 0) else -quotient)
    return left / right


def remainder(left: Any, right: Any) -> Any:
    """What is left of a division, with the sign of the left side."""
    if right == 0:
        raise Failed("Division by zero")
    if type(left) is type(right) is int:
        return left - right * divide(left, right)
    return math.fmod(left, right)


def power(left: int, right: int) -> int:
    """Of whole numbers, the second not negative."""
    return int(whole(left**right))


def both(left: bool, right: bool) -> bool:
    """`and`, which evaluates both sides."""
    return left and right


def either(left: bool, right: bool) -> bool:
    """`or`, which evaluates both sides."""
    return left or right


def between(value: Any, low: Any, high: Any) -> bool:
    """Whether it is in a range, with its bounds."""
    return bool(low <= value <= high)


def copied(value: Any) -> Any:
    """A value that shares nothing."""
    if isinstance(value, list):
        return [copied(each) for each in value]
    if isinstance(value, dict):
        return {name: copied(each) for name, each in value.items()}
    return value


def equal(left: Any, right: Any) -> bool:
    """Yes and No equal no number."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    return (type(left) is bool) == (type(right) is bool) and bool(left == right)


def same(left: Any, right: Any) -> bool:
    """Equal and of the same kind."""
    return type(left) is type(right) and equal(left, right)


def text(value: Any) -> str:
    """As `joined with` and `as Text` write a value."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isinf(value):
            return repr(value)  # a Decimal writes it out
        return (
            repr(value)[:-2]
            if value.is_integer() and abs(value) < 1e16
            else format(Decimal(repr(value)), "f")
        )
    if isinstance(value, list):
        return f"[{', '.join(map(text, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {text(each)}" for name, each in value.items()) + "}"
    return str(value)


def inner(value: Any) -> str:
    """As a value stands in the print of a collection."""
    if value is None:
        return "Empty"
    if isinstance(value, bool):
        return f"Bool({text(value)})"
    if isinstance(value, int):
        return f"Int({value})"
    if isinstance(value, float):
        return f"Float({value!r})"
    if isinstance(value, str):
        return f'String("{value}")'
    if isinstance(value, list):
        return f"Array([{', '.join(map(inner, value))}])"
    entries = ", ".join(f'"{name}": {inner(each)}' for name, each in value.items())
    return "Dict({" + entries + "})"


def printed(value: Any) -> str:
    """The line that Say writes."""
    if value is None:
        return ""
    return (inner(value) if isinstance(value, (list, dict)) else text(value)) + "\n"


def at(items: Any, position: int) -> Any:
    """An item or a character, counted from 1."""
    if not 1 <= position <= len(items):
        raise Failed(f"Index out of bounds: index {position - 1} for length {len(items)}")
    return items[position - 1]


def join(members: list[Any], value: Any) -> None:
    """Add to a set."""
    if not contains(members, value):
        members.append(value)


def from_end(items: Any, back: int) -> Any:
    """The last item, or one in front of it."""
    return at(items, len(items) + 1 - back)


def put(items: list[Any], position: int, value: Any) -> None:
    """Set an item."""
    at(items, position)
    items[position - 1] = value


def insert(items: list[Any], position: int, value: Any) -> None:
    """Put an item in front of the one at that position."""
    if not 1 <= position <= len(items) + 1:
        raise Failed(f"Index out of bounds: index {position - 1} for length {len(items)}")
    items.insert(position - 1, value)


def remove(items: Any, value: Any) -> None:
    """The first equal item, the member, or the entry."""
    if isinstance(items, dict):
        items.pop(value, None)
        return
    for index, each in enumerate(items):
        if equal(each, value):
            del items[index]
            return


def remove_all(items: list[Any], value: Any) -> None:
    """Every equal item."""
    items[:] = [each for each in items if not equal(each, value)]


def remove_at(items: list[Any], position: int) -> None:
    """The item at a position."""
    at(items, position)
    del items[position - 1]


def part(items: Any, first: int, last: int) -> Any:
    """The items or characters from one position to another."""
    if last > len(items):
        raise Failed(f"Index out of bounds: index {last} for length {len(items)}")
    return items[first - 1 : last]


def contains(items: Any, value: Any) -> bool:
    """Whether a text has a part, a list an item, a named list a name."""
    if isinstance(items, list):
        return any(equal(each, value) for each in items)
    return value in items


def position(items: Any, value: Any) -> int:
    """Where something stands first, counted from 1; 0 if nowhere."""
    if isinstance(items, str):
        return items.find(value) + 1
    return next((number for number, each in enumerate(items, 1) if equal(each, value)), 0)


def rounded(value: Any) -> int:
    """To the nearest whole number, of two the even one."""
    return int(round(value))


def counted(first: Any, last: Any, step: Any) -> Iterator[Any]:
    """The numbers of a loop over a range."""
    while (step > 0 and first <= last) or (step < 0 and first >= last):
        yield first
        first += step


def run(source: str) -> tuple[str, str, str]:
    """What a program in Python comes to: its output, what it gives back, the text of its error."""
    output: list[str] = []

    def say(value: Any) -> None:
        output.append(printed(value))

    names: dict[str, Callable[..., Any]] = {"say": say, **globals()}
    try:
        exec(source, names)  # noqa: S102 # made by this package
    except Ended as ended:
        return "".join(output), inner(ended.args[0]), ""
    except Failed as failed:
        return "".join(output), "", str(failed)
    return "".join(output), "", ""
