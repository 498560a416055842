"""Debug mode: `mdvm-c --debug FILE` prints the trace that the published VM prints.

Random programs are traced in test_random_programs.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import pytest

from . import values
from .combinations import combination, plain_opcodes
from .comparison import Comparison
from .oracle import TOP
from .outcome import NO_VALUE, TRACED, VALUE, Outcome
from .source import Item, function, line, load, write_file

SAMPLE = TOP.parent / "shared" / "conformance" / "debug_trace_sample.txt"

ADD_LIKE = ["ADD", "SUB", "MUL", "DIV", "MOD"]
COMPARISONS = ["EQ", "NEQ", "LT", "GT", "LTE", "GTE"]

# The program whose trace the sample is.
SAMPLED: list[Item] = [
    load(0, 5),
    load(1, 2.0),
    load(2, "s\n"),
    load(3, True),
    load(4, None),
    line("MOVE", 5, 0),
    line("STORE_GLOBAL", 0, "g"),
    line("LOAD_GLOBAL", 5, "g"),
    line("DEFINE", 5, 2),
    line("CHECK_TYPE", 6, 5, 2),
    line("CAST", 6, 5, 3),
    *[line(name, 6, 0, 0) for name in ADD_LIKE],
    line("NEG", 6, 0),
    line("NOT", 6, 0),
    line("AND", 6, 0, 0),
    line("OR", 6, 0, 0),
    *[line(name, 6, 0, 0) for name in COMPARISONS],
    line("JUMP", 0),
    line("JUMP_IF", 0, 0),
    line("JUMP_IF_NOT", 0, -1),
    line("CONCAT_STR", 6, 0, 2),
    line("STR_LEN", 6, 2),
    line("NEW_ARRAY", 7, 0),
    load(8, 0),
    line("ARRAY_SET", 7, 8, 0),
    line("ARRAY_GET", 9, 7, 8),
    line("ARRAY_LEN", 9, 7),
    *[line("DEBUG_PRINT", register) for register in (0, 2, 4, 7, 1)],
    line("BREAKPOINT"),
    line("NOP"),
    line("DICT_NEW", 10),
    line("DICT_SET", 10, 2, 0),
    line("DICT_GET", 11, 10, 2),
    line("DICT_CONTAINS", 11, 10, 2),
    line("DICT_KEYS", 11, 10),
    line("DICT_VALUES", 11, 10),
    line("DICT_LEN", 11, 10),
    line("DICT_REMOVE", 10, 2),
    line("DICT_CLEAR", 10),
    load(12, "f"),
    line("CALL", 12, 13, (0, 2)),
    line("HALT"),
    function("f"),
    line("RETURN", 0),
]


def calls() -> list[list[Item]]:
    """CALL and RETURN in all their ways of going well and wrong."""
    programs: list[list[Item]] = []
    for wanted in ("f", "nobody", 3, 99, True, None, 2.5):
        for arguments in ((), (0,), (0, 1, 1)):
            body: list[Item] = [load(0, wanted), line("CALL", 0, 1, arguments), line("RETURN", 1)]
            programs += [
                [*body, function("f"), line("RETURN")],
                [*body, function("f"), load(2, "v"), line("RETURN", 2)],
                [*body, function("f"), line("HALT")],
                [*body, function("f"), line("NOP")],
                [*body, function("f")],
            ]
    nested: list[Item] = [
        load(0, "f"),
        load(1, 3),
        line("CALL", 0, 2, (1,)),
        line("RETURN", 2),
        function("f"),
        load(5, "g"),
        line("CALL", 5, 6, (0, 0)),
        line("RETURN", 6),
        function("g"),
        line("ADD", 0, 0, 1),
        line("RETURN", 0),
    ]
    sixteen: list[Item] = [
        load(0, "f"),
        load(1, 7),
        line("CALL", 0, 1, (1,) * 16),
        line("RETURN", 1),
        function("f"),
        line("RETURN", 15),
    ]
    return [*programs, nested, sixteen]


def values_shown() -> list[list[Item]]:
    """Every value where a trace writes values: loaded, compared, printed, passed."""
    programs: list[list[Item]] = []
    for value in values.ALL:
        made: list[Item] = [*values.make_value(1, value)]
        programs.append(
            [
                *made,
                line("DEBUG_PRINT", 1),
                load(9, "f"),
                line("CALL", 9, 2, (1,)),
                line("RETURN", 2),
                function("f"),
                line("RETURN", 0),
            ]
        )
        programs += [
            [*made, load(0, other), line("LTE", 2, 0, 1), line("LTE", 1, 1, 0)]
            for other in (1, 2.5, "s", None)
        ]
    return programs


def ends() -> list[list[Item]]:
    """The ways a program can end, and instructions that fail."""
    return [
        [],
        [line("HALT")],
        [line("NOP")],
        [line("RETURN")],
        [load(0, None), line("RETURN", 0)],
        [line("JUMP", 55)],
        [line("JUMP", -55)],
        [line("LOAD_CONST", 0, 7)],
        [load(0, True), line("ADD", 1, 0, 0)],
        [line("ARRAY_GET", 0, 0, 0)],
        [line("NEG", 255, 254)],
        [line("LOAD_GLOBAL", 0, 65535)],
        [line("BREAKPOINT"), line("BREAKPOINT")],
        [line("DEFINE", 255, 65535), line("CHECK_TYPE", 0, 255, 99)],
        [line("NOP"), function("main"), line("NOP")],
        [load(1, 1), line("JUMP_IF", 1, 1), line("NOP"), line("JUMP_IF_NOT", 1, -5)],
    ]


def every_instruction() -> list[list[Item]]:
    """Each instruction once, completed and failing."""
    return [
        [*combination(opcode, chosen, 4).lines, line("RETURN", 0)]
        for opcode in plain_opcodes()
        for chosen in ([[1], 0, "x"], [{"a": 1}, "a", None], [7, 2, True], ["s", "t", 1.5])
    ]


GROUPS = {
    "calls": calls,
    "values": values_shown,
    "ends": ends,
    "every instruction": every_instruction,
}


@pytest.mark.parametrize("group", GROUPS)
def test_the_trace_is_the_same(comparison: Comparison, group: str) -> None:
    programs: Sequence[Sequence[Item]] = GROUPS[group]()
    found = comparison.mismatches(programs, TRACED)
    assert not found, f"{len(found)} of {len(programs)} differ; the first:\n{found[0][1].show()}"


def test_a_trace_is_more_than_the_output(comparison: Comparison) -> None:
    """Both sides run in debug mode at all."""
    path = write_file(
        comparison.folder, "traced", [load(0, 5), line("DEBUG_PRINT", 0), line("RETURN", 0)]
    )
    expected = (
        "PC: 0, Instruction: LoadConstR { dst: 0, const_idx: 0 }\n  LoadConstR: r0 = constants[0] = Int(5)\n"
        "PC: 1, Instruction: DebugPrint { src: 0 }\nDEBUG: Int(5)\nPC: 2, Instruction: ReturnR { src: Some(0) }\n"
    )
    assert (
        comparison.oracle.run(path, TRACED)
        == comparison.subject.run(path, TRACED)
        == Outcome(expected, VALUE, "Int(5)")
    )


@pytest.mark.skipif(not SAMPLE.exists(), reason="there is no ../shared/conformance here")
def test_the_published_sample(comparison: Comparison, tmp_path: Path) -> None:
    # The sample ends with the value of the program, as the script that made it printed it.
    expected = Outcome(SAMPLE.read_text().removesuffix("None\n"), VALUE, NO_VALUE)
    path = write_file(tmp_path, "sample", SAMPLED)
    assert comparison.oracle.run(path, TRACED) == expected
    assert comparison.subject.run(path, TRACED) == expected


def test_every_traced_instruction_is_in_the_programs() -> None:
    named = {
        item.name
        for program in chain(*(make() for make in GROUPS.values()), [SAMPLED])
        for item in program
        if hasattr(item, "name")
    }
    assert {opcode.name for opcode in plain_opcodes()} <= named
