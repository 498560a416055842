"""Arithmetic and comparison."""

from __future__ import annotations

import math

from .failures import Failure, in_range, no_order
from .values import CAPITAL_NAMES, LARGEST_TEXT, LOWEST, TooLarge, Url, Value, string_text


def _no_numbers(expected: str, left: Value, right: Value) -> Failure:
    names = f"{CAPITAL_NAMES[type(left)]} and {CAPITAL_NAMES[type(right)]}"
    return Failure(f"Type mismatch: expected {expected}, found {names}")


def _both_ints(left: Value, right: Value) -> bool:
    return type(left) is int and type(right) is int


def _both_numbers(left: Value, right: Value) -> bool:
    return type(left) in (int, float) and type(right) in (int, float)


def add(left: Value, right: Value) -> Value:
    if _both_ints(left, right):
        return in_range(left + right)
    if _both_numbers(left, right):
        return float(left) + float(right)
    if type(left) in (str, Url) and type(right) in (str, Url):
        return joined(string_text(left), string_text(right))
    raise _no_numbers("numeric or string", left, right)


def subtract(left: Value, right: Value) -> Value:
    if _both_ints(left, right):
        return in_range(left - right)
    if _both_numbers(left, right):
        return float(left) - float(right)
    raise _no_numbers("numeric", left, right)


def multiply(left: Value, right: Value) -> Value:
    if _both_ints(left, right):
        return in_range(left * right)
    if _both_numbers(left, right):
        return float(left) * float(right)
    raise _no_numbers("numeric", left, right)


def _check_divisor(right: Value) -> None:
    if type(right) in (int, float) and right == 0:
        raise Failure("Division by zero")


def divide(left: Value, right: Value) -> Value:
    _check_divisor(right)
    if _both_ints(left, right):
        quotient = abs(left) // abs(right)
        return in_range(quotient if (left < 0) == (right < 0) else -quotient)
    if _both_numbers(left, right):
        return float(left) / float(right)
    raise _no_numbers("numeric", left, right)


def remainder(left: Value, right: Value) -> Value:
    _check_divisor(right)
    if _both_ints(left, right):
        if left == LOWEST and right == -1:
            raise Failure("Integer overflow")
        rest = abs(left) % abs(right)
        return -rest if left < 0 else rest
    if _both_numbers(left, right):
        try:
            return math.fmod(float(left), float(right))
        except ValueError:  # an infinity has no remainder
            return math.nan
    raise _no_numbers("numeric", left, right)


def negate(value: Value) -> Value:
    if type(value) is int:
        return in_range(-value)
    if type(value) is float:
        return -value
    raise Failure(f"Invalid operation: negation on type {CAPITAL_NAMES[type(value)]}")


def less(left: Value, right: Value) -> bool:
    if _both_ints(left, right):
        return bool(left < right)
    if _both_numbers(left, right):
        return float(left) < float(right)
    if type(left) is str and type(right) is str:
        return bool(left < right)  # code points stand in the order of their UTF-8
    raise no_order(left, right)


def less_or_equal(left: Value, right: Value) -> bool:
    if _both_ints(left, right):
        return bool(left <= right)
    if _both_numbers(left, right):
        return float(left) <= float(right)
    if type(left) is str and type(right) is str:
        return bool(left <= right)
    raise no_order(left, right)


def joined(left: str, right: str) -> str:
    if len(left) + len(right) > LARGEST_TEXT:
        raise TooLarge
    return left + right
