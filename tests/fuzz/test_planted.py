"""Faults put into the VM on purpose: the harness finds every one of them, and nothing where there
is none.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from .campaign import Campaign, Case, case_of
from .planted import FAULTS
from .runner import TOP, Subject
from .settings import Setting, Surroundings

SEED = "plant"
# Untranslated there is no JIT to set, and a loop need not be long.
LENGTH = 20
MOST_PROGRAMS = 6000


def cases(count: int) -> Iterator[Case]:
    for number in range(count):
        case = case_of(SEED, number, length=LENGTH)
        yield replace(case, settings=(Setting(counting=True, max_depth=case.max_depth),))


def campaign(plant: str) -> Campaign:
    return Campaign(Subject(untranslated=True, plant=plant), fixed=Surroundings(), shrinking=False)


def test_there_are_ten_at_least() -> None:
    assert len(FAULTS) >= 10


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_can_be_planted(fault: str) -> None:
    """A worker that ends at once would be found, too."""
    planting = f"from tests.fuzz.planted import plant; plant({fault!r})"
    done = subprocess.run(
        [sys.executable, "-c", planting], cwd=TOP, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str) -> None:
    findings = campaign(fault).run(cases(MOST_PROGRAMS))
    try:
        assert next(findings, None) is not None
    finally:
        findings.close()


def test_nothing_is_found_where_nothing_is_planted() -> None:
    assert [finding.report() for finding in campaign("").run(cases(150))] == []


def test_what_is_found_is_cut_down() -> None:
    trying = Campaign(Subject(untranslated=True, plant="order_of_arguments"), fixed=Surroundings())
    findings = trying.run(cases(MOST_PROGRAMS))
    try:
        finding = next(findings)
    finally:
        findings.close()
    # A CALL of three arguments that differ, something to tell them apart by, and little else.
    assert len(finding.listing().splitlines()) < 30
    assert "CALL" in finding.listing()
    assert finding.expected != finding.got
