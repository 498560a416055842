"""The signs and keywords of binary operators, and how strongly they hold."""

from __future__ import annotations

from pymdvm.compiler.frontend.syntax import BinaryOperator

# How strongly operators hold; a prefix holds more strongly than all of them.
ANY, CONDITION, OR, AND, EQUALITY, ORDER, SUM, PRODUCT, POWER, PREFIX, POSTFIX = range(11)

OPERATORS: dict[str, tuple[int, BinaryOperator]] = {
    "or": (OR, BinaryOperator.OR),
    "and": (AND, BinaryOperator.AND),
    "equals": (EQUALITY, BinaryOperator.EQUAL),
    "is not": (EQUALITY, BinaryOperator.UNEQUAL),
    "is strictly equal to": (EQUALITY, BinaryOperator.STRICTLY_EQUAL),
    "is not strictly equal to": (EQUALITY, BinaryOperator.STRICTLY_UNEQUAL),
    "<": (ORDER, BinaryOperator.LESS),
    ">": (ORDER, BinaryOperator.GREATER),
    "<=": (ORDER, BinaryOperator.LESS_OR_EQUAL),
    ">=": (ORDER, BinaryOperator.GREATER_OR_EQUAL),
    "+": (SUM, BinaryOperator.ADD),
    "-": (SUM, BinaryOperator.SUBTRACT),
    "*": (PRODUCT, BinaryOperator.MULTIPLY),
    "/": (PRODUCT, BinaryOperator.DIVIDE),
    "%": (PRODUCT, BinaryOperator.REMAINDER),
    "^": (POWER, BinaryOperator.POWER),
    "**": (POWER, BinaryOperator.POWER),
}
COMPARISONS = frozenset(
    operator for strength, operator in OPERATORS.values() if strength in (EQUALITY, ORDER)
)
