"""What fuzzing has found: every program in regressions/ does on every engine what it says of
itself.

In such a file the lines `; expect: TEXT` are together what mdvm-c writes to standard output: the
program's own, and at the end
`Result: VALUE` if there is one. `; fails: TEXT` is the error that it ends with. A line `; jit:
PARAMETERS` names those that showed the fault; others are tried too.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from pymdvm.assembler import assemble
from pymdvm.bytecode import write

from .campaign import agree, outcome_of, shown
from .reference import OUT_OF_BUDGET, Judgement, decode, evaluate
from .reference.machine import RUN_ERROR
from .reference.values import debug_text
from .runner import Runner, Subject
from .settings import DEFAULT, EAGER, OFF, Setting, Surroundings, random_eager

PROGRAMS = sorted((Path(__file__).parent / "regressions").glob("*.mdasm"))
EXPECT = "; expect: "
FAILS = "; fails: "
JIT = "; jit: "
BUDGET = 5_000_000
LARGEST_ARRAY = 200_000
# Untranslated, a million instructions take minutes.
SHORT = 300_000


def noted(source: str, word: str) -> list[str]:
    return [line[len(word) :].strip() for line in source.splitlines() if line.startswith(word)]


def judgement_of(data: bytes) -> Judgement:
    judgement = evaluate(decode(data), BUDGET, largest_array=LARGEST_ARRAY)
    assert judgement.ending != OUT_OF_BUDGET
    return judgement


def settings_of(name: str, source: str) -> tuple[Setting, ...]:
    rng = random.Random(name)
    return (
        *map(Setting, noted(source, JIT)),
        DEFAULT,
        EAGER,
        OFF,
        *(random_eager(rng) for _ in range(5)),
    )


@pytest.fixture(scope="module", params=["", "64K"])
def native(request: pytest.FixtureRequest, built: None) -> Iterator[Runner]:
    runner = Runner(Subject(), Surroundings(nursery=request.param))
    yield runner
    runner.close()


@pytest.fixture(scope="module")
def untranslated() -> Iterator[Runner]:
    runner = Runner(Subject(untranslated=True), Surroundings())
    yield runner
    runner.close()


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_the_evaluator_says_the_same(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    judgement = judgement_of(write(assemble(source)))
    result = "" if judgement.value is None else f"Result: {debug_text(judgement.value)}\n"
    assert (judgement.output + result).splitlines() == noted(source, EXPECT)
    assert noted(source, FAILS) == ([judgement.error] if judgement.ending == RUN_ERROR else [])
    assert noted(source, EXPECT) or noted(source, FAILS)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_the_built_vm(path: Path, native: Runner) -> None:
    source = path.read_text(encoding="utf-8")
    data = write(assemble(source))
    expected = outcome_of(judgement_of(data))
    assert expected is not None
    settings = settings_of(path.stem, source)
    wrong = [
        (setting, got)
        for setting, got in zip(settings, native.run(data, settings))
        if not agree(expected, got)
    ]
    assert not wrong, "\n".join(f"{setting}: {shown(got, expected)}" for setting, got in wrong)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_the_vm_untranslated(path: Path, untranslated: Runner) -> None:
    data = write(assemble(path.read_text(encoding="utf-8")))
    expected = outcome_of(judgement_of(data))
    assert expected is not None
    if expected.count > SHORT:
        pytest.skip("too long to run untranslated")
    got = untranslated.run(data, (DEFAULT,))[0]
    assert agree(expected, got), shown(got, expected)
