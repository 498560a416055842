"""A program travels to Dask workers: the example runs on two worker processes and counts right."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
EXAMPLE = TOP / "examples" / "scale_out.py"
BELOW = 12000
PRIMES_BELOW = 1438


@pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="dask.distributed is not installed"
)
def test_two_workers_count_what_one_process_counts() -> None:
    environment = {**os.environ, "PYTHONPATH": str(TOP)}
    result = subprocess.run(
        [sys.executable, str(EXAMPLE), "--workers", "2", "--below", str(BELOW), "--chunk", "1000"],
        env=environment,
        capture_output=True,
        timeout=180,
        check=False,
    )
    assert result.returncode == 0, result.stderr.decode()
    first, second = result.stdout.decode().splitlines()
    assert first == f"{PRIMES_BELOW} primes below {BELOW}"
    assert re.fullmatch(r"12 calls on 2 worker processes, \d+\.\d\d s", second)


def test_the_expected_number() -> None:
    sieve = bytearray([1]) * BELOW
    for number in range(2, BELOW):
        if sieve[number]:
            sieve[2 * number :: number] = bytes(len(range(2 * number, BELOW, number)))
    assert sum(sieve[2:]) == PRIMES_BELOW
