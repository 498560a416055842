"""Loading takes memory and time in proportion to the file, with small factors, whatever the file
holds.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.large_files import KINDS
from bench.loading import cost_of
from tests.binary.binary import COMMAND

SIZE = 2_000_000

# Small files have the fixed costs to bear too, and other processes slow a measurement down: the
# bounds of large files, doubled.
MOST_MEMORY = 80.0
MOST_SECONDS = 2e-6


@pytest.mark.parametrize("kind", KINDS)
def test_two_megabytes(kind: str) -> None:
    data = KINDS[kind](SIZE)
    cost = cost_of(Path(COMMAND[0]), data)
    assert cost.status in (0, 1), cost.error
    assert cost.memory <= MOST_MEMORY * len(data)
    assert cost.seconds <= MOST_SECONDS * len(data)


@pytest.mark.parametrize(
    "kind, error",
    [
        ("damaged_at_the_end", "Failed to load bytecode: Invalid opcode: 255"),
        ("lying_count", "Failed to load bytecode: Unexpected EOF"),
        ("moves", ""),
        ("assertions", "Runtime error: Assertion failed: f"),
    ],
)
def test_they_end_as_they_should(kind: str, error: str) -> None:
    assert cost_of(Path(COMMAND[0]), KINDS[kind](200_000)).error.split("\n")[0] == error
