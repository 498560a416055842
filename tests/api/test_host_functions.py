"""Functions that the embedding process gives to a program."""

from __future__ import annotations

import threading
import time
import traceback
import warnings
from collections.abc import Callable
from typing import Any

import pytest

import pymdvm
from pymdvm.sessions import session
from tests.api.samples import ENDLESS, IS_NATIVE, only_native, outcomes_by_room, program

# What `f` gives for the arguments of `main`.
FORWARD = """
.func call1
    LOAD_CONST   r9, "f"
    CALL         r1, r9(r0)
    RETURN       r1
.func call2
    LOAD_CONST   r9, "f"
    CALL         r2, r9(r0, r1)
    RETURN       r2
.func call0
    LOAD_CONST   r9, "f"
    CALL         r2, r9()
    RETURN       r2
"""

# The sum of f(0) to f(r0 - 1).
LOOP = """
.func loop
    LOAD_CONST   r1, 0
    LOAD_CONST   r2, 0
    LOAD_CONST   r3, 1
    LOAD_CONST   r9, "f"
again:
    CALL         r4, r9(r1)
    ADD          r2, r2, r4
    ADD          r1, r1, r3
    LT           r5, r1, r0
    JUMP_IF      r5, again
    RETURN       r2
"""


def call(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """What a program gives that calls the function with these arguments."""
    forward = program(FORWARD)
    name = f"call{len(arguments)}"
    return forward.call(name, *arguments, functions={"f": function}, **options)


def test_values_go_in_and_come_out() -> None:
    given: list[Any] = []

    def f(*arguments: Any) -> Any:
        given.append(arguments)
        return arguments

    for value in (None, True, -(2**63), 2.5, "ä€", [1, 2], [1.5], [[], ["x"]], {"k": [None]}, ""):
        assert call(f, value, 7) == [value, 7]
        assert given.pop() == (value, 7)
        assert call(lambda one: one, value) == value
    assert call(lambda: None) is None


@pytest.mark.parametrize("version", [1, 2])
def test_run_and_call_take_functions(version: int) -> None:
    loaded = program(f'.version {version}\nLOAD_CONST r9, "f"\nCALL r0, r9()\nRETURN r0\n')
    assert loaded.run(functions={"f": lambda: 5}) == 5
    with pytest.raises(pymdvm.RunError, match="^Undefined function: f$"):
        loaded.run()
    with pytest.raises(pymdvm.RunError, match="^Undefined function: f$"):
        loaded.run(functions={"g": lambda: 5})
    with pytest.raises(pymdvm.RunError, match="^Undefined function: f$"):
        loaded.run(functions={})


def test_the_program_s_own_function_comes_first() -> None:
    loaded = program(
        '.func main\nLOAD_CONST r9, "f"\nCALL r0, r9()\nRETURN r0\n.func f\nRETURN r9\n'
    )
    assert loaded.run(functions={"f": lambda: 5}) == "f"


@pytest.mark.parametrize(
    ("functions", "error", "text"),
    [
        ([], TypeError, "functions must be a mapping, not list"),
        ({1: len}, TypeError, "the name of a function must be a str, not int"),
        ({"f": 3}, TypeError, r"functions\['f'\] must be callable, which int is not"),
        ({"\ud800": len}, ValueError, "no program can call a function of the name"),
    ],
)
def test_functions_that_are_none(functions: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        program(FORWARD).run(functions=functions)
    with pytest.raises(error, match=text):
        program(FORWARD).call("call0", functions=functions)


def test_what_a_function_raises_ends_the_run_and_is_raised() -> None:
    class Trouble(Exception):
        pass

    trouble = Trouble("here")

    def f() -> None:
        raise trouble

    with pytest.raises(Trouble) as caught:
        call(f)
    assert caught.value is trouble
    assert "raise trouble" in "".join(traceback.format_tb(caught.tb))
    assert call(lambda: 3) == 3
    for error in (KeyboardInterrupt, SystemExit, StopIteration, GeneratorExit):

        def g(error: type[BaseException] = error) -> None:
            raise error

        with pytest.raises(error):
            call(g)
    with pytest.raises(TypeError, match="positional argument"):
        call(lambda: 3, 1)


@pytest.mark.parametrize(
    ("result", "error"),
    [(object(), TypeError), (2**63, OverflowError), ({1: 2}, TypeError), ("\ud800", ValueError)],
)
def test_results_that_no_program_can_have(result: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        call(lambda: result)
    assert call(lambda: 3) == 3


def test_output_comes_before_the_call() -> None:
    events: list[Any] = []
    loaded = program(
        """
        LOAD_CONST   r9, "f"
        LOAD_CONST   r0, "one"
        DEBUG_PRINT  r0
        CALL         r1, r9()
        DEBUG_PRINT  r0
        RETURN       r1
        """
    )
    loaded.run(stdout=events.append, functions={"f": lambda: events.append("called")})
    assert events == ["one\n", "called", "one\n"]


def test_in_a_compiled_loop() -> None:
    count = 100000 if IS_NATIVE else 200
    seen: list[int] = []

    def f(number: int) -> int:
        seen.append(number)
        return number * 2

    assert program(LOOP).call("loop", count, functions={"f": f}) == count * (count - 1)
    assert seen == list(range(count))


def test_an_exception_in_a_compiled_loop() -> None:
    count = 50000 if IS_NATIVE else 100

    def f(number: int) -> int:
        return 1 // (count - number)

    with pytest.raises(ZeroDivisionError):
        program(LOOP).call("loop", 2 * count, functions={"f": f})
    assert call(lambda: 3) == 3


# ____________________________________________________________ runs within runs


def test_a_function_runs_the_program_that_calls_it() -> None:
    # factorials, with each call of the function in a run of its own
    loaded = program(
        """
        .func factorial
            LOAD_CONST   r1, 1
            LTE          r2, r0, r1
            JUMP_IF      r2, one
            SUB          r3, r0, r1
            LOAD_CONST   r9, "f"
            CALL         r4, r9(r3)
            MUL          r1, r0, r4
        one:
            RETURN       r1
        """
    )

    def f(number: int) -> Any:
        return loaded.call("factorial", number, functions={"f": f})

    assert f(20) == 2432902008176640000


def test_a_run_within_a_run_has_global_variables_of_its_own() -> None:
    loaded = program(
        """
        .func main
            LOAD_GLOBAL  r0, "g"
            DEBUG_PRINT  r0
            LOAD_CONST   r9, "depth"
            CALL         r1, r9()
            STORE_GLOBAL r1, "g"
            LOAD_CONST   r9, "again"
            CALL         r2, r9(r1)
            LOAD_GLOBAL  r0, "g"
            RETURN       r0
        """
    )
    depths: list[int] = []
    inner: list[Any] = []

    def again(depth: int) -> None:
        if depth < 5:
            inner.append(loaded.run(functions=functions))

    def depth() -> int:
        depths.append(1)
        return len(depths)

    functions: dict[str, Callable[..., Any]] = {"again": again, "depth": depth}
    lines: list[str] = []
    assert loaded.run(functions=functions, stdout=lines.append) == 1
    assert inner == [5, 4, 3, 2]
    assert lines == []


def test_everything_else_may_be_done_within_a_call() -> None:
    def f(number: int) -> Any:
        other = program(LOOP)
        with pytest.raises(pymdvm.RunError, match="Undefined function: f"):
            other.call("loop", 3)
        with pytest.raises(pymdvm.LoadError):
            pymdvm.loads(b"")
        with pytest.raises(pymdvm.LimitError):
            program(ENDLESS).run(max_instructions=100)
        assert list(other.functions) == ["loop"]
        assert other.disassemble()
        with pytest.raises(KeyError):
            other.call("loop", 3, functions={"f": {}.__getitem__})
        return other.call("loop", number, functions={"f": lambda one: one})

    assert program(LOOP).call("loop", 6, functions={"f": f}) == sum([0, 0, 1, 3, 6, 10])


def test_the_limits_of_a_run_are_its_own() -> None:
    def spend(number: int) -> int:
        assert program(LOOP).call("loop", 500, functions={"f": lambda one: 1}) == 500
        return 1

    # of its own the run has 5 instructions an iteration
    loaded = program(LOOP)
    assert loaded.call("loop", 4, functions={"f": spend}, max_instructions=40) == 4
    with pytest.raises(pymdvm.LimitError, match="Instruction limit exceeded: 15"):
        loaded.call("loop", 40, functions={"f": spend}, max_instructions=15)
    printed = program('LOAD_CONST r9, "f"\nCALL r0, r9()\nDEBUG_PRINT r9\nRETURN r0\n')
    lines: list[str] = []

    def f() -> int:
        printed.run(functions={"f": lambda: 1}, stdout=lines.append, max_output=2)
        return 2

    assert printed.run(functions={"f": f}, stdout=lines.append, max_output=2) == 2
    assert lines == ["f\n", "f\n"]


def test_runs_within_runs_are_not_endless() -> None:
    def f(number: int) -> Any:
        return program(FORWARD).call("call1", number + 1, functions={"f": f})

    with pytest.raises((pymdvm.EngineError, pymdvm.RunError, RecursionError)):
        f(0)
    assert call(lambda: 3) == 3


@pytest.mark.parametrize("options", [{}, {"timeout": 60.0}, {"max_instructions": 10**6}])
def test_what_lacks_room_on_the_python_stack_is_a_recursion_error(options: Any) -> None:
    """However far a call gets before it finds that there is none."""
    loaded = program(FORWARD)
    functions = {"f": lambda argument: {"of": [argument, None]}}
    expected = {"of": [{"a": 1.5}, None]}
    outcomes = outcomes_by_room(
        lambda: loaded.call("call1", {"a": 1.5}, functions=functions, **options)
    )
    assert outcomes[-1] == expected
    assert RecursionError in outcomes
    assert all(one in (None, RecursionError, expected) for one in outcomes)


def test_a_coroutine_function_takes_a_run_that_waits_for_it() -> None:
    async def f() -> int:
        return 1

    with warnings.catch_warnings():
        warnings.simplefilter("error")  # of coroutines that nobody waits for
        with pytest.raises(TypeError, match="^the function 'f' is a coroutine function, for which"):
            call(f)


# ____________________________________________________________ time and threads


def test_the_timeout_goes_on_in_a_function() -> None:
    def f() -> None:
        time.sleep(0.3)

    began = time.monotonic()
    with pytest.raises(pymdvm.LimitError, match=r"Timeout: 0.1 s"):
        call(f, timeout=0.1)
    assert time.monotonic() - began < 10
    assert call(lambda: 3, timeout=60) == 3


def test_a_run_within_a_run_ends_with_it() -> None:
    endless = program(ENDLESS)
    began = time.monotonic()
    with pytest.raises(pymdvm.LimitError, match="Timeout"):
        call(endless.run, timeout=0.2)
    assert time.monotonic() - began < 20
    with pytest.raises(pymdvm.LimitError, match="Timeout: 0.1 s"):
        call(lambda: endless.run(timeout=0.1), timeout=60)


@only_native
def test_a_handle_ends_a_run_within_its_run() -> None:
    handle = pymdvm.RunHandle()
    threading.Timer(0.3, handle.end).start()
    with pytest.raises(pymdvm.LimitError, match="Ended by its handle"):
        call(program(ENDLESS).run, handle=handle)


def test_in_threads() -> None:
    results: list[Any] = []

    def run() -> None:
        names: set[str] = set()

        def f(number: int) -> int:
            names.add(threading.current_thread().name)
            return number

        total = program(LOOP).call("loop", 50, functions={"f": f})
        results.append((total, names == {threading.current_thread().name}))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [(1225, True)] * 4


def test_what_a_program_requires() -> None:
    assert program(FORWARD).required_functions == ("f",)
    assert program(ENDLESS).required_functions == ()


# A list of r0 ints, mapped with f by itself, and by a function that calls it.
APPLIED = """
.version 2
.func mapped
    LOAD_CONST   r9, "range"
    CALL         r1, r9(r0)
    LOAD_CONST   r9, "map"
    LOAD_CONST   r8, @f
    CALL         r2, r9(r1, r8)
    LOAD_CONST   r8, @by_call
    CALL         r3, r9(r1, r8)
    ARRAY_CONCAT r2, r2, r3
    RETURN       r2
.func by_call
    LOAD_CONST   r1, "f"
    CALL         r2, r1(r0)
    RETURN       r2
"""


def test_map_calls_a_function_of_the_host() -> None:
    assert program(APPLIED).call("mapped", 3, functions={"f": lambda one: one * 2}) == [
        *(0, 2, 4),
        *(0, 2, 4),
    ]
    with pytest.raises(pymdvm.RunError, match="Undefined function: f"):
        program(APPLIED).call("mapped", 3)


def test_what_a_function_raises_goes_through_map() -> None:
    def f(one: int) -> int:
        if one == 700:
            raise KeyError(one)
        return one

    applied = program(APPLIED)
    for _ in range(3):
        with pytest.raises(KeyError):
            applied.call("mapped", 1000, functions={"f": f})
    assert applied.call("mapped", 2, functions={"f": f}) == [0, 1, 0, 1]


def test_a_limit_of_instructions_holds_in_map() -> None:
    applied = program(APPLIED)
    with pytest.raises(pymdvm.LimitError, match="Instruction limit exceeded: 500"):
        applied.call("mapped", 1000, functions={"f": lambda one: one}, max_instructions=500)
    assert applied.call("mapped", 1, functions={"f": lambda one: one}) == [0, 0]


@only_native
def test_what_a_handler_runs_before_a_call_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """The handler of a signal can run programs at any time, also when the VM has just paused for a
    function and has not been asked which.
    """
    engine = session().engine
    look = engine.output
    seen: list[object] = []

    def look_after_a_handler() -> bytes:
        monkeypatch.setattr(engine, "output", look)
        assert call(lambda *values: ["inner", *values], [3]) == ["inner", [3]]
        return look()

    def f(*values: object) -> object:
        seen.append(values)
        return list(values)

    monkeypatch.setattr(engine, "output", look_after_a_handler)
    assert call(f, [1, "outer"]) == [[1, "outer"]]
    assert seen == [([1, "outer"],)]
