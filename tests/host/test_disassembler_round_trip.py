"""Disassembly is assembler text for the same program, and one that a person can read."""

from __future__ import annotations

from hypothesis import given

from mdvm import opcodes
from mdvm.debugging.disassembler import disassemble, disassemble_instruction
from mdvm.loading.loader import load_module
from pymdvm.assembler import assemble
from pymdvm.bytecode import Builder, Constant, Instruction, Label, Program, read, write
from tests.host.made_programs import conformance_files, programs


def listing(program: Program) -> str:
    """The listing of a program, which the VM gives one byte a character."""
    return (
        str(disassemble(load_module(write(program).decode("latin-1"))))
        .encode("latin-1")
        .decode("utf-8")
    )


def lines(program: Program) -> list[str]:
    """The lines of a listing after the .name, without comments and empty lines."""
    without_comments = [line.split(";")[0].strip() for line in listing(program).splitlines()]
    return [" ".join(line.split()) for line in without_comments if line][1:]


def test_every_conformance_file_that_loads() -> None:
    compared = 0
    for name, data, load_error in conformance_files():
        if load_error is None:
            module = load_module(data.decode("latin-1"))
            text = disassemble(module).encode("latin-1").decode("utf-8")
            assert assemble(text) == read(data), name
            compared += 1
    assert compared > 1000


@given(programs)
def test_any_program(program: Program) -> None:
    assert assemble(listing(program)) == program


@given(programs)
def test_the_line_of_a_single_instruction_assembles_without_the_others(program: Program) -> None:
    module = load_module(write(program).decode("latin-1"))
    for index, instruction in enumerate(program.instructions):
        line = disassemble_instruction(module, index)
        assert "\n" not in line
        # Jumps and phis name instructions by their index, so only the place of the line matters.
        assembled = assemble(f".version {program.version}\n" + "NOP\n" * index + line)
        assert without_constants(assembled.instructions[index]) == without_constants(instruction)


def without_constants(instruction: Instruction) -> list[object]:
    """The opcode and the operands but for constants, whose index depends on the rest of the
    program.
    """
    operands = opcodes.OPCODES[instruction.opcode].operands
    return [
        instruction.opcode,
        *[
            value
            for operand, value in zip(operands, instruction.operands)
            if operand.kind not in (opcodes.CONSTANT, opcodes.NAME, opcodes.MESSAGE)
        ],
    ]


def test_a_listing() -> None:
    builder = Builder("count")
    builder.function("main")
    builder.load_constant(0, "Count to")
    builder.load_constant(1, 3)
    builder.emit("CALL", 0, 2, (1, 1))
    builder.emit("RETURN", 2)
    builder.function("Count to")
    builder.load_constant(2, 1)
    loop = builder.here()
    builder.emit("SUB", 0, 0, 2)
    jump = builder.here()
    builder.emit("JUMP_IF", 0, loop)
    sources: list[tuple[int, int | Label]] = [(0, jump), (2, 9999)]
    builder.emit("PHI", 3, sources)
    builder.emit("ASSERT", 0, 2, "must be 0", (0, 0))
    assert (
        listing(builder.build())
        == """\
.name "count"

.func main
    LOAD_CONST    r0, "Count to"            ; 0
    LOAD_CONST    r1, 3                     ; 1
    CALL          r2, r0(r1, r1)            ; 2
    RETURN        r2                        ; 3

.func "Count to"
    LOAD_CONST    r2, 1                     ; 4
L0:
    SUB           r0, r0, r2                ; 5
L1:
    JUMP_IF       r0, L0                    ; 6
    PHI           r3, [r0 from L1, r2 from @9999] ; 7
    ASSERT        r0, range 0..0, "must be 0" ; 8
"""
    )


def test_a_single_instruction() -> None:
    builder = Builder()
    builder.emit("JUMP", 0)
    builder.load_constant(1, "a\n")
    builder.emit("CALL", 1, 2, ())
    builder.emit("JUMP", -100)
    builder.emit("LOAD_CONST", 1, 9)
    module = load_module(builder.to_bytes().decode("latin-1"))
    assert [disassemble_instruction(module, index) for index in range(5)] == [
        "JUMP @1",
        'LOAD_CONST r1, "a\\n"',
        "CALL r2, r1()",
        "JUMP -100",
        "LOAD_CONST r1, #9",
    ]


def test_a_pool_that_the_instructions_would_not_restore_is_written_out() -> None:
    builder = Builder()
    builder.append_constant(5)
    builder.append_constant(5)
    builder.append_constant("unused")
    builder.emit("LOAD_CONST", 0, 1)
    builder.emit("LOAD_CONST", 0, 0)
    assert lines(builder.build()) == [
        ".pool 5",
        ".pool 5",
        '.pool "unused"',
        "LOAD_CONST r0, #1",
        "LOAD_CONST r0, 5",
    ]


def test_a_constant_that_is_not_as_it_should_be_is_explained() -> None:
    builder = Builder()
    builder.emit("LOAD_CONST", 0, 7)
    builder.emit("LOAD_GLOBAL", 0, builder.constant(5))
    text = listing(builder.build())
    assert "LOAD_CONST    r0, #7                    ; 0, #7 does not exist\n" in text
    assert "LOAD_GLOBAL   r0, #0                    ; 1, #0 is 5\n" in text


def test_functions_in_disorder_stand_at_the_top() -> None:
    builder = Builder()
    builder.emit("NOP")
    builder.emit("NOP")
    builder.function("last", 2)
    builder.function("first", 0)
    assert lines(builder.build()) == [
        ".func last, L1",
        ".func first, L0",
        "L0:",
        "NOP",
        "NOP",
        "L1:",
    ]


def test_functions_without_a_place_and_with_a_repeated_name() -> None:
    builder = Builder()
    builder.function("f")
    builder.function("nowhere", 2**32 - 1)
    builder.function("f", 0)
    builder.emit("NOP")
    assert lines(builder.build()) == [
        ".func f",
        ".func nowhere, @4294967295",
        ".func f, L0",
        "L0:",
        "NOP",
    ]


def test_jumps_to_the_end_and_beyond() -> None:
    builder = Builder()
    builder.emit("JUMP", 1)
    builder.emit("JUMP", 1)
    assert lines(builder.build()) == ["JUMP L0", "JUMP +1", "L0:"]


def test_a_header_of_its_own_and_odd_instructions() -> None:
    builder = Builder(version=7, flags=0)
    builder.emit("RETURN", (200, 3))
    builder.emit("DEFINE", 0, 300)
    builder.load_constant(0, Constant.float_bits(0x7FF8000000000000))
    builder.load_constant(0, Constant.float_bits(0xFFF8000000000001))
    builder.load_constant(0, -0.0)
    assert lines(builder.build()) == [
        ".version 7",
        ".flags 0",
        "RETURN r3 has 200",
        "DEFINE r0, 300",
        "LOAD_CONST r0, nan",
        "LOAD_CONST r0, float:0xfff8000000000001",
        "LOAD_CONST r0, -0.0",
    ]


def test_an_empty_program() -> None:
    assert listing(Program()) == '.name "__main__"\n\n'
    assert assemble(listing(Program())) == Program()


def test_a_program_too_long_for_the_labels_of_a_phi() -> None:
    program = Program(instructions=(Instruction(40, ()),) * 70000 + (Instruction(22, (-1,)),))
    assert assemble(listing(program)) == program
