"""Every instruction with every combination of values that its operands can hold.

What an instruction needs is derived from its operands in mdvm.opcodes. The published VM runs each
combination in a file of its own; those that it completes go to mdvm many to a file, since only an
error ends a program. Of those that fail, a few of each text and each pair of types go to mdvm, one
to a file, or the run would take minutes.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from mdvm import opcodes
from pymdvm.bytecode.model import I64_MAX

from . import values
from .combinations import DST, Combination, combination, inputs_of, plain_opcodes
from .comparison import Comparison
from .differences import ONLY_HERE
from .outcome import LOAD_ERROR, RUNTIME_ERROR, VALUE, Outcome
from .source import EntryOf, Item, Line, Mark, function, line, load, write_file

COMBINATIONS_A_FILE = 100
FAILURES_OF_A_KIND = 2
PUBLISHED = opcodes.opcode_count(opcodes.PUBLISHED)
TYPES = [*range(len(opcodes.TYPE_NAMES) + 2), 99, 65535]

# Where there are three operands, fewer will do for the index or key and for the value that is
# stored.
KEYS: list[Any] = [None, True, 0, 1, -1, I64_MAX, 1.0, "", "a", [1], {}]
STORED: list[Any] = [None, 5, -0.0, "x", [1], {"a": 1}]


def combinations_of(opcode: opcodes.Opcode) -> list[Combination]:
    inputs = len(inputs_of(opcode))
    choices = [values.ALL, KEYS, STORED] if inputs == 3 else [values.ALL] * inputs
    if opcode.name == "NEW_ARRAY":
        # The others make the published VM abort: see HUGE_ARRAY in differences.py.
        choices = [
            [value for value in values.ALL if not (isinstance(value, int) and value > 1_000)]
        ]
    types = TYPES if any(operand.kind == opcodes.TYPE for operand in opcode.operands) else [0]
    return [
        combination(opcode, chosen, number)
        for chosen in itertools.product(*choices)
        for number in types
    ]


def ended(lines: Iterable[Line]) -> list[Line]:
    return [*lines, line("RETURN", DST)]


def disagreements(comparison: Comparison, programs: Sequence[Sequence[Item]]) -> str:
    """What to report of the first program that differs."""
    found = comparison.mismatches(programs)
    return (
        f"{len(found)} of {len(programs)} differ; the first:\n{found[0][1].show()}" if found else ""
    )


def on_wheel(comparison: Comparison, programs: Sequence[Sequence[Item]]) -> list[Outcome]:
    """What the published VM makes of each program."""
    paths = [
        write_file(comparison.folder, f"c{number}", program)
        for number, program in enumerate(programs)
    ]
    return comparison.oracle.run_all(paths)


@pytest.mark.parametrize("opcode", plain_opcodes(), ids=lambda opcode: opcode.name)
def test_every_combination_of_values(comparison: Comparison, opcode: opcodes.Opcode) -> None:
    combinations = combinations_of(opcode)
    outcomes = on_wheel(comparison, [ended(one.lines) for one in combinations])
    assert {outcome.ending for outcome in outcomes} <= {VALUE, RUNTIME_ERROR}
    completed = [one for one, outcome in zip(combinations, outcomes) if outcome.ending == VALUE]
    programs: list[Sequence[Item]] = []
    for start in range(0, len(completed), COMBINATIONS_A_FILE):
        programs.append(
            ended(
                text for one in completed[start : start + COMBINATIONS_A_FILE] for text in one.lines
            )
        )
    tried: Counter[tuple[str, ...]] = Counter()
    for one, outcome in zip(combinations, outcomes):
        if outcome.ending == RUNTIME_ERROR:
            failure = (outcome.detail, *one.kinds)
            tried[failure] += 1
            if tried[failure] <= FAILURES_OF_A_KIND:
                programs.append(ended(one.lines))
    assert not disagreements(comparison, programs)


def test_division_by_every_zero(comparison: Comparison) -> None:
    """The one error whose precedence depends on values: kept whole, not thinned out like the
    others.
    """
    programs = [
        ended(combination(opcodes.BY_NAME[name], (left, right), 0).lines)
        for name in ("DIV", "MOD")
        for left in values.ALL
        for right in (0, 0.0, -0.0)
    ]
    assert {outcome.detail for outcome in on_wheel(comparison, programs)} == {"Division by zero"}
    assert not disagreements(comparison, programs)


@pytest.mark.parametrize(
    "name",
    [
        opcode.name
        for opcode in plain_opcodes()
        if any(o.kind == opcodes.WRITE for o in opcode.operands)
    ],
)
def test_the_result_may_overwrite_an_operand(comparison: Comparison, name: str) -> None:
    operands = opcodes.BY_NAME[name].operands
    programs = []
    for value in values.ALL:
        lines = [
            *values.make_value(1, value),
            line(name, *[2 if operand.kind == opcodes.TYPE else 1 for operand in operands]),
        ]
        programs.append([*lines, *values.show_register(1), line("RETURN", 1)])
    assert not disagreements(comparison, programs)


def jumps() -> list[list[Item]]:
    programs: list[list[Item]] = []
    for name, value in itertools.product(("JUMP_IF", "JUMP_IF_NOT"), values.ALL):
        programs.append(
            [
                *values.make_value(1, value),
                line(name, 1, "there"),
                load(0, "not taken"),
                line("RETURN", 0),
                Mark("there"),
                load(0, "taken"),
                line("RETURN", 0),
            ]
        )
    for distance in (0, 1, 2, 3, 100, 2**31 - 1, -(2**31), -100):
        programs.append(
            [
                load(0, "start"),
                line("JUMP", distance),
                load(0, "one"),
                line("RETURN", 0),
                line("DEBUG_PRINT", 0),
            ]
        )
    # Back to the first instruction, and to the one before it, which does not exist.
    again = [
        line("LOAD_GLOBAL", 1, "seen"),
        line("JUMP_IF", 1, 3),
        load(1, True),
        line("STORE_GLOBAL", 1, "seen"),
    ]
    for distance in (-5, -6):
        programs.append([*again, line("JUMP", distance), line("DEBUG_PRINT", 1), line("RETURN", 1)])
    return programs


def calls() -> list[list[Item]]:
    """CALL with every value as the function, and what can be said about names, entries, arguments
    and results.
    """
    callee: list[Item] = [
        function("f"),
        *values.show_register(0),
        *values.show_register(7),
        load(7, "callee"),
        line("RETURN", 0),
    ]
    programs: list[list[Item]] = []
    for value in values.ALL:
        programs.append(
            [*values.make_value(1, value), line("CALL", 1, 2, (1,)), line("RETURN", 2), *callee]
        )
        programs.append(
            [
                load(9, "f"),
                load(7, "caller"),
                *values.make_value(1, value),
                line("CALL", 9, 2, (1,)),
                *values.show_register(1),
                *values.show_register(7),
                line("RETURN", 2),
                *callee,
            ]
        )
    named: list[list[Item]] = []
    for wanted in (EntryOf("f"), "f", "g", "func_1", 1, 2**32, -1, "F", " f", ""):
        for names in (("f",), ("f", "f"), ("func_1", "f"), ("", "g", "f")):
            marks = [
                Mark(name if position == len(names) - 1 else f"{name}{position}", name)
                for position, name in enumerate(names)
            ]
            bodies: list[Item] = []
            for position, mark in enumerate(marks):
                bodies += [mark, load(3, f"body {position}"), line("RETURN", 3)]
            named.append([load(1, wanted), line("CALL", 1, 2), line("RETURN", 2), *bodies])
    without_value: list[Item] = [
        load(1, "f"),
        load(2, "kept"),
        line("CALL", 1, 2),
        line("RETURN", 2),
        function("f"),
        load(2, 5),
    ]
    programs += named
    programs += [
        [*without_value, line("RETURN")],
        [*without_value, line("HALT")],
        [*without_value],
        [*without_value, line("RETURN", 77)],
    ]
    arguments = list(range(100, 116))
    sixteen: list[Item] = [load(register, register) for register in [*arguments, *range(20)]]
    sixteen += [load(50, "f"), line("CALL", 50, 51, tuple(arguments))]
    sixteen += [line("DEBUG_PRINT", register) for register in range(20)]
    shown = [line("DEBUG_PRINT", register) for register in range(20)]
    programs.append([*sixteen, line("RETURN", 51), function("f"), *shown, line("RETURN", 15)])
    return programs


def starts() -> list[list[Item]]:
    """Where a program starts, and how it can end."""
    body: list[Item] = [
        load(0, "first"),
        line("RETURN", 0),
        function("main"),
        load(0, "second"),
        line("RETURN", 0),
    ]
    return [
        body,
        [*body[:2], Mark("Main", "Main"), *body[3:]],
        [*body, Mark("again", "main"), load(0, "third"), line("RETURN", 0)],
        [load(0, 1), function("main")],
        [],
        [line("NOP")],
        [line("HALT"), line("RETURN", 0)],
        [line("BREAKPOINT")],
        [line("RETURN")],
        [line("RETURN", (200, 5))],
    ]


def globals_and_constants() -> list[list[Item]]:
    programs: list[list[Item]] = []
    for value in values.ALL:
        programs.append(
            [
                *values.make_value(1, value),
                line("STORE_GLOBAL", 1, "g"),
                load(1, "other"),
                line("LOAD_GLOBAL", 2, "g"),
                *values.show_register(1),
                line("RETURN", 2),
            ]
        )
    for value in values.SCALARS:
        for name in ("LOAD_GLOBAL", "STORE_GLOBAL"):
            programs.append([line(name, 0, values.constant(value)), line("RETURN", 0)])
    for name in ("LOAD_GLOBAL", "STORE_GLOBAL", "LOAD_CONST"):
        programs += [[line(name, 0, 0)], [load(1, "x"), line(name, 0, 1)], [line(name, 0, 65535)]]
    return programs


def tags() -> list[list[Item]]:
    """DEFINE and CHECK_TYPE: for every instruction, which registers keep their tags; and what calls
    do to tags.
    """
    programs: list[list[Item]] = []
    for opcode, register in itertools.product(plain_opcodes(), (0, 1, 2, 3)):
        sample: dict[str, Any] = {
            "array": [1],
            "dict": {"a": 1},
            "index": 0,
            "key": "a",
            "str_reg": "s",
            "size": 2,
        }
        inputs = [sample.get(name, 1) for name in inputs_of(opcode)]
        one = combination(opcode, inputs, 2)
        programs.append(
            [
                *one.before,
                line("DEFINE", register, 5),
                one.instruction,
                line("CHECK_TYPE", 9, register, 5),
                line("RETURN", 9),
            ]
        )
    checked = (0, 1, 2, 5, 62, 63, 64, 70, 255)
    shown: list[Item] = [
        one
        for register in checked
        for one in (line("CHECK_TYPE", 100, register, 5), line("DEBUG_PRINT", 100))
    ]
    for ending in (("RETURN",), ("RETURN", 0)):
        programs.append(
            [
                load(9, "f"),
                *[line("DEFINE", register, 5) for register in checked],
                line("CALL", 9, 2, (5, 70)),
                *shown,
                line("HALT"),
                function("f"),
                *shown,
                line(*ending),
            ]
        )
    for first, second in itertools.product(TYPES, TYPES):
        programs.append(
            [line("DEFINE", 0, first), line("CHECK_TYPE", 1, 0, second), line("RETURN", 1)]
        )
    return programs


GROUPS = {
    "jumps": jumps,
    "calls": calls,
    "starts": starts,
    "globals and constants": globals_and_constants,
    "tags": tags,
}


@pytest.mark.parametrize("group", GROUPS)
def test_everything_else(comparison: Comparison, group: str) -> None:
    assert not disagreements(comparison, GROUPS[group]())


def test_a_value_with_a_nan_in_it_is_not_equal_to_itself(comparison: Comparison) -> None:
    """Not even where both operands are the same object."""
    array = [
        load(0, 1),
        load(1, 0),
        load(2, math.nan),
        line("NEW_ARRAY", 3, 0),
        line("ARRAY_SET", 3, 1, 2),
    ]
    in_dict = [line("DICT_NEW", 4), load(5, "k"), line("DICT_SET", 4, 5, 3)]
    programs = [
        [
            *array,
            *in_dict,
            line("MOVE", 6, register),
            line("EQ", 7, register, other),
            line("RETURN", 7),
        ]
        for register in (3, 4)
        for other in (register, 6)
    ]
    assert not disagreements(comparison, programs)
    assert {outcome.detail for outcome in on_wheel(comparison, programs)} == {"Bool(False)"}


def test_nothing_is_left_out() -> None:
    covered = {opcode.name for opcode in plain_opcodes()} | ONLY_HERE
    for make in GROUPS.values():
        covered |= {item.name for program in make() for item in program if isinstance(item, Line)}
    assert covered == {opcode.name for opcode in opcodes.OPCODES[:PUBLISHED]}


@pytest.mark.parametrize("number", range(256))
def test_every_first_byte(comparison: Comparison, number: int) -> None:
    """A lone opcode byte, with and without bytes after it: what loads, and the texts for what
    does not.
    """
    if number < PUBLISHED and opcodes.OPCODES[number].name in ONLY_HERE:
        pytest.skip("loads here on purpose; see differences.py")
    header = (
        b"MDBC"
        + b"".join(value.to_bytes(4, "little") for value in (1, 0, 28, 32, 36, 40))
        + bytes(12)
    )
    for tail in (b"", bytes(40)):
        path = comparison.folder / "byte.mdbc"
        path.write_bytes(header + b"\x01\x00\x00\x00" + bytes([number]) + tail)
        wheel = comparison.oracle.run(path)
        assert comparison.subject.run(path) == wheel
        assert number < PUBLISHED or wheel.ending == LOAD_ERROR
