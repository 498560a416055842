"""Source to answer, all the way: every construct and every shared case, at each level and for each
target, on each VM.

The VM untranslated always; the built mdvm-c and, for the target `published`, the published VM where
they are at hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pymdvm.compiler.driver import LEVELS, TARGETS, CompilerOptions, compile_source
from tests.differential.oracle import Oracle, reason_there_is_none
from tests.differential.outcome import RUNTIME_ERROR, VALUE, Outcome, describe
from tests.differential.runner import Runner
from tests.differential.subject import Untranslated, is_translated, judged, make_subject

from .constructs import ALL_CASES
from .constructs.case import Case
from .dict_order import order_decides, sorted_entries

TOP = Path(__file__).resolve().parents[2]
SHARED_CASES = TOP.parent / "shared" / "language" / "cases.jsonl"

every_way = pytest.mark.parametrize(
    ("level", "target"), [(level, target) for level in LEVELS for target in TARGETS]
)


@pytest.fixture(scope="module")
def subject() -> Iterator[Runner]:
    runner = make_subject()
    yield runner
    runner.close()


@pytest.fixture(scope="module")
def untranslated() -> Iterator[Runner]:
    runner = Untranslated()
    yield runner
    runner.close()


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle | None]:
    runner = None if reason_there_is_none() else Oracle()
    yield runner
    if runner is not None:
        runner.close()


class Runs:
    """A program on all VMs."""

    def __init__(
        self, folder: Path, untranslated: Runner, subject: Runner, oracle: Oracle | None
    ) -> None:
        self._folder = folder
        self._untranslated = untranslated
        self._subject = subject
        self._oracle = oracle

    def outcomes(self, source: str, level: int, target: str) -> dict[str, Outcome]:
        """By the name of the VM."""
        bytecode = compile_source(source, "case.md", CompilerOptions(level, target)).bytecode
        path = self._folder / "case.mdbc"
        path.write_bytes(bytecode)
        found = {"untranslated": self._untranslated.run(path)}
        if is_translated():
            found["mdvm-c"] = self._subject.run(path)
        if self._oracle is not None and target == "published" and not order_decides(bytecode):
            found["published"] = self._oracle.run(path)
        return {name: sorted_entries(outcome) for name, outcome in found.items()}


@pytest.fixture
def runs(tmp_path: Path, untranslated: Runner, subject: Runner, oracle: Oracle | None) -> Runs:
    return Runs(tmp_path, untranslated, subject, oracle)


@every_way
@pytest.mark.parametrize("case", ALL_CASES, ids=str)
def test_constructs(case: Case, level: int, target: str, runs: Runs) -> None:
    if case.error:
        wanted = Outcome(case.stdout, RUNTIME_ERROR, case.error)
    else:
        shown = f"Result: {case.value}\n" if case.value else ""
        wanted = judged(case.stdout + shown, "", 0)
    for name, outcome in runs.outcomes(case.source, level, target).items():
        assert outcome == sorted_entries(wanted), name


def shared_cases() -> list[dict[str, Any]]:
    return (
        [json.loads(line) for line in SHARED_CASES.read_text().splitlines()]
        if SHARED_CASES.exists()
        else []
    )


def value_of(described: dict[str, Any]) -> object:
    """The Python value that a shared case describes."""
    kind, value = described["t"], described["v"]
    if kind == "list":
        return [value_of(item) for item in value]
    if kind == "dict":
        return {key: value_of(item) for key, item in value.items()}
    return {"int": int, "float": float}.get(kind, lambda same: same)(value)


@every_way
@pytest.mark.parametrize("case", shared_cases(), ids=lambda case: case["name"])
def test_shared_cases(case: dict[str, Any], level: int, target: str, runs: Runs) -> None:
    for name, outcome in runs.outcomes(case["source"], level, target).items():
        assert outcome.stdout == sorted_entries(Outcome(case["stdout"], VALUE, "")).stdout, name
        if "runtime_error" in case:
            assert outcome.ending == RUNTIME_ERROR, name
            assert case["runtime_error"].lower() in outcome.detail.lower(), name
        else:
            assert (outcome.ending, outcome.detail) == (VALUE, describe(value_of(case["value"]))), (
                name
            )
