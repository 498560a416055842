"""Jump threading."""

from __future__ import annotations

from .running import after, lines


def test_blocks_in_a_row_are_one() -> None:
    assert after(
        "threading",
        """\
        b0:
            DEBUG_PRINT 1
            jump b1
        b1:
            DEBUG_PRINT 2
            jump b2
        b2:
            v0 = phi b1: 3
            DEBUG_PRINT v0
            halt
        """,
    ) == lines("""\
        b0:
        DEBUG_PRINT 1
        DEBUG_PRINT 2
        DEBUG_PRINT 3
        halt""")


def test_a_jump_through_an_empty_block_goes_where_that_goes() -> None:
    assert after(
        "threading",
        """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            branch v0, b1, b2
        b1:
            jump b3
        b2:
            DEBUG_PRINT 1
            jump b3
        b3:
            v1 = phi b1: 1, b2: 2
            return v1
        """,
    ) == lines("""\
        b0:
        v0 = LOAD_GLOBAL ["g"]
        branch v0, b3, b2
        b2:
        DEBUG_PRINT 1
        jump b3
        b3:
        v1 = phi b2: 2, b0: 1
        return v1""")


def test_an_empty_block_stays_where_two_edges_would_become_one_with_two_values() -> None:
    text = after(
        "threading",
        """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            branch v0, b1, b2
        b1:
            jump b3
        b2:
            jump b3
        b3:
            v1 = phi b1: 1, b2: 2
            return v1
        """,
    )
    assert "branch v0" in text
    assert "phi" in text


def test_a_branch_whose_sides_are_empty_is_a_jump() -> None:
    assert after(
        "threading",
        """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            branch v0, b1, b2
        b1:
            jump b3
        b2:
            jump b3
        b3:
            return v0
        """,
    ) == lines("""\
        b0:
        v0 = LOAD_GLOBAL ["g"]
        return v0""")


def test_a_decision_by_a_constant_phi_is_made_before() -> None:
    text = after(
        "threading",
        """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            branch v0, b1, b2
        b1:
            DEBUG_PRINT 1
            jump b3
        b2:
            v1 = NOT v0
            DEBUG_PRINT v1
            jump b3
        b3:
            v2 = phi b1: true, b2: v1
            branch v2, b4, b5
        b4:
            DEBUG_PRINT 4
            halt
        b5:
            DEBUG_PRINT 5
            halt
        """,
    )
    assert "b1:\nDEBUG_PRINT 1\njump b4" in text
    assert "branch v1, b4, b5" in text
