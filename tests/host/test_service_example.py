"""examples/service: uploads of every kind, one after the other, to one running service."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pymdvm.assembler import assemble
from pymdvm.bytecode import write

TOP = Path(__file__).resolve().parents[2]
SERVICE = TOP / "examples" / "service" / "service.py"

GOOD = 'LOAD_CONST r0, "hello"\nDEBUG_PRINT r0\nLOAD_CONST r1, 42\nRETURN r1'
ENDLESS = "again:\nJUMP again"
GREEDY = """
    LOAD_CONST r1, 2
    LOAD_CONST r2, 0
    LOAD_CONST r3, 1
    LOAD_CONST r4, 50000
next:
    NEW_ARRAY r5, r4
    ARRAY_SET r5, r2, r3
    NEW_ARRAY r6, r1
    ARRAY_SET r6, r2, r0
    ARRAY_SET r6, r3, r5
    MOVE r0, r6
    JUMP next
"""
TALKATIVE = 'LOAD_CONST r0, "blah blah blah blah blah blah"\nnext:\nDEBUG_PRINT r0\nJUMP next'
DEEP = '.func main\nLOAD_CONST r0, "main"\nCALL r0, r0()\nRETURN r0'
FAILING = "LOAD_CONST r0, 1\nLOAD_CONST r1, 0\nDIV r0, r0, r1"


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """-> the address of a running service."""
    environment = {**os.environ, "PYTHONPATH": str(TOP)}
    command = [sys.executable, str(SERVICE), "--port", "0", "--workers", "1"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=60) == 0
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def upload(address: str, data: bytes) -> tuple[int, dict[str, Any]]:
    """-> the status and what the service answers."""
    try:
        with urllib.request.urlopen(address, data=data, timeout=60) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def compiled(text: str) -> bytes:
    return write(assemble(text))


def test_a_program_that_works(service: str) -> None:
    assert upload(service, compiled(GOOD)) == (
        200,
        {"outcome": "value", "value": 42, "output": "hello\n"},
    )


@pytest.mark.parametrize(
    "text, kinds",
    [
        (ENDLESS, ("instructions", "timeout")),
        (GREEDY, ("memory",)),
        (TALKATIVE, ("output",)),
    ],
    ids=["endless", "greedy", "talkative"],
)
def test_a_program_beyond_a_limit_and_one_that_works(
    service: str, text: str, kinds: tuple[str, ...]
) -> None:
    status, answer = upload(service, compiled(text))
    assert (status, answer["outcome"]) == (200, "limit")
    assert answer["kind"] in kinds
    assert upload(service, compiled(GOOD))[1]["outcome"] == "value"


@pytest.mark.parametrize(
    "text, error",
    [(DEEP, "Stack overflow"), (FAILING, "Division by zero")],
    ids=["deep", "failing"],
)
def test_a_program_that_fails(service: str, text: str, error: str) -> None:
    assert upload(service, compiled(text))[1]["error"] == error


def test_what_is_no_program(service: str) -> None:
    assert upload(service, b"MDBC and nothing more, but for these words")[1]["outcome"] == "refused"


def test_what_is_too_large(service: str) -> None:
    assert upload(service, bytes(2 << 20))[0] == 413
    assert upload(service, compiled(GOOD))[1]["outcome"] == "value"
