"""Limits that the command line sets: their texts, their status, and that nothing printed before is
lost.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.binary.binary import FAILURE, JIT_MODES, SUCCESS, program, run, run_text, start
from tests.binary.sample_programs import ENDLESS, counted, counting

RECURSION = """
.func main
    LOAD_CONST   r0, 90
    LOAD_CONST   r1, "fib"
    CALL         r2, r1(r0)
    RETURN       r2
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


@pytest.mark.parametrize("mode", JIT_MODES)
@pytest.mark.parametrize("text", [ENDLESS, RECURSION], ids=["loop", "recursion"])
def test_timeout(text: str, mode: str, tmp_path: Path) -> None:
    path = program(tmp_path, text)
    took = []
    for _ in range(3):  # once at least in time, on a busy machine
        began = time.monotonic()
        outcome = run(*JIT_MODES[mode], "--timeout", "0.4", path)
        took.append(time.monotonic() - began)
        assert (outcome.status, outcome.out) == (FAILURE, b"")
        assert outcome.err.startswith(b"Runtime error: Timeout: 0.4 s\n")
        if took[-1] < 0.6:
            break
    assert 0.4 <= min(took) < 0.6


def test_a_timeout_that_is_not_reached(tmp_path: Path) -> None:
    outcome = run_text(tmp_path, counting(1000), "--timeout=60")
    assert outcome.short == (SUCCESS, counted(1000)[-200:], b"")


def test_max_instructions_in_compiled_code(tmp_path: Path) -> None:
    outcome = run_text(tmp_path, ENDLESS, "--max-instructions=5000000", "--stats")
    assert outcome.status == FAILURE
    assert outcome.err.startswith(b"Runtime error: Instruction limit exceeded: 5000000\n")
    executed = int(outcome.err.split(b"instructions: ")[1].split()[0])
    assert 5000000 - 3 <= executed <= 5000000


def test_max_output_ends_with_a_whole_line(tmp_path: Path) -> None:
    outcome = run_text(tmp_path, counting(100_000), "--max-output=10K")
    assert outcome.status == FAILURE
    assert outcome.err.startswith(b"Runtime error: Output limit exceeded: 10240\n")
    expected = counted(100_000)
    assert outcome.out == expected[: expected.rindex(b"\n", 0, 10240) + 1]


def test_lines_of_a_slow_program_arrive_in_time(tmp_path: Path) -> None:
    """They are few, and the program computes on, some 100 ms for each: were they kept, all would
    come at the end.
    """
    path = program(
        tmp_path,
        """
    LOAD_CONST   r0, 0
    LOAD_CONST   r2, 1
    LOAD_CONST   r4, 12
again:
    DEBUG_PRINT  r0
    LOAD_CONST   r1, 400000000
wait:
    SUB          r1, r1, r2
    JUMP_IF      r1, wait
    ADD          r0, r0, r2
    LT           r3, r0, r4
    JUMP_IF      r3, again
""",
    )
    process = start(path)
    assert process.stdout is not None
    arrivals = [time.monotonic() for _ in process.stdout]
    process.wait()
    gaps = sorted(second - first for first, second in zip(arrivals, arrivals[1:]))
    assert len(arrivals) == 12
    assert gaps[len(gaps) // 2] > 0.01


def test_a_nonblocking_standard_output_loses_nothing(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    received: list[bytes] = []

    def read() -> None:
        time.sleep(0.3)
        while chunk := os.read(reading, 5000):
            received.append(chunk)

    process = start(program(tmp_path, counting(200_000)), stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    thread = threading.Thread(target=read)
    thread.start()
    _, err = process.communicate()
    thread.join()
    os.close(reading)
    assert (process.returncode, err) == (0, b"")
    assert b"".join(received) == counted(200_000)
