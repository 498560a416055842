"""A worker process with a watchdog: what it does not survive, or does not finish, is an outcome
like any other.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from .messages import LENGTH, Job, Outcome, send
from .settings import Setting, Surroundings

CRASH = "crash"
HANG = "hang"

TOP = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
# A new process now and then: what the JIT has made stays in memory.
JOBS_A_PROCESS = 400


@dataclass(frozen=True)
class Subject:
    """The VM that is tried.

    top: the checkout with its pymdvm. library: its libmdvm.so, None for the one of that checkout.
    untranslated: the VM's modules under this Python instead. plant: "" or a fault of planted.py.
    python: the command of another Python that the library is for, perhaps in an emulator.
    """

    top: Path = TOP
    library: Path | None = None
    untranslated: bool = False
    plant: str = ""
    python: tuple[str, ...] = (sys.executable,)

    def command(self) -> list[str]:
        # under the name that its messages have here
        command = [*self.python, "-m", f"{__package__}.worker"]
        if self.top != TOP:
            command += ["--top", str(self.top)]
        if self.library:
            command += ["--library", str(self.library)]
        if self.plant:
            command += ["--plant", self.plant]
        return command


class _Ended(Exception):
    """The worker has ended: what is known about it."""


class _Silent(Exception):
    """The worker has not answered in time."""


class Runner:
    """Runs jobs, each in a worker that lives.  seconds: CPU or not, how long one setting of a job
    may take.
    """

    def __init__(self, subject: Subject, surroundings: Surroundings, seconds: float = 60.0) -> None:
        self.subject = subject
        self.surroundings = surroundings
        self.seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._jobs = 0

    def run(
        self,
        data: bytes,
        settings: tuple[Setting, ...],
        limits: dict[str, Any] | None = None,
        padding: bool = True,
    ) -> list[Outcome]:
        """The outcome in each setting, see messages.Job.  A crash or hang in one does not keep the
        others from being tried.
        """
        outcomes: list[Outcome] = []
        while len(outcomes) < len(settings):
            job = Job(data, settings[len(outcomes) :], limits or {}, padding)
            try:
                process = self._ready_process()
                assert process.stdin
                send(process.stdin, job)
                for _ in job.settings:
                    outcomes.append(self._receive(self.seconds))
            except _Silent:
                outcomes.append(Outcome(HANG, error=f"no answer within {self.seconds:g} s"))
                self.close()
            except (_Ended, BrokenPipeError, ConnectionResetError):
                outcomes.append(Outcome(CRASH, error=self._how_it_ended()))
                self.close()
        return outcomes

    def restart_with(self, surroundings: Surroundings) -> None:
        """Go on in a process with other surroundings."""
        self.close()
        self.surroundings = surroundings

    def _ready_process(self) -> subprocess.Popen[bytes]:
        self._jobs += 1
        if self._process is not None and self._jobs > JOBS_A_PROCESS:
            self.close()
        if self._process is None:
            environment = self.surroundings.environment()
            environment["PYTHONPATH"] = os.pathsep.join((str(TOP), str(TOP / "tests")))
            environment["PYMDVM_ENGINE"] = "python" if self.subject.untranslated else "native"
            self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed with the worker
            self._process = subprocess.Popen(
                self.subject.command(),
                cwd=TOP,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                bufsize=-1,
                start_new_session=True,
            )
            self._jobs = 1
            self._receive(START_SECONDS)
        return self._process

    def _receive(self, seconds: float) -> Any:
        size = LENGTH.unpack(self._read(LENGTH.size, seconds))[0]
        return pickle.loads(self._read(size, seconds))

    def _read(self, size: int, seconds: float) -> bytes:
        assert self._process and self._process.stdout
        descriptor = self._process.stdout.fileno()
        received = b""
        end = time.monotonic() + seconds
        while len(received) < size:
            readable, _, _ = select.select([descriptor], [], [], max(0.0, end - time.monotonic()))
            if not readable:
                raise _Silent
            piece = os.read(descriptor, size - len(received))
            if not piece:
                raise _Ended
            received += piece
        return received

    def _how_it_ended(self) -> str:
        assert self._process and self._errors
        try:
            status = self._process.wait(10)
        except subprocess.TimeoutExpired:
            return "it has closed its output"
        how = f"status {status}"
        if status < 0:
            how = signal.Signals(-status).name
        self._errors.seek(0)
        said = self._errors.read().decode("utf-8", "replace").strip()
        return f"{how}: {said[-1500:]}"

    def close(self) -> None:
        """End the worker."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        self._process = None
