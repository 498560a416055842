"""The module in C that calls go through gives what Python's way of a call gives, and leaves the VM
to others whatever happens.
"""

from __future__ import annotations

import inspect
import math
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import pymdvm
from pymdvm.engines import callers
from tests.api.samples import (
    ENDLESS,
    ENDLESS_PRINTING,
    FIBONACCI,
    IDENTITY,
    only_native,
    program,
    python,
)

MANY = ".func last\n RETURN r254\n.func first\n RETURN r0\n"

SCALARS = [
    None,
    False,
    True,
    0,
    -1,
    2**63 - 1,
    -(2**63),
    0.0,
    -1.5,
    math.inf,
    "",
    "a",
    "1234567",
    "12345678",
    "123456789",
    "nul\0nul",
    "ä€😀",
    "x" * 700,
    "x" * 735,
    "x" * 752,
    "x" * 753,
    "x" * 5000,
]


def both_ways(identity: Any) -> list[Callable[[Any], Any]]:
    """Calls of IDENTITY by the name and by the function; the last goes another way, as it has an
    option.
    """
    function = identity.function("identity")
    return [
        lambda value: identity.call("identity", value),
        function,
        lambda value: identity.call("identity", value, jit=True),
    ]


def test_it_is_used_where_it_was_built() -> None:
    built = (Path(callers.__file__).parent / "_callers.abi3.so").exists()
    done = python(
        "from pymdvm.engines import callers; print(callers._callers is not None)", PYMDVM_CALLS=""
    )
    assert done.stdout == f"{built and sys.version_info >= (3, 10)}\n"
    done = python(
        "from pymdvm.engines import callers; print(callers._callers)", PYMDVM_CALLS="ctypes"
    )
    assert done.stdout == "None\n"


@pytest.mark.parametrize("value", SCALARS)
@pytest.mark.parametrize("start", [False, True])
def test_scalars(value: object, start: bool) -> None:
    loaded = program(IDENTITY)
    for call in both_ways(loaded.start() if start else loaded):
        for _ in range(2):  # the first one looks up the name
            result = call(value)
            assert result == value and type(result) is type(value)
    negative: Any = loaded.call("identity", -0.0)
    assert math.copysign(1, negative) == -1
    assert math.isnan(loaded.call("identity", math.nan))  # type: ignore[arg-type]


class Subclass(int):
    pass


class Named(str):
    pass


def test_what_is_no_scalar_goes_the_other_way() -> None:
    identity = program(IDENTITY)
    for call in both_ways(identity):
        for value in ([1, 2], {"a": 1.5}, [], (), Subclass(8), ["a", [None]]):
            expected = list(value) if isinstance(value, tuple) else value
            assert call(value) == expected
    assert identity.call(Named("identity"), 5) == 5


def test_errors_are_the_same() -> None:
    identity = program(IDENTITY)
    for value, kind in ((2**63, OverflowError), ("\ud800", ValueError), (object(), TypeError)):
        messages = set()
        for call in both_ways(identity):
            for _ in range(2):
                with pytest.raises(kind) as caught:
                    call(value)
                messages.add(str(caught.value))
        assert len(messages) == 1
    with pytest.raises(pymdvm.RunError, match="Undefined function: nobody"):
        identity.call("nobody")
    with pytest.raises(TypeError, match=r"missing 1 required positional argument: 'function'"):
        identity.call()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="must be a str, not int"):
        identity.call(7)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="nonsense"):
        identity.call("identity", nonsense=1)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="at most 255 arguments, not 256"):
        identity.call("identity", *range(256))
    with pytest.raises(ValueError, match="at most 255 arguments, not 256"):
        identity.function("identity")(*range(256))


def test_many_arguments() -> None:
    many = program(MANY)
    for count in (1, 2, 40, 48, 49, 100, 255):
        for _ in range(2):
            assert many.call("first", *range(7, count + 7)) == 7
        assert many.function("first")(*range(7, count + 7)) == 7
    assert many.call("last", *range(255)) == 254
    assert many.call("last", *range(40)) is None


def test_errors_of_programs() -> None:
    failing = program(".func fail\n LOAD_CONST r1, 0\n DIV r0, r0, r1\n RETURN r0\n")
    for _ in range(2):
        with pytest.raises(pymdvm.RunError, match="Division by zero") as caught:
            failing.call("fail", 7)
        assert caught.value.stack[0].function == "fail"
        with pytest.raises(pymdvm.RunError, match="Division by zero"):
            failing.function("fail")(7)
    assert program(IDENTITY).call("identity", 1) == 1


def test_output_is_written(capfd: pytest.CaptureFixture[str]) -> None:
    printing = program(".func show\n DEBUG_PRINT r0\n RETURN r0\n")
    for number in (1, 2):
        assert printing.call("show", number) == number
        assert printing.function("show")("text") == "text"
    assert capfd.readouterr().out == "1\ntext\n2\ntext\n"


def test_help_and_signature() -> None:
    assert "Call a function by its name" in (inspect.getdoc(pymdvm.Program.call) or "")
    assert "Program.call" in (inspect.getdoc(pymdvm.Instance.call) or "")
    signature = str(inspect.signature(pymdvm.Program.call))
    assert "function" in signature and "**options" in signature


def test_the_handler_of_a_signal_ends_a_call() -> None:
    endless = program(".func f\n" + ENDLESS)
    for call in (lambda: endless.call("f", 1), endless.function("f")):
        before = signal.signal(signal.SIGALRM, signal.default_int_handler)
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        try:
            began = time.monotonic()
            with pytest.raises(KeyboardInterrupt):
                call()
            assert time.monotonic() - began < 5
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        assert in_another_thread(lambda: program(FIBONACCI).call("fib", 15)) == 610


def in_another_thread(work: Callable[[], Any]) -> Any:
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    thread.join(30)
    assert results
    return results[0]


@only_native
def test_other_threads_go_on_meanwhile() -> None:
    """A call gives the interpreter away; another one of the same VM waits for it."""
    handle = pymdvm.RunHandle()
    thread = threading.Thread(
        target=lambda: pytest.raises(pymdvm.LimitError, program(ENDLESS).run, handle=handle)
    )
    fib = program(FIBONACCI)
    assert fib.call("fib", 5) == 5
    thread.start()
    time.sleep(0.1)
    timer = threading.Timer(0.3, handle.end)
    timer.start()
    began = time.monotonic()
    assert fib.call("fib", 15) == 610
    assert time.monotonic() - began > 0.1
    thread.join(30)
    timer.join()


def test_calls_within_a_run() -> None:
    fib = program(FIBONACCI)
    fib.call("fib", 1)
    function = fib.function("fib")
    outer = program(
        '.func outer\n LOAD_CONST r1, "host"\n CALL r2, r1(r0)\n LOAD_CONST r1, "host"\n'
        " CALL r3, r1(r0)\n ADD r0, r2, r3\n RETURN r0\n"
    )
    hosts: dict[str, Callable[[Any], Any]] = {
        "host": lambda number: fib.call("fib", number) + function(number)
    }
    for _ in range(3):
        assert outer.call("outer", 10, functions=hosts) == 220
    with pytest.raises(pymdvm.EngineError, match="must not be used to run"):
        program(ENDLESS_PRINTING).run(stdout=lambda text: fib.call("fib", 3))
    assert fib.call("fib", 15) == 610


@only_native
def test_a_closed_vm() -> None:
    with pymdvm.VM() as vm:
        identity = vm.loads(program(IDENTITY).content)
        function = identity.function("identity")
        assert identity.call("identity", 3) == function(3) == 3
    for _ in range(2):
        with pytest.raises(pymdvm.EngineError, match="this VM is closed"):
            identity.call("identity", 3)
        with pytest.raises(pymdvm.EngineError, match="this VM is closed"):
            function(3)


@only_native
def test_after_other_parameters_of_the_jit() -> None:
    fib = program(FIBONACCI)
    for jit in (False, "threshold=20", True):
        assert fib.call("fib", 10, jit=jit) == 55
        assert fib.call("fib", 10) == 55
    with pytest.raises(ValueError):
        fib.call("fib", 10, jit="nonsense=1")
    assert fib.call("fib", 10) == 55


def test_programs_go_while_calls_go_on() -> None:
    """The session forgets a program before the next call, whichever way that goes."""
    identity = program(IDENTITY)
    for number in range(200):
        assert identity.call("identity", number) == number
        program(f'.name "{number}"\n{IDENTITY}').call("identity", 1)
    assert len(identity._session.programs) < 100
