"""The assembler: what a text means, what is wrong with one, and the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mdvm import opcodes
from pymdvm.assembler import AssemblyError, assemble, decode
from pymdvm.bytecode import Constant, Function, Instruction, Program, read
from tests.host.made_programs import TOP


def instruction(name: str, *operands: object) -> Instruction:
    return Instruction(opcodes.BY_NAME[name].number, operands)  # type: ignore[arg-type]


def constants_of(text: str) -> list[Constant]:
    return list(assemble(text).constants)


def problems_of(text: str) -> list[str]:
    """Each problem of a text that does not assemble, as LINE:COLUMN: MESSAGE."""
    with pytest.raises(AssemblyError) as caught:
        assemble(text)
    return str(caught.value).split("\n")


# What a text means


def test_a_program() -> None:
    program = assemble("""
; a comment
.name "demo"
.const LIMIT 30

.func main
    LOAD_CONST  r0, LIMIT      ; another comment
    LOAD_CONST  r1, "Fibonacci; no comment here"
    LOAD_CONST  r2, 30
    CALL        r3, r1(r0, r255)
loop: again:
    JUMP_IF     r3, done
    JUMP        loop
done:
    RETURN      r3
.func Fibonacci
    RETURN
""")
    assert program == Program(
        name="demo",
        constants=(Constant.of(30), Constant.of("Fibonacci; no comment here")),
        functions=(Function("main", 0), Function("Fibonacci", 7)),
        instructions=(
            instruction("LOAD_CONST", 0, 0),
            instruction("LOAD_CONST", 1, 1),
            instruction("LOAD_CONST", 2, 0),
            instruction("CALL", 1, 3, (0, 255)),
            instruction("JUMP_IF", 3, 1),
            instruction("JUMP", -2),
            instruction("RETURN", (1, 3)),
            instruction("RETURN", (0,)),
        ),
    )


@pytest.mark.parametrize(
    ("literal", "constant"),
    [
        ("0", Constant.of(0)),
        ("-7", Constant.of(-7)),
        ("+7", Constant.of(7)),
        ("1_000_000", Constant.of(1000000)),
        ("0xFF", Constant.of(255)),
        ("-0x10", Constant.of(-16)),
        ("9223372036854775807", Constant.of(2**63 - 1)),
        ("-9223372036854775808", Constant.of(-(2**63))),
        ("2.5", Constant.of(2.5)),
        ("-0.0", Constant.of(-0.0)),
        ("1e16", Constant.of(1e16)),
        ("1.5e-7", Constant.of(1.5e-7)),
        ("inf", Constant.of(float("inf"))),
        ("-inf", Constant.of(float("-inf"))),
        ("nan", Constant.float_bits(0x7FF8000000000000)),
        ("float:0x7ff0000000000001", Constant.float_bits(0x7FF0000000000001)),
        ("true", Constant.of(True)),
        ("false", Constant.of(False)),
        ("empty", Constant.of(None)),
        ('""', Constant.of("")),
        ('"naïve 😀"', Constant.of("naïve 😀")),
        (r'"\n\r\t\0\"\\"', Constant.of('\n\r\t\0"\\')),
        (r'"\u{1f600}\u{0}\u{10FFFF}"', Constant.of("\U0001f600\0\U0010ffff")),
    ],
)
def test_literals(literal: str, constant: Constant) -> None:
    assert constants_of(f"LOAD_CONST r0, {literal}") == [constant]
    assert constants_of(f".pool {literal}") == [constant]
    assert constants_of(f".const IT {literal}\nLOAD_CONST r0, IT") == [constant]


def test_named_constants_may_be_used_before_they_are_defined_and_need_not_be_used() -> None:
    assert constants_of("LOAD_CONST r0, B\n.const A 1\n.const B A\n") == [Constant.of(1)]


def test_the_pool() -> None:
    program = assemble(
        '.pool 1\n.pool 1\nLOAD_CONST r0, 1\nLOAD_CONST r0, #1\nLOAD_GLOBAL r0, #65535\nSTORE_GLOBAL r0, "x"\n'
    )
    assert program.constants == (Constant.of(1), Constant.of(1), Constant.of("x"))
    assert [instruction.operands[1] for instruction in program.instructions] == [0, 1, 65535, 2]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ADD r2, r1, r0", instruction("ADD", 2, 1, 0)),
        ("add r2,r1,r0", instruction("ADD", 2, 1, 0)),
        ("NOP", instruction("NOP")),
        ("CALL r2, r1()", instruction("CALL", 1, 2, ())),
        ("CALL r2, r1 ( r3 , r4 )", instruction("CALL", 1, 2, (3, 4))),
        ("RETURN", instruction("RETURN", (0,))),
        ("RETURN r9", instruction("RETURN", (1, 9))),
        ("RETURN r9 has 255", instruction("RETURN", (255, 9))),
        ("DEFINE r1, url", instruction("DEFINE", 1, 6)),
        ("CHECK_TYPE r1, r2, 99", instruction("CHECK_TYPE", 1, 2, 99)),
        ("SCOPE_ENTER 7", instruction("SCOPE_ENTER", 7)),
        ('ASSERT r1, truthy, "m"', instruction("ASSERT", 1, 0, 0, ())),
        ('ASSERT r1, not_empty, "m"', instruction("ASSERT", 1, 1, 0, ())),
        ('ASSERT r1, range -5..-1, "m"', instruction("ASSERT", 1, 2, 0, (-5, -1))),
        ("ASSERT r1, range 1 .. 10, #3", instruction("ASSERT", 1, 2, 3, (1, 10))),
        ("PHI r1, []", instruction("PHI", 1, ())),
        (
            "PHI r1, [r2 from @65535, r3 from here]\nhere:",
            instruction("PHI", 1, ((2, 65535), (3, 1))),
        ),
        ("JUMP +3", instruction("JUMP", 3)),
        ("JUMP -2147483648", instruction("JUMP", -(2**31))),
        ("JUMP @0", instruction("JUMP", -1)),
        ("JUMP end\nNOP\nend:", instruction("JUMP", 1)),
        ("ARRAY_SET r1, r2, r3", instruction("ARRAY_SET", 1, 2, 3)),
    ],
)
def test_instructions(line: str, expected: Instruction) -> None:
    assert assemble(line).instructions[0] == expected


def test_every_opcode_has_a_text_form() -> None:
    by_kind = {
        opcodes.CONSTANT: "1",
        opcodes.NAME: '"n"',
        opcodes.MESSAGE: '"m"',
        opcodes.TYPE: "int",
        opcodes.SCOPE: "1",
        opcodes.JUMP_DISTANCE: "+0",
        opcodes.CONDITION: "truthy",
        opcodes.SOURCES: "[r1 from @0]",
    }
    for opcode in opcodes.OPCODES:
        operands = [
            by_kind.get(operand.kind, "r1")
            for operand in opcode.operands
            if operand.kind not in (opcodes.RANGE, opcodes.ARGUMENTS)
        ]
        call = "()" if opcode.operands and opcode.operands[-1].kind == opcodes.ARGUMENTS else ""
        program = assemble(f".version {opcode.version}\n{opcode.name} {', '.join(operands)}{call}")
        assert [instruction.opcode for instruction in program.instructions] == [opcode.number]


def test_the_header() -> None:
    program = assemble('.flags 0\n.version 4294967295\n.name "a\\u{0}b"')
    assert (program.name, program.version, program.flags) == ("a\0b", 2**32 - 1, 0)
    assert (assemble("").name, assemble("").version, assemble("").flags) == ("__main__", 1, 1)


def test_function_tables() -> None:
    program = assemble("""
.func "two words"
.func end, finish
.func nowhere, @4294967295
    NOP
.func last
.func last, @0
finish:""")
    assert program.functions == (
        Function("two words", 0),
        Function("end", 1),
        Function("nowhere", 2**32 - 1),
        Function("last", 1),
        Function("last", 0),
    )


def test_names_of_labels_constants_and_functions_do_not_clash() -> None:
    program = assemble(".const x 1\n.func x\nx: JUMP x\nLOAD_CONST r0, x")
    assert program.functions == (Function("x", 0),)
    assert program.instructions[0] == instruction("JUMP", -1)


def test_windows_line_ends_and_a_last_line_without_one() -> None:
    assert assemble("NOP\r\nRETURN\r\n") == assemble("NOP\nRETURN")


# What is wrong with a text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("LOAD_CONST r256, 1", '1:12: unknown register "r256"; they are r0 to r255'),
        ("MOVE r0, x1", "1:10: expected a register, not x1"),
        ("MOVE r0, r01", "1:10: expected a register, not r01"),
        ("MOVE r0", '1:8: expected ",", not the end of the line'),
        ("MOVE r0 r1", '1:9: expected ",", not r1'),
        ("MOVE r0, r1, r2", "1:12: expected the end of the line, not ,"),
        (
            "MOVE r0, r1 ; comment\nMOVE r0,   ; comment",
            "2:9: expected a register, not the end of the line",
        ),
        ("  MOV r0, r1", '1:3: unknown instruction "MOV"; did you mean MOVE?'),
        ("mov r0, r1", '1:1: unknown instruction "mov"; did you mean MOVE?'),
        ("Xyzzy", '1:1: unknown instruction "Xyzzy"'),
        (".fun f", '1:1: unknown directive ".fun"; did you mean .func?'),
        ("r0, r1", '1:1: unknown instruction "r0"'),
        ('"text"', '1:1: expected an instruction, a label or a directive, not "text"'),
        ("JUMP nowhere", '1:6: unknown label "nowhere"'),
        ("JUMP lop\nloop:", '1:6: unknown label "lop"; did you mean loop?'),
        (
            "JUMP 3",
            "1:6: a jump goes to a label, to an index such as @3 or by a distance such as +3",
        ),
        ("JUMP +2147483648", "1:6: jump distance 2147483648 is not in -2147483648..2147483647"),
        ("JUMP @4294967296", "1:6: jump distance 4294967295 is not in -2147483648..2147483647"),
        ("JUMP", "1:5: expected a label, not the end of the line"),
        ("loop:\nloop:", '2:1: the label "loop" is already defined'),
        (".const A 1\n.const A 2", '2:8: the constant "A" is already defined'),
        (".const true 1", '1:8: the constant "true" is already defined'),
        (".const r1 1", '1:8: "r1" is a register'),
        (
            "LOAD_CONST r0, LIMT\n.const LIMIT 1",
            '1:16: unknown constant "LIMT"; did you mean LIMIT?',
        ),
        (
            "LOAD_CONST r0, 9223372036854775808",
            "1:16: the int constant 9223372036854775808 is not in -9223372036854775808..9223372036854775807",
        ),
        ("LOAD_CONST r0, #65536", "1:16: constant index 65536 is not in 0..65535"),
        ("LOAD_CONST r0, 1e999", "1:16: 1e999 is too large for a float; write inf for infinity"),
        ("LOAD_CONST r0, 12ab", '1:16: "12ab" is not a number'),
        ("LOAD_CONST r0, 1.", '1:16: "1." is not a number'),
        ("LOAD_CONST r0, float:0x11112222333344445", '1:16: unknown constant "float"'),
        ('LOAD_CONST r0, "text', "1:16: this string has no closing quote"),
        (
            'LOAD_CONST r0, "a\\qb"',
            '1:18: unknown escape \\q; there are \\n \\r \\t \\0 \\" \\\\ and \\u{hex}',
        ),
        ('LOAD_CONST r0, "\\u{d800}"', "1:17: U+D800 is not a character"),
        ('LOAD_CONST r0, "\\u{110000}"', "1:17: U+110000 is not a character"),
        ("LOAD_CONST r0, $", "1:16: unexpected character '$'"),
        ("LOAD_GLOBAL r0, 5", "1:17: expected a string, not 5"),
        ("DEFINE r0, integer", '1:12: unknown type "integer"'),
        ("DEFINE r0, strin", '1:12: unknown type "strin"; did you mean string?'),
        ("DEFINE r0, 65536", "1:12: type 65536 is not in 0..65535"),
        ("SCOPE_ENTER x", "1:13: expected an int, the scope, not x"),
        ("CALL r0, r1", '1:12: expected "(", not the end of the line'),
        ("CALL r0, r1(r2 r3)", '1:16: expected "," or ")", not r3'),
        ("CALL r0, r1(r2,", "1:16: expected a register, not the end of the line"),
        (
            "CALL r0, r1(" + ", ".join(["r0"] * 256) + ")",
            "1:1: number of arguments 256 is not in 0..255",
        ),
        ("RETURN r1 has 0", "1:15: `has` 0 is not in 1..255"),
        ("PHI r0, [r1 form x]", '1:13: expected "from", not form'),
        ('ASSERT r0, true, "m"', '1:12: unknown condition "true"'),
        ('ASSERT r0, truth, "m"', '1:12: unknown condition "truth"; did you mean truthy?'),
        ('ASSERT r0, range 1.5..2, "m"', "1:18: expected an int, the smallest int, not 1.5"),
        ('ASSERT r0, range 1, "m"', '1:19: expected "..", not ,'),
        (
            ".func f\n.func f",
            '2:7: the function "f" is already defined; a second entry of that name needs a target: .func NAME, LABEL',
        ),
        (".func f, @4294967296", "1:7: function target 4294967296 is not in 0..4294967295"),
        (".func", "1:6: expected the function's name, not the end of the line"),
        (".name demo", "1:7: expected the name in quotes, not demo"),
        (".version -1", "1:10: version -1 is not in 0..4294967295"),
        ('.name "a"\n.name "b"', "2:1: a second .name"),
        (".pool", "1:6: expected a constant, not the end of the line"),
    ],
)
def test_problems(text: str, problem: str) -> None:
    assert problems_of(text) == [problem]


def test_several_problems_are_reported_at_once_in_order() -> None:
    assert problems_of("""\
    JUMP nowhere
fine:
    LOAD_CONST r999, 1
broken: LOAD_CONST r0, "no end
    JUMP broken
.const A
    MOVE r0, r1
fine:
""") == [
        '1:10: unknown label "nowhere"',
        '3:16: unknown register "r999"; they are r0 to r255',
        "4:24: this string has no closing quote",
        "6:9: expected a constant, not the end of the line",
        '8:1: the label "fine" is already defined',
    ]


def test_a_problem_that_shows_only_at_the_end_has_a_line_too() -> None:
    assert problems_of("NOP\n" * 65536 + "far: JUMP far\n  PHI r0, [r1 from far]") == [
        "65538:3: instruction 65537, PHI: label 65536 is not in 0..65535"
    ]


def test_a_report_points_at_the_place() -> None:
    with pytest.raises(AssemblyError) as caught:
        assemble("NOP\n\tMOVE r0, é, r1\nx")
    assert caught.value.report("demo.mdasm") == (
        "demo.mdasm:2:11: expected a register, not é\n\tMOVE r0, é, r1\n\t         ^\n"
        'demo.mdasm:3:1: unknown instruction "x"\nx\n^'
    )


def test_source_bytes() -> None:
    assert decode("\ufeffNOP é".encode()) == "NOP é"
    with pytest.raises(AssemblyError) as caught:
        decode(b"NOP\nNO\xc3\xa9 \xff\nNOP")
    assert str(caught.value) == "2:5: this is not UTF-8"


# The command line


def run(*arguments: str, source: str = "") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "pymdvm.assembler", *arguments],
        input=source.encode(),
        cwd=TOP,
        capture_output=True,
        check=False,
    )


def test_the_output_has_the_name_of_the_input(tmp_path: Path) -> None:
    source = tmp_path / "demo.mdasm"
    source.write_text('.name "demo"\nNOP\n', encoding="utf-8")
    result = run(str(source))
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
    assert read((tmp_path / "demo.mdbc").read_bytes()) == assemble(
        source.read_text(encoding="utf-8")
    )


def test_the_output_where_it_is_asked_for(tmp_path: Path) -> None:
    source = tmp_path / "demo.mdasm"
    source.write_text("NOP\n", encoding="utf-8")
    output = tmp_path / "other.bin"
    assert run(str(source), "-o", str(output)).returncode == 0
    assert read(output.read_bytes()) == assemble("NOP")
    assert not (tmp_path / "demo.mdbc").exists()


def test_standard_input_and_output() -> None:
    result = run("-", source='LOAD_CONST r0, "é"')
    assert result.returncode == 0
    assert read(result.stdout) == assemble('LOAD_CONST r0, "é"')


def test_a_wrong_text(tmp_path: Path) -> None:
    source = tmp_path / "wrong.mdasm"
    source.write_text("LOAD_CONST r256, 1\nMOV\n", encoding="utf-8")
    result = run(str(source))
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr.decode() == (
        f'{source}:1:12: unknown register "r256"; they are r0 to r255\nLOAD_CONST r256, 1\n           ^\n'
        f'{source}:2:1: unknown instruction "MOV"; did you mean MOVE?\nMOV\n^\n'
    )
    assert not (tmp_path / "wrong.mdbc").exists()


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    missing = run(str(tmp_path / "missing.mdasm"))
    assert missing.returncode == 2
    assert b"missing.mdasm: No such file or directory" in missing.stderr
    unwritable = run("-", "-o", str(tmp_path / "no" / "such" / "folder.mdbc"), source="NOP")
    assert unwritable.returncode == 2
    assert b"cannot write" in unwritable.stderr


def test_the_input_is_never_overwritten(tmp_path: Path) -> None:
    source = tmp_path / "text.mdbc"
    source.write_text("NOP\n", encoding="utf-8")
    result = run(str(source))
    assert result.returncode == 2
    assert b"would replace" in result.stderr
    assert source.read_text(encoding="utf-8") == "NOP\n"


def test_wrong_usage() -> None:
    assert run().returncode == 2
    assert run("-", "--unknown").returncode == 2
