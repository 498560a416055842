"""mdvm, which is to be judged.

MDVM_BINARY says what to run: a command, such as "./mdvm-c" or "python3 -m mdvm.main"; the word
"untranslated" for the sources in forks of one process, which is much faster than a command that
starts Python; or "drop-in" for pymdvm's drop-in for the published VM, many files in one process, on
the engine that PYMDVM_ENGINE chooses. Without it that is ./mdvm-c, and the untranslated sources
while there is none.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from . import debug_form
from .oracle import TOP, OnePython
from .outcome import (
    COUNTED,
    CRASH,
    HANG,
    LOAD_ERROR,
    NO_VALUE,
    PLAIN,
    RUNTIME_ERROR,
    VALUE,
    Outcome,
    describe,
)
from .runner import OPTIONS, SECONDS_FOR_A_FILE, Runner, Worker, WorkerEnded, WorkerHangs

BINARY = TOP / "mdvm-c"
UNTRANSLATED = "untranslated"
DROP_IN = "drop-in"

_STATISTICS = re.compile(r"^instructions: ([0-9]+)\n(?:[a-z ]+: .*\n)*\Z", re.MULTILINE)
_RESULT = "Result: "
_ENDINGS = (("Runtime error: ", RUNTIME_ERROR), ("Failed to load bytecode: ", LOAD_ERROR))


def chosen() -> str:
    """What MDVM_BINARY, or its absence, asks for."""
    asked = os.environ.get("MDVM_BINARY", "")
    if asked:
        return asked
    return str(BINARY) if BINARY.exists() else UNTRANSLATED


def is_translated() -> bool:
    """Whether programs that take long untranslated can be run."""
    if chosen() == DROP_IN:
        return os.environ.get("PYMDVM_ENGINE") != "python" and (TOP / "libmdvm.so").exists()
    return chosen() != UNTRANSLATED and "python" not in chosen()


def make_subject() -> Runner:
    """A runner of what was chosen."""
    if chosen() == DROP_IN:
        return OnePython(DROP_IN, 6 * SECONDS_FOR_A_FILE)
    return Untranslated() if chosen() == UNTRANSLATED else Command(shlex.split(chosen()))


class Command:
    """One process a file."""

    def __init__(self, command: Sequence[str], seconds: float = 6 * SECONDS_FOR_A_FILE) -> None:
        self.command = list(command)
        self.seconds = seconds

    def run(self, path: Path, mode: str = PLAIN) -> Outcome:
        """Run a file."""
        command = [*self.command, *OPTIONS[mode], str(path)]
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                cwd=TOP,
                timeout=self.seconds,
            )
        except subprocess.TimeoutExpired:
            return Outcome("", HANG, f"no answer in {self.seconds} s")
        return judged(_text(done.stdout), _text(done.stderr), done.returncode, mode)

    def close(self) -> None:
        """Nothing outlives a file."""


class Untranslated:
    """The sources, imported once, a fork a file."""

    def __init__(self, seconds: float = 6 * SECONDS_FOR_A_FILE) -> None:
        self.worker = Worker(sys.executable, UNTRANSLATED)
        self.seconds = seconds

    def run(self, path: Path, mode: str = PLAIN) -> Outcome:
        """Run a file."""
        try:
            answer = self.worker.ask({"path": str(path), "options": OPTIONS[mode]}, self.seconds)
        except WorkerEnded as end:
            return Outcome("", CRASH, str(end))
        except WorkerHangs:
            return Outcome("", HANG, f"no answer in {self.seconds} s")
        return judged(str(answer["stdout"]), str(answer["stderr"]), int(answer["status"]), mode)

    def close(self) -> None:
        """End the worker."""
        self.worker.close()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def judged(stdout: str, stderr: str, status: int, mode: str = PLAIN) -> Outcome:
    """The outcome that a finished process stands for.  Anything but the agreed endings is a
    crash.
    """
    count = None
    if mode == COUNTED:
        stderr, count = _split_count(stderr)
    if status == 0 and not stderr:
        printed, value = _split_result(stdout)
        return Outcome(printed, VALUE, value, count)
    if status == 1 and stderr.endswith("\n"):
        for prefix, ending in _ENDINGS:
            if stderr.startswith(prefix):
                return Outcome(stdout, ending, stderr[len(prefix) : -1], count)
    return Outcome(stdout, CRASH, f"exit status {status}, stderr {stderr[-2000:]!r}")


def _split_count(stderr: str) -> tuple[str, int | None]:
    """What else was said, and the number of instructions from the statistics at the end; None
    without them.
    """
    match = _STATISTICS.search(stderr)
    return (stderr[: match.start()], int(match.group(1))) if match else (stderr, None)


def _split_result(stdout: str) -> tuple[str, str]:
    """What the program printed, and its described value from the last line."""
    before, newline, last = stdout[:-1].rpartition("\n")
    if not (stdout.endswith("\n") and last.startswith(_RESULT)):
        return stdout, NO_VALUE
    try:
        return before + newline, describe(debug_form.parse(last[len(_RESULT) :]))
    except ValueError as error:
        return before + newline, f"unreadable ({error}): {last}"
