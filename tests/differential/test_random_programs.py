"""Random programs, the same ones each time.  `python3 -m tests.differential.fuzz` runs any number
of others.
"""

from __future__ import annotations

from collections import Counter

import pytest

from mdvm import opcodes
from tests.amounts import RANDOM_PROGRAMS

from .comparison import Comparison
from .differences import ONLY_HERE
from .fuzz import first_failure, seed_of
from .outcome import COMPILED, COUNTED, RUNTIME_ERROR, TRACED, VALUE
from .programs import instructions_of, program
from .subject import is_translated

SEED = "differential tests"
COUNT = RANDOM_PROGRAMS
TRACED_PROGRAMS = COUNT // 5
COUNTED_PROGRAMS = COUNT // 5


def test_random_programs_end_alike(comparison: Comparison) -> None:
    comparison.compared.clear()
    comparison.set_aside.clear()
    failure = first_failure(comparison, SEED, range(COUNT))
    assert not failure, failure
    # A generator whose programs the published VM cannot finish, or that all fail at once, would
    # prove nothing.
    assert sum(comparison.compared.values()) > 0.98 * COUNT, comparison.set_aside
    assert comparison.compared[VALUE] > 0.4 * COUNT, comparison.compared
    assert comparison.compared[RUNTIME_ERROR] > 0.05 * COUNT, comparison.compared


def test_random_programs_leave_the_same_trace(comparison: Comparison) -> None:
    failure = first_failure(comparison, SEED, range(COUNT, COUNT + TRACED_PROGRAMS), mode=TRACED)
    assert not failure, failure


def test_random_programs_execute_as_many_instructions(comparison: Comparison) -> None:
    failure = first_failure(
        comparison,
        SEED,
        range(COUNT + TRACED_PROGRAMS, COUNT + TRACED_PROGRAMS + COUNTED_PROGRAMS),
        mode=COUNTED,
    )
    assert not failure, failure


@pytest.mark.skipif(not is_translated(), reason="there is no JIT untranslated")
def test_random_programs_mean_the_same_compiled(comparison: Comparison) -> None:
    failure = first_failure(comparison, SEED, range(COUNT), mode=COMPILED)
    assert not failure, failure


def test_random_programs_use_every_instruction() -> None:
    used: Counter[str] = Counter()
    for number in range(COUNT):
        used.update(instructions_of(program(seed_of(SEED, number))))
    unused = [
        opcode.name
        for opcode in opcodes.OPCODES[: opcodes.opcode_count(opcodes.PUBLISHED)]
        if used[opcode.name] < COUNT // 100 and opcode.name not in ONLY_HERE
    ]
    assert unused == []
