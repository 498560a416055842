"""Running many files: worker processes that outlive a file, and pools of whatever runs one."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

from .outcome import COMPILED, COUNTED, PLAIN, TRACED, Outcome

WORKER = Path(__file__).resolve().parent / "worker.py"
SECONDS_FOR_A_FILE = 10.0

# The options of mdvm-c for each way of running a file.
OPTIONS = {
    PLAIN: [],
    TRACED: ["--debug"],
    COUNTED: ["--stats"],
    COMPILED: ["--jit", "threshold=2,function_threshold=2,trace_eagerness=1"],
}


class Runner(Protocol):
    """Something that runs a file."""

    def run(self, path: Path, mode: str = PLAIN) -> Outcome:
        """Run one file."""

    def close(self) -> None:
        """End what was started for it."""


class WorkerEnded(Exception):
    """The worker process ended in the middle of a file.  Its text says how."""


class WorkerHangs(Exception):
    """The worker process did not answer in time, and was killed."""


class Worker:
    """A worker process (worker.py), started when needed and again after it died."""

    def __init__(self, python: str, kind: str) -> None:
        self.command = [python, str(WORKER), kind]
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Send a request and wait for its answer."""
        if self.process is None:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
        assert self.process.stdin and self.process.stdout
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise WorkerEnded(self._how_it_ended()) from None
        answer: dict[str, Any] = json.loads(
            self._read_line(self.process.stdout.fileno(), time.monotonic() + seconds)
        )
        return answer

    def _read_line(self, descriptor: int, deadline: float) -> bytes:
        received = b""
        while not received.endswith(b"\n"):
            ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                self.close()
                raise WorkerHangs
            chunk = os.read(descriptor, 1 << 20)
            if not chunk:
                raise WorkerEnded(self._how_it_ended())
            received += chunk
        return received

    def _how_it_ended(self) -> str:
        assert self.process and self.process.stderr
        status = self.process.wait()
        # Only what came before the first file is here; afterwards the worker's stderr belongs to
        # the files.
        said = self.process.stderr.read().decode("utf-8", "replace").strip()
        self.close()
        return f"status {status} {said[-2000:]}".strip()

    def close(self) -> None:
        """End the process.  The next request starts another."""
        if self.process is None:
            return
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream
            # What was still to be sent to a dead worker is of no use to anyone.
            with contextlib.suppress(BrokenPipeError):
                stream.close()
        self.process = None


def _processors() -> int:
    """How many are for this process: pytest-xdist may run several like it."""
    return max(1, (os.cpu_count() or 1) // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


class Pool:
    """Several runners of one kind, used by several threads."""

    def __init__(self, make: Callable[[], Runner], size: int | None = None) -> None:
        self.size = size or _processors()
        self._all = [make() for _ in range(self.size)]
        self._idle: queue.SimpleQueue[Runner] = queue.SimpleQueue()
        for runner in self._all:
            self._idle.put(runner)

    def run(self, path: Path, mode: str = PLAIN) -> Outcome:
        """Run one file on whichever runner is idle first."""
        runner = self._idle.get()
        try:
            return runner.run(path, mode)
        finally:
            self._idle.put(runner)

    def run_all(self, paths: Sequence[Path], mode: str = PLAIN) -> list[Outcome]:
        """Run files side by side; the outcomes in the order of the files."""
        return in_parallel(lambda path: self.run(path, mode), paths, self.size)

    def close(self) -> None:
        """Close every runner."""
        for runner in self._all:
            runner.close()


def in_parallel(
    work: Callable[[Path], Outcome], paths: Iterable[Path], threads: int
) -> list[Outcome]:
    """Do the work for each path, in several threads."""
    with ThreadPoolExecutor(threads) as executor:
        return list(executor.map(work, paths))
