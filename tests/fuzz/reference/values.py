"""Values and their text forms.

Empty is None; bools, ints, floats and strings are Python's; an array is a list, a dict a dict and a
set a Members, none of which is ever changed once a register holds it. A key of a dict is a str, or
stands with its type in a tuple, so that 1, 1.0 and true are three.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Value = Any

LOWEST = -(2**63)
HIGHEST = 2**63 - 1
# Beyond this a text or a container is not worth the time: the judgement is given up.
LARGEST_TEXT = 1_000_000


@dataclass(frozen=True)
class Function:
    """A function by its name."""

    name: str


@dataclass(frozen=True)
class Url:
    """A text that is a URI."""

    text: str


class Members(dict[Any, None]):
    """A set: its members are the keys."""


CAPITAL_NAMES = {
    type(None): "Empty",
    bool: "Bool",
    int: "Int",
    float: "Float",
    str: "String",
    list: "Array",
    dict: "Dict",
    Members: "Set",
    Function: "Function",
    Url: "URL",
}
SMALL_NAMES = {kind: name.lower() for kind, name in CAPITAL_NAMES.items()}


CONTAINERS = (list, dict, Members)


class TooLarge(Exception):
    """A value is larger than this evaluator likes to handle."""


def is_url(text: str) -> bool:
    """Whether a text begins with a scheme, as RFC 3986 has it, and a colon."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text) is not None


def key_of(scalar: Value) -> Any:
    """The key that stands for a scalar."""
    return scalar if type(scalar) is str else (type(scalar), scalar)


def scalar_of(key: Any) -> Value:
    """The scalar that a key stands for."""
    return key if type(key) is str else key[1]


def truthy(value: Value) -> bool:
    """Falsy are Empty, false, zeros, NaN, and empty strings, arrays and dicts."""
    return bool(value) and value == value if type(value) is float else bool(value)


def equal(left: Value, right: Value) -> bool:
    """As EQ has it.  A pair of containers that was met before is not looked at again."""
    todo = [(left, right)]
    met: set[tuple[int, int]] = set()
    while todo:
        one, other = todo.pop()
        if type(one) in (int, float) and type(other) in (int, float):
            same = one == other if type(one) is type(other) else float(one) == float(other)
        elif type(one) is not type(other):
            return False
        elif type(one) in CONTAINERS:
            if len(one) != len(other):
                return False
            if (id(one), id(other)) in met:
                continue
            met.add((id(one), id(other)))
            if type(one) is list:
                todo.extend(zip(one, other))
            elif one.keys() != other.keys():
                return False
            elif type(one) is dict:
                todo.extend((item, other[key]) for key, item in one.items())
            continue
        else:
            same = one == other
        if not same:
            return False
    return True


# ____________________________________________________________ text forms


def _special(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    return "inf" if number > 0 else "-inf"


def _shortest(number: float) -> str:
    """The shortest digits that read back as the number, without an exponent; `3.0` for a whole
    one.
    """
    return format(Decimal(repr(number)), "f")


def print_float(number: float) -> str:
    """What DEBUG_PRINT writes."""
    if not math.isfinite(number):
        return _special(number)
    text = _shortest(number)
    return text.rstrip("0").rstrip(".") if "." in text else text


def debug_float(number: float) -> str:
    """A float inside a container that is printed."""
    if not math.isfinite(number):
        return _special(number)
    size = abs(number)
    if size >= 1e16 or 0 < size < 1e-4:
        sign, digits, exponent = Decimal(repr(number)).normalize().as_tuple()
        assert isinstance(exponent, int)
        fraction = "." + "".join(map(str, digits[1:])) if len(digits) > 1 else ""
        return f"{'-' if sign else ''}{digits[0]}{fraction}e{exponent + len(digits) - 1}"
    text = print_float(number)
    return text if "." in text else text + ".0"


def string_float(number: float) -> str:
    """CAST to string, and CONCAT_STR."""
    if math.isfinite(number) and number == math.floor(number):
        return ("-" if math.copysign(1, number) < 0 else "") + str(abs(int(number)))
    return print_float(number)


_ESCAPES = {"\0": "\\0", "\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def debug_string(text: str) -> str:
    """A string inside a container that is printed, in quotes."""
    parts = ['"']
    for character in text:
        if character in _ESCAPES:
            parts.append(_ESCAPES[character])
        elif " " <= character <= "~":
            parts.append(character)
        elif unicodedata.category(character) in (
            "Cc",
            "Cf",
            "Mn",
            "Me",
            "Zs",
            "Zl",
            "Zp",
            "Co",
            "Cn",
        ):
            parts.append(f"\\u{{{ord(character):x}}}")
        else:
            parts.append(character)
    parts.append('"')
    return "".join(parts)


def _debug_atom(value: Value) -> str:
    if value is None:
        return "Empty"
    if type(value) is bool:
        return "Bool(true)" if value else "Bool(false)"
    if type(value) is int:
        return f"Int({value})"
    if type(value) is float:
        return f"Float({debug_float(value)})"
    if type(value) is Function:
        return f"Function({debug_string(value.name)})"
    if type(value) is Url:
        return f"URL({debug_string(value.text)})"
    return f"String({debug_string(value)})"


def _string_atom(value: Value) -> str:
    if value is None:
        return "empty"
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is float:
        return string_float(value)
    if type(value) is Function:
        return f"function<{value.name}>"
    return value.text if type(value) is Url else str(value)


class _Writer:
    """Puts a nested value together.  Each `todo` entry is a text, or a list that holds the one
    value to write.
    """

    def __init__(self, debug: bool) -> None:
        self.debug = debug
        self.size = 0

    def write(self, value: Value) -> str:
        parts: list[str] = []
        todo: list[str | list[Value]] = [[value]]
        while todo:
            entry = todo.pop()
            if isinstance(entry, str):
                text = entry
            elif type(entry[0]) in CONTAINERS:
                todo.extend(reversed(self._pieces(entry[0])))
                continue
            else:
                text = _debug_atom(entry[0]) if self.debug else _string_atom(entry[0])
            parts.append(text)
            self.size += len(text)
            if self.size > LARGEST_TEXT:
                raise TooLarge
        return "".join(parts)

    def _pieces(self, container: Value) -> list[str | list[Value]]:
        pieces: list[str | list[Value]] = []
        if type(container) is list:
            for item in container:
                pieces += [", ", [item]]
            brackets = ("Array([", "])") if self.debug else ("[", "]")
        elif type(container) is Members:
            for key in container:
                pieces += [", ", [scalar_of(key)]]
            brackets = ("Set([", "])") if self.debug else ("{", "}")
        else:
            for key, item in container.items():
                pieces += [", ", self._key(key), ": ", [item]]
            brackets = ("Dict({", "})") if self.debug else ("{", "}")
        return [brackets[0], *pieces[1:], brackets[1]]

    def _key(self, key: Any) -> str:
        if type(key) is str:
            return debug_string(key) if self.debug else key
        return _debug_atom(key[1]) if self.debug else _string_atom(key[1])


def debug_text(value: Value) -> str:
    """The debug form."""
    return _Writer(debug=True).write(value)


def string_text(value: Value) -> str:
    """The string form."""
    return value if type(value) is str else _Writer(debug=False).write(value)


def print_text(value: Value) -> str:
    """What DEBUG_PRINT writes for anything but Empty, without the line end."""
    if type(value) is float:
        return print_float(value)
    return debug_text(value) if type(value) in CONTAINERS else string_text(value)
