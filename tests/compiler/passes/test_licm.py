"""Loop-invariant code."""

from __future__ import annotations

import pytest

from .running import after

LOOP = """\
b0:
    v0 = LOAD_GLOBAL ["g"]
    v8 = LOAD_GLOBAL ["h"]
    jump b1
b1:
    v1 = phi b0: 0, b1: v3
    {before}
    v2 = {instruction}
    {after}
    v3 = ADD v1, 1
    v4 = LT v3, 3
    branch v4, b1, b2
b2:
    return v1
"""


def is_moved(
    instruction: str, before: str = "", following: str = "", opcode: str | None = None
) -> bool:
    text = after("invariants", LOOP.format(before=before, instruction=instruction, after=following))
    return f"v2 = {instruction}" in text.split("b1:")[0]


@pytest.mark.parametrize(
    "instruction",
    ["CONCAT_STR v0, v8", "EQ v0, 5", "NOT v0", 'LOAD_GLOBAL ["k"]', "CHECK_TYPE v0 [int]"],
)
def test_what_cannot_fail_moves(instruction: str) -> None:
    assert is_moved(instruction)
    assert is_moved(instruction, before="DEBUG_PRINT 1")


@pytest.mark.parametrize(
    "instruction", ["CONCAT_STR v0, v1", "EQ v1, 5", "NEW_ARRAY 3", "DICT_NEW"]
)
def test_what_changes_or_makes_a_container_stays(instruction: str) -> None:
    assert not is_moved(instruction)


def test_what_may_fail_moves_only_if_it_is_the_first_thing_that_happens() -> None:
    assert is_moved("ADD v0, 1")
    assert is_moved("ADD v0, 1", before="v7 = NOT v1")
    assert not is_moved("ADD v0, 1", before="DEBUG_PRINT 1")
    assert not is_moved("ADD v0, 1", before="v7 = SUB v1, v8")


def test_instructions_that_move_take_those_that_need_them_along() -> None:
    text = after(
        "invariants",
        LOOP.format(
            before="v5 = ADD v0, 1\n    v6 = MUL v5, 2", instruction="CONCAT_STR v6, v0", after=""
        ),
    )
    assert "v2 = CONCAT_STR v6, v0" in text.split("b1:")[0]


def test_a_global_moves_unless_the_loop_may_store_it() -> None:
    assert not is_moved('LOAD_GLOBAL ["k"]', following='STORE_GLOBAL v1 ["k"]')
    assert is_moved('LOAD_GLOBAL ["k"]', following='STORE_GLOBAL v1 ["other"]')


def test_a_block_that_the_first_turn_may_leave_out_keeps_what_may_fail() -> None:
    text = after(
        "invariants",
        """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            jump b1
        b1:
            v1 = phi b0: 0, b3: v3
            branch v1, b2, b3
        b2:
            v2 = SUB v0, v0
            v5 = NOT v0
            DEBUG_PRINT v5
            jump b3
        b3:
            v3 = ADD v1, 1
            v4 = LT v3, 1
            branch v4, b1, b4
        b4:
            return v1
        """,
    )
    assert "v2 = SUB v0, v0" in text.split("b2:")[1]
    assert "v5 = NOT v0" in text.split("b1:")[0]


def test_an_instruction_leaves_as_many_loops_as_it_can() -> None:
    text = after(
        "invariants",
        """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            jump b1
        b1:
            v1 = phi b0: 0, b3: v7
            jump b2
        b2:
            v2 = phi b1: 0, b2: v5
            v3 = CONCAT_STR v0, v0
            v4 = CONCAT_STR v1, v1
            v5 = ADD v2, 1
            v6 = LT v5, 2
            branch v6, b2, b3
        b3:
            v7 = ADD v1, 1
            v8 = LT v7, 2
            branch v8, b1, b4
        b4:
            DEBUG_PRINT v3
            DEBUG_PRINT v4
            halt
        """,
    )
    assert "v3 = CONCAT_STR v0, v0" in text.split("b1:")[0]
    assert "v4 = CONCAT_STR v1, v1" in text.split("b1:")[1].split("b2:")[0]
