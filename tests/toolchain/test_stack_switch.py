"""The switch to the VM's own stack, on this processor and, where the tools are there, on aarch64.

It is the one part of the VM's C code that is written for each processor. For aarch64 it takes a
cross compiler and an emulator, see tools/translate_for.py.
"""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from layout import TOP
from platforms import AARCH64
from tests.toolchain.installed import installed

SYSTEM = TOP / "mdvm" / "system"
DRIVER = Path(__file__).with_name("coroutine_driver.c")
FLAGS = ("-std=gnu11", "-Wall", "-Wextra", "-Werror", "-funwind-tables", "-pthread", "-static")


def _here() -> tuple[str, list[str]]:
    return installed("cc"), []


def _aarch64() -> tuple[str, list[str]]:
    if platform.machine() == "aarch64":
        pytest.skip("this processor is an aarch64")
    return installed(AARCH64.compiler), [installed(*AARCH64.emulators)]


@pytest.mark.parametrize("optimised", ["-O0", "-O2"])
@pytest.mark.parametrize("tools", [_here, _aarch64], ids=["here", "aarch64"])
def test_coroutines_are_entered_and_left(
    tools: Callable[[], tuple[str, list[str]]], optimised: str, tmp_path: Path
) -> None:
    compiler, emulator = tools()
    driver = tmp_path / "driver"
    files = [str(DRIVER), str(SYSTEM / "coroutine.c")]
    command = [compiler, optimised, *FLAGS, f"-I{SYSTEM}", *files, "-o", str(driver)]
    subprocess.run(command, check=True)
    run = subprocess.run([*emulator, str(driver)], capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stdout, run.stderr) == (0, "ok\n", "")
