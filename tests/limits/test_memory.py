"""max_memory holds each program that tries to hold more, and no more than it says is resident."""

from __future__ import annotations

import concurrent.futures
import multiprocessing

import pytest

from tests.limits.limits import MIB, MemoryOutcome, load, most_memory, with_memory
from tests.limits.memory_escapes import MEMORY_ESCAPES

LIMIT = 100 * MIB
SPAWN = multiprocessing.get_context("spawn")


def _run(which: int) -> list[MemoryOutcome]:
    """In a process that has done nothing else, and then once more in the same."""
    escape = MEMORY_ESCAPES[which]
    program = load(escape.source)
    outcomes = [with_memory(escape, program, LIMIT) for _ in range(2)]
    assert load("LOAD_CONST r0, 42\nRETURN r0").run(max_memory=MIB) == 42
    return outcomes


@pytest.mark.parametrize(
    "which", range(len(MEMORY_ESCAPES)), ids=[escape.name for escape in MEMORY_ESCAPES]
)
def test_a_program_that_wants_more_memory(which: int) -> None:
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
        outcomes = pool.submit(_run, which).result()
    assert [outcome.error for outcome in outcomes] == ["LimitError: Out of memory"] * 2
    assert max(outcome.peak for outcome in outcomes) < most_memory(LIMIT)
