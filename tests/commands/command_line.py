"""The command line as tests use it: in this process through click, and as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union

import pytest
from click.testing import CliRunner

from pymdvm.assembler import assemble
from pymdvm.bytecode import write
from pymdvm.commands import mdvm
from pymdvm.engines.base import CHOICE, NATIVE, PYTHON
from pymdvm.engines.executable import NoBinaryError, find_mdvm_c
from pymdvm.engines.native import find_library

TOP = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((TOP / "examples").glob("*.mdasm"))
SECONDS = 120

Argument = Union[str, Path]


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    status: int
    out: str
    err: str


def invoke(*arguments: Argument) -> Outcome:
    """Run `mdvm ARGUMENTS` in this process.  An exception that is no exit fails the test."""
    result = _runner().invoke(mdvm, [str(argument) for argument in arguments], prog_name="mdvm")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Outcome(result.exit_code, result.stdout, result.stderr)


def _runner() -> CliRunner:
    """One that keeps standard error apart, which click before 8.2 does only when asked and later
    ones do always.
    """
    make_runner: Any = CliRunner
    try:
        runner: CliRunner = make_runner(mix_stderr=False)
    except TypeError:
        runner = make_runner()
    return runner


def command(*arguments: Argument) -> list[str]:
    """The command line that starts `mdvm ARGUMENTS` as a process."""
    return [sys.executable, "-m", "pymdvm", *[str(argument) for argument in arguments]]


def environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """For processes: this one's, with the sources found, an engine chosen (so that it does not
    warn), and the changes.
    """
    engine = NATIVE if find_library() else PYTHON
    return {CHOICE: engine, **os.environ, "PYTHONPATH": str(TOP), **(changes or {})}


def run(*arguments: Argument, changes: Mapping[str, str] | None = None) -> Outcome:
    """Run `mdvm ARGUMENTS` as a process."""
    return run_process(command(*arguments), changes)


def run_process(process: Sequence[str], changes: Mapping[str, str] | None = None) -> Outcome:
    """Run any process."""
    result = subprocess.run(
        process,
        cwd=TOP,
        env=environment(changes),
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    out, err = (
        stream.decode("utf-8", "surrogateescape") for stream in (result.stdout, result.stderr)
    )
    return Outcome(result.returncode, out, err)


def assembled(folder: Path, text: str, name: str = "program") -> Path:
    """An .mdbc file of this assembler text."""
    path = folder / f"{name}.mdbc"
    path.write_bytes(write(assemble(text)))
    return path


def native_vm() -> Path:
    """The built mdvm-c.  Skips the test where there is none."""
    try:
        return find_mdvm_c()
    except NoBinaryError as error:
        pytest.skip(str(error))
