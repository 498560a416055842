"""What wants something of the VM amid a call of the same thread: handlers of signals and finalizers
come anywhere, also between what prepares a run and that run, and before an answer is read.
"""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import pymdvm
from pymdvm.sessions import session
from tests.api.samples import ENDLESS, FIBONACCI, IDENTITY, only_native, program

REFUSAL = "nor the handler of a signal or a finalizer that comes amid it"

# f(r0) + 1
ASK = """
.func ask
    LOAD_CONST   r9, "f"
    CALL         r1, r9(r0)
    LOAD_CONST   r2, 1
    ADD          r1, r1, r2
    RETURN       r1
"""

ATTEMPTS = 8


def attempts() -> list[Callable[[], object]]:
    """What is tried amid a call."""
    fibonacci = program(FIBONACCI)
    function = fibonacci.function("fib")
    assert function(3) == 2
    return [
        lambda: fibonacci.call("fib", 3),
        lambda: function(3),
        lambda: fibonacci.call("fib", 3, max_instructions=10**6),
        lambda: fibonacci.call("fib", 3, timeout=10),
        lambda: program(ASK).call("ask", 1, functions={"f": lambda one: one}),
        lambda: pymdvm.loads(fibonacci.content),
        lambda: fibonacci.stats,
        lambda: program(IDENTITY).start(),
    ]


@contextmanager
def amid(name: str, is_before: bool, owner: Any) -> Iterator[list[str]]:
    """While it lasts all is tried, once, before or behind the next call of a method.  What came of
    it.
    """
    found: list[str] = []
    tried = attempts()
    method = getattr(owner, name)

    def try_all() -> None:
        setattr(owner, name, method)  # for what is tried
        for attempt in tried:
            try:
                attempt()
            except pymdvm.EngineError as error:
                found.append(str(error))
            else:
                found.append("done")

    def call(*arguments: Any) -> Any:
        if is_before:
            try_all()
            return method(*arguments)
        result = method(*arguments)
        try_all()
        return result

    setattr(owner, name, call)
    try:
        yield found
    finally:
        delattr(owner, name)


def assert_refused(found: list[str]) -> None:
    assert len(found) == ATTEMPTS
    assert all(REFUSAL in text for text in found)


def test_between_preparation_and_run() -> None:
    ask = program(ASK)
    with amid("_prepare", False, session()) as found:
        assert ask.call("ask", 5, functions={"f": lambda one: 10 * one}) == 51
    assert_refused(found)


def test_a_limit_is_kept_whatever_came_before_the_run() -> None:
    endless = program(ENDLESS)
    with (
        amid("_prepare", False, session()) as found,
        pytest.raises(pymdvm.LimitError, match="Instruction limit exceeded: 1000"),
    ):
        endless.run(max_instructions=1000)
    assert_refused(found)


@pytest.mark.parametrize("value", [[1, [2.5, None]], "x" * 100_000, {"k": 1}])
def test_before_an_answer_is_read(value: object) -> None:
    identity = program(IDENTITY)
    with amid("answer", True, session().engine) as found:
        # options, so that the module in C does not read it
        assert identity.call("identity", value, max_output=100) == value
    assert_refused(found)


def test_before_an_error_is_read() -> None:
    with (
        amid("answer", True, session().engine) as found,
        pytest.raises(pymdvm.RunError, match="Undefined"),
    ):
        program(ASK).call("ask", 1, max_output=100)
    assert_refused(found)


@only_native
def test_within_a_function_that_a_program_calls() -> None:
    """There it is allowed, and amid what is done there it is not."""
    ask = program(ASK)
    allowed: list[object] = []

    def f(one: int) -> object:
        allowed.extend(attempt() for attempt in attempts())
        with amid("_prepare", False, session()) as found:
            assert ask.call("ask", 7, functions={"f": lambda one: one}) == 8
        assert_refused(found)
        with amid("answer", True, session().engine) as found:
            assert program(IDENTITY).call("identity", [one], max_output=100) == [one]
        assert_refused(found)
        return one * 2

    assert ask.call("ask", 21, functions={"f": f}) == 43
    assert len(allowed) == ATTEMPTS
    assert allowed[0] == 2


def test_while_a_result_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """The VM has been left then, and a collection, which is likely there, may run finalizers."""
    tried = attempts()
    decode = pymdvm.run_results.decode  # type: ignore[attr-defined]
    done: list[object] = []

    def decode_after_all(*arguments: Any) -> object:
        monkeypatch.setattr("pymdvm.run_results.decode", decode)
        done.extend(attempt() for attempt in tried)
        return decode(*arguments)

    monkeypatch.setattr("pymdvm.run_results.decode", decode_after_all)
    value = [[number, "x"] for number in range(2000)]
    assert program(IDENTITY).call("identity", value) == value
    assert done[0] == 2


@only_native
def test_a_finalizer_runs_programs_while_large_results_are_made() -> None:
    fibonacci = program(FIBONACCI)
    identity = program(IDENTITY)
    results: list[object] = []

    class Finalized:
        def __init__(self) -> None:
            self.myself = self

        def __del__(self) -> None:
            results.append(fibonacci.call("fib", 10))

    value = [[number] for number in range(20_000)]
    for _ in range(5):
        Finalized()
        assert identity.call("identity", value) == value
    gc.collect()
    assert results == [55] * 5


def lost() -> None:
    """A call has entered the VM and was interrupted before it could leave."""
    assert session().engine.hold(0, 0, None) == 0


@pytest.mark.parametrize("number", range(ATTEMPTS))
def test_a_call_that_could_not_leave_is_forgotten(number: int) -> None:
    attempt = attempts()[number]
    lost()
    attempt()
    seen: list[object] = []
    thread = threading.Thread(target=lambda: seen.append(program(FIBONACCI).call("fib", 10)))
    thread.start()
    thread.join(30)
    assert seen == [55]


def test_handlers_that_run_programs_at_any_time() -> None:
    """Whenever they come, each call gives what it should, and what a handler wants is done right or
    refused.
    """
    fibonacci = program(FIBONACCI)
    ask = program(ASK)
    identity = program(IDENTITY)
    came: list[object] = []

    def handle(number: int, frame: object) -> None:
        try:
            came.append(fibonacci.call("fib", 7, max_instructions=10**6))
            came.append(identity.call("identity", ["inner"]))
        except pymdvm.EngineError as error:
            assert REFUSAL in str(error)

    before = signal.signal(signal.SIGALRM, handle)
    try:
        for number in range(5000):
            signal.setitimer(signal.ITIMER_REAL, (1 + number % 100) * 1e-6)
            assert ask.call("ask", number, functions={"f": lambda one: one * 2}) == number * 2 + 1
            assert identity.call("identity", [number, "outer"]) == [number, "outer"]
            assert fibonacci.call("fib", 9) == 34
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert len(came) > 10
    assert set(map(str, came)) == {"13", "['inner']"}
