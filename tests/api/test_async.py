"""Programs that coroutines await: other tasks go on, functions may be coroutines, and a task that
is cancelled ends its program.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest

import pymdvm
from tests.api.samples import ENDLESS, FIBONACCI, content, only_native, program

ASKING = """
.func ask
    LOAD_CONST   r3, "host"
    CALL         r0, r3(r0)
    RETURN       r0
"""

T = TypeVar("T")


def within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(asyncio.wait_for(work, seconds))


def test_values_and_errors() -> None:
    async def work() -> None:
        fib = program(FIBONACCI)
        assert await fib.acall("fib", 10) == 55
        assert await fib.acall("fib", 10, max_instructions=10**6) == 55
        with pytest.raises(pymdvm.RunError, match="Undefined function: nothing"):
            await fib.acall("nothing")
        with pytest.raises(TypeError, match="a value of type set"):
            await fib.acall("fib", {1})
        with pytest.raises(pymdvm.LimitError, match="Instruction limit"):
            await fib.acall("fib", 20, max_instructions=100)
        assert await program("LOAD_CONST r0, 7\nRETURN r0\n").arun() == 7
        with pytest.raises(TypeError, match="nonsense"):
            await fib.acall("fib", 1, nonsense=1)  # type: ignore[call-arg]

    within(60, work())


def test_other_tasks_go_on_meanwhile() -> None:
    async def work() -> None:
        run = asyncio.ensure_future(program(ENDLESS).arun(timeout=0.5))
        turns = 0
        while not run.done():
            await asyncio.sleep(0.01)
            turns += 1
        with pytest.raises(pymdvm.LimitError, match="Timeout: 0.5 s"):
            await run
        assert turns > 5

    within(60, work())


def test_a_task_that_is_cancelled_ends_its_program() -> None:
    async def work() -> None:
        task = asyncio.ensure_future(program(ENDLESS).arun())
        await asyncio.sleep(0.2)
        began = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - began < 5
        # It is not only left: the VM is free.
        assert program(FIBONACCI).call("fib", 10) == 55

    within(60, work())


def test_a_task_that_is_cancelled_while_it_waits_for_its_turn() -> None:
    async def work() -> None:
        endless, fib = program(ENDLESS), program(FIBONACCI)  # to load one waits for the VM
        first = asyncio.ensure_future(endless.arun())
        await asyncio.sleep(0.1)
        second = asyncio.ensure_future(fib.acall("fib", 10))
        third = asyncio.ensure_future(fib.acall("fib", 10))
        await asyncio.sleep(0.1)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        with pytest.raises(pymdvm.LimitError, match="Timeout: 0.1 s"):
            await fib.acall("fib", 10, timeout=0.1)
        assert not third.done()
        first.cancel()
        assert await third == 55

    within(60, work())


def test_functions_may_be_coroutines() -> None:
    seen = contextvars.ContextVar("seen", default=0)

    async def host(value: int) -> list[Any]:
        await asyncio.sleep(0.01)
        return [value, threading.current_thread() is threading.main_thread(), seen.get()]

    def plain(value: int) -> list[Any]:
        return [value, threading.current_thread() is threading.main_thread(), seen.get()]

    async def work() -> None:
        seen.set(3)
        asking = program(ASKING)
        assert await asking.acall("ask", 5, functions={"host": host}) == [5, True, 3]
        assert await asking.acall("ask", 5, functions={"host": plain}) == [5, False, 3]
        instance = asking.start(functions={"host": plain})
        assert await instance.acall("ask", 6, functions={"host": host}) == [6, True, 3]
        with pytest.raises(pymdvm.RunError, match="Undefined function: nothing"):
            await instance.acall("nothing")
        moving = program(
            '.func main\nLOAD_GLOBAL r0, "b"\nSTORE_GLOBAL r0, "a"\nRETURN r0\n'
        ).start()
        moving.globals["b"] = 5
        assert await moving.arun() == 5
        assert moving.globals["a"] == 5

    within(60, work())


def test_what_a_coroutine_raises() -> None:
    async def host(value: int) -> None:
        await asyncio.sleep(0)
        raise KeyError(value)

    async def slow(value: int) -> None:
        raise TimeoutError("its own")

    async def work() -> None:
        asking = program(ASKING)
        with pytest.raises(KeyError) as caught:
            await asking.acall("ask", 5, functions={"host": host})
        assert caught.value.args == (5,)
        with pytest.raises(TimeoutError, match="its own"):
            await asking.acall("ask", 5, functions={"host": slow})

    within(60, work())


def test_limits_and_cancelling_reach_a_coroutine() -> None:
    ended: list[str] = []

    async def host(value: int) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    async def work() -> None:
        asking = program(ASKING)
        with pytest.raises(pymdvm.LimitError, match="Timeout"):
            await asking.acall("ask", 5, functions={"host": host}, timeout=0.2)
        await asyncio.sleep(0)
        assert ended == ["cancelled"]
        handle = pymdvm.RunHandle()
        asyncio.get_running_loop().call_later(0.2, handle.end)
        with pytest.raises(pymdvm.LimitError, match="Ended by its handle"):
            await asking.acall("ask", 5, functions={"host": host}, handle=handle)
        await asyncio.sleep(0)
        assert ended == ["cancelled"] * 2
        task = asyncio.ensure_future(asking.acall("ask", 5, functions={"host": host}))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ended == ["cancelled"] * 3
        assert program(FIBONACCI).call("fib", 10) == 55

    within(60, work())


def test_a_handle_ends_a_run_that_is_awaited() -> None:
    async def work() -> None:
        handle = pymdvm.RunHandle()
        run = asyncio.ensure_future(program(ENDLESS).arun(handle=handle))
        await asyncio.sleep(0.2)
        handle.end()
        with pytest.raises(pymdvm.LimitError, match="Ended by its handle"):
            await run
        with pytest.raises(pymdvm.LimitError, match="Ended by its handle"):
            await program(ENDLESS).arun(handle=handle)
        with pytest.raises(TypeError, match="handle must be a RunHandle"):
            await program(ENDLESS).arun(handle=5)  # type: ignore[arg-type]

    within(60, work())


def test_a_coroutine_that_needs_the_vm_which_waits_for_it() -> None:
    fib = program(FIBONACCI)

    async def host(value: int) -> Any:
        return await fib.acall("fib", value)

    async def work() -> None:
        with pytest.raises(pymdvm.EngineError, match="must run programs in another VM"):
            await program(ASKING).acall("ask", 5, functions={"host": host})
        assert await fib.acall("fib", 10) == 55

    within(60, work())


def test_many_tasks_take_few_threads() -> None:
    most = 0

    async def work() -> None:
        nonlocal most
        fib = program(FIBONACCI)
        tasks = [asyncio.ensure_future(fib.acall("fib", number % 10)) for number in range(200)]
        while not all(task.done() for task in tasks):
            most = max(most, threading.active_count())
            await asyncio.sleep(0)
        assert [await task for task in tasks][:11] == [0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 0]

    before = threading.active_count()
    within(120, work())
    assert most <= before + 3


@only_native
def test_a_coroutine_runs_programs_in_another_vm() -> None:
    async def work() -> None:
        with pymdvm.VM() as vm:
            fib = vm.loads(content(FIBONACCI))

            async def host(value: int) -> Any:
                return await fib.acall("fib", value)

            assert await program(ASKING).acall("ask", 10, functions={"host": host}) == 55

    within(60, work())
