"""Threads that wait for a VM which another thread has: for how long, and when that is an error."""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

import pymdvm
from tests.api.samples import FIBONACCI, program

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="other systems do not tell what a thread waits for"
)

PRINTS_TWICE = 'LOAD_CONST r0, "line"\nDEBUG_PRINT r0\nDEBUG_PRINT r0\nRETURN r0\n'
TEXT = "the output of a running program waits for another thread, which must not run or look at programs then"


class Other:
    """A thread that uses the VM."""

    def __init__(self) -> None:
        self.outcome: list[object] = []
        self.thread = threading.Thread(target=self._work)

    def _work(self) -> None:
        try:
            self.outcome.append(program(FIBONACCI).call("fib", 10))
        except pymdvm.EngineError as error:
            self.outcome.append(str(error))


def run_with(take: Callable[[], object]) -> None:
    """Run a program whose output is taken so."""
    assert program(PRINTS_TWICE).run(stdout=lambda text: take()) == "line"


def test_output_that_joins_a_thread_which_uses_the_vm() -> None:
    others: list[Other] = []

    def take() -> None:
        others.append(Other())
        others[-1].thread.start()
        others[-1].thread.join()

    began = time.monotonic()
    run_with(take)
    assert [other.outcome for other in others] == [[TEXT], [TEXT]]
    assert time.monotonic() - began < 30


def test_output_that_waits_for_an_executor() -> None:
    fibonacci, answers = program(FIBONACCI), []

    def take() -> None:
        answers.append(executor.submit(fibonacci.call, "fib", 10).result())

    with ThreadPoolExecutor(1) as executor, pytest.raises(pymdvm.EngineError, match=TEXT):
        program(PRINTS_TWICE).run(stdout=lambda text: take())
    assert answers == []
    assert program(FIBONACCI).call("fib", 10) == 55


def test_output_that_waits_for_a_lock() -> None:
    other, lock = Other(), threading.Lock()
    with ThreadPoolExecutor(1) as executor:

        def work() -> None:
            with lock:
                holds.set()
                wants.wait()
                other._work()

        holds, wants = threading.Event(), threading.Event()
        working = executor.submit(work)
        holds.wait()

        def take() -> None:
            wants.set()
            with lock:
                pass

        run_with(take)
        working.result()
    assert other.outcome == [TEXT]


def test_output_that_waits_for_the_main_thread() -> None:
    done = threading.Event()
    with ThreadPoolExecutor(1) as executor:
        begun = threading.Event()

        def take() -> None:
            begun.set()
            done.wait()

        running = executor.submit(run_with, take)
        begun.wait()
        with pytest.raises(pymdvm.EngineError, match=TEXT):
            program(FIBONACCI)
        done.set()
        running.result()


def slow_writer() -> None:
    time.sleep(1.3)


def busy_queue() -> None:
    """Hands over to a thread that is slow and does not use the VM."""
    items: queue.Queue[int] = queue.Queue(1)

    def consume() -> None:
        for _ in range(45):
            items.get()
            time.sleep(0.06)

    thread = threading.Thread(target=consume)
    thread.start()
    for number in range(45):
        items.put(number)
    thread.join()


def patient_wait() -> None:
    """A wait that ends by itself."""
    threading.Event().wait(1.3)


@pytest.mark.parametrize("take", [slow_writer, busy_queue, patient_wait])
def test_output_that_is_only_slow(take: Callable[[], None]) -> None:
    other = Other()

    def start_and_take() -> None:
        if not other.thread.ident:
            other.thread.start()
        take()

    run_with(start_and_take)
    other.thread.join()
    assert other.outcome == [55]


def test_a_wait_ends_at_the_deadline_too() -> None:
    outcome: list[object] = []

    def other() -> None:
        try:
            program_of_other.call("fib", 10, timeout=0.3)
        except pymdvm.LimitError as error:
            outcome.append(str(error))

    program_of_other = program(FIBONACCI)
    assert program_of_other.call("fib", 1) == 1

    def take() -> None:
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()

    run_with(take)
    assert outcome == ["Timeout: 0.3 s"] * 2
