"""SIGINT at moments that differ from run to run: amid printing, tracing and copying; and what it
must leave alone.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.binary.binary import (
    DEFAULT,
    INTERRUPTED,
    JIT_OFF,
    SECONDS,
    Surroundings,
    kill,
    program,
    start,
)
from tests.binary.sample_programs import ENDLESS, counting

BOTH_WAYS = pytest.mark.parametrize("options", [DEFAULT, JIT_OFF], ids=["jit", "off"])

COPYING = """
    LOAD_CONST   r0, 30000000
    LOAD_CONST   r1, 1
    NEW_ARRAY    r2, r0
    ARRAY_SET    r2, r1, r1
again:
    MOVE         r3, r2
    ARRAY_SET    r3, r1, r1
    JUMP         again
"""


def wait_until_busy(process: subprocess.Popen[bytes], seconds: float = 0.2) -> None:
    """Return when the process has used that much time of the processor, so is surely beyond its
    start.
    """
    ticks = os.sysconf("SC_CLK_TCK") * seconds
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "the process has ended"
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        if int(fields[11]) + int(fields[12]) >= ticks:
            return
        time.sleep(0.01)
    raise AssertionError("the process does nothing")


def end_by(number: int, process: subprocess.Popen[bytes]) -> int:
    """The status of a busy process that gets the signal."""
    try:
        process.send_signal(number)
        return process.wait(SECONDS)
    finally:
        kill(process)


@BOTH_WAYS
@pytest.mark.parametrize("moment", range(5))
def test_amid_printing_no_line_is_lost(
    moment: int, options: tuple[str, ...], tmp_path: Path
) -> None:
    target = tmp_path / "output"
    with target.open("wb") as output:
        process = start(*options, program(tmp_path, counting(1_000_000_000)), stdout=output)
        wait_until_busy(process, 0.05 + 0.013 * moment)
        assert end_by(signal.SIGINT, process) == INTERRUPTED
    lines = target.read_text().splitlines()
    assert len(lines) > 1000
    assert lines == [str(number) for number in range(len(lines))]
    assert target.read_bytes().endswith(b"\n")


@BOTH_WAYS
def test_amid_a_loop_of_one_instruction(options: tuple[str, ...], tmp_path: Path) -> None:
    process = start(*options, program(tmp_path, "again: JUMP again"))
    wait_until_busy(process)
    assert end_by(signal.SIGINT, process) == INTERRUPTED


def test_amid_the_trace_of_debug_mode(tmp_path: Path) -> None:
    target = tmp_path / "output"
    with target.open("wb") as output:
        process = start("--debug", program(tmp_path, ENDLESS), stdout=output)
        wait_until_busy(process)
        assert end_by(signal.SIGINT, process) == INTERRUPTED
    lines = target.read_text().splitlines()
    # Two LOAD_CONSTs of two lines each, then an ADD and a JUMP for ever.
    assert len(lines) > 1000
    assert {line[:8] for line in lines[4:-1]} == {"PC: 2, I", "PC: 3, I"}


def test_amid_copies_of_a_large_array(tmp_path: Path) -> None:
    process = start(program(tmp_path, COPYING))
    wait_until_busy(process)
    began = time.monotonic()
    assert end_by(signal.SIGINT, process) == INTERRUPTED
    assert time.monotonic() - began < 5.0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals_that_end_a_process_lose_no_line(number: signal.Signals, tmp_path: Path) -> None:
    """The status is that of the signal, as for any process. The tests may have been started by
    nohup, which has everything ignore SIGHUP.
    """
    target = tmp_path / "output"
    heeding = Surroundings(before=lambda: signal.signal(number, signal.SIG_DFL))
    with target.open("wb") as output:
        path = program(tmp_path, counting(1_000_000_000))
        process = start(path, stdout=output, surroundings=heeding)
        wait_until_busy(process)
        assert end_by(number, process) == -number
    text = target.read_text()
    assert text.endswith("\n")
    assert text.splitlines() == [str(line) for line in range(text.count("\n"))]
    assert text.count("\n") > 1000


def test_another_signal_is_left_alone(tmp_path: Path) -> None:
    process = start(program(tmp_path, ENDLESS))
    wait_until_busy(process)
    assert end_by(signal.SIGUSR1, process) == -signal.SIGUSR1


LINE = "0123456789abcdef" * 3


def test_an_interrupt_at_any_moment_leaves_every_line_whole(tmp_path: Path) -> None:
    """From the start of the process on.  An interrupt before the program runs finds nothing
    printed.
    """
    path = program(tmp_path, f'LOAD_CONST r0, "{LINE}"\nagain:\nDEBUG_PRINT r0\nJUMP again\n')
    generator = random.Random(7)
    printed = 0
    for _ in range(100):
        process = start(path, stdout=subprocess.PIPE)
        reader = Reader(process)
        time.sleep(generator.uniform(0.003, 0.06))
        status = end_by(signal.SIGINT, process)
        text = reader.text()
        assert status in (INTERRUPTED, -signal.SIGINT)
        assert text.replace(LINE + "\n", "") == ""
        printed += text != ""
    assert printed > 10


class Reader:
    """Takes what a process prints, so that it never waits."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._parts: list[bytes] = []
        self._stream = process.stdout
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        assert self._stream is not None
        # The test may close the stream once the process has ended.
        with contextlib.suppress(ValueError):
            while part := os.read(self._stream.fileno(), 1 << 16):
                self._parts.append(part)

    def text(self) -> str:
        """All of it, when the process has ended."""
        self._thread.join()
        return b"".join(self._parts).decode()
