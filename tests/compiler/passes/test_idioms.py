"""Remainders and squares that are written out."""

from __future__ import annotations

import pytest

from .running import after

# v1 and v2 are ints: lengths of texts.
START = """\
b0:
    v0 = CAST "abcdefg" [string]
    v1 = STR_LEN v0
    v2 = STR_LEN "abc"
"""


def instructions(body: str) -> list[str]:
    text = after(
        "idioms dead-code",
        START + "\n".join("    " + line for line in body.splitlines()) + "\n    halt\n",
    )
    return [
        line for line in text.splitlines()[1:-1] if not line.startswith(("v0 =", "v1 =", "v2 ="))
    ]


@pytest.mark.parametrize("product", ["v3, v2", "v2, v3"])
def test_a_remainder_that_is_written_out(product: str) -> None:
    assert instructions(
        f"v3 = DIV v1, v2\nv4 = MUL {product}\nv5 = SUB v1, v4\nDEBUG_PRINT v5"
    ) == ["v3 = MOD v1, v2", "DEBUG_PRINT v3"]


def test_a_test_for_a_multiple() -> None:
    assert instructions("v3 = DIV v1, 2\nv4 = MUL v3, 2\nv5 = EQ v4, v1\nDEBUG_PRINT v5") == [
        "v3 = MOD v1, 2",
        "v5 = EQ v3, 0",
        "DEBUG_PRINT v5",
    ]


def test_a_quotient_that_is_needed_stays() -> None:
    assert instructions(
        "v3 = DIV v1, v2\nv4 = MUL v3, v2\nv5 = SUB v1, v4\nDEBUG_PRINT v5\nDEBUG_PRINT v3"
    ) == ["v3 = DIV v1, v2", "v4 = MOD v1, v2", "DEBUG_PRINT v4", "DEBUG_PRINT v3"]


@pytest.mark.parametrize(
    "body",
    [
        "v3 = DIV v1, v2\nv4 = MUL v3, v2\nv5 = SUB v1, v4\nDEBUG_PRINT v5\nDEBUG_PRINT v4",
        "v3 = DIV v1, v2\nv4 = MUL v3, v1\nv5 = SUB v1, v4\nDEBUG_PRINT v5",
        "v3 = DIV v1, v2\nv4 = MUL v3, v2\nv5 = SUB v4, v1\nDEBUG_PRINT v5",
        "v3 = DIV v1, 2.0\nv4 = MUL v3, 2.0\nv5 = SUB v1, v4\nDEBUG_PRINT v5",
    ],
)
def test_what_only_looks_like_a_remainder_stays(body: str) -> None:
    assert instructions(body) == body.splitlines()


def test_an_unknown_value_may_be_a_float() -> None:
    body = 'v6 = LOAD_GLOBAL ["g"]\nv7 = CAST v6 [bool]\nv3 = DIV v6, 2\nv4 = MUL v3, 2\nv5 = SUB v6, v4\nDEBUG_PRINT v5'
    assert "MOD" not in "\n".join(instructions(body))


@pytest.mark.parametrize(
    "body", ["v3 = SUB v2, 3\nv4 = DIV v1, v3\nv5 = MUL v4, v3\nv6 = SUB v1, v5\nDEBUG_PRINT v6"]
)
def test_the_error_stays(body: str) -> None:
    assert "MOD v1, v3" in "\n".join(instructions(body))


def test_a_square_of_a_number() -> None:
    assert instructions("v3 = MUL v1, 2\nv4 = MUL v1, v1\nDEBUG_PRINT v4") == [
        "v4 = MUL v1, v1",
        "DEBUG_PRINT v4",
    ]


def test_a_square_of_what_may_be_no_number() -> None:
    body = 'v3 = LOAD_GLOBAL ["g"]\nv4 = MUL v3, 2\nv5 = MUL v3, v3\nDEBUG_PRINT v5'
    assert instructions(body) == body.splitlines()
