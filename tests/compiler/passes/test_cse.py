"""Common subexpressions."""

from __future__ import annotations

from .running import after


def test_the_second_of_two_equal_instructions_goes() -> None:
    text = after(
        "common",
        """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            v1 = CONCAT_STR v0, 1
            v2 = CONCAT_STR v0, 1
            v3 = EQ v1, v2
            v4 = EQ v2, v1
            DEBUG_PRINT v3
            DEBUG_PRINT v4
            halt
        """,
    )
    assert text.count("CONCAT_STR") == 1
    assert text.count("EQ v1, v1") == 1


def test_what_a_dominator_has_computed_is_known() -> None:
    text = after(
        "common",
        """\
        b0:
            v0 = NEW_ARRAY 2
            v1 = ARRAY_LEN v0
            branch v1, b1, b2
        b1:
            v2 = ARRAY_LEN v0
            DEBUG_PRINT v2
            jump b2
        b2:
            v3 = ARRAY_LEN v0
            return v3
        """,
    )
    assert text.count("ARRAY_LEN") == 1


def test_what_only_one_path_has_computed_is_not() -> None:
    text = after(
        "common",
        """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            branch v0, b1, b2
        b1:
            v1 = CONCAT_STR v0, v0
            DEBUG_PRINT v1
            jump b3
        b2:
            v2 = CONCAT_STR v0, v0
            DEBUG_PRINT v2
            jump b3
        b3:
            v3 = CONCAT_STR v0, v0
            return v3
        """,
    )
    assert text.count("CONCAT_STR") == 3


def test_an_operation_that_may_fail_is_done_once() -> None:
    """Where the first one fails, the second is not reached."""
    text = after(
        "common",
        """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            v1 = ADD v0, 1
            v2 = ADD v0, 1
            return v2
        """,
    )
    assert text.count("ADD") == 1


def test_what_differs_in_more_than_the_operands_stays() -> None:
    text = after(
        "common",
        """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            v1 = CHECK_TYPE v0 [int]
            v2 = CHECK_TYPE v0 [bool]
            v3 = NEW_ARRAY 1
            v4 = NEW_ARRAY 1
            STORE_GLOBAL 5 ["g"]
            v5 = LOAD_GLOBAL ["g"]
            v6 = CONCAT_STR 1, 1.0
            v7 = CONCAT_STR 1, true
            DEBUG_PRINT v1
            DEBUG_PRINT v2
            DEBUG_PRINT v3
            DEBUG_PRINT v4
            DEBUG_PRINT v6
            DEBUG_PRINT v7
            return v5
        """,
    )
    for opcode in ("CHECK_TYPE", "NEW_ARRAY", "LOAD_GLOBAL", "CONCAT_STR"):
        assert text.count(opcode) == 2


LOOP = """\
b0:
    jump b1
b1:
    v0 = phi b0: 0, b1: v2
    v1 = phi b0: {start}, b1: v3
    v2 = ADD v0, 1
    DEBUG_PRINT v1
    v3 = {step}
    v4 = LT v2, 3
    branch v4, b1, b2
b2:
    return v3
"""


def test_two_counters_in_step_are_one() -> None:
    text = after("common", LOOP.format(start=0, step="ADD v1, 1"))
    assert text.count("phi") == 1
    assert text.count("ADD") == 1


def test_counters_that_differ_stay() -> None:
    for start, step in (
        ("1", "ADD v1, 1"),
        ("0", "ADD v1, 2"),
        ("0", "ADD v0, 1"),
        ("0", "SUB v1, 1"),
        ("0.0", "ADD v1, 1"),
    ):
        assert after("common", LOOP.format(start=start, step=step)).count("phi") == 2
