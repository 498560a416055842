"""Processes that are forked while programs run in them: the child has a VM that works."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

import pymdvm
from tests.api.samples import ENDLESS, ENDLESS_PRINTING, FIBONACCI, IDENTITY, fresh, program, python

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")


def in_child(work: Callable[[], bool]) -> bool:
    """Whether a forked child says so, and ends."""
    child = os.fork()
    if child == 0:
        good = False
        try:
            good = work()
        finally:
            os._exit(0 if good else 1)
    return os.waitpid(child, 0)[1] == 0


@contextmanager
def another_thread_runs(
    source: str = ENDLESS, stdout: Callable[[str], object] = lambda text: None
) -> Iterator[None]:
    """While the program of a source runs in another thread."""
    handle = pymdvm.RunHandle()
    running = threading.Event()
    outcome: list[BaseException] = []

    def work() -> None:
        with suppress(pymdvm.LimitError):
            program(ENDLESS_PRINTING).run(stdout=lambda text: running.set(), max_instructions=1000)
        try:
            program(source).run(stdout=stdout, handle=handle)
        except BaseException as error:
            outcome.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    running.wait()
    try:
        yield
    finally:
        handle.end()
        thread.join()
    assert [(type(error), getattr(error, "kind", "")) for error in outcome] == [
        (pymdvm.LimitError, "ended")
    ]


def works() -> bool:
    """Whether programs of before and new ones work, compiled and interpreted, in this thread and
    another.
    """
    answers = [
        FIBONACCI_PROGRAM.call("fib", 15),
        fresh(FIBONACCI).call("fib", 15),
        fresh(IDENTITY).call("identity", [1, "a"]),
    ]
    printed: list[str] = []
    try:
        fresh(ENDLESS_PRINTING).run(stdout=printed.append, max_instructions=10)
    except pymdvm.LimitError:
        answers.append(printed[0])
    thread = threading.Thread(target=lambda: answers.append(FIBONACCI_PROGRAM.call("fib", 10)))
    thread.start()
    thread.join()
    return answers == [610, 610, [1, "a"], "0\n", 55]


FIBONACCI_PROGRAM = program(FIBONACCI)


def test_a_fork_while_another_thread_runs_has_a_vm_that_works() -> None:
    with another_thread_runs():
        for _ in range(5):
            assert in_child(works)
    assert works()


def test_the_parent_s_run_goes_on() -> None:
    """A run that forks disturb a hundred times comes to the same end."""
    answers = []
    thread = threading.Thread(
        target=lambda: answers.append(
            fresh(FIBONACCI).call("fib", 24 if pymdvm.engine_name() == "native" else 16)
        )
    )
    thread.start()
    for _ in range(100):
        assert in_child(lambda: True)
    thread.join()
    assert answers == [46368 if pymdvm.engine_name() == "native" else 987]


def test_a_fork_while_output_is_delivered() -> None:
    """The child neither prints what the parent prints nor goes on with the parent's program."""
    delivering, go_on = threading.Event(), threading.Event()
    parent, lines = os.getpid(), []

    def take(text: str) -> None:
        assert os.getpid() == parent
        lines.append(text)
        delivering.set()
        go_on.wait()

    thread = threading.Thread(target=lambda: program(COUNTING).run(stdout=take))
    thread.start()
    delivering.wait()
    assert in_child(works)
    go_on.set()
    thread.join()
    assert "".join(lines) == "0\n1\n2\n"


COUNTING = "".join(f"LOAD_CONST r0, {number}\nDEBUG_PRINT r0\n" for number in range(3)) + "RETURN\n"


def test_a_fork_by_the_thread_that_takes_output() -> None:
    """Both go on with the program, as after any fork."""
    lines: list[str] = []
    children: list[int] = []

    def take(text: str) -> None:
        lines.append(text)
        if len(lines) == 2:
            children.append(os.fork())

    program(COUNTING).run(stdout=take)
    if children[0] == 0:
        os._exit(7 if lines == ["0\n", "1\n", "2\n"] and works() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(children[0], 0)[1]) == 7
    assert lines == ["0\n", "1\n", "2\n"]


def test_forks_in_forks() -> None:
    def child() -> bool:
        with another_thread_runs():
            good = in_child(lambda: works() and in_child(works))
        return good and works()

    with another_thread_runs():
        assert in_child(child)


def test_children_end_with_limits_of_their_own() -> None:
    def times_out() -> bool:
        try:
            program(ENDLESS).run(timeout=0.1)
        except pymdvm.LimitError as error:
            return str(error) == "Timeout: 0.1 s"
        return False

    with another_thread_runs():
        assert in_child(times_out)


POOL = """
import multiprocessing, threading, pymdvm
from tests.api.samples import ENDLESS, FIBONACCI, program
fibonacci, handle = program(FIBONACCI), pymdvm.RunHandle()
def work(number):
    return fibonacci.call("fib", number)
def endless():
    try:
        program(ENDLESS).run(handle=handle)
    except pymdvm.LimitError as error:
        print(error)
thread = threading.Thread(target=endless)
thread.start()
with multiprocessing.get_context("fork").Pool(3) as pool:
    print(pool.map(work, range(10)))
handle.end()
thread.join()
"""


def test_multiprocessing() -> None:
    done = python(POOL)
    assert (done.returncode, done.stdout) == (
        0,
        "[0, 1, 1, 2, 3, 5, 8, 13, 21, 34]\nEnded by its handle\n",
    ), done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="it asks /proc")
def test_a_fork_does_not_wait_long() -> None:
    script = """
import os, threading, time, pymdvm
from tests.api.samples import ENDLESS, program
handle = pymdvm.RunHandle()
def endless():
    try:
        program(ENDLESS).run(handle=handle)
    except pymdvm.LimitError:
        pass
thread = threading.Thread(target=endless)
thread.start()
time.sleep(0.2)
times = []
for _ in range(20):
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        os._exit(0)
    times.append(time.monotonic() - began)
    os.waitpid(child, 0)
handle.end()
thread.join()
print(sorted(times)[10])
"""
    assert float(python(script).stdout) < 0.5
