"""Copy propagation."""

from __future__ import annotations

from .running import after, lines


def test_moves_and_loaded_constants_are_what_they_copy() -> None:
    assert after(
        "copies",
        """\
        b0:
            v0 = LOAD_CONST 5
            v1 = MOVE v0
            v2 = MOVE v1
            DEBUG_PRINT v2
            return v1
        """,
    ) == lines("""\
        b0:
        DEBUG_PRINT 5
        return 5""")


def test_a_phi_of_one_value_is_that_value() -> None:
    text = after(
        "copies",
        """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            jump b1
        b1:
            v1 = phi b0: v0, b2: v2
            v2 = MOVE v1
            v3 = LT 1, 0
            branch v3, b2, b3
        b2:
            jump b1
        b3:
            return v2
        """,
    )
    assert "phi" not in text
    assert "return v0" in text


def test_phis_that_only_feed_each_other_go_together() -> None:
    text = after(
        "copies",
        """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            jump b1
        b1:
            v1 = phi b0: v0, b4: v2
            branch v0, b2, b3
        b2:
            jump b4
        b3:
            jump b4
        b4:
            v2 = phi b2: v0, b3: v0
            branch v2, b1, b5
        b5:
            return v1
        """,
    )
    assert "phi" not in text
    assert "return v0" in text


def test_a_phi_of_two_values_stays() -> None:
    assert "phi" in after(
        "copies",
        """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            branch v0, b1, b2
        b1:
            jump b2
        b2:
            v1 = phi b0: 1, b1: 2
            return v1
        """,
    )
