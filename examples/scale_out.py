"""One program on many cores or many machines: Program.call mapped over a large input with Dask.

    pip install distributed
    python3 examples/scale_out.py --workers 2 --below 2000000

A Program is pickled as its content, so Dask can send it to its workers like any other value; each
loads it once and keeps it. For a real cluster change one line, the one that makes the client:
`Client("tcp://scheduler:8786")`. Its workers need pymdvm installed.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from dask.distributed import Client, LocalCluster

import pymdvm
from pymdvm.assembler import assemble
from pymdvm.bytecode import write

PROGRAM = Path(__file__).with_name("primes.mdasm")


def count_primes(first: int, end: int, program: pymdvm.Program) -> tuple[int, int]:
    """What a worker does.  Its process, and how many primes there are from first on below end."""
    return os.getpid(), program.call("CountPrimes", first, end)


def main() -> None:
    """Count the primes below a number."""
    parser = argparse.ArgumentParser(description="Count primes on several worker processes.")
    parser.add_argument("--workers", type=int, default=2, help="how many worker processes")
    parser.add_argument("--below", type=int, default=2000000, help="count the primes below this")
    parser.add_argument(
        "--chunk",
        type=int,
        default=10000,
        help="how many numbers a call gets: many, so that sending it costs little",
    )
    options = parser.parse_args()

    program = pymdvm.loads(write(assemble(PROGRAM.read_text(encoding="utf-8"))))
    firsts = range(0, options.below, options.chunk)
    ends = [min(first + options.chunk, options.below) for first in firsts]

    with Client(
        LocalCluster(n_workers=options.workers, threads_per_worker=1, dashboard_address=None)
    ) as client:
        begun = time.perf_counter()
        on_workers = client.scatter(program, broadcast=True)
        counts = client.gather(client.map(count_primes, firsts, ends, program=on_workers))
        seconds = time.perf_counter() - begun

    processes = {process for process, _ in counts}
    print(f"{sum(count for _, count in counts)} primes below {options.below}")
    print(f"{len(firsts)} calls on {len(processes)} worker processes, {seconds:.2f} s")


if __name__ == "__main__":
    main()
