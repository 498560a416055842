"""Several VMs that share the work."""

from __future__ import annotations

import os
import queue
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pymdvm.aio import Turns, run_in_thread
from pymdvm.counts import positive
from pymdvm.engines.base import EngineError
from pymdvm.marshal import Value
from pymdvm.program import Path, Program, load, loads
from pymdvm.run_options import DEFAULT, Options, RunOptions, run_options
from pymdvm.vm import VM

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Pool:
    """VMs of which each run takes one that is free: so many programs run at the same time, called
    from threads or awaited by tasks.

        with pymdvm.Pool(vms=4) as pool:
            fib = pool.load("fib.mdbc")
            results = await asyncio.gather(*[fib.acall("fib", n) for n in range(100)])

    Each run begins with undefined global variables, in whichever VM it is.
    """

    def __init__(self, vms: int | None = None, *, max_memory: int | None = None) -> None:
        """vms: how many, as many as there are processors if none are given. max_memory: of each, as
        for VM.

        Raises EngineError as VM does.
        """
        if vms is None:
            vms = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
        positive("vms", vms)
        self._vms: list[VM] = []
        self._free: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        self._turns = Turns(vms)
        self._is_closed = False
        try:
            for _ in range(vms):
                self._vms.append(VM(max_memory=max_memory))
        except BaseException:
            self.close()
            raise
        for vm in self._vms:
            self._free.put(_Worker(vm))

    def load(self, path: Path, *, max_size: int | None = None) -> PooledProgram:
        """As pymdvm.load, for a program that runs in these VMs."""
        return PooledProgram(self, load(path, max_size=max_size))

    def loads(
        self,
        data: bytes | bytearray | memoryview,
        metadata: bytes = b"",
        *,
        max_size: int | None = None,
    ) -> PooledProgram:
        """As pymdvm.loads, for a program that runs in these VMs."""
        return PooledProgram(self, loads(data, metadata, max_size=max_size))

    def _with_worker(self, work: Callable[[_Worker], Value]) -> Value:
        """Do a piece of work with a VM that is free, when there is one."""
        worker = None if self._is_closed else self._free.get()
        if worker is None:
            self._free.put(None)  # for the next one that waits
            raise EngineError("this pool is closed")
        try:
            return work(worker)
        finally:
            self._free.put(worker)

    def close(self) -> None:
        """Close all VMs, which ends what runs in them."""
        self._is_closed = True
        self._free.put(None)
        self._turns.end_runs()
        for vm in self._vms:
            vm.close()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        state = "closed" if self._is_closed else "open"
        return f"<pymdvm.Pool of {len(self._vms)} VMs: {state}>"


class _Worker:
    """A VM and the programs that it has loaded, the ones that were used last."""

    MOST = 32

    def __init__(self, vm: VM) -> None:
        self._vm = vm
        self._programs: dict[bytes, Program] = {}

    def program(self, content: bytes) -> Program:
        """The program of these bytes in this VM.  For one thread at a time."""
        program = self._programs.pop(content, None)
        if program is None:
            program = self._vm.loads(content)
            if len(self._programs) == self.MOST:
                del self._programs[next(iter(self._programs))]
        self._programs[content] = program
        return program


class PooledProgram:
    """A program that runs in the VMs of a pool: made by `Pool.load` and `Pool.loads`.

    program: pymdvm.Program, the same in the VM of the process, for all that is no run
    """

    def __init__(self, pool: Pool, program: Program) -> None:
        self.program = program
        self._pool = pool
        self._content = program.content

    def run(self, **options: Unpack[Options]) -> Value:
        """As Program.run.  It waits for a VM, for which the timeout does not count."""
        return self._run(run_options(**options) if options else DEFAULT)

    def call(self, function: str, /, *arguments: Any, **options: Unpack[Options]) -> Value:
        """As Program.call.  It waits for a VM, for which the timeout does not count."""
        checked = run_options(**options) if options else DEFAULT
        return self._call(function, arguments, checked)

    async def arun(self, **options: Unpack[Options]) -> Value:
        """As Program.arun."""
        return await run_in_thread(self._pool._turns, self._run, options)

    async def acall(self, function: str, /, *arguments: Any, **options: Unpack[Options]) -> Value:
        """As Program.acall."""
        return await run_in_thread(
            self._pool._turns, lambda checked: self._call(function, arguments, checked), options
        )

    def _run(self, options: RunOptions) -> Value:
        return self._pool._with_worker(
            lambda worker: worker.program(self._content).run_with(options)
        )

    def _call(self, function: str, arguments: tuple[Any, ...], options: RunOptions) -> Value:
        return self._pool._with_worker(
            lambda worker: worker.program(self._content).call_with(options, function, *arguments)
        )

    def __repr__(self) -> str:
        return f"<pymdvm.PooledProgram {self.program.name!r}>"
