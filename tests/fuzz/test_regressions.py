"""What fuzzing has found: every program in regressions/ does on every engine what it says of
itself.

tests/programs.py tells what the comment lines of such a file mean. Lines `; jit: PARAMETERS` and
`; without: OPTIMISATIONS` name those that showed the fault; others are tried too.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from tests.programs import Noted, name, read_all

from .campaign import agree, outcome_of, shown
from .reference import OUT_OF_BUDGET, TOO_DEEP, Judgement, decode, evaluate
from .reference.machine import RUN_ERROR
from .reference.values import debug_text
from .runner import Runner, Subject
from .settings import DEFAULT, EAGER, OFF, Setting, Surroundings, random_eager

PROGRAMS = read_all("fuzz/regressions")
BUDGET = 5_000_000
LARGEST_ARRAY = 200_000
# Untranslated, a million instructions take minutes.
SHORT = 300_000


def judgement_of(data: bytes) -> Judgement:
    judgement = evaluate(decode(data), BUDGET, largest_array=LARGEST_ARRAY)
    assert judgement.ending not in (OUT_OF_BUDGET, TOO_DEEP)
    return judgement


def settings_of(program: Noted) -> tuple[Setting, ...]:
    rng = random.Random(name(program))
    return (
        *map(Setting, program.jit),
        DEFAULT,
        EAGER,
        OFF,
        *(random_eager(rng) for _ in range(5)),
    )


@pytest.fixture(scope="module")
def untranslated() -> Iterator[Runner]:
    runner = Runner(Subject(untranslated=True), Surroundings())
    yield runner
    runner.close()


@pytest.mark.parametrize("program", PROGRAMS, ids=name)
def test_the_evaluator_says_the_same(program: Noted) -> None:
    judgement = judgement_of(program.content())
    result = "" if judgement.value is None else f"Result: {debug_text(judgement.value)}\n"
    assert judgement.output + result == program.stdout
    assert program.fails == (judgement.error if judgement.ending == RUN_ERROR else None)
    assert not program.says_nothing


@pytest.mark.parametrize("nursery", ["", "64K"])
@pytest.mark.parametrize("program", PROGRAMS, ids=name)
@pytest.mark.usefixtures("built")
def test_the_built_vm(program: Noted, nursery: str) -> None:
    data = program.content()
    expected = outcome_of(judgement_of(data))
    assert expected is not None
    settings = settings_of(program)
    wrong = []
    for without in {(), program.without}:
        runner = Runner(Subject(), Surroundings(without, nursery))
        outcomes = runner.run(data, settings)
        runner.close()
        wrong += [
            (f"{runner.surroundings}, {setting}", got)
            for setting, got in zip(settings, outcomes)
            if not agree(expected, got)
        ]
    assert not wrong, "\n".join(f"{setting}: {shown(got, expected)}" for setting, got in wrong)


@pytest.mark.parametrize("program", PROGRAMS, ids=name)
def test_the_vm_untranslated(program: Noted, untranslated: Runner) -> None:
    data = program.content()
    expected = outcome_of(judgement_of(data))
    assert expected is not None
    if expected.count > SHORT:
        pytest.skip("too long to run untranslated")
    got = untranslated.run(data, (DEFAULT,))[0]
    assert agree(expected, got), shown(got, expected)
