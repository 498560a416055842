"""The built-in functions of version 2, from docs/builtins.md, as Python has them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cmp_to_key

from .arithmetic import add, less, negate, remainder
from .failures import Failure, in_range, mismatch, no_order, out_of_bounds
from .latest import as_key, as_list, place_of
from .values import (
    CAPITAL_NAMES,
    LARGEST_TEXT,
    Members,
    TooLarge,
    Url,
    Value,
    debug_string,
    print_float,
    string_text,
    truthy,
)

_LONGEST_NUMBER = 1100
_MOST_DECIMALS = 323
_MOST_SHOWN = 40


def _text(value: Value) -> str:
    if type(value) is Url:
        return value.text
    if type(value) is not str:
        raise mismatch("string", value)
    return value


def _is_text(value: Value) -> bool:
    return type(value) in (str, Url)


def _int(value: Value) -> int:
    if type(value) is not int:
        raise mismatch("integer", value)
    return value


def _float(value: Value) -> float:
    if type(value) not in (int, float):
        raise mismatch("numeric", value)
    return float(value)


def _limited(text: str) -> str:
    if len(text) > LARGEST_TEXT:
        raise TooLarge
    return text


def _invalid(name: str, value: Value) -> Failure:
    """The argument is of the right kind, but the function has nothing for it."""
    if type(value) is float:
        shown = print_float(value)
    elif type(value) is int:
        shown = str(value)
    else:
        encoded = _text(value).encode("utf-8")
        shown = debug_string(encoded[:_MOST_SHOWN].decode("utf-8", "ignore"))
        if len(encoded) > _MOST_SHOWN:
            shown += "..."
    return Failure(f"Invalid operation: {name} on type {shown}")


# ____________________________________________________________ texts


def _len(value: Value) -> int:
    if _is_text(value):
        return len(_text(value))
    if type(value) in (list, dict, Members):
        return len(value)
    raise mismatch(_MEASURABLE, value)


_MEASURABLE = "string, array, dict or set"


def _to_int(value: Value) -> int:
    if type(value) in (int, bool):
        return int(value)
    if type(value) is float:
        return _whole("int", value)
    if not _is_text(value):
        raise mismatch("numeric or string", value)
    text = _text(value)
    if len(text.encode("utf-8")) > _LONGEST_NUMBER or not re.fullmatch(
        r"[ \t\n\v\f\r]*[+-]?[0-9]+[ \t\n\v\f\r]*", text
    ):
        raise _invalid("int", value)
    return in_range(int(text))


def _to_float(value: Value) -> float:
    if type(value) in (int, float, bool):
        return float(value)
    if not _is_text(value):
        raise mismatch("numeric or string", value)
    text = _text(value)
    if len(text.encode("utf-8")) > _LONGEST_NUMBER or not re.fullmatch(
        r"[ \t\n\v\f\r]*[+-]?(inf|NaN|([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?)[ \t\n\v\f\r]*",
        text,
    ):
        raise _invalid("float", value)
    return float(text)


def _whole(name: str, value: float) -> int:
    """A float without what stands behind its point."""
    if math.isnan(value):
        raise _invalid(name, value)
    if math.isinf(value):
        raise Failure("Integer overflow")
    return in_range(int(value))


def _repeat(value: Value, times: Value) -> str:
    text = _text(value)
    count = _int(times)
    if count < 0:
        raise _invalid("repeat", count)
    if len(text) * count > LARGEST_TEXT:
        raise TooLarge
    return text * count


def _bounds(first: Value, end: Value, count: int) -> tuple[int, int]:
    start = _int(first)
    stop = count if end is _MISSING else _int(end)
    if not 0 <= start <= count:
        raise out_of_bounds(start, count)
    if not start <= stop <= count:
        raise out_of_bounds(stop, count)
    return start, stop


class _Missing:
    """Stands for an argument that was left out."""


_MISSING = _Missing()


def _find(where: Value, wanted: Value, first: Value = _MISSING) -> int:
    if not _is_text(where) and type(where) is not list:
        raise mismatch("string or array", where)
    items = _text(where) if _is_text(where) else where
    start = 0 if first is _MISSING else _bounds(first, _MISSING, len(items))[0]
    if isinstance(items, str):
        return items.find(_text(wanted), start)
    return place_of(items, wanted, start)


def _at(where: Value, index: Value) -> Value:
    place = _int(index)
    if not _is_text(where) and type(where) is not list:
        raise mismatch("string or array", where)
    items = _text(where) if _is_text(where) else where
    if not 0 <= place < len(items):
        raise out_of_bounds(place, len(items))
    return items[place]


def _slice(where: Value, first: Value, end: Value = _MISSING) -> Value:
    if not _is_text(where) and type(where) is not list:
        raise mismatch("string or array", where)
    items = _text(where) if _is_text(where) else where
    start, stop = _bounds(first, end, len(items))
    return items[start:stop]


def _replace(value: Value, old: Value, new: Value) -> str:
    text, wanted, instead = _text(value), _text(old), _text(new)
    if not wanted:
        raise _invalid("replace", old)
    return _limited(text.replace(wanted, instead))


def _split(value: Value, separator: Value = _MISSING) -> list[Value]:
    text = _text(value)
    if separator is _MISSING:
        return list(text.split())
    if not _text(separator):
        raise _invalid("split", separator)
    return list(text.split(_text(separator)))


def _join(parts: Value, separator: Value = _MISSING) -> str:
    texts = as_list(parts)
    between = "" if separator is _MISSING else _text(separator)
    return _limited(between.join(map(string_text, texts)))


def _contains(where: Value, wanted: Value) -> bool:
    if _is_text(where):
        return _text(wanted) in _text(where)
    if type(where) is list:
        return place_of(where, wanted) >= 0
    if type(where) in (dict, Members):
        return as_key(wanted) in where
    raise mismatch(_MEASURABLE, where)


def _starts_with(value: Value, beginning: Value) -> bool:
    text = _text(value)
    return text.startswith(_text(beginning))


def _ends_with(value: Value, end: Value) -> bool:
    text = _text(value)
    return text.endswith(_text(end))


def _code(value: Value) -> int:
    text = _text(value)
    if len(text) != 1:
        raise _invalid("code", value)
    return ord(text)


def _character(code: Value) -> str:
    number = _int(code)
    if not 0 <= number <= 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        raise _invalid("character", number)
    return chr(number)


def _decimals(name: str, value: Value) -> int:
    decimals = _int(value)
    if not 0 <= decimals <= _MOST_DECIMALS:
        raise _invalid(name, decimals)
    return decimals


def _format(number: Value, decimals: Value) -> str:
    places = _decimals("format", decimals)
    if type(number) is int:
        return f"{number}.{'0' * places}" if places else str(number)
    value = _float(number)
    return f"{value:.{places}f}" if math.isfinite(value) else print_float(value)


# ____________________________________________________________ numbers


def _abs(number: Value) -> Value:
    if type(number) is int:
        return negate(number) if number < 0 else number
    return abs(_float(number))


def _extreme(name: str, arguments: tuple[Value, ...], wants_least: bool) -> Value:
    values = list(arguments)
    if len(values) == 1:
        values = as_list(values[0])
        if not values:
            raise Failure(f"Invalid operation: {name} on type empty array")
        less(values[0], values[0])
    best = values[0]
    for value in values[1:]:
        if less(value, best) if wants_least else less(best, value):
            best = value
    return best


def _round(number: Value, decimals: Value = _MISSING) -> Value:
    if decimals is _MISSING:
        if type(number) is int:
            return number
        value = _float(number)
        return in_range(round(value)) if math.isfinite(value) else _whole("round", value)
    places = _decimals("round", decimals)
    if type(number) is int:
        return number
    value = _float(number)
    return float(f"{value:.{places}f}") if math.isfinite(value) else value


def _rounded(name: str, towards: Callable[[float], int]) -> Callable[[Value], int]:
    def function(number: Value) -> int:
        if type(number) is int:
            return number
        value = _float(number)
        return in_range(towards(value)) if math.isfinite(value) else _whole(name, value)

    return function


def _sqrt(number: Value) -> float:
    value = _float(number)
    if value < 0:
        raise _invalid("sqrt", number)
    return math.sqrt(value)


def _power(base: Value, exponent: Value) -> Value:
    if type(base) is int and type(exponent) is int and exponent >= 0:
        if abs(base) > 1 and exponent > 63:
            raise Failure("Integer overflow")
        return in_range(base ** (exponent if abs(base) > 1 else min(exponent, 2 + exponent % 2)))
    left, right = _float(base), _float(exponent)
    if left == 0 and right < 0:
        raise Failure("Division by zero")
    try:
        return math.pow(left, right)
    except ValueError:
        raise _invalid("power", base) from None
    except OverflowError:
        return -math.inf if left < 0 and right % 2 == 1 else math.inf


def _exp(number: Value) -> float:
    try:
        return math.exp(_float(number))
    except OverflowError:
        return math.inf


def _log(number: Value, base: Value = _MISSING) -> float:
    def natural(value: Value) -> float:
        if _float(value) <= 0:
            raise _invalid("log", value)
        return math.log(_float(value))

    logarithm = natural(number)
    if base is _MISSING:
        return logarithm
    if _float(base) == 10 and math.isfinite(logarithm):
        return math.log10(_float(number))
    divisor = natural(base)
    if divisor == 0:
        raise Failure("Division by zero")
    return logarithm / divisor


def _angle(name: str, compute: Callable[[float], float]) -> Callable[[Value], float]:
    def function(number: Value) -> float:
        value = _float(number)
        if math.isinf(value):
            raise _invalid(name, value)
        return compute(value)

    return function


def _modulo(number: Value, divisor: Value) -> Value:
    rest = remainder(number, divisor)
    if type(rest) is int:
        return rest + divisor if rest and (rest < 0) != (divisor < 0) else rest
    by = float(divisor)
    if rest == 0:
        return math.copysign(0.0, by)
    return rest + by if (rest < 0) != (by < 0) else rest


def _sum(numbers: Value) -> Value:
    total: Value = 0
    for number in as_list(numbers):
        if type(number) not in (int, float):
            raise mismatch("numeric", number)
        total = add(total, number)
    return total


# ____________________________________________________________ lists


def _sort(value: Value) -> list[Value]:
    items = as_list(value)
    has_texts = False
    for item in items:
        if type(item) not in (int, float):
            less(items[0], item)
            less(item, item)
            has_texts = True
        elif has_texts:
            raise no_order(items[0], item)

    def compared(left: Value, right: Value) -> int:
        if left != left or right != right:
            return int(left != left) - int(right != right)
        return -1 if less(left, right) else int(less(right, left))

    return sorted(items, key=cmp_to_key(compared))


def _reverse(where: Value) -> Value:
    if not _is_text(where) and type(where) is not list:
        raise mismatch("string or array", where)
    return (_text(where) if _is_text(where) else where)[::-1]


def _range(first: Value, end: Value = _MISSING, step: Value = _MISSING) -> list[Value]:
    if end is _MISSING:
        numbers = range(_int(first))
    else:
        start, stop, by = _int(first), _int(end), 1 if step is _MISSING else _int(step)
        if by == 0:
            raise _invalid("range", by)
        numbers = range(start, stop, by)
    if numbers and (numbers[-1] - numbers[0]) // numbers.step >= LARGEST_TEXT:
        raise TooLarge
    return list(numbers)


# By name: the least and the greatest number of arguments, and the function.
BUILTINS: dict[str, tuple[int, int, Callable[..., Value]]] = {
    "len": (1, 1, _len),
    "bytes": (1, 1, lambda text: len(_text(text).encode("utf-8"))),
    "str": (1, 1, string_text),
    "int": (1, 1, _to_int),
    "float": (1, 1, _to_float),
    "bool": (1, 1, truthy),
    "type": (1, 1, lambda value: CAPITAL_NAMES[type(value)]),
    "upper": (1, 1, lambda text: _text(text).upper()),
    "lower": (1, 1, lambda text: _text(text).lower()),
    "trim": (1, 1, lambda text: _text(text).strip()),
    "repeat": (2, 2, _repeat),
    "find": (2, 3, _find),
    "at": (2, 2, _at),
    "slice": (2, 3, _slice),
    "replace": (3, 3, _replace),
    "split": (1, 2, _split),
    "join": (1, 2, _join),
    "starts with": (2, 2, _starts_with),
    "ends with": (2, 2, _ends_with),
    "contains": (2, 2, _contains),
    "code": (1, 1, _code),
    "character": (1, 1, _character),
    "format": (2, 2, _format),
    "abs": (1, 1, _abs),
    "min": (1, 255, lambda *values: _extreme("min", values, True)),
    "max": (1, 255, lambda *values: _extreme("max", values, False)),
    "round": (1, 2, _round),
    "floor": (1, 1, _rounded("floor", math.floor)),
    "ceil": (1, 1, _rounded("ceil", math.ceil)),
    "sqrt": (1, 1, _sqrt),
    "power": (2, 2, _power),
    "exp": (1, 1, _exp),
    "log": (1, 2, _log),
    "sin": (1, 1, _angle("sin", math.sin)),
    "cos": (1, 1, _angle("cos", math.cos)),
    "tan": (1, 1, _angle("tan", math.tan)),
    "atan2": (2, 2, lambda y, x: math.atan2(_float(y), _float(x))),
    "modulo": (2, 2, _modulo),
    "sum": (1, 1, _sum),
    "sort": (1, 1, _sort),
    "reverse": (1, 1, _reverse),
    "range": (1, 3, _range),
}


# Those that call another function, and how many arguments they take; see Application.
APPLYING = {"map": 2, "filter": 2, "fold": 3}


class Application:
    """One of them on its way through a list.  callee: the name of what it calls."""

    def __init__(self, name: str, items: list[Value], callee: str, start: Value) -> None:
        self.name = name
        self.items = items
        self.callee = callee
        self.position = 0
        self.result: Value = start if name == "fold" else []

    def is_over(self) -> bool:
        return self.position == len(self.items)

    def arguments(self) -> list[Value]:
        """Those of the next call."""
        item = self.items[self.position]
        return [self.result, item] if self.name == "fold" else [item]

    def accept(self, value: Value) -> None:
        """What that call has given."""
        item = self.items[self.position]
        self.position += 1
        if self.name == "fold":
            self.result = value
        elif self.name == "map":
            self.result = [*self.result, value]
        elif truthy(value):
            self.result = [*self.result, item]


def _wrong_count(name: str, takes: str, given: int) -> Failure:
    return Failure(f"Wrong number of arguments: {name} takes {takes}, not {given}")


def check_application(name: str, arguments: list[Value]) -> None:
    """Raises Failure unless there are as many arguments as it takes, the first a list."""
    if len(arguments) != APPLYING[name]:
        raise _wrong_count(name, str(APPLYING[name]), len(arguments))
    as_list(arguments[0])


def call(name: str, arguments: list[Value]) -> Value:
    """What a built-in function gives.  Raises Failure, TooLarge."""
    least, most, function = BUILTINS[name]
    if not least <= len(arguments) <= most:
        takes = str(least) if least == most else f"{least} to {most}"
        if most == 255:
            takes = f"{least} or more"
        raise _wrong_count(name, takes, len(arguments))
    return function(*arguments)
