"""What loading and beginning to run costs: files of every shape, as large as wanted, each with the
time and memory a byte of it takes.

    python3 -m bench.loading [--size BYTES] [--mdvm MDVM-C] [KIND ...]

Each file is loaded and run by a process of its own. Memory is the most that it had resident, less
that of an empty program; time is that of the processor. The bounds are those of
docs/architecture.md.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench.large_files import KINDS, nops
from bench.workshop import launcher

TOP = Path(__file__).resolve().parent.parent
MOST_MEMORY = 40.0  # bytes for each byte of the file
MOST_TIME = 1.0  # microseconds for each

_LONGEST = 600  # seconds, of the wall clock, then a run is ended


class Cost(NamedTuple):
    """What one run took.

    seconds: of the processor
    memory: bytes, resident at most
    status: as the process ended
    error: its last words
    """

    seconds: float
    memory: int
    status: int
    error: str


def run(mdvm: Path, program: Path) -> Cost:
    """Loads and runs the program in a process of its own, which is not one of this Python's: that
    is large, and would be counted.
    """
    reading, writing = os.pipe()
    with tempfile.TemporaryFile() as output:
        command = [str(launcher()), str(writing), str(_LONGEST), str(mdvm), str(program)]
        process = subprocess.Popen(command, stdout=output, stderr=output, pass_fds=[writing])
        os.close(writing)
        with os.fdopen(reading, "rb") as report:
            status, user, system, _, memory = map(int, report.read().split())
        process.wait()
        output.seek(0, os.SEEK_END)
        output.seek(max(0, output.tell() - 200))
        error = output.read().decode("utf-8", "replace").strip()
    return Cost((user + system) / 1e6, memory << 10, os.waitstatus_to_exitcode(status), error)


def cost_of(mdvm: Path, data: bytes) -> Cost:
    """What data, the bytes of a file, takes beyond what an empty program takes."""
    with tempfile.TemporaryDirectory() as folder:
        empty, program = Path(folder, "empty.mdbc"), Path(folder, "program.mdbc")
        empty.write_bytes(nops(1))
        program.write_bytes(data)
        least = run(mdvm, empty)
        cost = run(mdvm, program)
    return cost._replace(
        seconds=max(0.0, cost.seconds - least.seconds), memory=max(0, cost.memory - least.memory)
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """-> 0, or 1 if some kind takes more than it may."""
    parser = argparse.ArgumentParser(
        prog="bench.loading",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    parser.add_argument(
        "--size", type=int, default=10_000_000, help="bytes of each file, about (10000000)"
    )
    parser.add_argument("--mdvm", type=Path, default=TOP / "mdvm-c")
    options = parser.parse_args(arguments)
    failed = 0
    for name in options.kinds or KINDS:
        data = KINDS[name](options.size)
        cost = cost_of(options.mdvm, data)
        time, memory = cost.seconds * 1e6 / len(data), cost.memory / len(data)
        is_well = time <= MOST_TIME and memory <= MOST_MEMORY and cost.status >= 0
        failed += not is_well
        print(
            f"{name:24}{time:8.3f} us{memory:8.1f} bytes  {'' if is_well else 'TOO MUCH'}  "
            f"{cost.status} {cost.error[-60:]}",
            flush=True,
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
