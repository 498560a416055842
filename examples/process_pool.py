"""Programs in processes of their own, for what must outlive even the end of a worker.

    python3 examples/process_pool.py

A pool of processes takes programs as it takes everything else: pickled. A worker that is killed
breaks the pool, and nothing else; the work goes on in a new one.
"""

from __future__ import annotations

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import pymdvm
from pymdvm.assembler import assemble
from pymdvm.bytecode import write

SOURCE = """
.func fib
    LOAD_CONST   r1, 2
    LT           r2, r0, r1
    JUMP_IF      r2, small
    LOAD_CONST   r3, 1
    LOAD_CONST   r4, "fib"
    SUB          r5, r0, r3
    CALL         r6, r4(r5)
    SUB          r5, r0, r1
    CALL         r7, r4(r5)
    ADD          r0, r6, r7
small:
    RETURN       r0
.func endless
again:
    JUMP         again
"""


def call(program: pymdvm.Program, function: str, argument: int) -> pymdvm.Value:
    """What a worker does."""
    return program.call(function, argument, timeout=1.0, max_memory=100_000_000)


def kill(_: int) -> None:
    """What a worker must not do."""
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    program = pymdvm.loads(write(assemble(SOURCE)))
    numbers = range(20, 26)
    with ProcessPoolExecutor(2) as workers:
        calls = [workers.submit(call, program, "fib", number) for number in numbers]
        print("results:", [each.result() for each in calls])
        try:
            workers.submit(call, program, "endless", 0).result()
        except pymdvm.LimitError as error:
            print("limit:", error, error.kind)
        try:
            workers.submit(kill, 0).result()
        except BrokenProcessPool:
            print("a worker was killed")
    with ProcessPoolExecutor(2) as workers:
        print("again:", workers.submit(call, program, "fib", 20).result())


if __name__ == "__main__":
    main()
