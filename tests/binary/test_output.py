"""Standard output: complete, in order with standard error, and a clean end when it cannot be
written.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.binary.binary import (
    FAILURE,
    INTERRUPTED,
    JIT_MODES,
    SECONDS,
    SUCCESS,
    WRONG_USAGE,
    Outcome,
    Surroundings,
    assert_ends,
    assert_fails,
    kill,
    program,
    run,
    run_text,
    start,
)
from tests.binary.sample_programs import HELLO, counted, counting, spinning

NO_SPACE = b"mdvm-c: cannot write to standard output: No space left on device\n"
BAD_DESCRIPTOR = b"mdvm-c: cannot write to standard output: Bad file descriptor\n"
MANY = 30000  # lines, several buffers of them

OVERFLOWING = """
    LOAD_CONST   r0, "Overflow"
    CALL         r1, r0()
    RETURN       r1
.func Overflow
    LOAD_CONST   r0, "Overflow"
    CALL         r1, r0()
    RETURN       r1
.func main, @0
"""

# How a program may end after it has printed; what standard error says then.
ENDINGS = {
    "return": ("RETURN", SUCCESS, b""),
    "value": ("RETURN r1", SUCCESS, b""),
    "halt": ("HALT", SUCCESS, b""),
    "the last instruction": ("NOP", SUCCESS, b""),
    "error": ("LOAD_CONST r5, 0\nDIV r1, r1, r5", FAILURE, b"Runtime error: Division by zero\n"),
    "memory": (
        "LOAD_CONST r5, 0x7fffffffffffffff\nNEW_ARRAY r1, r5",
        FAILURE,
        b"Runtime error: Out of memory\n",
    ),
    "stack": (OVERFLOWING, FAILURE, b"Runtime error: Stack overflow\n"),
}


# ____________________________________________________________ complete and in order


@pytest.mark.parametrize("turns", [3, MANY])
@pytest.mark.parametrize("ending", ENDINGS)
def test_all_output_is_there_before_what_standard_error_says(
    ending: str, turns: int, tmp_path: Path
) -> None:
    text, status, err = ENDINGS[ending]
    result = b"Result: Int(1)\n" if ending == "value" else b""
    outcome = run(program(tmp_path, counting(turns, text)), stderr=subprocess.STDOUT)
    assert outcome.short == Outcome(status, counted(turns) + result + err, b"").short
    assert outcome.out == counted(turns) + result + err


def test_with_statistics_the_result_comes_first(tmp_path: Path) -> None:
    outcome = run(
        "--stats", program(tmp_path, counting(MANY, "RETURN r0")), stderr=subprocess.STDOUT
    )
    assert outcome.out.startswith(counted(MANY) + b"Result: Int(%d)\ninstructions: " % MANY)


@pytest.mark.parametrize("size", [65535, 65536, 65537, 131072, 8 << 20])
def test_one_line_around_and_beyond_the_size_of_the_buffer(size: int, tmp_path: Path) -> None:
    text = f"""
    LOAD_CONST   r0, "{"x" * 1000}"
    LOAD_CONST   r1, "{"y" * (size % 1000)}"
    LOAD_CONST   r2, ""
    LOAD_CONST   r3, {size // 1000}
    LOAD_CONST   r4, 1
more:
    ADD          r2, r2, r0
    SUB          r3, r3, r4
    JUMP_IF      r3, more
    ADD          r2, r2, r1
    DEBUG_PRINT  r4
    DEBUG_PRINT  r2
    DEBUG_PRINT  r4
"""
    assert_ends(
        run_text(tmp_path, text),
        b"1\n" + b"x" * (size // 1000 * 1000) + b"y" * (size % 1000) + b"\n1\n",
    )


@pytest.mark.parametrize("mode", JIT_MODES)
def test_megabytes_of_lines(mode: str, tmp_path: Path) -> None:
    assert_ends(run_text(tmp_path, counting(500_000), *JIT_MODES[mode]), counted(500_000))


def test_bytes_go_out_as_they_are(tmp_path: Path) -> None:
    text = 'LOAD_CONST r0, "a\\0b\\r\\n\\u{1b}[31m\\u{ff}\\u{10ffff}"\nDEBUG_PRINT r0\nRETURN r0'
    raw = "a\0b\r\n\x1b[31m\xff\U0010ffff\n".encode()
    assert_ends(
        run_text(tmp_path, text),
        raw + 'Result: String("a\\0b\\r\\n\\u{1b}[31m\xff\\u{10ffff}")\n'.encode(),
    )


def test_empty_prints_nothing_and_an_empty_string_a_line(tmp_path: Path) -> None:
    assert_ends(run_text(tmp_path, 'DEBUG_PRINT r0\nLOAD_CONST r1, ""\nDEBUG_PRINT r1'), b"\n")


def test_a_pipe_that_does_not_block(tmp_path: Path) -> None:
    """Somebody else may have set O_NONBLOCK on the pipe: nothing may be lost to EAGAIN."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETFL, fcntl.fcntl(writer, fcntl.F_GETFL) | os.O_NONBLOCK)
    process = start(program(tmp_path, counting(MANY)), stdout=writer)
    os.close(writer)
    try:
        time.sleep(0.2)
        received = b""
        while chunk := os.read(reader, 50_000):
            received += chunk
        assert process.wait(timeout=SECONDS) == SUCCESS
    finally:
        kill(process)
        os.close(reader)
    assert received == counted(MANY)


# ____________________________________________________________ terminals


@pytest.mark.parametrize("terminal", ["xterm", "no-such-terminal", ""])
def test_a_terminal_shows_each_line_at_once(terminal: str, tmp_path: Path) -> None:
    master, slave = pty.openpty()
    surroundings = Surroundings(environment={**os.environ, "TERM": terminal})
    process = start(
        program(tmp_path, counting(3, spinning())), stdout=slave, surroundings=surroundings
    )
    try:
        shown = b""
        while not shown.endswith(b"2\r\n"):
            assert select.select([master], [], [], SECONDS)[0], shown
            shown += os.read(master, 1000)
        assert shown == b"0\r\n1\r\n2\r\n"
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=SECONDS) == INTERRUPTED
    finally:
        kill(process)
        os.close(master)
        os.close(slave)


def test_a_terminal_that_hangs_up(tmp_path: Path) -> None:
    master, slave = pty.openpty()
    process = start(program(tmp_path, counting(10_000_000)), stdout=slave)
    os.close(slave)
    try:
        os.read(master, 100)
        os.close(master)
        assert process.wait(timeout=SECONDS) == FAILURE
    finally:
        kill(process)


# ____________________________________________________________ output that cannot be written


def closed_pipe() -> int:
    """The end for writing of a pipe that nobody can read any more."""
    reader, writer = os.pipe()
    os.close(reader)
    return writer


@pytest.mark.parametrize(
    "text",
    [HELLO, counting(MANY), counting(MANY, spinning())],
    ids=["at the end", "amid", "endless"],
)
def test_a_closed_pipe_ends_the_program_quietly(text: str, tmp_path: Path) -> None:
    if "endless" in text:
        text = text.replace("ADD          r0, r0, r1\n    JUMP", "DEBUG_PRINT  r0\n    JUMP")
    writer = closed_pipe()
    outcome = run(program(tmp_path, text), stdout=writer)
    os.close(writer)
    assert outcome == Outcome(FAILURE, b"", b"")


def test_a_reader_that_leaves_after_the_first_line(tmp_path: Path) -> None:
    process = start(program(tmp_path, counting(10_000_000)))
    try:
        assert process.stdout and process.stderr
        assert process.stdout.readline() == b"0\n"
        process.stdout.close()
        assert process.wait(timeout=SECONDS) == FAILURE
        assert process.stderr.read() == b""
    finally:
        kill(process)


def test_a_closed_pipe_does_not_hide_a_run_time_error(tmp_path: Path) -> None:
    """The program had no output pending, so all there is to tell is its error."""
    writer = closed_pipe()
    outcome = run(program(tmp_path, 'ASSERT r0, truthy, "told"'), stdout=writer)
    os.close(writer)
    assert_fails(outcome, "Assertion failed: told")


@pytest.mark.parametrize(
    "text",
    [HELLO, counting(MANY), counting(3, 'ASSERT r9, truthy, "untold"')],
    ids=["at the end", "amid", "before an error"],
)
def test_a_full_disk(text: str, tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        assert run(program(tmp_path, text), stdout=full) == Outcome(FAILURE, b"", NO_SPACE)


@pytest.mark.parametrize("option", ["--help", "--version", "--jit=help"])
def test_a_full_disk_for_what_the_options_print(option: str) -> None:
    with open("/dev/full", "wb") as full:
        assert run(option, stdout=full) == Outcome(FAILURE, b"", NO_SPACE)


@pytest.mark.parametrize("option", ["--disassemble", "--debug"])
def test_a_full_disk_for_a_listing(option: str, tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        assert run(option, program(tmp_path, HELLO), stdout=full) == Outcome(FAILURE, b"", NO_SPACE)


def test_a_full_disk_does_not_matter_to_who_prints_nothing(tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        assert run(program(tmp_path, "HALT"), stdout=full) == Outcome(SUCCESS, b"", b"")
        assert run("--nonsense", stdout=full).status == WRONG_USAGE


@pytest.mark.parametrize("text", [HELLO, counting(MANY)], ids=["at the end", "amid"])
def test_no_standard_output(text: str, tmp_path: Path) -> None:
    path = program(tmp_path, text)
    before = path.read_bytes()
    assert run(path, surroundings=Surroundings(closed=[1])) == Outcome(FAILURE, b"", BAD_DESCRIPTOR)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "status"), [(HELLO, SUCCESS), (HELLO.replace("RETURN", "NEG r0, r0"), FAILURE)]
)
def test_no_standard_error(text: str, status: int, tmp_path: Path) -> None:
    path = program(tmp_path, text)
    before = path.read_bytes()
    outcome = run(path, surroundings=Surroundings(closed=[2]))
    assert (outcome.status, outcome.out) == (status, b"Hello, world!\n")
    assert path.read_bytes() == before


def test_no_descriptors_at_all(tmp_path: Path) -> None:
    path = program(tmp_path, HELLO)
    before = path.read_bytes()
    assert run(path, surroundings=Surroundings(closed=[0, 1, 2])).status == FAILURE
    assert (
        run(
            program(tmp_path, "HALT", "silent.mdbc"), surroundings=Surroundings(closed=[0, 1, 2])
        ).status
        == SUCCESS
    )
    assert path.read_bytes() == before


def test_a_full_disk_behind_standard_error(tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        outcome = run(program(tmp_path, HELLO.replace("RETURN", "NEG r0, r0")), stderr=full)
    assert (outcome.status, outcome.out) == (FAILURE, b"Hello, world!\n")
