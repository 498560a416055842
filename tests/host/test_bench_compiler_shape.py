"""The compiler's shape of a program: what it looks like, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.compiler_shape import CannotShape, compiler_shaped, listing, main
from mdvm import opcodes
from pymdvm.assembler import assemble
from pymdvm.bytecode import Program


def shaped(text: str) -> list[str]:
    """The lines of the new program, with single spaces and without comments."""
    lines = [
        " ".join(line.partition(";")[0].split())
        for line in listing(compiler_shaped(assemble(text))).splitlines()
    ]
    return [line for line in lines if line and not line.startswith(".name")]


def test_operands_are_copied_and_results_moved() -> None:
    assert shaped("ADD r0, r0, r1\nRETURN r0") == [
        "MOVE r3, r0",
        "MOVE r4, r1",
        "ADD r2, r3, r4",
        "MOVE r0, r2",
        "MOVE r5, r0",
        "RETURN r5",
    ]


def test_a_store_goes_through_a_copy() -> None:
    assert shaped("ARRAY_SET r0, r1, r2\nDICT_CLEAR r0\nHALT") == [
        "MOVE r3, r0",
        "MOVE r4, r1",
        "MOVE r5, r2",
        "ARRAY_SET r3, r4, r5",
        "MOVE r0, r3",
        "MOVE r6, r0",
        "DICT_CLEAR r6",
        "MOVE r0, r6",
        "HALT",
    ]


def test_a_constant_is_loaded_at_each_use_and_a_variable_is_not() -> None:
    assert shaped("LOAD_CONST r0, 1\nLOAD_CONST r1, 7\nADD r1, r1, r0\nRETURN r0") == [
        "LOAD_CONST r2, 7",
        "MOVE r1, r2",
        "MOVE r4, r1",
        "LOAD_CONST r5, 1",
        "ADD r3, r4, r5",
        "MOVE r1, r3",
        "LOAD_CONST r6, 1",
        "RETURN r6",
    ]


def test_jumps_lead_to_jumps() -> None:
    assert shaped("again:\nJUMP_IF r0, again\nJUMP again") == [
        "L0:",
        "MOVE r1, r0",
        "JUMP_IF r1, L2",
        "JUMP L1",
        "L1:",
        "JUMP L3",
        "L2:",
        "JUMP L0",
        "L3:",
        "JUMP L0",
    ]


def test_the_name_of_a_function_is_loaded_before_each_call_and_an_argument_is_no_constant() -> None:
    text = """
    .func main
        LOAD_CONST r0, "f"
        CALL r1, r0(r1)
        CALL r1, r0(r1)
        RETURN r1
    .func f
        JUMP_IF r0, done
        LOAD_CONST r0, 5
    done:
        RETURN r0
    """
    lines = shaped(text)
    assert lines.count('LOAD_CONST r2, "f"') == 1
    assert sum('"f"' in line and "LOAD_CONST" in line for line in lines) == 2
    function = lines[lines.index(".func f") :]
    assert "LOAD_CONST r2, 5" in function and "MOVE r0, r2" in function


def test_when_the_registers_run_out_the_temporaries_begin_again() -> None:
    text = "\n".join(["ADD r0, r0, r1"] * 200 + ["RETURN r0"])
    program = compiler_shaped(assemble(text))
    registers = [
        operand
        for instruction in program.instructions
        if instruction.name == "ADD"
        for operand in instruction.operands
    ]
    assert max(registers) == 255
    assert min(registers) == 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("PHI r0, []\nHALT", "instruction 0 is a PHI"),
        ("DEFINE r0, url\nHALT", "instruction 0 is a DEFINE"),
        ("MOVE r0, r1", "the function at 0 runs into what follows it"),
        (
            ".func main\nJUMP inside\n.func f\ninside:\nHALT",
            "instruction 0 jumps out of its function",
        ),
        ("CALL r0, r1()\nHALT", "the CALL at 0 does not name its function by a constant"),
        (".func f\nHALT\n.func g\n", "the function at 1 is empty"),
    ],
)
def test_what_cannot_be_shaped_is_refused(text: str, problem: str) -> None:
    with pytest.raises(CannotShape, match=problem):
        compiler_shaped(assemble(text))


@st.composite
def straight_programs(draw: st.DrawFn) -> str:
    """Arithmetic on a few registers, some of which hold constants."""
    register = st.integers(0, 5).map("r{}".format)
    lines = [f"LOAD_CONST r{index}, {draw(st.integers(-50, 50))}" for index in range(6)]
    for _ in range(draw(st.integers(0, 20))):
        kind = draw(st.sampled_from(["ADD", "SUB", "LT", "EQ", "MOVE", "LOAD_CONST", "NOT"]))
        target = draw(register)
        if kind == "LOAD_CONST":
            lines.append(f"LOAD_CONST {target}, {draw(st.integers(-3, 3))}")
        elif kind in ("MOVE", "NOT"):
            lines.append(f"{kind} {target}, {draw(register)}")
        else:
            lines.append(f"{kind} {target}, {draw(register)}, {draw(register)}")
    return "\n".join([*lines, "RETURN r0"])


def result_of(program: Program) -> object:
    """What a program of the opcodes above gives; an error is a result too."""
    registers: dict[int, int] = {}
    for instruction in program.instructions:
        name, operands = instruction.name, instruction.operands
        if name == "RETURN":
            _, register = operands[0]  # type: ignore[misc]
            return registers[register]  # type: ignore[index]
        target, *rest = operands
        assert isinstance(target, int)
        if name == "LOAD_CONST":
            registers[target] = program.constants[rest[0]].payload  # type: ignore[assignment,index]
            continue
        values = [registers[register] for register in rest]  # type: ignore[index]
        registers[target] = {
            "MOVE": lambda a: a,
            "NOT": lambda a: int(not a),
            "ADD": lambda a, b: a + b,
            "SUB": lambda a, b: a - b,
            "LT": lambda a, b: int(a < b),
            "EQ": lambda a, b: int(a == b),
        }[name](*values)  # type: ignore[operator]
    raise AssertionError("no RETURN")


@given(straight_programs())
def test_the_results_stay_the_same(text: str) -> None:
    program = assemble(text)
    assert result_of(compiler_shaped(program)) == result_of(program)


def test_every_instruction_of_a_shaped_program_uses_temporaries_only_once() -> None:
    program = compiler_shaped(assemble("ADD r0, r1, r2\nMUL r0, r0, r1\nRETURN r0"))
    written = [
        value
        for instruction in program.instructions
        for operand, value in zip(
            opcodes.OPCODES[instruction.opcode].operands, instruction.operands
        )
        if operand.kind == opcodes.WRITE and isinstance(value, int) and value > 2
    ]
    assert len(written) == len(set(written))


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, output = tmp_path / "program.mdasm", tmp_path / "program.mdbc"
    source.write_text('.name "é"\nRETURN r0')
    assert main([str(source)]) == 0
    assert '.name "é"' in capsys.readouterr().out
    assert main([str(source), "-o", str(output)]) == 0
    assert output.read_bytes().startswith(b"MDBC")
