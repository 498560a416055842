"""Output: jumps, tables, metadata, and what does not fit."""

from __future__ import annotations

import pytest

from pymdvm.bytecode.codec import write
from pymdvm.bytecode.metadata import FunctionMetadata, Position, Variable
from pymdvm.compiler.mir.parsing import parse_module
from pymdvm.compiler.output import TooLarge, generate

from .vm import run_bytecode

ENTRY = 'function "" "" ()\n'


def test_a_block_without_instructions_leaves_no_jump() -> None:
    program = generate(
        parse_module(
            ENTRY
            + """
b0:
    v0 = LOAD_GLOBAL ["x"]
    branch v0, b1, b2
b1:
    jump b3
b2:
    DEBUG_PRINT v0
    jump b3
b3:
    halt
"""
        ),
        "published",
        True,
    ).program
    assert [instruction.name for instruction in program.instructions] == [
        "LOAD_GLOBAL",
        "JUMP_IF",
        "DEBUG_PRINT",
        "HALT",
    ]


def test_an_empty_loop_is_a_jump_to_itself() -> None:
    program = generate(
        parse_module(ENTRY + "b0:\n    jump b1\nb1:\n    jump b1\n"), "published", True
    ).program
    assert [(instruction.name, instruction.operands) for instruction in program.instructions][
        -1
    ] == ("JUMP", (-1,))


def test_functions_are_in_the_table_but_for_the_program_itself() -> None:
    program = generate(
        parse_module(ENTRY + 'b0:\n    halt\n\nfunction "f" "f" ()\nb0:\n    return 1\n'),
        "published",
        True,
    ).program
    assert [(function.name, function.target) for function in program.functions] == [("f", 1)]


def test_metadata_leads_back_to_the_source() -> None:
    text = (
        ENTRY
        + """
b0:
    v0 = CALL "f()", 5 at 9:1
    halt

function "f()" "f" (v0) at 1:1
variables v0 "n", v1 "m"
b0:
    v1 = ADD v0, v0 at 3:5
    v2 = MUL v1, v1 at 4:7
    return v2
"""
    )
    generated = generate(parse_module(text), "published", True, "dir/file.md")
    metadata = generated.metadata
    assert metadata.source == "dir/file.md"
    assert metadata.functions == (
        FunctionMetadata("the program", 0, 4, (), ()),
        FunctionMetadata("f", 4, 7, ("n",), (Variable("n", 0, 4, 5), Variable("m", 0, 5, 6))),
    )
    assert metadata.positions == (Position(0, 9, 1), Position(4, 3, 5), Position(5, 4, 7))


def test_too_many_constants_are_an_error_with_its_place() -> None:
    lines = [f"    DEBUG_PRINT {number} at {number + 1}:3" for number in range(65537)]
    module = parse_module(ENTRY + "b0:\n" + "\n".join(lines) + "\n    halt\n")
    with pytest.raises(TooLarge) as raised:
        generate(module, "published", True)
    assert raised.value.place == (65537, 3)
    assert "65536 constants" in raised.value.text


def test_assertions_and_scopes() -> None:
    text = (
        ENTRY
        + """
b0:
    SCOPE_ENTER [1]
    v0 = ADD 1, 2
    ASSERT v0 [range "too large" 0 2]
    SCOPE_EXIT [1]
    return v0
"""
    )
    assert (
        run_bytecode(write(generate(parse_module(text), "mdvm", True).program)).error
        == "Assertion failed: too large"
    )


def test_phis_without_optimisation_for_mdvm_only() -> None:
    text = (
        ENTRY
        + """
b0:
    jump b1
b1:
    v0 = phi b0: 1, b2: v1
    v1 = phi b0: 2, b2: {other}
    v2 = phi b0: 0, b2: v4
    v3 = LT v2, 3
    branch v3, b2, b3
b2:
    v4 = ADD v2, 1
    jump b1
b3:
    v5 = MUL v0, 10
    v6 = ADD v5, v1
    return v6
"""
    )
    for other, value in (("v2", "Int(12)"), ("v0", "Int(21)")):
        for target, optimising in (("mdvm", False), ("mdvm", True), ("published", False)):
            program = generate(parse_module(text.format(other=other)), target, optimising).program
            phis = sum(instruction.name == "PHI" for instruction in program.instructions)
            # Two phis that exchange their values cannot be done one after the other.
            assert phis == (3 if target == "mdvm" and not optimising and other == "v2" else 0)
            assert run_bytecode(write(program)).value == value
