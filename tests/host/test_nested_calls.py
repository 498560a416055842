"""Runs within runs, as far as they are C code: on stacks that no VM is on, so that it needs no
translation.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
VM = TOP / "mdvm"
SOURCES = ("coroutine", "interruption", "watcher", "forks", "thread_states")


def test_host_functions_that_run_programs(tmp_path: Path) -> None:
    headers = next(TOP.glob(".toolchain/rpython-*/rpython/translator/c"), None)
    if headers is None or shutil.which("gcc") is None:
        pytest.skip("needs gcc and RPython's headers")
    program = tmp_path / "nested_calls"
    built = subprocess.run(
        [
            *("gcc", "-g", "-O1", "-DRPY_EXTERN=extern", "-o", program),
            *[f"-I{folder}" for folder in (VM / "system", VM / "embedding", headers)],
            Path(__file__).with_name("nested_calls.c"),
            VM / "embedding" / "embedding.c",
            *[VM / "system" / f"{name}.c" for name in SOURCES],
            "-lpthread",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    done = subprocess.run([program], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, "all right\n"), done.stderr
