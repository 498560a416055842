"""The checker accepts well-formed modules and says what is wrong with the others."""

from __future__ import annotations

import pytest

from pymdvm.compiler.mir.checker import MirError, check_module
from pymdvm.compiler.mir.parsing import parse_module

HEADER = 'function "" "" ()\n'

LOOP = (
    HEADER
    + """\
b0:
    jump b1
b1:
    v0 = phi b0: 0, b2: v2
    v1 = LT v0, 10
    branch v1, b2, b3
b2:
    v2 = ADD v0, 1
    jump b1
b3:
    v3 = CALL "f", v0
    return v3

function "f" "f" (v0)
b0:
    v1 = ARRAY_LEN v0
    return v1
"""
)


def test_a_well_formed_module_is_accepted() -> None:
    check_module(parse_module(LOOP))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "b0:\n    v0 = NOT v0\n    halt",
            "the use of v0 is not dominated by its definition in b0",
        ),
        ("b0:\n    v0 = NOT v1\n    v1 = NOT 1\n    halt", "the use of v1 is not dominated"),
        ("b0:\n    return v7", "v7 is used and never defined"),
        ("b0:\n    v0 = NOT 1\n    v0 = NOT 2\n    halt", "v0 is defined twice"),
        (
            "b0:\n    v0 = NOT 1\n    branch v0, b1, b2\nb1:\n    v1 = NOT 1\n    jump b2\nb2:\n    return v1",
            "the use of v1 is not dominated by its definition in b1",
        ),
        (
            "b0:\n    v0 = NOT 1\n    branch v0, b1, b2\nb1:\n    jump b2\nb2:\n    v1 = phi b0: 1\n    return v1",
            "the phi v1 has operands for ['b0'], the predecessors are ['b0', 'b1']",
        ),
        (
            "b0:\n    branch true, b1, b2\nb1:\n    v0 = NOT 1\n    jump b2\nb2:\n    v1 = phi b0: v0, b1: v0\n    return v1",
            "the use of v0 is not dominated",
        ),
        ("b0:\n    branch true, b1, b1\nb1:\n    halt", "both targets of its branch are b1"),
        ("b0:\n    jump b9", "goes to b9, which does not exist"),
        ("b0:\n    halt\nb1:\n    halt", "block b1: cannot be reached"),
        ("b0:\n    jump b0", "is the entry and has a predecessor"),
        ("b0:\n    v0 = ADD 1\n    halt", "v0 = ADD 1 has 1 operands"),
        ("b0:\n    ADD 1, 2\n    halt", "ADD 1, 2 must have a result"),
        ("b0:\n    v0 = DEBUG_PRINT 1\n    halt", "must not have a result"),
        ("b0:\n    v0 = LOAD_GLOBAL\n    halt", "LOAD_GLOBAL cannot have the detail None"),
        ("b0:\n    v0 = NOT 1 [3]\n    halt", "NOT cannot have the detail 3"),
        ("b0:\n    v0 = NOT 1\n    v1 = LOAD_CONST v0\n    halt", "LOAD_CONST loads a constant"),
        ('b0:\n    v0 = CALL "g"\n    halt', "CALL of 'g', which is no function"),
        ("b0:\n    v0 = CALL\n    halt", "v0 = CALL has 0 operands"),
    ],
)
def test_what_is_wrong_is_named(body: str, message: str) -> None:
    with pytest.raises(MirError) as caught:
        check_module(parse_module(HEADER + body))
    assert message in str(caught.value)


def test_a_call_has_as_many_arguments_as_the_function_has_parameters() -> None:
    with pytest.raises(MirError, match="CALL of 'f' with 2 arguments"):
        check_module(parse_module(LOOP.replace('CALL "f", v0', 'CALL "f", v0, v0')))


def test_two_functions_have_two_names() -> None:
    with pytest.raises(MirError, match="two functions have the same name"):
        check_module(parse_module(HEADER + "b0:\n    halt\n" + HEADER + "b0:\n    halt\n"))
