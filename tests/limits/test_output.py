"""max_output holds each program that tries to print more: to the byte, with whole lines, and without
making what it will not print.
"""

from __future__ import annotations

import time

import pytest

import pymdvm
from tests.limits.escapes import Escape
from tests.limits.limits import BAR_SECONDS, load, with_output
from tests.limits.output_escapes import MANY_PRINTS, ONE_PRINT

LIMIT = 100_000
PATIENCE = 0.25
ROUNDS = 4


@pytest.mark.parametrize("escape", ONE_PRINT, ids=lambda escape: escape.name)
def test_one_print_of_too_much(escape: Escape) -> None:
    """Nothing arrives, and soon: what makes the value takes a moment at most."""
    program = load(escape.source)
    took = []
    for _ in range(ROUNDS):
        outcome = with_output(escape, program, LIMIT)
        assert outcome.error == f"LimitError: Output limit exceeded: {LIMIT}"
        assert outcome.printed == 0
        took.append(outcome.took)
        if outcome.took < BAR_SECONDS:
            break
    assert min(took) < BAR_SECONDS + PATIENCE


@pytest.mark.parametrize("escape", MANY_PRINTS, ids=lambda escape: escape.name)
@pytest.mark.parametrize("limit", [0, 1, 2, 100, LIMIT, LIMIT + 1])
def test_prints_of_little(escape: Escape, limit: int) -> None:
    outcome = with_output(escape, load(escape.source), limit)
    assert outcome.error == f"LimitError: Output limit exceeded: {limit}"
    assert outcome.printed <= limit and outcome.whole
    assert outcome.printed > limit - 1000  # no line is longer


def test_what_is_just_allowed() -> None:
    """A line counts with its end."""
    printing = load('LOAD_CONST r0, "12345678"\nDEBUG_PRINT r0\nRETURN r0')
    pieces: list[str] = []
    assert printing.run(stdout=pieces.append, max_output=9) == "12345678"
    assert pieces == ["12345678\n"]
    with pytest.raises(pymdvm.LimitError, match="^Output limit exceeded: 8$"):
        printing.run(stdout=pieces.append, max_output=8)


LARGE_ARRAY = """
    LOAD_CONST   r0, 536870913
    NEW_ARRAY    r1, r0
    DEBUG_PRINT  r1
    RETURN       r0
"""


@pytest.mark.parametrize(
    "limits, kind",
    [
        (
            {
                "timeout": 3,
                "max_instructions": 20_000,
                "max_memory": 64 << 20,
                "max_output": 1 << 20,
            },
            "memory",
        ),
        ({"max_output": 1 << 20}, "output"),
        ({"max_instructions": 20_000}, "instructions"),
        ({"timeout": 1}, "timeout"),
    ],
    ids=["all", "output", "instructions", "timeout"],
)
def test_an_array_that_takes_seconds_to_print(limits: dict[str, int], kind: str) -> None:
    """A damaged file had it.  Each limit alone, and all together."""
    program = load(LARGE_ARRAY)
    began = time.perf_counter()
    with pytest.raises(pymdvm.LimitError) as caught:
        program.run(stdout=lambda text: None, **limits)  # type: ignore[arg-type]
    assert caught.value.kind == kind
    assert time.perf_counter() - began < 2.0
