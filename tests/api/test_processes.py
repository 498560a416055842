"""Threads, forks, interrupts, and that nothing grows."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

import pymdvm
from tests.api.samples import (
    ENDLESS,
    FIBONACCI,
    IDENTITY,
    IS_NATIVE,
    fresh,
    only_native,
    program,
    python,
)


def test_several_threads_at_once() -> None:
    programs = [program(FIBONACCI) for _ in range(4)]

    def work(number: int) -> list[object]:
        return [programs[(number + turn) % 4].call("fib", 5 + turn % 6) for turn in range(30)]

    expected = [[5, 8, 13, 21, 34, 55][turn % 6] for turn in range(30)]
    with ThreadPoolExecutor(8) as executor:
        assert list(executor.map(work, range(16))) == [expected] * 16


@pytest.mark.parametrize("count", [10_000 if IS_NATIVE else 1_000])
def test_threads_one_after_the_other(count: int) -> None:
    fibonacci = program(FIBONACCI)
    answers = []
    for _ in range(count):
        thread = threading.Thread(target=lambda: answers.append(fibonacci.call("fib", 3)))
        thread.start()
        thread.join()
    assert answers == [2] * count


def test_other_threads_go_on_while_a_program_runs() -> None:
    endless = program(ENDLESS)
    turns = 0
    with ThreadPoolExecutor(1) as executor:
        running = executor.submit(_time_out, endless, 0.5)
        while not running.done():
            turns += 1
            time.sleep(0.001)
    assert running.result()
    assert turns > 5


def _time_out(endless: pymdvm.Program, seconds: float) -> bool:
    try:
        endless.run(timeout=seconds)
    except pymdvm.LimitError:
        return True
    return False


def test_a_thread_with_a_small_stack() -> None:
    if not IS_NATIVE:
        pytest.skip("the Python engine uses the thread's own stack")
    answers = []
    before = threading.stack_size(256 << 10)
    try:
        thread = threading.Thread(target=lambda: answers.append(program(FIBONACCI).call("fib", 15)))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert answers == [610]


def test_deep_recursion_in_every_thread() -> None:
    source = '.func f\nLOAD_CONST r1, "f"\nCALL r0, r1(r0)\nRETURN r0\n'
    texts = []

    def work() -> None:
        try:
            program(source).call("f")
        except pymdvm.RunError as error:
            texts.append(str(error))

    for _ in range(4):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert texts == ["Stack overflow"] * 4


INTERRUPTED = """
import os, signal, sys, threading, time, pymdvm
from tests.api.samples import ENDLESS, FIBONACCI, program
from tests.api.test_limits import ENDLESS_PROGRAMS
endless, fibonacci = program(ENDLESS_PROGRAMS[sys.argv[1]]), program(FIBONACCI)
late = []
for turn in range(3):
    sent = []
    def interrupt():
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)
    timer = threading.Timer(0.3, interrupt)
    timer.start()
    try:
        endless.run(stdout=lambda text: None)
    except KeyboardInterrupt:
        late.append(time.monotonic() - sent[0])
    timer.join()
    assert fibonacci.call("fib", 8) == 21
print(len(late), sorted(late)[1])
"""


@pytest.mark.parametrize("name", ["loop", "recursion", "printing", "loop of calls"])
def test_an_interrupt_ends_a_run_at_once_and_nothing_else(name: str) -> None:
    done = python(INTERRUPTED, name)
    assert done.returncode == 0, done.stderr
    count, middle = done.stdout.split()
    assert int(count) == 3
    assert float(middle) < 0.1


def test_an_interrupt_before_a_run_and_after_it() -> None:
    script = """
import os, signal, pymdvm
from tests.api.samples import FIBONACCI, program
fibonacci = program(FIBONACCI)
caught = 0
for _ in range(3):
    assert fibonacci.call("fib", 8) == 21
    try:
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1000): pass
    except KeyboardInterrupt:
        caught += 1
assert fibonacci.call("fib", 8) == 21
print(caught)
"""
    assert python(script).stdout == "3\n"


def test_the_program_s_own_handler_of_sigint_is_called() -> None:
    script = """
import os, signal, threading, pymdvm
from tests.api.samples import ENDLESS, FIBONACCI, program
class Mine(Exception): pass
def handler(number, frame): raise Mine
program(FIBONACCI).call("fib", 8)      # before the handler is set
signal.signal(signal.SIGINT, handler)
threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    program(ENDLESS).run()
except Mine:
    print("mine")
signal.signal(signal.SIGINT, signal.SIG_IGN)
threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    program(ENDLESS).run(timeout=0.5)
except pymdvm.LimitError:
    print("ignored")
"""
    done = python(script)
    assert (done.stdout, done.stderr) == ("mine\nignored\n", "")


def test_an_interrupt_leaves_the_run_of_another_thread_alone() -> None:
    script = """
import os, signal, threading, time, pymdvm
from tests.api.samples import ENDLESS, program
outcome = []
def work():
    try:
        program(ENDLESS).run(timeout=1.0)
    except pymdvm.LimitError as error:
        outcome.append(str(error))
thread = threading.Thread(target=work)
thread.start()
time.sleep(0.3)
try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.2)
except KeyboardInterrupt:
    outcome.append("interrupted")
thread.join()
print(outcome)
"""
    assert python(script).stdout == "['interrupted', 'Timeout: 1 s']\n"


def test_a_fork_works_on() -> None:
    fibonacci = program(FIBONACCI)
    assert fibonacci.call("fib", 10) == 55
    for _ in range(3):
        child = os.fork()
        if child == 0:
            good = fibonacci.call("fib", 11) == 89 and program(IDENTITY).call("identity", 1) == 1
            os._exit(0 if good else 1)
        assert os.waitpid(child, 0)[1] == 0
    assert fibonacci.call("fib", 10) == 55


def test_interrupts_in_a_forked_child() -> None:
    script = """
import os, signal, threading, time, pymdvm
from tests.api.samples import ENDLESS, program
endless = program(ENDLESS)
def fork_in_thread():
    child = os.fork()
    if child == 0:
        threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        try:
            endless.run()
        except KeyboardInterrupt:
            os._exit(7)
        os._exit(1)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
fork_in_thread()
"""
    assert python(script).stdout == "7\n"


def resident_kibibytes() -> int:
    with open("/proc/self/statm") as statistics:
        return int(statistics.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def lowest_memory(come_and_go: Callable[[int], None], count: int) -> int:
    """-> KiB, the least that is resident after each part of them: what is dropped waits for the
    next major collection.
    """
    parts = 25
    residents = []
    for _ in range(parts):
        come_and_go(count // parts)
        residents.append(resident_kibibytes())
    return min(residents)


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="there is no /proc")
def test_programs_that_come_and_go_leave_nothing_behind() -> None:
    """In a process of its own: what other tests have left there decides when the next major
    collection comes. The first programs do not count: the memory that they leave is used again.
    """
    script = """
import itertools, sys, pymdvm
from tests.api.samples import FIBONACCI, program
from tests.api.test_processes import lowest_memory
data = program(FIBONACCI).content
numbers = itertools.count()

def come_and_go(count):
    for number in itertools.islice(numbers, count):
        # Now and then bytes that were there before, mostly new ones: what follows a program does
        # not matter.
        assert pymdvm.loads(data + bytes(str(number // 2 * 2), "ascii")).call("fib", 2) == 1

half = int(sys.argv[1]) // 2
come_and_go(half)
print(-lowest_memory(come_and_go, half) + lowest_memory(come_and_go, half))
"""
    done = python(script, str(100_000 if IS_NATIVE else 2_000))
    assert int(done.stdout) < 8 << 10, done.stderr


@only_native
def test_compiled_programs_that_come_and_go_leave_nothing_behind() -> None:
    def come_and_go(count: int) -> None:
        for _ in range(count):
            assert fresh(FIBONACCI).call("fib", 9, jit="threshold=2,function_threshold=2") == 34

    # Compiled code lives for a thousand compilations, and what is dropped waits for a major
    # collection.
    come_and_go(6000)
    before = lowest_memory(come_and_go, 1500)
    assert lowest_memory(come_and_go, 1500) - before < 32 << 10


def test_large_values_that_come_and_go_leave_nothing_behind() -> None:
    identity = program(IDENTITY)
    value = list(range(100_000))
    for _ in range(20):
        identity.call("identity", value)
    before = resident_kibibytes()
    for _ in range(200 if IS_NATIVE else 20):
        assert len(identity.call("identity", value)) == 100_000  # type: ignore[arg-type]
    assert resident_kibibytes() - before < 64 << 10


def test_programs_outlive_the_name_that_made_them() -> None:
    call = program(FIBONACCI).call
    assert call("fib", 10) == 55


@pytest.mark.skipif(sys.platform != "linux", reason="signals of other systems differ")
def test_another_signal_is_left_alone() -> None:
    script = """
import os, signal, threading, pymdvm
from tests.api.samples import ENDLESS, program
threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()
program(ENDLESS).run()
"""
    assert python(script).returncode == -signal.SIGTERM
