"""Limits of a run: instructions, depth, time, and the JIT's parameters."""

from __future__ import annotations

import pickle
import threading
import time
from typing import Any

import pytest

import pymdvm
from tests.api.samples import (
    ENDLESS,
    ENDLESS_PRINTING,
    FIBONACCI,
    IDENTITY,
    IS_NATIVE,
    fresh,
    only_native,
    program,
)

# How long it may take from the moment that a run is to end until it has ended.
PATIENCE = 0.1 if IS_NATIVE else 3.0

DEEP = """
.func down
    JUMP_IF_NOT  r0, bottom
    LOAD_CONST   r1, 1
    SUB          r0, r0, r1
    LOAD_CONST   r2, "down"
    CALL         r0, r2(r0)
bottom:
    RETURN       r0
"""


def test_max_instructions_is_exact_for_straight_code() -> None:
    four = program("LOAD_CONST r0, 2\nLOAD_CONST r1, 3\nADD r2, r0, r1\nRETURN r2")
    assert four.run(max_instructions=4) == 5
    for limit in range(4):
        with pytest.raises(pymdvm.LimitError, match=f"^Instruction limit exceeded: {limit}$"):
            four.run(max_instructions=limit)


@pytest.mark.parametrize("limit", [1, 2, 3, 1000, 50_001])
def test_max_instructions_ends_a_loop(limit: int) -> None:
    endless = program(ENDLESS)
    with pytest.raises(pymdvm.LimitError) as caught:
        endless.run(max_instructions=limit)
    assert isinstance(caught.value, pymdvm.RunError)
    assert caught.value.instruction in (0, 2)
    # Never more than allowed, and at most one turn of the loop less.
    assert limit - 2 <= endless.stats.instructions <= limit


def test_max_instructions_counts_calls() -> None:
    fibonacci = program(FIBONACCI)
    assert fibonacci.call("fib", 10, max_instructions=2000) == 55
    exact = fibonacci.stats.instructions
    assert fibonacci.call("fib", 10, max_instructions=exact) == 55
    with pytest.raises(pymdvm.LimitError) as caught:
        fibonacci.call("fib", 10, max_instructions=exact - 1)
    assert caught.value.function == "fib"


def test_each_run_has_the_whole_limit() -> None:
    fibonacci = program(FIBONACCI)
    for _ in range(5):
        assert fibonacci.call("fib", 5, max_instructions=200) == 5


def test_max_depth() -> None:
    deep = program(DEEP)
    assert deep.call("down", 20, max_depth=20) == 0
    with pytest.raises(pymdvm.RunError, match="^Stack overflow$") as caught:
        deep.call("down", 21, max_depth=20)
    assert not isinstance(caught.value, pymdvm.LimitError)
    assert len(caught.value.stack) == 21
    assert deep.call("down", 0, max_depth=0) == 0


def test_a_thousand_nested_calls_work() -> None:
    assert program(DEEP).call("down", 1000) == 0


@only_native
def test_calls_nest_as_deep_as_under_the_command_line_program() -> None:
    assert program(DEEP).call("down", 200_000) == 0


@pytest.mark.parametrize(
    "limits", [{}, {"max_depth": 10**9}, {"timeout": 60}, {"max_instructions": 10**12}]
)
def test_endless_recursion_is_a_stack_overflow(limits: dict[str, Any]) -> None:
    endless = program('.func f\nLOAD_CONST r1, "f"\nCALL r0, r1(r0)\nRETURN r0\n' + IDENTITY)
    for _ in range(3):
        with pytest.raises(pymdvm.RunError, match="^Stack overflow$") as caught:
            endless.call("f", **limits)
        assert not isinstance(caught.value, pymdvm.LimitError)
        assert caught.value.omitted > 900
        assert caught.value.stack[0] == ("f", 1)
        assert endless.call("identity", 1) == 1


ENDLESS_PROGRAMS = {
    "loop": ENDLESS,
    "loop of one instruction": "again: JUMP again",
    "printing": ENDLESS_PRINTING,
    "recursion": FIBONACCI
    + '.func main\nLOAD_CONST r0, 80\nLOAD_CONST r1, "fib"\nCALL r2, r1(r0)\nRETURN r2\n',
    "conditional": "LOAD_CONST r0, true\nagain: NOP\nJUMP_IF r0, again\n",
    "comparison": "LOAD_CONST r0, 1\nLOAD_CONST r1, 2\nagain: LT r2, r0, r1\nJUMP_IF r2, again\n",
    "loop of calls": '.func main\nagain: LOAD_CONST r1, "f"\nCALL r2, r1()\nJUMP again\n.func f\nRETURN\n',
    "nested loops": "LOAD_CONST r9, 3\nLOAD_CONST r8, 1\nouter: LOAD_CONST r0, 0\ninner: ADD r0, r0, r8\n"
    "LT r1, r0, r9\nJUMP_IF r1, inner\nJUMP outer\n",
    "phi": "LOAD_CONST r1, 1\nJUMP again\nagain: PHI r0, [r1 from again]\nADD r2, r1, r1\nJUMP again\n",
    "long body": "LOAD_CONST r1, 1\nagain:\n" + "ADD r2, r1, r1\n" * 8000 + "JUMP again\n",
}


@pytest.mark.parametrize("jit", [None, False])
@pytest.mark.parametrize("name", ENDLESS_PROGRAMS)
def test_timeout_ends_whatever_runs(name: str, jit: bool | None) -> None:
    endless = program(ENDLESS_PROGRAMS[name])
    took = []
    for _ in range(3):  # once at least in time, on a busy machine
        began = time.monotonic()
        with pytest.raises(pymdvm.LimitError, match=r"^Timeout: 0\.2 s$") as caught:
            endless.run(timeout=0.2, stdout=lambda text: None, jit=jit)
        took.append(time.monotonic() - began)
        # Compiled code may have lost the place of a recursion; and the Python engine, on a busy
        # machine, analyses the long body for longer than the timeout: nothing has been called yet.
        if name != "recursion" and (IS_NATIVE or name != "long body"):
            assert caught.value.stack
        if took[-1] < 0.2 + PATIENCE:
            break
    assert 0.2 <= min(took) < 0.2 + PATIENCE


def test_a_run_within_its_timeout_is_undisturbed() -> None:
    fibonacci = program(FIBONACCI)
    for _ in range(20):
        assert fibonacci.call("fib", 8, timeout=30) == 21
    assert fibonacci.call("fib", 8) == 21


def test_a_timeout_does_not_reach_into_the_next_run() -> None:
    endless, fibonacci = program(ENDLESS), program(FIBONACCI)
    for number in range(20):
        try:
            endless.run(timeout=0.001 + number * 0.0005)
        except pymdvm.LimitError:
            pass
        else:
            pytest.fail("the program is endless")
        assert fibonacci.call("fib", 8) == 21


@pytest.mark.parametrize("name", ["loop", "recursion"])
def test_a_handle_ends_a_run_from_another_thread(name: str) -> None:
    endless, handle = program(ENDLESS_PROGRAMS[name]), pymdvm.RunHandle()
    assert not handle.ended
    timer = threading.Timer(0.2, handle.end)
    timer.start()
    with pytest.raises(pymdvm.LimitError, match="^Ended by its handle$") as caught:
        endless.run(handle=handle, timeout=60)
    assert caught.value.kind == "ended"
    timer.join()
    assert handle.ended
    # It stays so, and is nobody else's business.
    with pytest.raises(pymdvm.LimitError, match="^Ended by its handle$"):
        endless.run(handle=handle)
    assert program(FIBONACCI).call("fib", 8, handle=pymdvm.RunHandle()) == 21
    assert program(FIBONACCI).call("fib", 8) == 21


def test_a_handle_ends_all_its_runs_those_that_wait_too() -> None:
    handle, other = pymdvm.RunHandle(), pymdvm.RunHandle()
    ended: list[str] = []

    def work() -> None:
        try:
            program(ENDLESS).run(handle=handle)
        except pymdvm.LimitError as error:
            ended.append(error.kind)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.2)
    other.end()
    time.sleep(0.1)
    assert ended == []
    handle.end()
    for thread in threads:
        thread.join()
    assert ended == ["ended"] * 4


def test_the_timeout_counts_while_another_thread_runs() -> None:
    handle = pymdvm.RunHandle()
    endless, fibonacci = program(ENDLESS), program(FIBONACCI)

    def work() -> None:
        with pytest.raises(pymdvm.LimitError):
            endless.run(handle=handle)

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.2)
    began = time.monotonic()
    with pytest.raises(pymdvm.LimitError, match=r"^Timeout: 0\.3 s$") as caught:
        fibonacci.call("fib", 3, timeout=0.3)
    assert 0.3 <= time.monotonic() - began < 0.3 + 10 * PATIENCE
    assert (caught.value.kind, caught.value.stack) == ("timeout", ())
    handle.end()
    thread.join()
    assert fibonacci.call("fib", 3, timeout=10) == 2


def test_max_output() -> None:
    three = program(
        "".join(f'LOAD_CONST r0, "{text}"\nDEBUG_PRINT r0\n' for text in ("one", "zwei", "ä"))
    )
    lines: list[str] = []
    three.run(stdout=lines.append, max_output=12)
    assert lines == ["one\n", "zwei\n", "ä\n"]
    lines.clear()
    with pytest.raises(pymdvm.LimitError, match="^Output limit exceeded: 11$") as caught:
        three.run(stdout=lines.append, max_output=11)
    assert caught.value.kind == "output"
    assert caught.value.instruction == 5
    assert lines == ["one\n", "zwei\n"]
    three.run(stdout=lines.append)
    with pytest.raises(pymdvm.LimitError, match="^Output limit exceeded: 1000$"):
        program(ENDLESS_PRINTING).run(stdout=lambda text: None, max_output=1000)


GROWING = """
    LOAD_CONST   r0, "0123456789abcdef"
again:
    CONCAT_STR   r0, r0, r0
    STR_LEN      r1, r0
    JUMP         again
"""


@only_native
def test_max_memory() -> None:
    growing = program(GROWING)
    for _ in range(3):
        with pytest.raises(pymdvm.LimitError, match="^Out of memory$") as caught:
            growing.run(max_memory=32 << 20)
        assert caught.value.kind == "memory"
        assert program(FIBONACCI).call("fib", 8, max_memory=32 << 20) == 21


def test_each_kind_of_limit_has_its_name_and_survives_a_pickle() -> None:
    endless = program(ENDLESS_PRINTING)
    kinds = []
    for options in ({"max_instructions": 10}, {"timeout": 0.05}, {"max_output": 1}):
        with pytest.raises(pymdvm.LimitError) as caught:
            endless.run(stdout=lambda text: None, **options)
        copied = pickle.loads(pickle.dumps(caught.value))
        assert (copied.kind, copied.text, copied.stack) == (
            caught.value.kind,
            caught.value.text,
            caught.value.stack,
        )
        kinds.append(copied.kind)
    assert kinds == ["instructions", "timeout", "output"]


def test_limits_belong_to_one_run_whatever_other_threads_do() -> None:
    """What a run is told of its limits must not reach the run of another thread that comes
    between.
    """
    fibonacci, printing = (
        program(FIBONACCI),
        program('LOAD_CONST r0, "text"\nDEBUG_PRINT r0\nRETURN r0'),
    )
    wrong: list[object] = []

    def work(number: int) -> None:
        for _ in range(200 if IS_NATIVE else 20):
            try:
                if number % 2:
                    assert printing.run(stdout=lambda text: None) == "text"
                    assert fibonacci.call("fib", 5) == 5
                else:
                    with pytest.raises(pymdvm.LimitError, match="Output limit exceeded: 3"):
                        printing.run(stdout=lambda text: None, max_output=3)
                    with pytest.raises(pymdvm.LimitError, match="Instruction limit exceeded: 20"):
                        fibonacci.call("fib", 5, max_instructions=20)
            except BaseException as error:
                wrong.append(error)
                raise

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize(
    "jit", [None, True, False, "off", "default", "threshold=3,trace_eagerness=1", ""]
)
def test_the_jit_changes_no_result(jit: bool | str | None) -> None:
    assert program(FIBONACCI).call("fib", 12, jit=jit) == 144


@only_native
def test_without_the_jit_nothing_is_compiled() -> None:
    fibonacci = fresh(FIBONACCI)
    fibonacci.call("fib", 20, jit=False)
    assert fibonacci.stats.loops_compiled == 0
    fibonacci.call("fib", 12, jit="threshold=2,function_threshold=2")
    assert fibonacci.stats.loops_compiled > 0


@only_native
def test_compiled_code_is_not_used_without_the_jit() -> None:
    fibonacci = fresh(FIBONACCI)
    fibonacci.call("fib", 28)
    # Compiled code is a hundred times as fast here; two are enough to tell, and hold on a busy
    # machine as well.
    compiled = min(_seconds(lambda: fibonacci.call("fib", 28)) for _ in range(5))
    assert _seconds(lambda: fibonacci.call("fib", 28, jit=False)) > 2 * compiled


def _seconds(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@only_native
@pytest.mark.parametrize(
    "wrong", ["nonsense", "threshold", "threshold=x", "trace_limit=99999999", "off,threshold=3"]
)
def test_wrong_parameters_of_the_jit(wrong: str) -> None:
    fibonacci = program(FIBONACCI)
    with pytest.raises(ValueError, match="is not a list of NAME=VALUE"):
        fibonacci.call("fib", 1, jit=wrong)
    assert fibonacci.call("fib", 1) == 1


@pytest.mark.parametrize(
    "options, kind, text",
    [
        ({"max_instructions": 1.5}, TypeError, "max_instructions must be an int, not float"),
        ({"max_instructions": -1}, ValueError, "max_instructions must not be negative, as -1 is"),
        ({"max_instructions": True}, TypeError, "max_instructions must be an int, not bool"),
        ({"max_depth": "3"}, TypeError, "max_depth must be an int, not str"),
        ({"max_depth": -5}, ValueError, "max_depth must not be negative, as -5 is"),
        ({"timeout": 0}, ValueError, "timeout must be more than 0 seconds, which 0 is not"),
        ({"timeout": -1.0}, ValueError, "timeout must be more than 0 seconds, which -1.0 is not"),
        (
            {"timeout": float("nan")},
            ValueError,
            "timeout must be more than 0 seconds, which nan is not",
        ),
        ({"timeout": "1"}, TypeError, "timeout must be a number of seconds, not str"),
        ({"arrays": 1}, TypeError, 'arrays must be a bool or "nested", not int'),
        ({"arrays": "no"}, ValueError, "arrays must be a bool or \"nested\", which 'no' is not"),
        ({"arrays": None}, TypeError, 'arrays must be a bool or "nested", not NoneType'),
        ({"jit": 3}, TypeError, "jit must be a bool or a str, not int"),
        ({"max_memory": 1.5}, TypeError, "max_memory must be an int, not float"),
        ({"max_output": -1}, ValueError, "max_output must not be negative, as -1 is"),
        ({"handle": 3}, TypeError, "handle must be a RunHandle, not int"),
        ({"stdout": 3}, TypeError, "stdout must be a text stream or a callable, not int"),
        ({"nonsense": 3}, TypeError, "a run got an unexpected keyword argument 'nonsense'$"),
        ({"timout": 3}, TypeError, "keyword argument 'timout'; did you mean 'timeout'\\?"),
    ],
)
def test_wrong_options(options: dict[str, Any], kind: type[Exception], text: str) -> None:
    identity = program(IDENTITY)
    with pytest.raises(kind, match=text):
        identity.run(**options)
    with pytest.raises(kind, match=text):
        identity.call("identity", **options)


def test_limits_beyond_all_measure() -> None:
    huge = {
        "max_instructions": 10**30,
        "max_depth": 10**30,
        "timeout": 1e300,
        "max_memory": 10**30,
        "max_output": 10**30,
    }
    assert program(FIBONACCI).call("fib", 5, **huge) == 5  # type: ignore[arg-type]
