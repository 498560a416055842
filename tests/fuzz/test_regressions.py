"""What fuzzing has found: every program in regressions/ does on every engine what it says of itself.

In such a file the lines `; expect: TEXT` are together what mdvm-c writes: the program's output, and at the end `Result: VALUE`
or `Runtime error: TEXT` if there is one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from pymdvm.assembler import assemble
from pymdvm.bytecode import write

from .campaign import agree, outcome_of, shown
from .reference import decode, evaluate
from .reference.machine import RUN_ERROR
from .reference.values import debug_text
from .runner import Runner, Subject
from .settings import DEFAULT, EAGER, OFF, Setting, Surroundings, random_eager

PROGRAMS = sorted((Path(__file__).parent / "regressions").glob("*.mdasm"))
EXPECT = "; expect: "
BUDGET = 5_000_000
# Untranslated, a million instructions take minutes.
SHORT = 300_000


def expected_text(source: str) -> str:
    return "".join(line.strip()[len(EXPECT):] + "\n" for line in source.splitlines() if line.strip().startswith(EXPECT))


def settings_of(name: str) -> tuple[Setting, ...]:
    rng = random.Random(name)
    return (DEFAULT, EAGER, OFF, *(random_eager(rng) for _ in range(5)))


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
    judgement = evaluate(decode(write(assemble(source))), BUDGET)
    end = ""
    if judgement.ending == RUN_ERROR:
        end = f"Runtime error: {judgement.error}\n"
    elif judgement.value is not None:
        end = f"Result: {debug_text(judgement.value)}\n"
    assert judgement.output + end == expected_text(source) != ""


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_the_built_vm(path: Path, native: Runner) -> None:
    data = write(assemble(path.read_text(encoding="utf-8")))
    expected = outcome_of(evaluate(decode(data), BUDGET))
    assert expected is not None
    settings = settings_of(path.stem)
    wrong = [(setting, got) for setting, got in zip(settings, native.run(data, settings)) if not agree(expected, got)]
    assert not wrong, "\n".join(f"{setting}: {shown(got, expected)}" for setting, got in wrong)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_the_vm_untranslated(path: Path, untranslated: Runner) -> None:
    data = write(assemble(path.read_text(encoding="utf-8")))
    expected = outcome_of(evaluate(decode(data), BUDGET))
    assert expected is not None
    if expected.count > SHORT:
        pytest.skip("too long to run untranslated")
    got = untranslated.run(data, (DEFAULT,))[0]
    assert agree(expected, got), shown(got, expected)
