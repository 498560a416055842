"""The exit status and what standard error says, for every way out: the end, a load error, a
run-time error, wrong usage.
"""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from tests.binary.binary import (
    FAILURE,
    SUCCESS,
    WRONG_USAGE,
    Outcome,
    assert_ends,
    assert_fails,
    program,
    run,
    run_text,
)
from tests.binary.sample_programs import HELLO

USAGE = "usage: mdvm-c [options] PROGRAM.mdbc\n"
HEADER = b"MDBC" + struct.pack("<2I", 1, 1)


def load(folder: Path, data: bytes) -> Outcome:
    path = folder / "program.mdbc"
    path.write_bytes(data)
    return run(path)


def assert_not_loaded(outcome: Outcome, message: str) -> None:
    assert outcome == Outcome(FAILURE, b"", f"Failed to load bytecode: {message}\n".encode())


def file_with(
    constants: bytes = b"\0\0\0\0",
    functions: bytes = b"\0\0\0\0",
    instructions: bytes = b"\0\0\0\0",
) -> bytes:
    """A file with these sections, all of them counts and what is counted."""
    name = b"\0\0\0\0"
    sections = [name, constants, functions, instructions]
    offsets = [28 + sum(map(len, sections[:index])) for index in range(4)]
    return HEADER + struct.pack("<4I", *offsets) + b"".join(sections)


# ____________________________________________________________ a good end


def test_a_program_that_ends_without_a_value_prints_no_result(tmp_path: Path) -> None:
    assert_ends(run_text(tmp_path, HELLO), b"Hello, world!\n")


@pytest.mark.parametrize(
    ("constant", "shown"),
    [
        ("42", "Int(42)"),
        ("2.0", "Float(2.0)"),
        ("1e16", "Float(1e16)"),
        ('"a\\"\\n"', 'String("a\\"\\n")'),
        ("true", "Bool(true)"),
        ("empty", "Empty"),
    ],
)
def test_a_returned_value_is_printed(constant: str, shown: str, tmp_path: Path) -> None:
    outcome = run_text(tmp_path, f"LOAD_CONST r0, {constant}\nRETURN r0")
    assert_ends(outcome, f"Result: {shown}\n".encode())


@pytest.mark.parametrize(
    "ending", ["HALT", "RETURN", "NOP", "JUMP +100", "JUMP -100", "JUMP -2147483648"]
)
def test_every_end_without_a_value_is_a_success(ending: str, tmp_path: Path) -> None:
    assert_ends(run_text(tmp_path, ending), b"")


@pytest.mark.parametrize("ending", ["HALT", "NOP", "JUMP +100"])
def test_a_callee_can_end_the_program(ending: str, tmp_path: Path) -> None:
    text = f'.func main\nLOAD_CONST r0, "f"\nCALL r1, r0()\nDEBUG_PRINT r0\nRETURN r0\n.func f\n{ending}'
    assert_ends(run_text(tmp_path, text), b"")


def test_an_empty_program_is_a_success(tmp_path: Path) -> None:
    assert load(tmp_path, file_with()) == Outcome(SUCCESS, b"", b"")


# ____________________________________________________________ load errors


@pytest.mark.parametrize("size", range(24))
def test_a_file_too_short_for_a_header(size: int, tmp_path: Path) -> None:
    assert_not_loaded(load(tmp_path, (b"XXXX" + HEADER * 2)[:size]), "Invalid bytecode format")


@pytest.mark.parametrize("size", range(24, 28))
def test_a_file_that_ends_in_its_header(size: int, tmp_path: Path) -> None:
    assert_not_loaded(load(tmp_path, file_with()[:size]), "Unexpected EOF")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"MDBX" + file_with()[4:], "Invalid magic number"),
        (HEADER + struct.pack("<4I", 1000, 28, 28, 28), "Invalid offset"),
        (HEADER + struct.pack("<4I", 28, 28, 28, 28), "Unexpected EOF"),
        (HEADER + struct.pack("<4I", 28, 32, 32, 32) + struct.pack("<I", 4), "Unexpected EOF"),
        (
            HEADER + struct.pack("<4I", 28, 32, 32, 32) + struct.pack("<I", 1) + b"\xff",
            "Invalid UTF-8",
        ),
        (file_with(constants=b"\1\0\0\0\6"), "Invalid constant tag: 6"),
        (file_with(constants=b"\1\0\0\0\0"), "Invalid constant tag: 0"),
        (file_with(constants=b"\1\0\0\0\3\2\0\0\0\xc0\x80"), "Invalid UTF-8"),
        (file_with(constants=b"\1\0\0\0\3\3\0\0\0\xed\xa0\x80"), "Invalid UTF-8"),
        (file_with(functions=b"\1\0\0\0\1\0\0\0\x80\0\0\0\0"), "Invalid UTF-8"),
        (file_with(instructions=b"\1\0\0\0\x32"), "Invalid opcode: 50"),
        (file_with(instructions=b"\2\0\0\0\x27\xff"), "Invalid opcode: 255"),
        (file_with(instructions=b"\1\0\0\0\x1c\0\3\0\0"), "Invalid opcode: 3"),
        (file_with(instructions=b"\1\0\0\0\7\0"), "Unexpected EOF"),
        (file_with(instructions=b"\2\0\0\0\x27"), "Unexpected EOF"),
    ],
)
def test_a_file_that_cannot_be_loaded(data: bytes, message: str, tmp_path: Path) -> None:
    assert_not_loaded(load(tmp_path, data), message)


def test_a_load_error_comes_before_anything_is_run(tmp_path: Path) -> None:
    """The DEBUG_PRINT of an opcode that exists stands before the one that does not."""
    data = file_with(
        b"\1\0\0\0\1" + struct.pack("<q", 7), instructions=b"\3\0\0\0\0\0\0\0\x25\0\xc8"
    )
    assert_not_loaded(load(tmp_path, data), "Invalid opcode: 200")


# ____________________________________________________________ run-time errors


RUN_TIME_ERRORS = [
    ("LOAD_CONST r0, 0x7fffffffffffffff\nLOAD_CONST r1, 1\nADD r2, r0, r1", "Integer overflow"),
    ("LOAD_CONST r0, -9223372036854775808\nNEG r2, r0", "Integer overflow"),
    ("LOAD_CONST r0, -9223372036854775808\nLOAD_CONST r1, -1\nDIV r2, r0, r1", "Integer overflow"),
    ('LOAD_CONST r0, "a"\nLOAD_CONST r1, 0\nDIV r2, r0, r1', "Division by zero"),
    ("LOAD_CONST r0, 1\nLOAD_CONST r1, -0.0\nMOD r2, r0, r1", "Division by zero"),
    (
        'LOAD_CONST r0, 1\nLOAD_CONST r1, "a"\nADD r2, r0, r1',
        "Type mismatch: expected numeric or string, found Int and String",
    ),
    (
        "LOAD_CONST r0, true\nMUL r2, r0, r1",
        "Type mismatch: expected numeric, found Bool and Empty",
    ),
    ('LOAD_CONST r0, "a"\nNEG r2, r0', "Invalid operation: negation on type String"),
    ("LOAD_CONST r0, true\nLT r2, r0, r1", "Invalid comparison: Bool and Empty"),
    ("LOAD_CONST r0, true\nGT r2, r0, r1", "Invalid comparison: Empty and Bool"),
    ("LOAD_CONST r0, 2.5\nCAST r2, r0, int", "Type mismatch: expected integer, found float 2.5"),
    ('LOAD_CONST r0, "7"\nCAST r2, r0, int', "Type mismatch: expected integer, found string"),
    ("LOAD_CONST r0, 1\nCAST r2, r0, url", "Type mismatch: expected url, found int"),
    ("LOAD_CONST r0, #9", "Invalid constant index: 9"),
    ("LOAD_CONST r0, 1\nLOAD_GLOBAL r0, #0", "Invalid constant index: 0"),
    ('LOAD_CONST r0, "no such"\nCALL r1, r0()', "Undefined function: no such"),
    ("LOAD_CONST r0, 77\nCALL r1, r0()", "Undefined function: func_77"),
    ("CALL r1, r0()", "Undefined function: no function specified"),
    ('ASSERT r0, truthy, "must count"', "Assertion failed: must count"),
    ('ASSERT r0, not_empty, "must be"', "Assertion failed: must be"),
    ('LOAD_CONST r0, 11\nASSERT r0, range 1..10, "must fit"', "Assertion failed: must fit"),
    ("STR_LEN r1, r0", "Type mismatch: expected string, found empty"),
    ("NEW_ARRAY r1, r0", "Type mismatch: expected integer, found empty"),
    (
        "LOAD_CONST r0, -1\nNEW_ARRAY r1, r0",
        "Invalid operation: create array on type negative size: -1",
    ),
    (
        "LOAD_CONST r0, 3\nNEW_ARRAY r1, r0\nARRAY_GET r2, r1, r0",
        "Index out of bounds: index 3 for length 3",
    ),
    (
        "LOAD_CONST r0, 3\nNEW_ARRAY r1, r0\nARRAY_GET r2, r1, r1",
        "Type mismatch: expected integer index, found array",
    ),
    ("ARRAY_LEN r2, r1", "Type mismatch: expected array, found empty"),
    ("DICT_NEW r0\nDICT_GET r2, r0, r0", "Type mismatch: expected string key, found dict"),
    ("DICT_LEN r2, r1", "Type mismatch: expected dict, found empty"),
    ('.func main\nLOAD_CONST r0, "main"\nCALL r1, r0()', "Stack overflow"),
    ("LOAD_CONST r0, 0x7fffffffffffffff\nNEW_ARRAY r1, r0", "Out of memory"),
]


@pytest.mark.parametrize(
    ("text", "message"), RUN_TIME_ERRORS, ids=[message for _, message in RUN_TIME_ERRORS]
)
def test_a_run_time_error(text: str, message: str, tmp_path: Path) -> None:
    assert_fails(run_text(tmp_path, text), message)


def test_text_of_the_program_reaches_the_message_as_it_is(tmp_path: Path) -> None:
    outcome = run_text(tmp_path, 'ASSERT r0, truthy, "caf\u00e9 100%s\\n\\u{1f600}"')
    assert_fails(outcome, "Assertion failed: caf\u00e9 100%s\n\U0001f600")


# ____________________________________________________________ wrong usage


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "no program"),
        (["--"], "no program"),
        (["--quiet"], "no program"),
        (["--nonsense", "x.mdbc"], "unknown option --nonsense"),
        (["-x"], "unknown option -x"),
        (["--help=1"], "unknown option --help=1"),
        (["a.mdbc", "b.mdbc"], "more than one program: a.mdbc and b.mdbc"),
        (["--jit"], "option --jit needs a value"),
        (["--max-depth"], "option --max-depth needs a value"),
        (["--max-depth=", "x"], "option --max-depth needs a whole number up to 1000000000, not "),
        (
            ["--max-depth", "-1", "x"],
            "option --max-depth needs a whole number up to 1000000000, not -1",
        ),
        (
            ["--max-depth", "1000000001", "x"],
            "option --max-depth needs a whole number up to 1000000000, not 1000000001",
        ),
        (
            ["--max-depth", "99999999999999999999999", "x"],
            "option --max-depth needs a whole number up to 1000000000, not 99999999999999999999999",
        ),
    ],
)
def test_wrong_usage(arguments: list[str], message: str) -> None:
    assert run(*arguments) == Outcome(WRONG_USAGE, b"", f"mdvm-c: {message}\n{USAGE}".encode())


def test_wrong_usage_wins_over_a_missing_program(tmp_path: Path) -> None:
    assert run("--nonsense", tmp_path / "missing.mdbc").status == WRONG_USAGE
    assert run(tmp_path / "missing.mdbc").status == FAILURE


def test_wrong_usage_runs_nothing(tmp_path: Path) -> None:
    path = program(tmp_path, HELLO)
    assert run(path, "--nonsense").out == b""
    assert run(path, path).out == b""
