"""Sinking: what only one side of a branch needs is computed on that side."""

from __future__ import annotations

from .running import after, lines


def test_what_one_side_needs_goes_there() -> None:
    assert after(
        "sinking",
        """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            v1 = CHECK_TYPE v0 [string]
            v2 = EQ v0, 1
            v3 = NOT v1
            branch v2, b1, b2
        b1:
            return v3
        b2:
            return v0
        """,
    ) == lines("""\
        b0:
        v0 = LOAD_GLOBAL ["g"]
        v2 = EQ v0, 1
        branch v2, b1, b2
        b1:
        v1 = CHECK_TYPE v0 [string]
        v3 = NOT v1
        return v3
        b2:
        return v0""")


def test_what_only_a_phi_on_one_way_needs_goes_on_that_way() -> None:
    assert after(
        "sinking threading",
        """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            v1 = EQ v0, 1
            v2 = NOT v0
            branch v1, b1, b2
        b1:
            DEBUG_PRINT v0
            jump b2
        b2:
            v3 = phi b0: v2, b1: 7
            return v3
        """,
    ) == lines("""\
        b0:
        v0 = LOAD_GLOBAL ["g"]
        v1 = EQ v0, 1
        branch v1, b1, b3
        b1:
        DEBUG_PRINT v0
        jump b2
        b2:
        v3 = phi b1: 7, b3: v2
        return v3
        b3:
        v2 = NOT v0
        jump b2""")


def test_what_may_fail_acts_or_is_needed_on_both_sides_stays() -> None:
    body = """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            v1 = EQ v0, 1
            v2 = ADD v0, 1
            v3 = NOT v0
            v4 = LOAD_GLOBAL ["h"]
            branch v1, b1, b2
        b1:
            v5 = EQ v2, v4
            return v5
        b2:
            v6 = EQ v3, v0
            return v6
        """
    wanted = """\
        b0:
        v0 = LOAD_GLOBAL ["g"]
        v1 = EQ v0, 1
        v2 = ADD v0, 1
        v4 = LOAD_GLOBAL ["h"]
        branch v1, b1, b2
        b1:
        v5 = EQ v2, v4
        return v5
        b2:
        v3 = NOT v0
        v6 = EQ v3, v0
        return v6"""
    assert after("sinking", body) == lines(wanted)
    both = body.replace("EQ v2, v4", "EQ v3, v4")
    assert "v3 = NOT v0\nv4 = LOAD_GLOBAL" in after("sinking", both)


def test_nothing_goes_into_a_loop() -> None:
    body = """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            v1 = NOT v0
            jump b1
        b1:
            v2 = phi b0: 0, b2: v4
            v3 = LT v2, 3
            branch v3, b2, b3
        b2:
            DEBUG_PRINT v1
            v4 = ADD v2, 1
            jump b1
        b3:
            halt
        """
    assert after("sinking", body) == lines("\n".join(line.strip() for line in body.splitlines()))
