"""mdvm-c under limits of memory from fixed seeds: it ends properly.  `python3 -m tests.fuzz memory`
tries any others.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from . import memory
from .control_group import NoControlGroup, control_group
from .runner import TOP

BINARY = TOP / "mdvm-c"
SEED = "ci"
RUNS = 60
GROUPS = 30


@pytest.mark.skipif(not BINARY.exists(), reason="there is no mdvm-c here")
def test_ends_under_limits() -> None:
    found = [finding.report() for finding in memory.findings(BINARY, SEED, range(RUNS))]
    assert not found, "\n\n".join(found[:5])


@pytest.mark.skipif(not BINARY.exists(), reason="there is no mdvm-c here")
def test_ends_in_a_control_group() -> None:
    """Which the system would enforce by SIGKILL."""
    try:
        with control_group(64 * memory.MIB):
            pass
    except NoControlGroup as error:
        pytest.skip(str(error))
    numbers = (
        number for number in range(10**4) if memory.GROUP in memory.case_of("groups", number).limits
    )
    found = [
        finding.report() for finding in memory.findings(BINARY, "groups", islice(numbers, GROUPS))
    ]
    assert not found, "\n\n".join(found[:5])


def stand_in(folder: Path, text: str) -> Path:
    binary = folder / "mdvm-c"
    binary.write_text(f"#!/bin/sh\n{text}\n")
    binary.chmod(0o755)
    return binary


@pytest.mark.parametrize(
    "ending, is_proper",
    [
        ("echo 'Runtime error: Out of memory' >&2; exit 1", True),
        ("echo 'mdvm-c: not enough memory to start in; it needs 300 MB' >&2; exit 1", True),
        ("kill -ABRT $$", False),
        ("echo 'Fatal RPython error: MemoryError' >&2; exit 1", False),
        ("echo 'Runtime error: Out of memory' >&2; exit 3", False),
    ],
)
def test_what_is_proper(ending: str, is_proper: bool, tmp_path: Path) -> None:
    number = next(
        number
        for number in range(100)
        if memory.case_of(SEED, number).limits.get("AS", 10**9) > 10**8
    )
    problem = memory.problem_of(memory.case_of(SEED, number), stand_in(tmp_path, ending), 10)
    assert (problem == "") == is_proper, problem
