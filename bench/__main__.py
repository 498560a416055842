"""Measures mdvm-c beside the published VM and CPython and prints a Markdown table.

    python3 -m bench [--rounds N]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.timing import Contestant, WrongAnswer, measure
from pymdvm.assembler import assemble
from pymdvm.bytecode import write

TOP = Path(__file__).resolve().parent.parent
BINARY = TOP / "mdvm-c"
PROGRAMS = TOP / "bench" / "programs"
PEERS = TOP / "bench" / "peers"

# Runs a program on the published VM, in the interpreter that has it.
PUBLISHED = """
import sys, machine_dialect_vm
vm = machine_dialect_vm.RustVM()
vm.load_bytecode(sys.argv[1])
print(vm.execute())
"""


def published_vm() -> list[str]:
    """The command that runs a program on the published VM; empty where it is not installed."""
    python = os.environ.get("MDVM_ORACLE_PYTHON", str(TOP / ".toolchain" / "oracle" / "bin" / "python"))
    return [python, "-c", PUBLISHED] if Path(python).exists() else []


def program(folder: Path, name: str, size: int) -> str:
    """Assemble a benchmark with its constant N set to `size`; the path of the result."""
    lines = (PROGRAMS / f"{name}.mdasm").read_text().splitlines()
    text = "\n".join(f".const N {size}" if line.startswith(".const N ") else line for line in lines) + "\n"
    path = folder / f"{name}-{size}.mdbc"
    path.write_bytes(write(assemble(text)))
    return str(path)


def fibonacci(folder: Path) -> list[Contestant]:
    path = program(folder, "fib", 30)
    contestants = [
        Contestant("mdvm-c", [str(BINARY), path], "Result: Int(832040)"),
        Contestant("mdvm-c --jit off", [str(BINARY), "--jit", "off", path], "Result: Int(832040)"),
        Contestant("CPython", [sys.executable, str(PEERS / "fib.py"), "30"], "832040"),
    ]
    if published_vm():
        contestants.append(Contestant("published VM", [*published_vm(), path], "832040"))
    return contestants


def counting(folder: Path) -> list[Contestant]:
    size, total = 100_000_000, 5_000_000_050_000_000
    part, part_total = 10_000_000, 50_000_005_000_000
    contestants = [
        Contestant("mdvm-c", [str(BINARY), program(folder, "count", size)], f"Result: Int({total})"),
        Contestant(
            "mdvm-c --jit off", [str(BINARY), "--jit", "off", program(folder, "count", part)], f"Result: Int({part_total})", 10.0
        ),
        Contestant("CPython", [sys.executable, str(PEERS / "count.py"), str(part)], str(part_total), 10.0),
    ]
    if published_vm():
        small, small_total = 1_000_000, 500_000_500_000
        command = [*published_vm(), program(folder, "count", small)]
        contestants.append(Contestant("published VM", command, str(small_total), 100.0))
    return contestants


def table(title: str, contestants: Sequence[Contestant]) -> str:
    """A Markdown table: seconds, and how many times faster mdvm-c is."""
    first = contestants[0].median()
    lines = [f"| {title} | seconds | mdvm-c is faster by |", "|---|---|---|"]
    for contestant in contestants:
        factor = "" if contestant is contestants[0] else f"{contestant.median() / first:.1f}"
        lines.append(f"| {contestant.name} | {contestant.median():.3f} | {factor} |")
    return "\n".join(lines)


def hello(folder: Path, rounds: int) -> str:
    """The wall time of the shortest program, and the memory it takes."""
    path = folder / "hello.mdbc"
    path.write_bytes(write(assemble((TOP / "examples" / "hello.mdasm").read_text())))
    contestant = Contestant("hello", [str(BINARY), str(path)], "Hello, world!")
    measure([contestant], rounds)
    stats = subprocess.run([str(BINARY), "--stats", str(path)], capture_output=True, text=True, check=True).stderr
    memory = next(line for line in stats.splitlines() if line.startswith("peak memory"))
    return f"hello: {min(contestant.wall_seconds) * 1000:.1f} ms at best, {memory}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="how often every program is run (5)")
    rounds = parser.parse_args().rounds
    if not BINARY.exists():
        print("there is no ./mdvm-c yet; run make first", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            for title, contestants in (("fib(30)", fibonacci(folder)), ("count to 1e8", counting(folder))):
                measure(contestants, rounds)
                print(table(title, contestants), end="\n\n", flush=True)
            print(hello(folder, 4 * rounds))
        except WrongAnswer as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
