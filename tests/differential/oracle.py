"""The published VM, which says what is right.

It runs in worker processes of its own, under a Python that has the wheel: MDVM_ORACLE_PYTHON, or
the one that `python3 tools/bootstrap.py oracle` makes. A file that makes the wheel abort, panic or
hang costs a worker, not the test run.
"""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from .outcome import COUNTED, CRASH, HANG, LOAD_ERROR, PLAIN, RUNTIME_ERROR, VALUE, Outcome
from .runner import OPTIONS, SECONDS_FOR_A_FILE, Worker, WorkerEnded, WorkerHangs

TOP = Path(__file__).resolve().parent.parent.parent
DEFAULT_PYTHON = TOP / ".toolchain" / "oracle" / "bin" / "python"

_LOAD_PREFIX = "Failed to load bytecode: "
_RUN_PREFIX = "Runtime error: "


def oracle_python() -> Path:
    """The Python that should have the wheel, whether or not it exists."""
    return Path(os.environ.get("MDVM_ORACLE_PYTHON") or DEFAULT_PYTHON)


@cache
def reason_there_is_none() -> str:
    """Why the wheel cannot be asked; "" if it can."""
    python = oracle_python()
    if not python.exists():
        return f"no published VM: {python} does not exist (make it with `python3 tools/bootstrap.py oracle`)"
    tried = subprocess.run(
        [str(python), "-c", "import machine_dialect_vm"], capture_output=True, text=True
    )
    return (
        ""
        if tried.returncode == 0
        else f"no published VM in {python}: {tried.stderr.strip().splitlines()[-1:]}"
    )


class OnePython:
    """One worker, under the Python that has the wheel, that runs files on a module
    machine_dialect_vm: see worker.py.
    """

    def __init__(self, kind: str, seconds: float) -> None:
        self.worker = Worker(str(oracle_python()), kind)
        self.seconds = seconds

    def run(self, path: Path, mode: str = PLAIN) -> Outcome:
        """Load and execute a file in a new VM."""
        try:
            answer = self.worker.ask({"path": str(path), "options": OPTIONS[mode]}, self.seconds)
        except WorkerEnded as end:
            return Outcome("", CRASH, str(end))
        except WorkerHangs:
            return Outcome("", HANG, f"no answer in {self.seconds} s")
        count = int(answer["count"]) if mode == COUNTED else None
        return Outcome(str(answer["stdout"]), *_ending(answer), count)

    def close(self) -> None:
        """End the worker."""
        self.worker.close()


class Oracle(OnePython):
    """One worker with the published VM."""

    def __init__(self, seconds: float = SECONDS_FOR_A_FILE) -> None:
        super().__init__("wheel", seconds)


def _ending(answer: dict[str, Any]) -> tuple[str, str]:
    """How the worker says that a file ended, and the detail to it."""
    if "value" in answer:
        return VALUE, str(answer["value"])
    if "crash" in answer:
        return CRASH, str(answer["crash"])
    text = str(answer["error"])
    for prefix, ending in ((_LOAD_PREFIX, LOAD_ERROR), (_RUN_PREFIX, RUNTIME_ERROR)):
        if text.startswith(prefix):
            return ending, text[len(prefix) :]
    return CRASH, text
