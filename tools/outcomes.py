"""What a test suite has come to, and how that is counted from what it reports."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

PYTEST_RAN = (0, 1)
PYTEST_INTERRUPTED = 2
PYTEST_COLLECTED_NOTHING = 5


@dataclass(frozen=True)
class Outcome:
    """What a suite came to. `problem` tells why it counts as failed although no test of it did;
    `passed_alone` counts those of the passed tests that failed first.
    """

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    problem: str = ""
    passed_alone: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
            "; ".join(filter(None, (self.problem, other.problem))),
            self.passed_alone + other.passed_alone,
        )


def counted_outcome(output: str, status: int) -> Outcome:
    lines = output.strip().splitlines()
    match = re.fullmatch(r"(\d+) passed, (\d+) failed", lines[-1]) if lines else None
    if not match:
        return Outcome(failed=1, problem=f"crashed (exit status {status})")
    outcome = Outcome(passed=int(match.group(1)), failed=int(match.group(2)))
    return _distrust_silent_success(outcome, status)


def pytest_outcome(report: Path, status: int, selected: bool = False) -> Outcome:
    """Count from pytest's own report, which says more reliably than its output what happened.

    `selected`: the user asked for some tests only, and that none of a suite are among them is fine.
    """
    if status == PYTEST_COLLECTED_NOTHING:
        return Outcome() if selected else Outcome(failed=1, problem="collected no tests")
    if not report.exists():
        return Outcome(failed=1, problem=f"crashed (exit status {status})")
    outcome = sum(
        (_counts(suite) for suite in ElementTree.parse(report).iter("testsuite")), Outcome()
    )
    if status not in PYTEST_RAN:
        outcome += Outcome(failed=1, problem=f"broke off (exit status {status})")
    return _distrust_silent_success(outcome, status)


def outcome_with_second_try(first: Outcome, alone: Outcome) -> Outcome:
    """The outcome of a suite of which the tests that failed were run once more.

    A test passes by its second try only if that try ran just what had failed.
    """
    if alone.problem or alone.passed + alone.failed + alone.skipped != first.failed:
        return first
    return Outcome(
        passed=first.passed + alone.passed,
        failed=alone.failed,
        skipped=first.skipped + alone.skipped,
        problem=first.problem,
        passed_alone=alone.passed,
    )


def _counts(testsuite: ElementTree.Element) -> Outcome:
    total, errors, failures, skipped = (
        int(testsuite.get(name, "0")) for name in ("tests", "errors", "failures", "skipped")
    )
    return Outcome(
        passed=max(0, total - errors - failures - skipped),
        failed=errors + failures,
        skipped=skipped,
    )


def _distrust_silent_success(outcome: Outcome, status: int) -> Outcome:
    """A suite that counted no failure and yet ended with an error, or counted nothing at all, has
    failed.
    """
    if outcome.failed == 0 and status != 0:
        return outcome + Outcome(failed=1, problem=f"ended with exit status {status}")
    if outcome == Outcome():
        return Outcome(failed=1, problem="ran no tests")
    return outcome
