"""Tail calls."""

from __future__ import annotations

from pymdvm.compiler.mir.printing import print_function

from .running import module_after

GCD = """\
function "" "" ()
b0:
    v0 = CALL "gcd", 12, 18
    return v0
function "gcd" "gcd" (v0, v1)
b0:
    branch v1, b1, b2
b1:
    v2 = MOD v0, v1
    v3 = CALL "gcd", v1, v2
    return v3
b2:
    return v0
"""


def test_a_tail_call_is_a_loop() -> None:
    text = print_function(module_after("tail-calls", GCD).functions[1])
    assert (
        text
        == """\
function "gcd" "gcd" (v4, v5)
b3:
    jump b0
b0:
    v0 = phi b3: v4, b1: v1
    v1 = phi b3: v5, b1: v2
    branch v1, b1, b2
b1:
    v2 = MOD v0, v1
    jump b0
b2:
    return v0
"""
    )


def test_a_tail_call_does_not_overflow_the_stack() -> None:
    module_after(
        "tail-calls",
        """\
function "" "" ()
b0:
    v0 = CALL "count", 500
    return v0
function "count" "count" (v0)
b0:
    branch v0, b1, b2
b1:
    v1 = SUB v0, 1
    v2 = CALL "count", v1
    return v2
b2:
    return "done"
""",
    )


def test_a_call_whose_result_is_used_first_stays() -> None:
    module = module_after(
        "tail-calls",
        """\
function "" "" ()
b0:
    v0 = CALL "sum", 5
    return v0
function "sum" "sum" (v0)
b0:
    branch v0, b1, b2
b1:
    v1 = SUB v0, 1
    v2 = CALL "sum", v1
    v3 = ADD v2, v0
    return v3
b2:
    return 0
""",
    )
    assert any(instruction.opcode == "CALL" for instruction in module.functions[1].instructions())
