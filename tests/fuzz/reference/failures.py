"""The errors of a run that several modules raise."""

from __future__ import annotations

from .values import CAPITAL_NAMES, HIGHEST, LOWEST, SMALL_NAMES, Value


class Failure(Exception):
    """The program fails with this text."""


def mismatch(expected: str, found: Value) -> Failure:
    return Failure(f"Type mismatch: expected {expected}, found {SMALL_NAMES[type(found)]}")


def out_of_bounds(index: int, length: int) -> Failure:
    return Failure(f"Index out of bounds: index {index} for length {length}")


def no_order(left: Value, right: Value) -> Failure:
    names = f"{CAPITAL_NAMES[type(left)]} and {CAPITAL_NAMES[type(right)]}"
    return Failure(f"Invalid comparison: {names}")


def in_range(number: int) -> int:
    if not LOWEST <= number <= HIGHEST:
        raise Failure("Integer overflow")
    return number
