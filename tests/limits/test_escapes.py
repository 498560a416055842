"""Each limit ends each program that tries to escape it, in time, and the next program runs as if
nothing had been.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import pymdvm
from tests.limits.escapes import BEYOND_MEMORY, ESCAPES, RECURSIONS, Escape
from tests.limits.limits import Outcome, bar, load, with_instructions, with_interrupt, with_timeout

LIMIT = 0.25  # seconds
PATIENCE = 0.25  # beyond the bar; measure.py does without
ROUNDS = 4
OUT_OF_MEMORY = "RunError: Out of memory"

by_name = pytest.mark.parametrize("escape", ESCAPES, ids=lambda escape: escape.name)


@pytest.fixture(autouse=True)
def goes_on() -> Iterator[None]:
    yield
    assert (
        load("LOAD_CONST r0, 20\nLOAD_CONST r1, 22\nADD r0, r0, r1\nRETURN r0").run(
            timeout=30, max_instructions=4
        )
        == 42
    )


def _best(kind: Callable[[Escape, pymdvm.Program, float], Outcome], escape: Escape) -> Outcome:
    program = load(escape.source)
    outcomes = []
    for _ in range(ROUNDS):
        outcomes.append(kind(escape, program, LIMIT))
        if outcomes[-1].late < bar(LIMIT):
            break
    return min(outcomes, key=lambda outcome: outcome.late)


@by_name
def test_a_timeout_is_in_time(escape: Escape) -> None:
    outcome = _best(with_timeout, escape)
    assert outcome.error in (f"LimitError: Timeout: {LIMIT:g} s", OUT_OF_MEMORY)
    assert min(outcome.late, outcome.worked) < bar(LIMIT) + PATIENCE


@by_name
def test_an_interrupt_is_in_time(escape: Escape) -> None:
    outcome = _best(with_interrupt, escape)
    assert outcome.error.startswith("KeyboardInterrupt") or outcome.error == OUT_OF_MEMORY
    assert min(outcome.late, outcome.worked) < bar(LIMIT) + PATIENCE


@pytest.mark.parametrize(
    "escape", [escape for escape in ESCAPES if escape.instructions], ids=lambda escape: escape.name
)
def test_instructions_are_limited_although_one_of_them_is_endless(escape: Escape) -> None:
    program = load(escape.source)
    outcome = with_instructions(escape, program)
    assert outcome.error in (
        f"LimitError: Instruction limit exceeded: {escape.instructions}",
        OUT_OF_MEMORY,
    )
    assert program.stats.instructions <= escape.instructions


@pytest.mark.parametrize("name", RECURSIONS)
@pytest.mark.parametrize("jit", [None, False])
def test_recursion_ends(name: str, jit: bool | None) -> None:
    program = load(RECURSIONS[name])
    every: list[dict[str, Any]] = [{}, {"max_depth": 1000}, {"timeout": 60.0}]
    for limits in every:
        with pytest.raises(pymdvm.RunError, match="^Stack overflow$"):
            program.run(jit=jit, **limits)


@pytest.mark.parametrize("name", BEYOND_MEMORY)
def test_what_no_memory_can_hold_is_out_of_memory_at_once(name: str) -> None:
    program = load(BEYOND_MEMORY[name])
    began = time.process_time()
    with pytest.raises(pymdvm.RunError, match="^Out of memory$"):
        program.run()
    assert time.process_time() - began < 1.0
