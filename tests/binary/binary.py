"""The built mdvm-c and how tests use it: assemble a text, run the file under limits, wait no longer
than a test may.
"""

from __future__ import annotations

import math
import os
import resource
import shlex
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Union

from pymdvm.assembler import assemble
from pymdvm.bytecode import Program, write

TOP = Path(__file__).resolve().parents[2]
COMMAND = shlex.split(os.environ.get("MDVM_BINARY", str(TOP / "mdvm-c")))
EXAMPLES = sorted((TOP / "examples").glob("*.mdasm"))
CONFORMANCE_CASES = TOP.parent / "shared" / "conformance" / "cases.jsonl"

# What the tests of the JIT and of recursion run with: as users do, without the JIT, and with
# everything compiled at once.
DEFAULT: tuple[str, ...] = ()
JIT_OFF = ("--jit", "off")
EAGER = ("--jit", "threshold=3,function_threshold=3,trace_eagerness=2")
JIT_MODES = {"default": DEFAULT, "off": JIT_OFF, "eager": EAGER}

SUCCESS = 0
FAILURE = 1
WRONG_USAGE = 2
INTERRUPTED = 130

SECONDS = 60.0
# A busy machine gives a process a part of its time.
WAITING = 20
KIB = 1 << 10
MIB = 1 << 20

Argument = Union[str, bytes, Path]
Stream = Union[None, int, IO[bytes]]


@dataclass(frozen=True)
class Outcome:
    """How a run ended.  status is negative where a signal ended it."""

    status: int
    out: bytes
    err: bytes

    @property
    def lines(self) -> list[str]:
        """The lines of standard output."""
        return self.out.decode().splitlines()

    @property
    def short(self) -> tuple[int, bytes, bytes]:
        """What a failed test should show: a program may have printed megabytes."""
        return self.status, self.out[-200:], self.err[-2000:]


@dataclass(frozen=True)
class Surroundings:
    """What a process is started with.

    limits: resource.RLIMIT_... to the soft and hard limit. closed: descriptors that it does not
    have.
    before: called in the child before it becomes mdvm-c.
    """

    limits: Mapping[int, int] = field(default_factory=dict)
    closed: Sequence[int] = ()
    before: Callable[[], object] | None = None
    environment: Mapping[str, str] | None = None

    def enter(self) -> None:
        """Make them so, in the child."""
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for limit, value in self.limits.items():
            resource.setrlimit(limit, (value, value))
        for descriptor in self.closed:
            os.close(descriptor)
        if self.before is not None:
            self.before()


ORDINARY = Surroundings()


def limited(**limits: int) -> Surroundings:
    """Surroundings with resource limits: limited(AS=bytes, STACK=bytes)."""
    return Surroundings(
        limits={getattr(resource, f"RLIMIT_{name}"): value for name, value in limits.items()}
    )


def start(
    *arguments: Argument,
    surroundings: Surroundings = ORDINARY,
    stdin: Stream = subprocess.DEVNULL,
    stdout: Stream = subprocess.PIPE,
    stderr: Stream = subprocess.PIPE,
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start mdvm-c and do not wait for it."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        cwd=folder,
        env=None if surroundings.environment is None else dict(surroundings.environment),
        preexec_fn=surroundings.enter,
    )


def run(
    *arguments: Argument,
    surroundings: Surroundings = ORDINARY,
    stdin: Stream = subprocess.DEVNULL,
    stdout: Stream = subprocess.PIPE,
    stderr: Stream = subprocess.PIPE,
    folder: Path | None = None,
    seconds: float = SECONDS,
) -> Outcome:
    """Run mdvm-c to its end.  One that takes more seconds of a processor fails the test, and so does
    one that waits for ever.
    """
    cpu = {resource.RLIMIT_CPU: math.ceil(seconds)}
    process = start(
        *arguments,
        surroundings=replace(surroundings, limits={**cpu, **surroundings.limits}),
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        folder=folder,
    )
    try:
        out, err = process.communicate(timeout=WAITING * seconds)
    finally:
        kill(process)
    return Outcome(process.returncode, out or b"", err or b"")


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process that a test has started, if it still runs."""
    if process.poll() is None:
        process.kill()
        process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def program(folder: Path, text: str, name: str = "program.mdbc") -> Path:
    """Assemble a text into a file."""
    return program_file(folder, assemble(text), name)


def program_file(folder: Path, assembled: Program, name: str = "program.mdbc") -> Path:
    """Write a Program to a file."""
    path = folder / name
    path.write_bytes(write(assembled))
    return path


def example_program(example: Path) -> Program:
    """What an example assembles to."""
    return assemble(example.read_text(encoding="utf-8"))


def run_text(
    folder: Path,
    text: str,
    *options: str,
    surroundings: Surroundings = ORDINARY,
    seconds: float = SECONDS,
) -> Outcome:
    """Assemble a text and run it."""
    return run(*options, program(folder, text), surroundings=surroundings, seconds=seconds)


def assert_fails(outcome: Outcome, message: str, printed: bytes = b"") -> None:
    """The program printed something and then failed at run time, with nothing else on standard
    error.
    """
    assert outcome.short == (FAILURE, printed[-200:], f"Runtime error: {message}\n".encode())
    assert outcome.out == printed


def assert_ends(outcome: Outcome, printed: bytes) -> None:
    """The program printed something and ended well."""
    assert outcome.short == (SUCCESS, printed[-200:], b"")
    assert outcome.out == printed
