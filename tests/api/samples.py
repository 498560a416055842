"""Programs for the tests, and processes of their own for what a test must not do to this one."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import pymdvm
from pymdvm.assembler import assemble
from pymdvm.bytecode import write

TOP = Path(__file__).resolve().parent.parent.parent
IS_NATIVE = pymdvm.engine_name() == "native"
only_native = pytest.mark.skipif(not IS_NATIVE, reason="the Python engine is too slow for that")

FIBONACCI = """
.func fib
    LOAD_CONST   r1, 2
    LT           r2, r0, r1
    JUMP_IF      r2, small
    LOAD_CONST   r3, 1
    LOAD_CONST   r4, "fib"
    SUB          r5, r0, r3
    CALL         r6, r4(r5)
    SUB          r5, r0, r1
    CALL         r7, r4(r5)
    ADD          r0, r6, r7
small:
    RETURN       r0
"""

ENDLESS = """
    LOAD_CONST   r0, 0
    LOAD_CONST   r1, 1
again:
    ADD          r0, r0, r1
    JUMP         again
"""

ENDLESS_PRINTING = """
    LOAD_CONST   r0, 0
    LOAD_CONST   r1, 1
again:
    DEBUG_PRINT  r0
    ADD          r0, r0, r1
    JUMP         again
"""

# Everything that a function is given comes back.
IDENTITY = """
.func identity
    RETURN       r0
.func nothing
    RETURN
"""


def content(source: str) -> bytes:
    """The .mdbc file of an assembler text."""
    return write(assemble(source))


def program(source: str) -> pymdvm.Program:
    """The loaded program of an assembler text."""
    return pymdvm.loads(content(source))


def fresh(source: str) -> pymdvm.Program:
    """The same, of other bytes than all before: nothing of it has been compiled yet."""
    return program(f'.name "fresh {next(_numbers)}"\n{source}')


_numbers = itertools.count()


def outcomes_by_room(function: Callable[[], object]) -> list[object]:
    """What comes of a function with little room on the Python stack, then with more and more: its
    result, the type of what it raises, or None where so little cannot be asked for here.
    """
    usual = sys.getrecursionlimit()

    def outcome(limit: int) -> object:
        try:
            sys.setrecursionlimit(limit)
        except RecursionError:
            return None
        try:
            return function()
        except Exception as error:
            sys.setrecursionlimit(usual)
            return type(error)
        finally:
            sys.setrecursionlimit(usual)

    return [outcome(limit) for limit in range(1, 300)]


def ends_of_threads(run: Callable[[], object], close: Callable[[], None]) -> list[str]:
    """The names of the errors that end three threads which run the same, once something is closed
    while they do.
    """
    ends: list[str] = []

    def work() -> None:
        try:
            run()
        except Exception as error:
            ends.append(type(error).__name__)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    close()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    return sorted(ends)


def python(
    script: str, *arguments: str, seconds: float = 120.0, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own that can import pymdvm and these samples."""
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        timeout=seconds,
        env={
            **os.environ,
            "PYTHONPATH": str(TOP),
            "PYTHONWARNINGS": "ignore::RuntimeWarning",
            **variables,
        },
        check=False,
    )
