"""SIGINT ends a program within a second wherever it is, and what it has printed arrives, also
through a full pipe.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import random
import select
import signal
import subprocess
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.amounts import INTERRUPTS
from tests.binary.binary import (
    DEFAULT,
    EAGER,
    INTERRUPTED,
    JIT_OFF,
    ORDINARY,
    SECONDS,
    Surroundings,
    kill,
    program,
    start,
)
from tests.binary.sample_programs import ENDLESS, counted, counting, spinning

PROMPTLY = 1.0
SETTLING = 0.3  # for a program to get where the test wants it
PIPE_CAPACITY = 65536  # of Linux, and as large as the program's own buffer
LONGEST_LINE = 100
# more than fills the buffer, so that the first of them can be waited for
LINES = 20000

# Recurses, and turns endlessly in the deepest call.
SPINNING_DEEP = """
.func main
""" + counting(
    LINES,
    """
    LOAD_CONST   r0, 20000
    LOAD_CONST   r2, "Deep"
    CALL         r3, r2(r0)
    RETURN       r3
.func Deep
    LOAD_CONST   r1, 1
    SUB          r0, r0, r1
    LOAD_CONST   r2, "Deep"
    JUMP_IF_NOT  r0, endless
    CALL         r3, r2(r0)
    RETURN       r3
endless:
    ADD          r0, r0, r1
    JUMP         endless
""",
)

# Goes down and up again for ever.
RECURRING = """
.func main
""" + counting(
    LINES,
    """
    LOAD_CONST   r2, "Deep"
again:
    LOAD_CONST   r0, 5000
    CALL         r3, r2(r0)
    JUMP         again
.func Deep
    LOAD_CONST   r1, 1
    SUB          r0, r0, r1
    LOAD_CONST   r2, "Deep"
    JUMP_IF_NOT  r0, bottom
    CALL         r3, r2(r0)
    RETURN       r3
bottom:
    RETURN       r0
""",
)

# Makes garbage for ever, so that the signal may come amid a collection.
ALLOCATING = counting(
    LINES,
    """
    LOAD_CONST   r4, 50
again:
    NEW_ARRAY    r5, r4
    DICT_NEW     r6
    CONCAT_STR   r7, r4, r4
    DICT_SET     r6, r7, r5
    STORE_GLOBAL r6, "kept"
    JUMP         again
""",
)


@contextlib.contextmanager
def running(
    path: Path, *options: str, surroundings: Surroundings = ORDINARY
) -> Iterator[subprocess.Popen[bytes]]:
    process = start(*options, path, surroundings=surroundings)
    try:
        yield process
    finally:
        kill(process)


def read_at_least(process: subprocess.Popen[bytes], size: int) -> bytes:
    assert process.stdout
    received = b""
    while len(received) < size:
        assert select.select([process.stdout], [], [], SECONDS)[0]
        chunk = os.read(process.stdout.fileno(), PIPE_CAPACITY)
        assert chunk
        received += chunk
    return received


def interrupt_and_wait(process: subprocess.Popen[bytes]) -> tuple[bytes, float]:
    """-> the rest of the output, the seconds until the end."""
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    out, _ = process.communicate(timeout=SECONDS)
    return out, time.monotonic() - began


@pytest.mark.parametrize("options", [DEFAULT, JIT_OFF], ids=["jit", "off"])
@pytest.mark.parametrize(
    "text",
    [counting(LINES, spinning()), SPINNING_DEEP, RECURRING, ALLOCATING],
    ids=["loop", "loop in deep recursion", "recursion", "allocation"],
)
def test_an_interrupt_ends_a_busy_program_with_its_output_complete(
    text: str, options: tuple[str, ...], tmp_path: Path
) -> None:
    with running(program(tmp_path, text), *options) as process:
        # What is pending after this is less than a pipe holds, so nobody needs to read meanwhile.
        first = read_at_least(process, PIPE_CAPACITY - LONGEST_LINE)
        time.sleep(SETTLING)
        last, seconds = interrupt_and_wait(process)
        assert process.returncode == INTERRUPTED
    assert seconds < PROMPTLY
    assert first + last == counted(LINES)


def test_an_interrupt_says_nothing_on_standard_error(tmp_path: Path) -> None:
    with running(program(tmp_path, ENDLESS)) as process:
        time.sleep(SETTLING)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=SECONDS) == (b"", b"")
        assert process.returncode == INTERRUPTED


@pytest.mark.parametrize("options", [DEFAULT, JIT_OFF], ids=["jit", "off"])
def test_an_interrupt_of_a_program_that_waits_for_its_reader(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    with running(program(tmp_path, counting(LINES * 10)), *options) as process:
        time.sleep(SETTLING)
        out, seconds = interrupt_and_wait(process)
        assert process.returncode == INTERRUPTED
    assert seconds < PROMPTLY
    assert counted(LINES * 10).startswith(out)
    # The pipe was full, and the buffer too: all of both must have come. More may have until the
    # signal was there.
    assert 2 * (PIPE_CAPACITY - LONGEST_LINE) < len(out) < len(counted(LINES * 10))


def test_an_interrupt_of_a_program_whose_reader_never_reads(tmp_path: Path) -> None:
    with running(program(tmp_path, counting(LINES * 10))) as process:
        time.sleep(SETTLING)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=3 * PROMPTLY) == INTERRUPTED
        out, err = process.communicate()
    assert counted(LINES * 10).startswith(out)
    assert len(out) > PIPE_CAPACITY - LONGEST_LINE
    assert err == b""


def test_an_interrupt_when_the_reader_takes_a_little_and_then_no_more(tmp_path: Path) -> None:
    """Room for some of the pending output is no room for all of it: the last write must not wait
    for ever.
    """
    reader, writer = os.pipe()
    filling = PIPE_CAPACITY - 8192
    try:
        os.write(writer, b"x" * filling)
        process = start(program(tmp_path, counting(5000, spinning())), stdout=writer)
        try:
            time.sleep(SETTLING)
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=3 * PROMPTLY) == INTERRUPTED
        finally:
            kill(process)
        written = os.read(reader, 2 * PIPE_CAPACITY)[filling:]
        assert len(written) >= 4096
        assert counted(5000).startswith(written)
    finally:
        os.close(reader)
        os.close(writer)


def test_an_interrupt_of_a_program_that_writes_one_long_line(tmp_path: Path) -> None:
    """A text that does not fit into the buffer goes out past it, and must arrive too."""
    text = 'LOAD_CONST r0, "0123456789abcdef"\n' + "ADD r0, r0, r0\n" * 14 + "DEBUG_PRINT r0\n"
    with running(program(tmp_path, text)) as process:
        time.sleep(SETTLING)
        out, seconds = interrupt_and_wait(process)
        assert process.returncode == INTERRUPTED
    assert seconds < PROMPTLY
    assert out.rstrip(b"\n") == b"0123456789abcdef" * (1 << 14)


def test_an_interrupt_stays_ignored_where_it_was_ignored(tmp_path: Path) -> None:
    """As a shell starts what it runs in the background, and nohup its command."""
    ignoring = Surroundings(before=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    with running(program(tmp_path, counting(LINES * 2)), surroundings=ignoring) as process:
        time.sleep(SETTLING)
        process.send_signal(signal.SIGINT)
        time.sleep(SETTLING)
        assert process.poll() is None
        out, err = process.communicate(timeout=SECONDS)
        assert (process.returncode, err) == (0, b"")
    assert out == counted(LINES * 2)


def test_an_interrupt_that_the_parent_has_blocked_is_taken(tmp_path: Path) -> None:
    blocking = Surroundings(
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    )
    with running(program(tmp_path, ENDLESS), surroundings=blocking) as process:
        time.sleep(SETTLING)
        _, seconds = interrupt_and_wait(process)
        assert process.returncode == INTERRUPTED
    assert seconds < PROMPTLY


def test_control_c_on_a_terminal(tmp_path: Path) -> None:
    master, slave = pty.openpty()

    def take_terminal() -> None:
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

    process = start(
        program(tmp_path, counting(3, spinning())),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        surroundings=Surroundings(before=take_terminal),
    )
    try:
        shown = b""
        while not shown.endswith(b"2\r\n"):
            assert select.select([master], [], [], SECONDS)[0]
            shown += os.read(master, 1000)
        os.write(master, b"\x03")
        assert process.wait(timeout=PROMPTLY) == INTERRUPTED
        assert shown == b"0\r\n1\r\n2\r\n"
    finally:
        kill(process)
        os.close(master)
        os.close(slave)


# Prints for ever, lines of many lengths, from compiled code and from calls.
PRINTING = """
.func main
    LOAD_CONST   r0, 0
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, ":"
    LOAD_CONST   r3, 97
    LOAD_CONST   r4, ""
    LOAD_CONST   r5, "Line"
next:
    ADD          r0, r0, r1
    MOD          r6, r0, r3
    JUMP_IF      r6, longer
    LOAD_CONST   r4, ""
longer:
    CONCAT_STR   r4, r4, r2
    CALL         r7, r5(r0, r4)
    JUMP         next
.func Line
    CONCAT_STR   r2, r0, r1
    DEBUG_PRINT  r2
    RETURN       r0
"""


def test_every_printed_line_is_whole_whenever_the_interrupt_comes(tmp_path: Path) -> None:
    path = program(tmp_path, PRINTING)
    moments = random.Random("moments")
    for number in range(INTERRUPTS):
        options = [DEFAULT, JIT_OFF, EAGER][number % 3]
        with running(path, *options) as process:
            time.sleep(moments.expovariate(200))
            out, seconds = interrupt_and_wait(process)
        assert process.returncode in (INTERRUPTED, -signal.SIGINT)
        lines = out.decode().split("\n")
        assert lines.pop() == "", number
        for count, line in enumerate(lines, 1):
            assert line == f"{count}{':' * (count % 97 + 1 if count > 96 else count)}", number
