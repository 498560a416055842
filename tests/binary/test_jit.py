"""The JIT changes nothing but the time: the same output, errors and status compiled late, compiled
at once, and interpreted.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.binary.binary import (
    DEFAULT,
    EAGER,
    EXAMPLES,
    FAILURE,
    JIT_OFF,
    SUCCESS,
    TOP,
    Outcome,
    assert_fails,
    example_program,
    program,
    program_file,
    run,
)
from tests.binary.loop_programs import loop_program

RANDOM_PROGRAMS = 150
FAMILIES = 15  # the random programs come in this many tests
# seeds of programs that an earlier JIT compiled wrongly, or crashed on
ONCE_WRONG = (72, 214, 1010, 4405, 9075, 9097, 9101, 9713)


def assert_the_jit_changes_nothing(path: Path, name: object) -> Outcome:
    """-> what all of them did."""
    interpreted = run(*JIT_OFF, path)
    assert interpreted.status in (SUCCESS, FAILURE), (name, interpreted.short)
    for options in (DEFAULT, EAGER):
        compiled = run(*options, path)
        assert compiled.short == interpreted.short, (name, options)
        assert compiled.out == interpreted.out, (name, options)
    return interpreted


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example(example: Path, tmp_path: Path) -> None:
    assert (
        assert_the_jit_changes_nothing(
            program_file(tmp_path, example_program(example)), example.stem
        ).status
        == SUCCESS
    )


@pytest.mark.parametrize("family", range(FAMILIES))
def test_random_loops(family: int, tmp_path: Path) -> None:
    finished = 0
    for seed in range(family, RANDOM_PROGRAMS, FAMILIES):
        outcome = assert_the_jit_changes_nothing(
            program(tmp_path, loop_program(seed)), f"loop_program({seed})"
        )
        finished += outcome.status == SUCCESS
    assert finished, "programs that all fail early compare little"


@pytest.mark.parametrize("seed", ONCE_WRONG)
def test_a_loop_that_was_once_wrong(seed: int, tmp_path: Path) -> None:
    assert_the_jit_changes_nothing(program(tmp_path, loop_program(seed)), f"loop_program({seed})")


def test_random_loops_are_hot(tmp_path: Path) -> None:
    outcome = run("--stats", *EAGER, program(tmp_path, loop_program(0)))
    assert int(outcome.err.decode().split("loops compiled: ")[1].split()[0]) > 0


@pytest.mark.parametrize("limit", ["0", "1", "20"])
def test_loops_compiled_anew(limit: str, tmp_path: Path) -> None:
    """Sorting by exchanges makes the JIT join retraced loops to earlier ones; that crashed it."""
    text = re.sub(
        r"(?m)^\.const N .*",
        ".const N 1500",
        (TOP / "bench" / "programs" / "bubble_sort.mdasm").read_text(),
    )
    path = program(tmp_path, text)
    assert run("--jit", f"retrace_limit={limit}", path).short == run(*JIT_OFF, path).short


# ____________________________________________________________ errors in hot loops

BAD_TURN = 4000

# Before the loop; what the bad turn does; what every turn does, and fails with then; the text of
# the failure.
ERRORS = {
    "overflow of ADD": (
        "LOAD_CONST r10, 1",
        "LOAD_CONST r10, 9223372036854775807",
        "ADD r11, r10, r1",
        "Integer overflow",
    ),
    "overflow of SUB": (
        "LOAD_CONST r10, 1",
        "LOAD_CONST r10, -9223372036854775808",
        "SUB r11, r10, r1",
        "Integer overflow",
    ),
    "overflow of MUL": (
        "LOAD_CONST r10, 3",
        "LOAD_CONST r10, 4611686018427387904",
        "MUL r11, r10, r4",
        "Integer overflow",
    ),
    "overflow of DIV": (
        "LOAD_CONST r10, 3",
        "LOAD_CONST r10, -9223372036854775808",
        "DIV r11, r10, r5",
        "Integer overflow",
    ),
    "overflow of MOD": (
        "LOAD_CONST r10, 3",
        "LOAD_CONST r10, -9223372036854775808",
        "MOD r11, r10, r5",
        "Integer overflow",
    ),
    "overflow of NEG": (
        "LOAD_CONST r10, 3",
        "LOAD_CONST r10, -9223372036854775808",
        "NEG r11, r10",
        "Integer overflow",
    ),
    "division by int zero": (
        "LOAD_CONST r10, 3",
        "LOAD_CONST r10, 0",
        "DIV r11, r0, r10",
        "Division by zero",
    ),
    "division by float zero": (
        "LOAD_CONST r10, 0.5",
        "LOAD_CONST r10, -0.0",
        "MOD r11, r0, r10",
        "Division by zero",
    ),
    "mixed ADD": (
        "LOAD_CONST r10, 3",
        'LOAD_CONST r10, "x"',
        "ADD r11, r0, r10",
        "Type mismatch: expected numeric or string, found Int and String",
    ),
    "SUB of a bool": (
        "LOAD_CONST r10, 3",
        "LOAD_CONST r10, true",
        "SUB r11, r10, r0",
        "Type mismatch: expected numeric, found Bool and Int",
    ),
    "NEG of a string": (
        "LOAD_CONST r10, 3",
        'LOAD_CONST r10, "x"',
        "NEG r11, r10",
        "Invalid operation: negation on type String",
    ),
    "comparison": (
        "LOAD_CONST r10, 3",
        "LOAD_CONST r10, empty",
        "LT r11, r10, r0",
        "Invalid comparison: Empty and Int",
    ),
    "swapped comparison": (
        "LOAD_CONST r10, 3",
        "LOAD_CONST r10, empty",
        "GTE r11, r10, r0",
        "Invalid comparison: Int and Empty",
    ),
    "cast to int": (
        "LOAD_CONST r10, 3.0",
        "LOAD_CONST r10, 2.5",
        "CAST r11, r10, int",
        "Type mismatch: expected integer, found float 2.5",
    ),
    "cast to float": (
        "LOAD_CONST r10, 3",
        "LOAD_CONST r10, true",
        "CAST r11, r10, float",
        "Type mismatch: expected float, found bool",
    ),
    "undefined function": (
        'LOAD_CONST r10, "f"',
        'LOAD_CONST r10, "g"',
        "CALL r11, r10(r0)",
        "Undefined function: g",
    ),
    "undefined entry": (
        'LOAD_CONST r10, "f"',
        "LOAD_CONST r10, 12345",
        "CALL r11, r10(r0)",
        "Undefined function: func_12345",
    ),
    "no function": (
        'LOAD_CONST r10, "f"',
        "LOAD_CONST r10, 1.0",
        "CALL r11, r10(r0)",
        "Undefined function: no function specified",
    ),
    "error in a callee": (
        'LOAD_CONST r10, "f"',
        'LOAD_CONST r10, "fail"',
        "CALL r11, r10(r0)",
        "Invalid operation: negation on type Dict",
    ),
    "truthy": (
        "LOAD_CONST r10, 3",
        "LOAD_CONST r10, 0",
        'ASSERT r10, truthy, "a"',
        "Assertion failed: a",
    ),
    "not empty": (
        "LOAD_CONST r10, 0",
        "LOAD_CONST r10, empty",
        'ASSERT r10, not_empty, "b"',
        "Assertion failed: b",
    ),
    "range": (
        "LOAD_CONST r10, 3",
        "LOAD_CONST r10, 11",
        'ASSERT r10, range 1..10, "c"',
        "Assertion failed: c",
    ),
    "range of a float": (
        "LOAD_CONST r10, 3",
        "LOAD_CONST r10, 3.0",
        'ASSERT r10, range 1..10, "d"',
        "Assertion failed: d",
    ),
    "STR_LEN": (
        'LOAD_CONST r10, "x"',
        "LOAD_CONST r10, 1",
        "STR_LEN r11, r10",
        "Type mismatch: expected string, found int",
    ),
    "size": (
        "LOAD_CONST r10, 3",
        "LOAD_CONST r10, -3",
        "NEW_ARRAY r11, r10",
        "Invalid operation: create array on type negative size: -3",
    ),
    "huge size": (
        "LOAD_CONST r10, 3",
        "LOAD_CONST r10, 9223372036854775807",
        "NEW_ARRAY r11, r10",
        "Out of memory",
    ),
    "no size": (
        "LOAD_CONST r10, 3",
        "LOAD_CONST r10, 3.0",
        "NEW_ARRAY r11, r10",
        "Type mismatch: expected integer, found float",
    ),
    "index": (
        "LOAD_CONST r10, 4",
        "LOAD_CONST r10, 5",
        "ARRAY_GET r11, r50, r10",
        "Index out of bounds: index 5 for length 5",
    ),
    "negative index": (
        "LOAD_CONST r10, 4",
        "LOAD_CONST r10, -1",
        "ARRAY_SET r50, r10, r0",
        "Index out of bounds: index -1 for length 5",
    ),
    "no index": (
        "LOAD_CONST r10, 4",
        "LOAD_CONST r10, 1.0",
        "ARRAY_SET r50, r10, r0",
        "Type mismatch: expected integer index, found float",
    ),
    "no array": (
        "MOVE r10, r50",
        "MOVE r10, r51",
        "ARRAY_LEN r11, r10",
        "Type mismatch: expected array, found dict",
    ),
    "no key": (
        'LOAD_CONST r10, "k"',
        "LOAD_CONST r10, 1",
        "DICT_SET r51, r10, r0",
        "Type mismatch: expected string key, found int",
    ),
    "no dict": (
        "MOVE r10, r51",
        "MOVE r10, r50",
        "DICT_LEN r11, r10",
        "Type mismatch: expected dict, found array",
    ),
    "constant": (
        "LOAD_CONST r10, true",
        "LOAD_CONST r10, false",
        "JUMP_IF r10, +1\nLOAD_CONST r11, #999",
        "Invalid constant index: 999",
    ),
    "recursion": (
        'LOAD_CONST r10, "f"',
        'LOAD_CONST r10, "endless"',
        "CALL r11, r10(r0)",
        "Stack overflow",
    ),
}


def failing(before: str, bad_turn: str, each_turn: str) -> str:
    return f"""
.func main
    LOAD_CONST   r0, 1
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, {BAD_TURN}
    LOAD_CONST   r4, 2
    LOAD_CONST   r5, -1
    LOAD_CONST   r6, 1000
    LOAD_CONST   r7, 5
    NEW_ARRAY    r50, r7
    DICT_NEW     r51
{before}
turn:
    LT           r3, r0, r2
    JUMP_IF      r3, good
{bad_turn}
good:
{each_turn}
    MOD          r3, r0, r6
    JUMP_IF      r3, quiet
    DEBUG_PRINT  r0
quiet:
    ADD          r0, r0, r1
    JUMP         turn
.func f
    RETURN       r0
.func fail
    DICT_NEW     r0
    NEG          r0, r0
    RETURN       r0
.func endless
    LOAD_CONST   r0, "endless"
    CALL         r1, r0()
    RETURN       r1
"""


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_in_a_hot_loop(name: str, tmp_path: Path) -> None:
    before, bad_turn, each_turn, message = ERRORS[name]
    path = program(tmp_path, failing(before, bad_turn, each_turn))
    for options in (JIT_OFF, DEFAULT, EAGER):
        assert_fails(run(*options, path), message, b"1000\n2000\n3000\n")


# ____________________________________________________________ what only a loop can get wrong

CHANGING_TYPES = """
    LOAD_CONST   r0, 0
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, 9000
    LOAD_CONST   r3, 3000
    LOAD_CONST   r4, 6000
    LOAD_CONST   r10, 0                 ; the sum: an int, then a float, then a string
    LOAD_CONST   r11, 1                 ; what is added to it
turn:
    ADD          r10, r10, r11
    ADD          r0, r0, r1
    EQ           r5, r0, r3
    JUMP_IF      r5, to_float
    EQ           r5, r0, r4
    JUMP_IF      r5, to_string
next:
    LT           r5, r0, r2
    JUMP_IF      r5, turn
    STR_LEN      r6, r10
    DEBUG_PRINT  r6
    RETURN       r10
to_float:
    LOAD_CONST   r11, 0.5
    JUMP         next
to_string:
    DEBUG_PRINT  r10
    LOAD_CONST   r10, "s"
    LOAD_CONST   r11, "t"
    JUMP         next
"""


def test_a_sum_that_is_an_int_then_a_float_then_a_string(tmp_path: Path) -> None:
    outcome = assert_the_jit_changes_nothing(program(tmp_path, CHANGING_TYPES), "changing types")
    assert outcome == Outcome(SUCCESS, b'4500\n3001\nResult: String("s%s")\n' % (b"t" * 3000), b"")


PRINTS_WHAT_IT_JOINS = """
    LOAD_CONST   r0, 0
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, 3000
    LOAD_CONST   r3, "line "
turn:
    CONCAT_STR   r4, r3, r0
    DEBUG_PRINT  r4
    ADD          r0, r0, r1
    LT           r4, r0, r2
    JUMP_IF      r4, turn
"""


def test_a_string_is_there_when_it_is_printed_in_the_turn_that_makes_it(tmp_path: Path) -> None:
    """The compiled loop makes the string's box only for the call that prints it."""
    outcome = assert_the_jit_changes_nothing(program(tmp_path, PRINTS_WHAT_IT_JOINS), "joining")
    assert outcome == Outcome(SUCCESS, b"".join(b"line %d\n" % turn for turn in range(3000)), b"")


COPIES = """
    LOAD_CONST   r0, 0
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, 5000
    LOAD_CONST   r3, 3
    NEW_ARRAY    r10, r3
    LOAD_CONST   r4, 0
    ARRAY_SET    r10, r4, r4
turn:
    MOVE         r11, r10               ; must not see the store that follows
    ARRAY_SET    r10, r4, r0
    ARRAY_GET    r5, r11, r4
    LTE          r6, r5, r0
    ASSERT       r6, truthy, "the copy is older"
    STORE_GLOBAL r10, "kept"
    ADD          r0, r0, r1
    ARRAY_SET    r10, r1, r0
    LOAD_GLOBAL  r12, "kept"
    ARRAY_GET    r7, r12, r1
    EQ           r6, r7, r0
    JUMP_IF      r6, wrong
    LT           r6, r0, r2
    JUMP_IF      r6, turn
    DEBUG_PRINT  r11
    DEBUG_PRINT  r12
    RETURN       r10
wrong:
    ASSERT       r99, truthy, "a global changed with the register"
"""


def test_arrays_stay_values_in_a_hot_loop(tmp_path: Path) -> None:
    outcome = assert_the_jit_changes_nothing(program(tmp_path, COPIES), "copies")
    lines = [
        b"Array([Int(4998), Int(4999), Empty])",
        b"Array([Int(4999), Int(4999), Empty])",
        b"Result: Array([Int(4999), Int(5000), Empty])",
    ]
    assert outcome == Outcome(SUCCESS, b"\n".join(lines) + b"\n", b"")


TAGS_AND_PHIS = """
    LOAD_CONST   r0, 0
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, 4000
    LOAD_CONST   r3, 2
    LOAD_CONST   r10, 0
    LOAD_CONST   r20, 10
    LOAD_CONST   r21, -1
turn:
    DEFINE       r0, url
    CHECK_TYPE   r4, r0, url            ; the tag
    CHECK_TYPE   r5, r0, int            ; not the value
    ADD          r0, r0, r1
    CHECK_TYPE   r6, r0, int            ; writing has reset the tag
    NOT          r5, r5
    AND          r4, r4, r5
    AND          r4, r4, r6
    ASSERT       r4, truthy, "tags"
    MOD          r4, r0, r3
odd:
    JUMP_IF      r4, meet
even:
    JUMP         meet
meet:
    PHI          r7, [r20 from odd, r21 from even]
    ADD          r10, r10, r7
    LT           r4, r0, r2
    JUMP_IF      r4, turn
    RETURN       r10
"""


def test_tags_and_phis_in_a_hot_loop(tmp_path: Path) -> None:
    outcome = assert_the_jit_changes_nothing(program(tmp_path, TAGS_AND_PHIS), "tags and phis")
    assert outcome == Outcome(SUCCESS, b"Result: Int(18000)\n", b"")
