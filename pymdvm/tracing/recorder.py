"""Running a program in the native VM with the JIT's log on."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pymdvm.tracing.jit_log import SECTIONS, Trace, read_log


@dataclass(frozen=True)
class Recording:
    """A run.  status: int, the exit status, negative for a signal; error: str, what the VM wrote to standard error."""

    traces: list[Trace]
    status: int
    error: str


def record(mdvm_c: Path, data: bytes, options: Sequence[str] = (), output: bool = False) -> Recording:
    """Run the .mdbc content and read what the JIT did.

    mdvm_c: the VM's program; options: further ones for it; output: whether the program's own output is shown.
    """
    with tempfile.TemporaryDirectory(prefix="mdvm-trace-") as folder:
        program = Path(folder, "program.mdbc")
        program.write_bytes(data)
        log = Path(folder, "log")
        result = subprocess.run([str(mdvm_c), *options, str(program)], check=False,
                                env={**os.environ, "PYPYLOG": f"{SECTIONS}:{log}"},
                                stdout=None if output else subprocess.DEVNULL, stderr=subprocess.PIPE)
        traces: list[Trace] = []
        if log.exists():
            with log.open(encoding="utf-8", errors="replace") as lines:
                traces = read_log(lines)
        return Recording(traces, result.returncode, result.stderr.decode("utf-8", "replace"))
