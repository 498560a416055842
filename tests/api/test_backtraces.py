"""Debuggers read the stack of a process whose VM runs, through the switch to the VM's own stack."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading

import pytest

from tests.api.samples import TOP, only_native

SCRIPT = """
import sys, threading, pymdvm
from tests.api.samples import ENDLESS, program
endless = program(ENDLESS)
def work():
    print("runs", flush=True)
    endless.run(jit=False)
if sys.argv[1] == "main":
    work()
else:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
"""


@only_native
@pytest.mark.skipif(shutil.which("gdb") is None, reason="there is no gdb here")
@pytest.mark.parametrize("where", ["main", "thread"])
def test_gdb_reads_from_the_vm_to_what_called_it(where: str) -> None:
    path = os.pathsep.join([str(TOP), os.path.dirname(__file__)])
    running = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, where],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )
    watchdog = threading.Timer(100, running.kill)
    watchdog.start()
    try:
        assert running.stdout is not None
        running.stdout.readline()
        shown = subprocess.run(
            ["gdb", "-p", str(running.pid), "-batch", "-nx", "-ex", "thread apply all backtrace"],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
    finally:
        watchdog.cancel()
        running.kill()
        running.wait()
        if running.stdout is not None:
            running.stdout.close()
    if "in mdvm_" not in shown:
        pytest.skip("gdb may not attach here, or there are no symbols")
    threads = [
        thread
        for thread in shown.split("\nThread ")
        if "mdvm_enter_run" in thread or "mdvm_run_body" in thread
    ]
    assert len(threads) == 1, shown
    frames = threads[0].splitlines()
    inner = next(number for number, frame in enumerate(frames) if "mdvm_run_body" in frame)
    outer = [
        number
        for number, frame in enumerate(frames)
        if "ffi_call" in frame or "PyCFuncPtr_call" in frame or "_PyEval_" in frame
    ]
    assert outer, shown
    assert outer[0] > inner
