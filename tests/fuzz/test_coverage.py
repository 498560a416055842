"""A short run of coverage.py; `python3 -m tests.fuzz coverage` goes on.  Skipped where atheris is
not to be had.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import bootstrap
from layout import ToolchainError
from tests.amounts import EVERYTHING

from .coverage import FILE, TEXT, seeds, try_one

SECONDS = 20 if EVERYTHING else 8


def test_no_input_is_badly_received(tmp_path: Path) -> None:
    try:
        python = bootstrap.coverage()
    except ToolchainError as trouble:
        pytest.skip(f"atheris is not to be had here: {trouble}")
    script = Path(__file__).with_name("coverage.py")
    command = [
        str(python),
        str(script),
        str(tmp_path / "corpus"),
        "-seed=1",
        f"-max_total_time={SECONDS}",
        f"-artifact_prefix={tmp_path}/",
    ]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=400,
    )
    output = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, output[-3000:]
    assert "cov: " in output


def test_the_seeds_are_received_well() -> None:
    for data in seeds().values():
        try_one(data)


@pytest.mark.parametrize(
    "data", [b"", TEXT, FILE, TEXT + b"\xff ADD r1", FILE + b"MDBC" + bytes(20)]
)
def test_small_inputs(data: bytes) -> None:
    try_one(data)
