"""Arithmetic and comparison of ints with every constant for which the JIT has a rewriting of its
own, against Python's ints.

For each instruction, constant and side one program goes through a list of ints so often that the
loop is compiled, and prints what comes out. Where one of the ints makes the instruction fail, it
comes last: compiled code then has to fail with the right error.
"""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Union

import pytest

from tests.binary.binary import FAILURE, SUCCESS, program, run

MIN, MAX = -(1 << 63), (1 << 63) - 1
OVERFLOW, ZERO = "Integer overflow", "Division by zero"
QUICKLY = ("--jit", "threshold=5,trace_eagerness=3")
ROUNDS = 12

POWERS = [1 << exponent for exponent in (1, 2, 31, 32, 62)]
CONSTANTS = sorted(
    {0, 1, -1, 3, -3, 10, MIN, MIN + 1, MAX, MAX - 1}
    | {sign * power + step for power in POWERS for sign in (1, -1) for step in (-1, 0, 1)}
)
ITEMS = [
    0,
    1,
    -1,
    2,
    -2,
    7,
    -7,
    255,
    1000,
    -1000,
    (1 << 31) - 1,
    1 << 31,
    -(1 << 31),
    (1 << 32) + 5,
    -(1 << 33),
    (1 << 62) - 1,
    1 << 62,
    -(1 << 62),
    MAX,
    MAX - 1,
    MIN + 1,
    MIN,
]

Result = Union[int, bool, str]  # a str is an error


def checked(value: int) -> Result:
    """-> the value if it is an int of 64 bits, else the error."""
    return value if MIN <= value <= MAX else OVERFLOW


def divided(left: int, right: int) -> Result:
    """Truncates toward zero."""
    if right == 0:
        return ZERO
    quotient = abs(left) // abs(right)
    return checked(quotient if (left < 0) == (right < 0) else -quotient)


def remainder(left: int, right: int) -> Result:
    """Has the sign of the left operand; MIN % -1 overflows as MIN / -1 does."""
    if right == 0:
        return ZERO
    if (left, right) == (MIN, -1):
        return OVERFLOW
    return abs(left) % abs(right) * (-1 if left < 0 else 1)


OPERATIONS: dict[str, Callable[[int, int], Result]] = {
    "ADD": lambda left, right: checked(left + right),
    "SUB": lambda left, right: checked(left - right),
    "MUL": lambda left, right: checked(left * right),
    "DIV": divided,
    "MOD": remainder,
    "EQ": lambda left, right: left == right,
    "NEQ": lambda left, right: left != right,
    "LT": lambda left, right: left < right,
    "GT": lambda left, right: left > right,
    "LTE": lambda left, right: left <= right,
    "GTE": lambda left, right: left >= right,
}


def loop_over(items: list[int], operation: str, constant: int, constant_is_left: bool) -> str:
    """-> a program that goes through the items ROUNDS times, and prints every result in the first
    and the last round.
    """
    operands = "r11, r10" if constant_is_left else "r10, r11"
    filling = "".join(
        f"    LOAD_CONST r3, {item}\n    LOAD_CONST r4, {index}\n    ARRAY_SET r2, r4, r3\n"
        for index, item in enumerate(items)
    )
    return f"""
    LOAD_CONST r1, {len(items)}
    NEW_ARRAY r2, r1
{filling}
    LOAD_CONST r5, 0
    LOAD_CONST r6, {ROUNDS}
    LOAD_CONST r7, 1
    LOAD_CONST r11, {constant}
round:
    LOAD_CONST r8, 0
item:
    ARRAY_GET r10, r2, r8
    {operation} r12, {operands}
    JUMP_IF_NOT r5, print
    SUB r13, r6, r7
    EQ r13, r5, r13
    JUMP_IF_NOT r13, on
print:
    DEBUG_PRINT r12
on:
    ADD r8, r8, r7
    LT r9, r8, r1
    JUMP_IF r9, item
    ADD r5, r5, r7
    LT r9, r5, r6
    JUMP_IF r9, round
"""


def shown(result: Result) -> str:
    """-> the line that is printed for it."""
    return str(result).lower() if isinstance(result, bool) else str(result)


def check(folder: Path, operation: str, constant: int, constant_is_left: bool) -> None:
    """Runs the programs of one constant on one side: one without errors, and one for the first item
    of each error.
    """
    compute = OPERATIONS[operation]
    results = {
        item: compute(constant, item) if constant_is_left else compute(item, constant)
        for item in ITEMS
    }
    good = [item for item in ITEMS if not isinstance(results[item], str)]
    bad = [item for item in ITEMS if isinstance(results[item], str)]
    lines = [shown(results[item]) for item in good]
    if good:
        path = program(folder, loop_over(good, operation, constant, constant_is_left))
        outcome = run(*QUICKLY, path)
        assert (outcome.status, outcome.lines) == (SUCCESS, lines * 2), (
            operation,
            constant,
            constant_is_left,
        )
    for item in bad[:2]:
        # The items before it are enough for the loop to be compiled first.
        text = loop_over([*good[:6] * 5, item], operation, constant, constant_is_left)
        outcome = run(*QUICKLY, program(folder, text))
        assert outcome.status == FAILURE, (operation, constant, constant_is_left, item)
        assert outcome.err.decode().splitlines()[0] == f"Runtime error: {results[item]}", (
            operation,
            constant,
            item,
        )
        assert outcome.lines == [shown(results[each]) for each in good[:6] * 5], (
            operation,
            constant,
            item,
        )


@pytest.mark.parametrize("constant_is_left", [False, True], ids=["right", "left"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_constant_operand(operation: str, constant_is_left: bool, tmp_path: Path) -> None:
    for constant in CONSTANTS:
        check(tmp_path, operation, constant, constant_is_left)
