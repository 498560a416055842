"""Running a program in the native VM with the JIT's log on."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pymdvm.tracing.jit_log import SECTIONS, Trace, read_log


@dataclass(frozen=True)
class Recording:
    """A run.

    status: int, the exit status, negative for a signal
    error: str, what the VM wrote to standard error
    stopped: bool, whether the run was ended because its time was over: then nothing has been
        counted
    """

    traces: list[Trace]
    status: int
    error: str
    stopped: bool


def record(
    mdvm_c: Path,
    data: bytes,
    options: Sequence[str] = (),
    output: bool = False,
    seconds: float | None = None,
) -> Recording:
    """Run the .mdbc content and read what the JIT did.

    mdvm_c: the VM's program; options: further ones for it; output: whether the program's own output
    is shown; seconds: when to end the program, None for never. Raises OSError if mdvm_c cannot be
    run.
    """
    with tempfile.TemporaryDirectory(prefix="mdvm-trace-") as folder:
        program = Path(folder, "program.mdbc")
        program.write_bytes(data)
        log = Path(folder, "log")
        stopped = False
        with subprocess.Popen(
            [str(mdvm_c), *options, str(program)],
            env={**os.environ, "PYPYLOG": f"{SECTIONS}:{log}"},
            stdout=None if output else subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as process:
            try:
                _, error = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                stopped = True
                process.send_signal(signal.SIGINT)
                _, error = process.communicate()
        traces: list[Trace] = []
        if log.exists():
            with log.open(encoding="utf-8", errors="replace") as lines:
                traces = read_log(lines)
        return Recording(traces, process.returncode, error.decode("utf-8", "replace"), stopped)
