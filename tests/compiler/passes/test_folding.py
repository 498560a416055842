"""Constant folding follows the VM, keeps every error, and uses what is known about kinds."""

from __future__ import annotations

import pytest

from .running import after, lines


def shown(instructions: str, operand: str = "v0") -> str:
    """What the operand has become after folding."""
    text = after("folding", f"b0:\n    {instructions}\n    DEBUG_PRINT {operand}\n    halt\n")
    return text.splitlines()[-2].split(" ", 1)[1]


@pytest.mark.parametrize(
    ("instruction", "result"),
    [
        ("ADD 1, 2", "3"),
        ("ADD 1, 2.0", "3.0"),
        ('ADD "a", "b"', '"ab"'),
        ("DIV -7, 2", "-3"),
        ("MOD -7, 2", "-1"),
        ("DIV 7, 2.0", "3.5"),
        ("EQ 1, true", "false"),
        ("EQ 1, 1.0", "true"),
        ('OR "", "x"', "true"),
        ("NOT empty", "true"),
        ("NEG 0.0", "-0.0"),
        ('LT "a", "b"', "true"),
        ("LTE 2, 1.5", "false"),
        ("CONCAT_STR 1.0, true", '"1true"'),
        ("CAST 2.0 [int]", "2"),
        ("CAST 1e+23 [string]", '"99999999999999991611392"'),
        ("CHECK_TYPE 1.5 [float]", "true"),
        ('STR_LEN "\\u00e9"', "2"),
        ("MUL 9007199254740993, 1", "9007199254740993"),
        ("EQ 9007199254740993, 9007199254740992.0", "true"),
    ],
)
def test_constants(instruction: str, result: str) -> None:
    assert shown(f"v0 = {instruction}") == result


@pytest.mark.parametrize(
    "instruction",
    [
        "ADD 9223372036854775807, 1",
        "DIV 1, 0",
        "MOD 1, 0.0",
        'ADD 1, "a"',
        "LT true, false",
        "NEG empty",
        "CAST 1.5 [int]",
        "STR_LEN 1",
        "NEG -9223372036854775808",
        "DIV -9223372036854775808, -1",
        "NEW_ARRAY -1",
        'DIV "a", 0',
    ],
)
def test_errors_stay(instruction: str) -> None:
    assert f"v0 = {instruction}" in after(
        "folding dead-code", f"b0:\n    v0 = {instruction}\n    halt\n"
    )


def test_a_nan_is_not_folded() -> None:
    assert shown('v0 = SUB f"7ff0000000000000", f"7ff0000000000000"') == "v0"


BOOL = 'v1 = LOAD_GLOBAL ["g"]\n    v2 = NOT v1'
INT = 'v1 = LOAD_GLOBAL ["g"]\n    v2 = CHECK_TYPE v1 [int]\n    v3 = NEW_ARRAY 3\n    v4 = ARRAY_LEN v3'


@pytest.mark.parametrize(
    ("instruction", "result"),
    [
        ("AND v2, true", "v2"),
        ("AND false, v2", "false"),
        ("OR v2, 0", "v2"),
        ('OR v2, "a"', "true"),
        ("AND v2, v2", "v2"),
        ("EQ v2, true", "v2"),
        ("NEQ v2, false", "v2"),
        ("CAST v2 [bool]", "v2"),
        ("CHECK_TYPE v2 [bool]", "true"),
        ("CHECK_TYPE v2 [int]", "false"),
        ("EQ v2, 1", "false"),
        ("EQ v2, v2", "true"),
        ("EQ v2, empty", "false"),
    ],
)
def test_identities_of_bools(instruction: str, result: str) -> None:
    assert shown(f"{BOOL}\n    v0 = {instruction}") == result


def test_not_changes_what_it_negates() -> None:
    assert "v0 = NEQ v1, 5" in after(
        "folding",
        """\
        b0:
            v1 = LOAD_GLOBAL ["g"]
            v2 = EQ v1, 5
            v0 = NOT v2
            DEBUG_PRINT v0
            halt
        """,
    )


def test_a_comparison_of_unknown_values_is_not_negated() -> None:
    """With a NaN neither of LT and GTE holds."""
    text = after(
        "folding",
        'b0:\n    v1 = LOAD_GLOBAL ["g"]\n    v2 = NOT v1\n    v3 = EQ v1, v1\n    DEBUG_PRINT v3\n    halt\n',
    )
    assert "v3 = EQ v1, v1" in text


LOOP = """\
b0:
    jump b1
b1:
    v0 = phi b0: 0, b2: v3
    v1 = LT v0, 3
    branch v1, b2, b3
b2:
    v2 = {instruction}
    DEBUG_PRINT v2
    v3 = ADD v0, 1
    jump b1
b3:
    halt
"""


@pytest.mark.parametrize(
    ("instruction", "folds"),
    [
        ("ADD v0, 0", True),
        ("ADD 0, v0", True),
        ("SUB v0, 0", True),
        ("MUL v0, 1", True),
        ("DIV v0, 1", True),
        ("MUL v0, 0", False),
        ("ADD v0, 0.0", False),
        ("SUB 0, v0", False),
        ("MUL v0, 1.0", False),
    ],
)
def test_identities_of_ints(instruction: str, folds: bool) -> None:
    """v0 is an int through the phi of a loop."""
    text = after("folding", LOOP.format(instruction=instruction))
    assert ("DEBUG_PRINT v0" in text) == folds


def test_identities_that_a_float_breaks() -> None:
    """0 + -0.0 is 0.0."""
    body = (
        'b0:\n    v1 = CAST 5 [float]\n    v2 = LOAD_GLOBAL ["g"]\n    v3 = CONCAT_STR v2, 1\n    v4 = STR_LEN v3\n'
        "    v5 = CAST v4 [float]\n    v0 = ADD v5, 0\n    v6 = SUB v5, 0\n    DEBUG_PRINT v0\n    DEBUG_PRINT v6\n    halt\n"
    )
    text = after("folding", body)
    assert "v0 = ADD v5, 0" in text
    assert "DEBUG_PRINT v5" in text


def test_a_branch_on_a_constant_is_a_jump_and_its_other_side_goes() -> None:
    assert after(
        "folding",
        """\
        b0:
            v0 = GT 2, 1
            branch v0, b1, b2
        b1:
            jump b3
        b2:
            jump b3
        b3:
            v1 = phi b1: 1, b2: 2
            DEBUG_PRINT v1
            halt
        """,
    ) == lines("""\
        b0:
        jump b1
        b1:
        jump b3
        b3:
        DEBUG_PRINT 1
        halt""").replace("DEBUG_PRINT 1", "v1 = phi b1: 1\nDEBUG_PRINT v1")


def test_a_branch_on_a_negation_goes_the_other_way() -> None:
    text = after(
        "folding",
        """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            v1 = NOT v0
            v2 = NOT v1
            v3 = NOT v2
            branch v3, b1, b2
        b1:
            DEBUG_PRINT 1
            halt
        b2:
            DEBUG_PRINT 2
            halt
        """,
    )
    assert "branch v0, b2, b1" in text


def test_the_length_of_an_array_that_is_made_here() -> None:
    text = after(
        "folding",
        """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            v1 = NEW_ARRAY 2
            v2 = ARRAY_SET v1, 0, v0
            v3 = ARRAY_LEN v2
            DEBUG_PRINT v3
            halt
        """,
    )
    assert "DEBUG_PRINT 2" in text


def test_printing_empty_prints_nothing() -> None:
    assert "DEBUG_PRINT" not in after("folding", "b0:\n    DEBUG_PRINT empty\n    halt\n")
