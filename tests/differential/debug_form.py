"""The debug form of values, read back: `Array([Int(1), Float(2.0), String("x"), Bool(true),
Empty])`.

Strict on purpose. A float must be written exactly as Rust writes it, so that reading `Result: ...`
checks its form too.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal

_INT = re.compile(r"Int\((-?[0-9]+)\)")
_FLOAT = re.compile(r"Float\((NaN|-?inf|-?[0-9][0-9.e-]*)\)")
_BOOL = re.compile(r"Bool\((true|false)\)")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(u\{([0-9a-f]+)\}|.)")
_CONTAINER = re.compile(r"Array\(\[|Dict\(\{")
_SHORT_ESCAPES = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t", "0": "\0"}


def parse(text: str) -> object:
    """The value that a whole text stands for.  Raises ValueError if it is no debug form."""
    value, end = _parse_at(text, 0)
    if end != len(text):
        raise ValueError(f"{text[end:]!r} follows a value")
    return value


def _parse_at(text: str, start: int) -> tuple[object, int]:
    if text.startswith("Empty", start):
        return None, start + len("Empty")
    match = _BOOL.match(text, start)
    if match:
        return match.group(1) == "true", match.end()
    match = _INT.match(text, start)
    if match:
        return int(match.group(1)), match.end()
    match = _FLOAT.match(text, start)
    if match:
        return _float(match.group(1)), match.end()
    if text.startswith("String(", start):
        string, end = _string_at(text, start + len("String("))
        return string, _after(text, end, ")")
    if text.startswith("Array([", start):
        return _items_at(text, start + len("Array(["))
    if text.startswith("Dict({", start):
        return _entries_at(text, start + len("Dict({"))
    raise ValueError(f"no debug form: {text[start : start + 40]!r}")


def _items_at(text: str, position: int) -> tuple[object, int]:
    items: list[object] = []
    while not text.startswith("])", position):
        position = _after(text, position, ", ") if items else position
        item, position = _parse_at(text, position)
        items.append(item)
    return items, position + 2


def _entries_at(text: str, position: int) -> tuple[object, int]:
    entries: dict[str, object] = {}
    while not text.startswith("})", position):
        position = _after(text, position, ", ") if entries else position
        key, position = _string_at(text, position)
        entries[key], position = _parse_at(text, _after(text, position, ": "))
    return entries, position + 2


def _after(text: str, position: int, expected: str) -> int:
    if not text.startswith(expected, position):
        raise ValueError(f"no {expected!r} at {text[position : position + 40]!r}")
    return position + len(expected)


def _string_at(text: str, start: int) -> tuple[str, int]:
    match = _STRING.match(text, start)
    if not match:
        raise ValueError(f"no string: {text[start : start + 40]!r}")
    return _ESCAPE.sub(_unescaped, match.group(1)), match.end()


def _unescaped(match: re.Match[str]) -> str:
    if match.group(2):
        return chr(int(match.group(2), 16))
    if match.group(1) not in _SHORT_ESCAPES:
        raise ValueError(f"unknown escape {match.group(0)!r}")
    return _SHORT_ESCAPES[match.group(1)]


def _float(text: str) -> float:
    value = float(text)
    if float_text(value) != text:
        raise ValueError(f"{text} should be written {float_text(value)}")
    return value


def float_text(value: float) -> str:
    """A float as Rust's `{:?}` writes it."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    shortest = Decimal(repr(value))
    if value != 0 and not 1e-4 <= abs(value) < 1e16:
        sign, digits, exponent = shortest.normalize().as_tuple()
        assert isinstance(exponent, int)
        first, rest = str(digits[0]), "".join(str(digit) for digit in digits[1:])
        mantissa = first + ("." + rest if rest else "")
        return f"{'-' if sign else ''}{mantissa}e{exponent + len(rest)}"
    plain = format(shortest, "f")
    return plain if "." in plain else plain + ".0"


def with_sorted_entries(text: str) -> str:
    """A line with the entries of the dicts in it in one fixed order: in a debug form, wherever in
    the line it stands.
    """
    if "Dict({" not in text:
        return text
    written = ""
    position = 0
    for match in _CONTAINER.finditer(text):
        if match.start() < position:
            continue
        try:
            value, end = _parse_at(text, match.start())
        except ValueError:
            continue
        written += text[position : match.start()] + _written(value)
        position = end
    return written + text[position:]


def _written(value: object) -> str:
    """Any fixed text will do; this one keeps failures readable."""
    if isinstance(value, list):
        return "Array([" + ", ".join(_written(item) for item in value) + "])"
    if isinstance(value, dict):
        return (
            "Dict({" + ", ".join(f"{key!a}: {_written(value[key])}" for key in sorted(value)) + "})"
        )
    return ascii(value)
