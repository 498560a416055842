"""Source to answer, all the way: every construct and every shared case, at each level and for each
target, on each VM.

The VM untranslated always; the built mdvm-c and, for the target `published`, the published VM where
they are at hand. A file that several levels or targets make alike runs on each of them once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pymdvm.compiler.driver import LEVELS, TARGETS, CompilerOptions, compile_source
from pymdvm.compiler.frontend.targets import PUBLISHED
from tests.differential.oracle import Oracle, reason_there_is_none
from tests.differential.outcome import RUNTIME_ERROR, VALUE, Outcome, describe
from tests.differential.runner import Runner
from tests.differential.subject import is_translated, judged, make_subject

from .constructs import ALL_CASES
from .constructs.case import Case
from .dict_order import order_decides, sorted_entries
from .vm import run_bytecode

TOP = Path(__file__).resolve().parents[2]
SHARED_CASES = TOP.parent / "shared" / "language" / "cases.jsonl"

WAYS = [CompilerOptions(level, target) for target in TARGETS for level in LEVELS]


@pytest.fixture(scope="module")
def subject() -> Iterator[Runner]:
    runner = make_subject()
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

    def __init__(self, folder: Path, subject: Runner, oracle: Oracle | None) -> None:
        self._folder = folder
        self._subject = subject
        self._oracle = oracle

    def outcomes(self, source: str) -> Iterator[tuple[str, Outcome]]:
        """Of each file that the compiler makes of it, with the names of the ways and of the VM."""
        ways: dict[bytes, list[CompilerOptions]] = {}
        for way in WAYS:
            ways.setdefault(compile_source(source, "case.md", way).bytecode, []).append(way)
        for bytecode, made_by in ways.items():
            name = ", ".join(f"-O{way.level} --target {way.target}" for way in made_by)
            is_for_published = any(way.target == PUBLISHED for way in made_by)
            for vm, outcome in self._outcomes_of_file(bytecode, is_for_published):
                yield f"{name}, on {vm}", sorted_entries(outcome)

    def _outcomes_of_file(
        self, bytecode: bytes, is_for_published: bool
    ) -> Iterator[tuple[str, Outcome]]:
        yield "the VM untranslated", _untranslated(bytecode)
        path = self._folder / "case.mdbc"
        path.write_bytes(bytecode)
        if is_translated():
            yield "mdvm-c", self._subject.run(path)
        if self._oracle is not None and is_for_published and not order_decides(bytecode):
            yield "the published VM", self._oracle.run(path)


def _untranslated(bytecode: bytes) -> Outcome:
    """What the VM does with it in this process, as mdvm-c would show it."""
    outcome = run_bytecode(bytecode)
    if outcome.error:
        return Outcome(outcome.stdout, RUNTIME_ERROR, outcome.error)
    return _ended_well(outcome.stdout, outcome.value)


def _ended_well(stdout: str, value: str) -> Outcome:
    """value: the debug form of the result, "" for none."""
    return judged(stdout + (f"Result: {value}\n" if value else ""), "", 0)


@pytest.fixture
def runs(tmp_path: Path, subject: Runner, oracle: Oracle | None) -> Runs:
    return Runs(tmp_path, subject, oracle)


@pytest.mark.parametrize("case", ALL_CASES, ids=str)
def test_constructs(case: Case, runs: Runs) -> None:
    wanted = (
        Outcome(case.stdout, RUNTIME_ERROR, case.error)
        if case.error
        else _ended_well(case.stdout, case.value)
    )
    for name, outcome in runs.outcomes(case.source):
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


@pytest.mark.parametrize("case", shared_cases(), ids=lambda case: case["name"])
def test_shared_cases(case: dict[str, Any], runs: Runs) -> None:
    for name, outcome in runs.outcomes(case["source"]):
        assert outcome.stdout == sorted_entries(Outcome(case["stdout"], VALUE, "")).stdout, name
        if "runtime_error" in case:
            assert outcome.ending == RUNTIME_ERROR, name
            assert case["runtime_error"].lower() in outcome.detail.lower(), name
        else:
            assert (outcome.ending, outcome.detail) == (VALUE, describe(value_of(case["value"]))), (
                name
            )
