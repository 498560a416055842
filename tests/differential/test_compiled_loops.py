"""Every instruction in a loop that the JIT compiles, its result printed and handed on.

Random programs rarely keep one instruction in a hot loop together with everything that can happen
to what it makes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from mdvm import opcodes

from . import values
from .combinations import DST, combination, inputs_of, plain_opcodes
from .comparison import Comparison
from .outcome import COMPILED
from .source import Item, Line, Mark, function, line, load
from .subject import is_translated

TURNS = 30
COUNTER, STEP, TEST, USED = 240, 241, 242, 243

# What the inputs are called in the table, and values that suit them; any other input takes what
# OTHERS has.
FITTING: dict[str, Any] = {
    "array": [1, "x"],
    "dict": {"a": 1},
    "index": 1,
    "key": "a",
    "str_reg": "é",
    "size": 2,
    "value": 2.5,
}
OTHERS: list[Any] = [3, 2.5, "s", True, [1]]

# What a loop does with a result besides printing it.
USES: list[list[Line]] = [
    [],
    [line("STORE_GLOBAL", DST, "g"), line("LOAD_GLOBAL", DST, "g")],
    [
        load(USED, 1),
        line("NEW_ARRAY", USED, USED),
        load(STEP, 0),
        line("ARRAY_SET", USED, STEP, DST),
        line("ARRAY_GET", DST, USED, STEP),
    ],
    [load(USED, "f"), line("CALL", USED, DST, (DST,))],
]


def loop(before: Sequence[Line], body: Sequence[Line]) -> list[Item]:
    """A program that runs the body TURNS times and returns what the last turn left in DST."""
    return [
        load(DST, 0),
        *before,
        load(COUNTER, TURNS),
        Mark("again"),
        *body,
        load(STEP, 1),
        line("SUB", COUNTER, COUNTER, STEP),
        load(STEP, 0),
        line("GT", TEST, COUNTER, STEP),
        line("JUMP_IF", TEST, "again"),
        line("RETURN", DST),
        function("f"),
        line("MOVE", 5, 0),
        line("RETURN", 5),
    ]


def loops_with(opcode: opcodes.Opcode) -> list[list[Item]]:
    """Inputs made before the loop, and anew each time round."""
    programs = []
    for other in OTHERS:
        one = combination(opcode, [FITTING.get(name, other) for name in inputs_of(opcode)], 4)
        for use in USES:
            body = [one.instruction, *use, line("DEBUG_PRINT", DST)]
            programs += [loop(one.before, body), loop([], [*one.before, *body])]
    return programs


@pytest.mark.skipif(not is_translated(), reason="there is no JIT untranslated")
@pytest.mark.parametrize("opcode", plain_opcodes(), ids=lambda opcode: opcode.name)
def test_every_instruction_in_a_compiled_loop(
    comparison: Comparison, opcode: opcodes.Opcode
) -> None:
    programs = loops_with(opcode)
    found = comparison.mismatches(programs, COMPILED)
    assert not found, f"{len(found)} of {len(programs)} differ; the first:\n{found[0][1].show()}"


@pytest.mark.skipif(not is_translated(), reason="there is no JIT untranslated")
def test_every_value_in_a_compiled_loop(comparison: Comparison) -> None:
    """Values as they come from the constant pool, changing kind from turn to turn."""
    programs = []
    for first, second in zip(values.ALL, [*values.ALL[1:], values.ALL[0]]):
        body = [
            *values.make_value(1, first),
            *values.make_value(2, second),
            line("EQ", 3, 1, 2),
            line("CONCAT_STR", 4, 1, 2),
            line("MOVE", DST, 1),
            line("JUMP_IF", COUNTER, 1),
            line("MOVE", DST, 2),
            *[line("DEBUG_PRINT", register) for register in range(5)],
        ]
        programs.append(loop([], body))
    found = comparison.mismatches(programs, COMPILED)
    assert not found, f"{len(found)} of {len(programs)} differ; the first:\n{found[0][1].show()}"
