"""Where the output of a program goes."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest

import pymdvm
from tests.api.samples import ENDLESS_PRINTING, FIBONACCI, content, only_native, program, python

PRINT_TWO = 'LOAD_CONST r0, "first"\nDEBUG_PRINT r0\nLOAD_CONST r0, "zweite ä€😀"\nDEBUG_PRINT r0\n'
PRINT_MANY = """
    LOAD_CONST   r0, 0
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, 20000
again:
    DEBUG_PRINT  r0
    ADD          r0, r0, r1
    LT           r3, r0, r2
    JUMP_IF      r3, again
"""


def test_a_callable_gets_every_line() -> None:
    lines: list[str] = []
    program(PRINT_TWO).run(stdout=lines.append)
    assert lines == ["first\n", "zweite ä€😀\n"]


def test_a_text_stream() -> None:
    stream = io.StringIO()
    program(PRINT_TWO).run(stdout=stream)
    program(PRINT_TWO).run(stdout=stream)
    assert stream.getvalue() == "first\nzweite ä€😀\n" * 2


# 4 MiB, which are not copied on their way
PRINT_LONG = (
    'LOAD_CONST r0, "ä€😀 abcdefgh\\n"\n'
    + "ADD r0, r0, r0\n" * 18
    + "DEBUG_PRINT r0\nDEBUG_PRINT r0\n"
)


def test_long_lines_arrive_whole_and_stay_what_they_are() -> None:
    lines: list[str] = []
    program(PRINT_LONG).run(stdout=lines.append)
    stream = io.StringIO()
    program(PRINT_LONG).run(stdout=stream)
    expected = "ä€😀 abcdefgh\n" * 2**18 + "\n"
    assert lines == [expected, expected]
    assert stream.getvalue() == expected * 2


def test_nothing_of_much_output_is_lost() -> None:
    stream = io.StringIO()
    program(PRINT_MANY).run(stdout=stream)
    assert stream.getvalue() == "".join(f"{number}\n" for number in range(20000))


def test_sys_stdout_is_a_text_stream(capsys: pytest.CaptureFixture[str]) -> None:
    print("before")
    program(PRINT_TWO).run(stdout=sys.stdout)
    print("after")
    assert capsys.readouterr().out == "before\nfirst\nzweite ä€😀\nafter\n"


def test_the_process_s_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    print("before")
    program(PRINT_TWO).run()
    print("after")
    program(PRINT_TWO).run()
    sys.stdout.flush()
    assert capfd.readouterr().out == "before\nfirst\nzweite ä€😀\nafter\nfirst\nzweite ä€😀\n"


def test_order_where_python_buffers_its_output() -> None:
    """In a process whose stdout is a pipe, Python writes late."""
    script = """
import sys, pymdvm
from tests.api.samples import program
from tests.api.test_output import PRINT_TWO
two = program(PRINT_TWO)
for number in range(3):
    print(number)
    two.run()
sys.stdout.write("end")
"""
    done = python(script)
    assert (done.stdout, done.stderr) == (
        "".join(f"{number}\nfirst\nzweite ä€😀\n" for number in range(3)) + "end",
        "",
    )


def test_output_comes_before_the_error() -> None:
    lines: list[str] = []
    with pytest.raises(pymdvm.RunError):
        program(PRINT_TWO + "NEG r0, r0").run(stdout=lines.append)
    assert lines == ["first\n", "zweite ä€😀\n"]
    stream = io.StringIO()
    with pytest.raises(pymdvm.LimitError):
        program(ENDLESS_PRINTING).run(stdout=stream, timeout=0.2)
    numbers = stream.getvalue().splitlines()
    assert numbers == [str(number) for number in range(len(numbers))]
    assert len(numbers) > 10


def test_what_the_destination_raises_ends_the_run_and_is_raised() -> None:
    class Full(Exception):
        pass

    taken: list[str] = []

    def take(text: str) -> None:
        taken.append(text)
        if len(taken) == 3:
            raise Full("no more")

    endless = program(ENDLESS_PRINTING)
    with pytest.raises(Full, match="no more"):
        endless.run(stdout=take)
    assert taken == ["0\n", "1\n", "2\n"]
    with pytest.raises(KeyboardInterrupt):
        endless.run(stdout=_interrupting)
    closed = io.StringIO()
    closed.close()
    with pytest.raises(ValueError, match="closed file"):
        endless.run(stdout=closed)
    assert program(FIBONACCI).call("fib", 5) == 5


def _interrupting(text: str) -> None:
    raise KeyboardInterrupt


def test_a_closed_pipe_is_an_error_of_the_write() -> None:
    script = """
import os, pymdvm
from tests.api.samples import ENDLESS_PRINTING, program
reading, writing = os.pipe()
os.dup2(writing, 1)
os.close(reading)
os.close(writing)
try:
    program(ENDLESS_PRINTING).run()
except BrokenPipeError:
    os.write(2, b"broken pipe")
os._exit(0)
"""
    assert python(script).stderr == "broken pipe"


def test_programs_cannot_be_used_from_their_own_output() -> None:
    fibonacci = program(FIBONACCI)
    seen: list[Exception] = []

    def use_others(text: str) -> None:
        for work in (
            lambda: fibonacci.call("fib", 1),
            lambda: pymdvm.loads(content(FIBONACCI)),
            lambda: fibonacci.stats,
        ):
            try:
                work()
            except pymdvm.EngineError as error:
                seen.append(error)

    program(PRINT_TWO).run(stdout=use_others)
    assert [str(error) for error in seen] == [
        "the output of a running program must not be used to run or look at programs, "
        "nor the handler of a signal or a finalizer that comes amid it"
    ] * 6
    assert fibonacci.call("fib", 6) == 8


def test_python_goes_on_in_the_output() -> None:
    """Whatever a callable does is fine: deep recursion, collection of programs, other exceptions
    caught.
    """

    def deep(depth: int) -> int:
        return depth and 1 + deep(depth - 1)

    def take(text: str) -> None:
        for _ in range(3):
            program_to_drop: Any = dropped.pop() if dropped else None
            del program_to_drop
        assert deep(500) == 500

    dropped = [program(FIBONACCI) for _ in range(10)]
    program(PRINT_TWO).run(stdout=take)
    assert program(FIBONACCI).call("fib", 6) == 8


def test_each_line_on_a_terminal_at_once() -> None:
    class Terminal(io.StringIO):
        def __init__(self) -> None:
            super().__init__()
            self.writes: list[str] = []

        def isatty(self) -> bool:
            return True

        def write(self, text: str) -> int:
            self.writes.append(text)
            return len(text)

    terminal = Terminal()
    program(PRINT_TWO).run(stdout=terminal)
    assert terminal.writes == ["first\n", "zweite ä€😀\n"]


SLOW_PRINTING = """
    LOAD_CONST   r0, "line"
    LOAD_CONST   r2, 1
again:
    DEBUG_PRINT  r0
    LOAD_CONST   r1, {}
wait:
    SUB          r1, r1, r2
    JUMP_IF      r1, wait
    JUMP         again
"""


@only_native
def test_a_slow_program_s_lines_arrive_in_time() -> None:
    """Not only when the buffer is full: a line is there within a tenth of a second."""

    class Enough(Exception):
        pass

    class Stream(io.StringIO):
        def write(self, text: str) -> int:
            arrivals.append(text.count("\n"))
            if len(arrivals) == 8:
                raise Enough
            return len(text)

    arrivals: list[int] = []
    with pytest.raises(Enough):
        # a line in 50 ms
        program(SLOW_PRINTING.format(200_000_000)).run(stdout=Stream(), timeout=120)
    # No line has waited for others: with each delivery come one or two.
    assert sorted(arrivals)[len(arrivals) // 2] <= 2


@only_native
def test_output_through_a_full_nonblocking_pipe() -> None:
    script = """
import os, sys, threading, time, pymdvm
from tests.api.samples import program
from tests.api.test_output import PRINT_MANY
reading, writing = os.pipe()
os.set_blocking(writing, False)
received = []
def read():
    time.sleep(0.3)
    while chunk := os.read(reading, 1000):
        received.append(chunk)
thread = threading.Thread(target=read)
thread.start()
real = os.dup(1)
os.dup2(writing, 1)
os.close(writing)
program(PRINT_MANY).run(timeout=60)
program(PRINT_MANY).run()
os.dup2(real, 1)
thread.join()
assert b"".join(received) == b"".join(b"%d\\n" % number for number in range(20000)) * 2
print("good")
"""
    done = python(script)
    assert (done.stdout, done.stderr) == ("good\n", "")


@only_native
def test_a_timeout_holds_while_nobody_reads() -> None:
    script = """
import os, sys, time, pymdvm
from tests.api.samples import ENDLESS_PRINTING, FIBONACCI, program
reading, writing = os.pipe()
os.dup2(writing, 1)
began = time.monotonic()
try:
    program(ENDLESS_PRINTING).run(timeout=0.5)
except pymdvm.LimitError as error:
    assert time.monotonic() - began < 5
    os.write(2, str(error).encode())
assert program(FIBONACCI).call("fib", 8) == 21
os._exit(0)
"""
    done = python(script)
    assert done.stderr == "Timeout: 0.5 s"
