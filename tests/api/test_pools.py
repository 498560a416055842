"""Pools of VMs, and the example with processes."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import pymdvm
from tests.api.samples import ENDLESS, FIBONACCI, TOP, content, ends_of_threads, only_native, python

pytestmark = only_native

ASKING = '.func ask\nLOAD_CONST r3, "host"\nCALL r0, r3(r0)\nRETURN r0\n'


def test_calls_of_threads() -> None:
    with pymdvm.Pool(vms=2) as pool, ThreadPoolExecutor(8) as threads:
        fib = pool.loads(content(FIBONACCI))
        assert list(threads.map(lambda n: fib.call("fib", n), range(12))) == [
            0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89,
        ]  # fmt: skip
        assert fib.program.name == "__main__"
        assert repr(pool) == "<pymdvm.Pool of 2 VMs: open>"
        with pytest.raises(pymdvm.RunError, match="Undefined function: nothing"):
            fib.call("nothing")
        with pytest.raises(pymdvm.LimitError, match="Timeout"):
            pool.loads(content(ENDLESS)).run(timeout=0.1)
    assert repr(pool) == "<pymdvm.Pool of 2 VMs: closed>"
    with pytest.raises(pymdvm.EngineError, match="this pool is closed"):
        fib.call("fib", 1)


def test_two_runs_go_on_at_the_same_time_and_a_third_waits() -> None:
    async def work() -> None:
        running = 0
        most = 0

        async def host(value: int) -> int:
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.05)
            running -= 1
            return value

        with pymdvm.Pool(vms=2) as pool:
            asking = pool.loads(content(ASKING))
            calls = [asking.acall("ask", n, functions={"host": host}) for n in range(6)]
            assert await asyncio.gather(*calls) == [0, 1, 2, 3, 4, 5]
        assert most == 2

    asyncio.run(asyncio.wait_for(work(), 60))


def test_a_coroutine_that_uses_the_pool() -> None:
    async def work() -> None:
        with pymdvm.Pool(vms=2) as pool:
            asking, fib = pool.loads(content(ASKING)), pool.loads(content(FIBONACCI))

            async def host(value: int) -> Any:
                if value == 0:
                    return await fib.acall("fib", 10)
                return await asking.acall("ask", value - 1, functions={"host": host})

            assert await asking.acall("ask", 0, functions={"host": host}) == 55
            with pytest.raises(pymdvm.EngineError, match="in another VM"):
                await asking.acall("ask", 1, functions={"host": host})

    asyncio.run(asyncio.wait_for(work(), 60))


def test_closing_ends_what_runs_and_what_waits() -> None:
    pool = pymdvm.Pool(vms=1)
    endless = pool.loads(content(ENDLESS))
    ends = ends_of_threads(endless.run, pool.close)
    assert ends == ["EngineError", "EngineError", "LimitError"]


@pytest.mark.parametrize(
    ("vms", "error"), [(0, ValueError), (-1, ValueError), ("2", TypeError), (True, TypeError)]
)
def test_a_wrong_number(vms: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="vms must be"):
        pymdvm.Pool(vms=vms)


def test_many_programs_of_one_pool() -> None:
    with pymdvm.Pool(vms=1) as pool:
        programs = [
            pool.loads(content(f".func f\nLOAD_CONST r0, {n}\nRETURN r0\n")) for n in range(50)
        ]
        for _ in range(2):
            assert [each.call("f") for each in programs] == list(range(50))


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one processor")
def test_two_vms_use_two_processors() -> None:
    """In processor time, which a busy machine does not change: both at once take more of it than
    the time that passes.
    """
    done = python(
        """
import time, pymdvm
from concurrent.futures import ThreadPoolExecutor
from tests.api.samples import ENDLESS, content
def work(vm):
    program = vm.loads(content(ENDLESS))
    before = time.thread_time()
    try:
        program.run(timeout=2)
    except pymdvm.LimitError:
        return time.thread_time() - before
with pymdvm.VM() as first, pymdvm.VM() as second, ThreadPoolExecutor(2) as threads:
    shares = list(threads.map(work, [first, second]))
print(min(shares) > 0.1, shares)
"""
    )
    assert done.stdout.startswith("True"), done.stdout + done.stderr


def test_the_example_with_processes() -> None:
    done = subprocess.run(
        [sys.executable, str(Path("examples") / "process_pool.py")],
        cwd=TOP,
        env={**os.environ, "PYTHONPATH": str(TOP)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "results: [6765, 10946, 17711, 28657, 46368, 75025]\n"
        "limit: Timeout: 1 s timeout\na worker was killed\nagain: 6765\n"
    )


@pytest.mark.parametrize("kind", ["pool", "vm"])
def test_it_is_closed_while_programs_wait_for_coroutines(kind: str) -> None:
    """By the event loop of these coroutines, as where one of several awaited calls has failed."""

    async def work() -> None:
        cancelled = 0
        are_waiting = asyncio.Event()

        async def host(value: int) -> int:
            nonlocal cancelled
            if value == 1:
                await are_waiting.wait()
                raise KeyError(value)
            are_waiting.set()
            try:
                await asyncio.sleep(1000)
            except asyncio.CancelledError:
                cancelled += 1
                raise
            return value

        async def ask(program: Any, value: int) -> Any:
            return await program.acall("ask", value, functions={"host": host})

        vms: list[Any] = [pymdvm.Pool(vms=2)] if kind == "pool" else [pymdvm.VM(), pymdvm.VM()]
        programs = [vm.loads(content(ASKING)) for vm in vms]
        tasks = [
            asyncio.create_task(ask(programs[0], 0)),
            asyncio.create_task(ask(programs[-1], 1)),
        ]
        with pytest.raises(KeyError):
            await asyncio.gather(*tasks)
        for vm in vms:
            vm.close()
        with pytest.raises(pymdvm.LimitError, match="Ended by its handle"):
            await tasks[0]
        await asyncio.sleep(0)
        assert cancelled == 1

    asyncio.run(asyncio.wait_for(work(), 60))
