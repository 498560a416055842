"""Functions that a program calls many times, in a row that the module in C serves as far as values
are scalars: all that holds for one call, at any place in such a row.
"""

from __future__ import annotations

import asyncio
import ctypes
import enum
import functools
import gc
import math
import operator
import signal
import sys
import threading
import time
import traceback
import weakref
from collections.abc import Callable
from typing import Any

import pytest

import pymdvm
from pymdvm.engines import callers
from tests.api.samples import IS_NATIVE, only_native, program

IS_FAST = callers._callers is not None

# `loop` gives an array of f(0), f(1) and so on to f(r0 - 1), `repeat` the last of r0 results of
# f(r1), `sum` adds up f(0) to f(r0 - 1).
LOOPS = """
.version 2
.func main
    RETURN       r0
.func loop
    LOAD_CONST   r2, 0
    LOAD_CONST   r3, 1
    NEW_ARRAY    r1, r2
    LOAD_CONST   r9, "f"
again:
    LT           r4, r2, r0
    JUMP_IF_NOT  r4, done
    CALL         r5, r9(r2)
    ARRAY_PUSH   r1, r5
    ADD          r2, r2, r3
    JUMP         again
done:
    RETURN       r1
.func repeat
    LOAD_CONST   r2, 0
    LOAD_CONST   r3, 1
    LOAD_CONST   r9, "f"
again_2:
    LT           r4, r2, r0
    JUMP_IF_NOT  r4, done_2
    CALL         r5, r9(r1)
    ADD          r2, r2, r3
    JUMP         again_2
done_2:
    RETURN       r5
.func sum
    LOAD_CONST   r1, 0
    LOAD_CONST   r2, 0
    LOAD_CONST   r3, 1
    LOAD_CONST   r9, "f"
again_3:
    LT           r4, r2, r0
    JUMP_IF_NOT  r4, done_3
    CALL         r5, r9(r2)
    ADD          r1, r1, r5
    ADD          r2, r2, r3
    JUMP         again_3
done_3:
    RETURN       r1
"""

SCALARS: list[Any] = [
    *(None, False, True, 0, -1, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**45, -(2**45)),
    *(2**63 - 1, -(2**63), 0.0, -1.5, math.inf, 5e-324, "", "a", "1234567", "12345678"),
    *("nul\0nul", "ä€😀", "x" * 700, "x" * 752, "x" * 753, "x" * 5000),
]

Function = Callable[..., Any]


def loop(count: int, function: Function, **options: Any) -> Any:
    return program(LOOPS).call("loop", count, functions={"f": function}, **options)


def forward(count: int) -> pymdvm.Program:
    """What calls f with so many arguments, from r0 on, once and then once more."""
    names = ", ".join(f"r{number}" for number in range(count))
    source = f'LOAD_CONST r254, "f"\nCALL r253, r254({names})\nCALL r253, r254({names})\n'
    return program(f".func call\n{source}RETURN r253\n")


def same(left: Any, right: Any) -> bool:
    return type(left) is type(right) and left == right


# ____________________________________________________________ values


@pytest.mark.parametrize("value", SCALARS)
def test_scalars_go_in_and_come_out(value: Any) -> None:
    seen: list[Any] = []

    def f(*arguments: Any) -> Any:
        seen.append(arguments)
        return value

    result: Any = forward(1).call("call", value, functions={"f": f})
    assert same(result, value)
    result = forward(4).call("call", 7, value, 2.5, value, functions={"f": f})
    assert same(result, value)
    assert seen == [(value,)] * 2 + [(7, value, 2.5, value)] * 2
    assert all(same(one, value) for each in seen[:2] for one in each)
    assert all(same(each[1], value) and type(each[0]) is int for each in seen[2:])


def test_floats_that_equal_none() -> None:
    seen: list[float] = []

    def f(number: float) -> float:
        seen.append(number)
        return number

    result: Any = forward(1).call("call", math.nan, functions={"f": f})
    assert math.isnan(result) and math.isnan(seen[0])
    result = forward(1).call("call", -0.0, functions={"f": f})
    assert math.copysign(1, result) == math.copysign(1, seen[-1]) == -1


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 6, 7, 15, 16, 17, 40, 200])
def test_as_many_arguments_as_a_call_has(count: int) -> None:
    def f(*arguments: Any) -> int:
        seen.append(arguments)
        return len(arguments)

    for values in (tuple(range(count)), tuple(0.5 + number for number in range(count))):
        seen: list[Any] = []
        assert forward(count).call("call", *values, functions={"f": f}) == count
        assert seen == [values] * 2


def test_plain_values_and_others_take_turns() -> None:
    values = [*SCALARS, [1, 2], [], {"a": [None]}, ["x", 2.5], [1.5], {1, 2}, pymdvm.URL("a:b")]
    chosen = [values[index * 7 % len(values)] for index in range(300)]
    assert loop(300, lambda index: chosen[index]) == chosen
    seen: list[Any] = []
    given = program(
        """
        .version 2
        .func each
            LOAD_CONST   r1, 0
            LOAD_CONST   r2, 1
            LOAD_CONST   r9, "f"
            ARRAY_LEN    r3, r0
        again:
            ARRAY_GET    r4, r0, r1
            CALL         r5, r9(r4, r1)
            ADD          r1, r1, r2
            LT           r6, r1, r3
            JUMP_IF      r6, again
            RETURN       r5
        """
    )

    def f(value: Any, index: int) -> Any:
        seen.append(value)
        return [value] if index % 3 else index

    assert given.call("each", chosen, functions={"f": f}) == [chosen[299]]
    assert seen == chosen
    assert all(type(one) is type(other) for one, other in zip(seen, chosen))


class Number(int):
    pass


class Named(str):
    pass


class Real(float):
    pass


class Colour(enum.IntEnum):
    RED = 3


class Index:
    def __index__(self) -> int:
        return 9


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (Number(8), 8),
        (Named("ä"), "ä"),
        (Real(1.5), 1.5),
        (Colour.RED, 3),
        (Index(), 9),
        ((1, "a"), [1, "a"]),
    ],
)
def test_what_is_like_a_scalar(result: Any, expected: Any) -> None:
    assert loop(300, lambda index: result if index % 2 else index)[-3:] == [expected, 298, expected]


@pytest.mark.parametrize(
    ("result", "error", "text"),
    [
        (2**63, OverflowError, "an int outside 64 bits .*, in what the function 'f' gives"),
        (-(2**63) - 1, OverflowError, "an int outside 64 bits .*, in what the function 'f' gives"),
        (10**30, OverflowError, "an int outside 64 bits .*, in what the function 'f' gives"),
        ("\ud800", ValueError, "in what the function 'f' gives"),
        (object(), TypeError, "a value of type object .*, in what the function 'f' gives"),
        ([1, object()], TypeError, r"at \[1\], in what the function 'f' gives"),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 150])
def test_results_that_no_program_can_have(
    result: Any, error: type[Exception], text: str, place: int
) -> None:
    with pytest.raises(error, match=text):
        loop(300, lambda index: result if index == place else index)
    assert loop(3, lambda index: index) == [0, 1, 2]


class Adder:
    def __init__(self, number: int) -> None:
        self.number = number

    def add(self, number: int) -> int:
        return self.number + number

    def __call__(self, number: int) -> int:
        return self.add(number)


@pytest.mark.parametrize(
    "function",
    [
        Adder(5),
        Adder(5).add,
        functools.partial(operator.add, 5),
        (5).__add__,
        lambda number, other=5: number + other,
        lambda *numbers: numbers[0] + 5,
    ],
)
def test_whatever_can_be_called(function: Function) -> None:
    assert loop(200, function) == list(range(5, 205))


def test_types_and_built_in_functions() -> None:
    assert loop(200, int) == loop(200, abs) == loop(200, float) == list(range(200))
    assert loop(3, bool) == [False, True, True]


def test_the_wrong_number_of_arguments() -> None:
    with pytest.raises(TypeError, match="takes 0 positional arguments but 1 was given"):
        loop(3, lambda: 1)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'other'"):
        loop(3, lambda number, other: 1)


# ____________________________________________________________ errors


class Trouble(Exception):
    pass


@pytest.mark.parametrize("place", [0, 1, 2, 126, 127, 128, 129, 255, 256, 1000])
def test_an_exception_at_any_call(place: int) -> None:
    calls: list[int] = []
    trouble = Trouble("here")

    def f(number: int) -> int:
        calls.append(number)
        if number == place:
            raise trouble
        return number

    with pytest.raises(Trouble) as caught:
        loop(2000, f)
    assert caught.value is trouble
    assert calls == list(range(place + 1))
    frames = traceback.extract_tb(caught.tb)
    assert [frame.name for frame in frames][-1] == "f"
    assert frames[-1].line == "raise trouble"
    assert trouble.__context__ is None and trouble.__cause__ is None
    assert loop(3, lambda index: index) == [0, 1, 2]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, StopIteration, MemoryError])
def test_whatever_is_raised(error: type[BaseException]) -> None:
    def f(number: int) -> int:
        if number == 200:
            raise error
        return number

    with pytest.raises(error):
        loop(300, f)
    assert loop(3, lambda index: index) == [0, 1, 2]


def test_a_function_that_changes_the_dict_of_functions() -> None:
    functions: dict[str, Function] = {}

    def other(number: int) -> int:
        raise AssertionError("what was given is what is called")

    def f(number: int) -> int:
        functions["f"] = other
        functions.pop("g", None)
        return number

    functions.update(f=f, g=other)
    assert program(LOOPS).call("sum", 300, functions=functions) == 300 * 299 // 2
    assert functions == {"f": other}
    with pytest.raises(AssertionError):
        program(LOOPS).call("sum", 300, functions=functions)


def test_output_between_the_calls() -> None:
    events: list[Any] = []
    printing = program(
        """
        .func show
            LOAD_CONST   r1, 0
            LOAD_CONST   r2, 1
            LOAD_CONST   r9, "f"
        again:
            CALL         r3, r9(r1)
            DEBUG_PRINT  r3
            ADD          r1, r1, r2
            LT           r4, r1, r0
            JUMP_IF      r4, again
            RETURN       r1
        """
    )

    def f(number: int) -> int:
        events.append(number)
        return number

    assert printing.call("show", 300, functions={"f": f}, stdout=events.append) == 300
    assert events == [event for number in range(300) for event in (number, f"{number}\n")]

    def fail(line: str) -> None:
        if line == "200\n":
            raise Trouble

    with pytest.raises(Trouble):
        printing.call("show", 300, functions={"f": f}, stdout=fail)
    with pytest.raises(pymdvm.LimitError, match="Output"):
        printing.call("show", 300, functions={"f": f}, stdout=events.append, max_output=500)


# ____________________________________________________________ runs within runs


def test_fifty_runs_deep() -> None:
    loaded = program(LOOPS)
    deepest = 50
    depth = 0

    def f(number: int) -> Any:
        nonlocal depth
        if depth == deepest or number != 1:
            return number
        depth += 1
        try:
            return loaded.call("sum", 3, functions={"f": f})
        finally:
            depth -= 1

    # f(0) + f(1) + f(2) is f(1) + 2 on each level, and 1 + 2 at last.
    assert loaded.call("sum", 3, functions={"f": f}) == 3 + 2 * deepest


def test_what_is_raised_fifty_runs_deep() -> None:
    loaded = program(LOOPS)

    def at(depth: int) -> Function:
        def f(number: int) -> Any:
            if number < 150:
                return number
            if depth == 50:
                raise Trouble
            return loaded.call("sum", 200, functions={"f": at(depth + 1)})

        return f

    with pytest.raises(Trouble):
        loaded.call("sum", 200, functions={"f": at(0)})
    assert loaded.call("sum", 3, functions={"f": lambda number: number}) == 3


def test_a_run_within_a_call_leaves_its_own_result() -> None:
    loaded = program(LOOPS)
    inner = program(LOOPS).start()

    def f(number: int) -> int:
        assert loaded.call("repeat", 3, "text", functions={"f": lambda text: text}) == "text"
        assert inner.call("loop", 2, functions={"f": float}) == [0.0, 1.0]
        with pytest.raises(Trouble):
            loaded.call("sum", 3, functions={"f": fail})
        return number

    def fail(number: int) -> int:
        raise Trouble

    assert loaded.call("loop", 20, functions={"f": f}) == list(range(20))
    assert inner.call("sum", 20, functions={"f": f}) == 190


# ____________________________________________________________ time, threads and signals


def test_the_timeout_goes_on_in_any_call() -> None:
    def f(number: int) -> int:
        calls.append(number)
        if number == 150:
            time.sleep(0.6)
        return number

    calls: list[int] = []
    with pytest.raises(pymdvm.LimitError, match="Timeout: 0.5 s") as caught:
        loop(10**9, f, timeout=0.5)
    assert caught.value.kind == "timeout"
    assert calls[-1] in (149, 150) or not IS_NATIVE
    assert loop(200, lambda number: number, timeout=60) == list(range(200))


def test_a_handle_ends_a_row_of_calls() -> None:
    handle = pymdvm.RunHandle()

    def f(number: int) -> int:
        if number == 200:
            handle.end()
        assert number <= 200
        return number

    with pytest.raises(pymdvm.LimitError, match="Ended by its handle"):
        loop(1000, f, handle=handle)


def test_limits_hold_in_a_row_of_calls() -> None:
    with pytest.raises(pymdvm.LimitError, match="Instruction limit exceeded: 2000"):
        loop(10**6, lambda number: number, max_instructions=2000)


def test_other_threads_go_on() -> None:
    """While functions are called, and while a thread waits to run a program itself."""
    results: list[Any] = []
    ticks = 0
    is_over = threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not is_over.is_set():
            ticks += 1
            time.sleep(0.001)

    def run(number: int) -> None:
        count = 30000 if IS_NATIVE and IS_FAST else 100
        results.append(
            program(LOOPS).call("sum", count, functions={"f": lambda one: number}) == count * number
        )

    ticking = threading.Thread(target=tick)
    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in (ticking, *threads):
        thread.start()
    for thread in threads:
        thread.join(60)
    is_over.set()
    ticking.join(10)
    assert results == [True] * 4
    assert ticks > 1


@pytest.mark.parametrize("function", [lambda number: number, abs])
def test_the_handler_of_a_signal_ends_a_row_of_calls(function: Function) -> None:
    """Also where no Python code is called."""
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            program(LOOPS).call("sum", 10**9, functions={"f": function})
        assert time.monotonic() - began < 5
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert loop(3, function) == [0, 1, 2]


def test_the_handler_of_a_signal_runs_before_the_next_call() -> None:
    """Also where neither function is one in Python."""
    raising = program(
        """
        .func main
            LOAD_CONST   r0, 14
            LOAD_CONST   r9, "raise"
            CALL         r1, r9(r0)
            LOAD_CONST   r9, "next"
            CALL         r1, r9(r0)
            RETURN       r1
        """
    )
    seen: list[object] = []
    functions: dict[str, Function] = {
        "raise": getattr(ctypes.CDLL(None), "raise"),
        "next": seen.append,
    }
    assert int(signal.SIGALRM) == 14
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            raising.run(functions=functions)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert seen == []


def test_a_handler_runs_programs_in_a_row_of_calls() -> None:
    handled: list[Any] = []

    def handle(*_: object) -> None:
        handled.append(loop(4, lambda number: str(number)))

    count = 0
    before = signal.signal(signal.SIGALRM, handle)

    def f(number: int) -> int:
        nonlocal count
        count += 1
        if number % 50 == 7:
            signal.raise_signal(signal.SIGALRM)
        return number

    try:
        assert loop(300, f) == list(range(300))
    finally:
        signal.signal(signal.SIGALRM, before)
    assert handled == [["0", "1", "2", "3"]] * 6 and count == 300


@only_native
@pytest.mark.parametrize("function", [lambda number: number, abs])
def test_what_another_thread_raises_in_this_one(function: Function) -> None:
    ends: list[object] = []

    def work() -> None:
        try:
            program(LOOPS).call("sum", 10**9, functions={"f": function})
        except BaseException as error:
            ends.append(type(error))

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.2)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident or 0), ctypes.py_object(Trouble)
    )
    thread.join(20)
    assert ends == [Trouble]


# ____________________________________________________________ tasks and journals


def test_coroutine_functions_and_others() -> None:
    async def later(number: int) -> Any:
        await asyncio.sleep(0)
        return number * 2

    def f(number: int) -> Any:
        return later(number) if number % 10 == 3 else number

    async def work() -> Any:
        return await program(LOOPS).acall("loop", 200, functions={"f": f})

    expected = [number * 2 if number % 10 == 3 else number for number in range(200)]
    assert asyncio.run(asyncio.wait_for(work(), 60)) == expected
    with pytest.raises(TypeError, match="the function 'f' is a coroutine function"):
        loop(200, f)


def test_a_journal_sees_each_call() -> None:
    calls: list[int] = []

    def f(number: int) -> Any:
        calls.append(number)
        if number == 170 and len(calls) < 180:
            raise Trouble
        return [number] if number % 10 == 3 else number

    loaded = program(LOOPS)
    journal = pymdvm.Journal()
    with pytest.raises(Trouble):
        loaded.call("loop", 200, functions={"f": f}, journal=journal)
    assert journal.calls == 170
    again = pymdvm.Journal.from_bytes(journal.to_bytes())
    calls.extend([0] * 10)
    result = loaded.call("loop", 200, functions={"f": f}, journal=again)
    assert calls[181:] == list(range(170, 200))
    assert result == loop(200, lambda number: [number] if number % 10 == 3 else number)


# ____________________________________________________________ references


class Kept(list[int]):
    """A list that can be referred to weakly."""


def test_nothing_is_kept() -> None:
    kept = Kept([1])
    reference = weakref.ref(kept)
    things: list[Any] = [kept]

    def f(number: int) -> Any:
        if number == 299:
            raise Trouble
        return things.pop() if things else number

    with pytest.raises(Trouble):
        loop(300, f)
    del kept
    gc.collect()
    assert reference() is None


@only_native
@pytest.mark.parametrize(
    ("argument", "result", "count"),
    [
        (10**15, 10**15 + 1, 1000000 if IS_FAST else 20000),
        (2.5, 2.25, 20000),
        ("an argument", "a text of its own", 20000),
        (1, [10**15, "text"], 20000),
        ([1, "text"], 1, 20000),
    ],
)
def test_no_reference_is_lost_or_kept_too_long(argument: Any, result: Any, count: int) -> None:
    loaded = program(LOOPS)

    def f(value: Any) -> Any:
        return result

    def fail(value: Any) -> Any:
        raise Trouble

    def counts() -> list[int]:
        gc.collect()
        things = (argument, result, f, fail, None, True, loaded)
        return [sys.getrefcount(thing) for thing in things]

    def run(count: int) -> None:
        assert loaded.call("repeat", count, argument, functions={"f": f}) == result
        for _ in range(400):
            with pytest.raises(Trouble):
                loaded.call("repeat", 3, argument, functions={"f": fail})

    run(1000)
    before, blocks = counts(), sys.getallocatedblocks()
    run(count)
    assert all(abs(one - other) < 50 for one, other in zip(before, counts()))
    assert abs(sys.getallocatedblocks() - blocks) < 300
