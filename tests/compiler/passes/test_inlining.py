"""Inlining."""

from __future__ import annotations

from .running import after, lines, module_after

CALLEE = """\
function "double" "double" (v0)
b0:
    v1 = ADD v0, v0 at 9:1
    return v1
"""

CHOICE = """\
function "choice" "choice" (v0)
b0:
    branch v0, b1, b2
b1:
    v1 = NOT v0
    return v1
b2:
    return 7
"""


def test_a_call_of_one_block_becomes_its_instructions() -> None:
    assert after(
        "inlining",
        """\
function "" "" ()
b0:
    v0 = CALL "double", 3 at 4:1
    v1 = CALL "double", v0
    DEBUG_PRINT v1
    halt
"""
        + CALLEE,
    ) == lines("""\
        b0:
        v2 = ADD 3, 3 at 9:1 in "double" from 4:1
        v3 = ADD v2, v2 at 9:1 in "double" from 0:0
        DEBUG_PRINT v3
        halt""")


def test_a_call_of_several_blocks_becomes_blocks_and_a_phi() -> None:
    text = after(
        "inlining",
        """\
function "" "" ()
b0:
    v0 = LOAD_GLOBAL ["g"]
    v1 = CALL "choice", v0
    branch v1, b1, b2
b1:
    v2 = CALL "choice", 1
    DEBUG_PRINT v2
    jump b2
b2:
    v3 = phi b0: v1, b1: v2
    return v3
"""
        + CHOICE,
    )
    assert "CALL" not in text
    assert text.count("phi") == 3


def test_callees_come_before_callers() -> None:
    module = module_after(
        "inlining",
        """\
function "" "" ()
b0:
    v0 = CALL "outer", 1
    return v0
function "outer" "outer" (v0)
b0:
    v1 = CALL "double", v0
    return v1
"""
        + CALLEE,
    )
    assert not any(
        instruction.opcode == "CALL"
        for function in module.functions
        for instruction in function.instructions()
    )


def test_a_function_that_calls_itself_stays() -> None:
    assert 'CALL "count"' in after(
        "inlining",
        """\
function "" "" ()
b0:
    v0 = CALL "count", 3
    return v0
function "count" "count" (v0)
b0:
    branch v0, b1, b2
b1:
    v1 = SUB v0, 1
    v2 = CALL "count", v1
    return v2
b2:
    return 0
""",
    )


def _large(name: str) -> str:
    body = "".join(f"    v{number} = ADD v{number - 1}, 1\n" for number in range(1, 40))
    return f'function "{name}" "{name}" (v0)\nb0:\n{body}    return v39\n'


def test_a_large_function_is_inlined_only_where_it_is_called_once() -> None:
    once = 'function "" "" ()\nb0:\n    v0 = CALL "large", 1\n    return v0\n'
    twice = 'function "" "" ()\nb0:\n    v0 = CALL "large", 1\n    v1 = CALL "large", 2\n    return v0\n'
    assert "CALL" not in after("inlining", once + _large("large"))
    assert after("inlining", twice + _large("large")).count("CALL") == 2


def test_an_error_in_an_inlined_function_stays() -> None:
    entry = 'function "" "" ()\nb0:\n    DEBUG_PRINT 1\n    v0 = CALL "double", true\n    halt\n'
    module_after("inlining folding dead-code", entry + CALLEE)
