"""What it costs to use the VM from Python: each bar, what was measured, and whether it is met.

    python3 -m bench.embedding [--wheel PYTHON]
    python3 -m bench.embedding --peers [--keep]

--peers: measure mdvm beside other languages that are embedded in Python, as far as they are
installed; --keep: put the table into docs/performance.md.

--wheel: a Python that has the published VM, to compare with; by default the one that
tools/bootstrap.py makes, if it is there.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pymdvm
from bench.workshop import TOP, bytecode
from pymdvm.assembler import assemble
from pymdvm.bytecode import Builder, write
from pymdvm.marshal import decode, encode_all

DEFAULT_WHEEL = TOP / ".toolchain" / "oracle" / "bin" / "python"

REPEATS = 7
IDENTITY = ".func identity\nRETURN r0\n.func nothing\nRETURN\n"
FOUR_INSTRUCTIONS = "LOAD_CONST r0, 2\nLOAD_CONST r1, 3\nADD r2, r0, r1\nRETURN r2\n"

# Runs under either Python; the drop-in is put in place if there is a second argument.
HEADLINE = """
import sys, timeit
if len(sys.argv) > 2:
    import pymdvm
    pymdvm.install_as_machine_dialect_vm()
import machine_dialect_vm
path = sys.argv[1]
def headline():
    vm = machine_dialect_vm.RustVM()
    vm.load_bytecode(path)
    return vm.execute()
assert headline() == 5
print(min(timeit.repeat(headline, number=300, repeat=100)) / 300)
"""


FIRST_CALL = """
import sys, time, pymdvm
program = pymdvm.load(sys.argv[1])
began = time.perf_counter()
assert program.call("fib", 30) == 832040
print(time.perf_counter() - began)
"""


@dataclass(frozen=True)
class Bar:
    """A measured figure and the one that it must not exceed, in the same unit."""

    name: str
    measured: float
    limit: float
    unit: str

    def line(self) -> str:
        """For a person."""
        verdict = "met" if self.measured <= self.limit else "MISSED"
        return (
            f"{self.name:<58}{self.measured:9.3f} {self.unit:<3} (at most "
            f"{self.limit:.3f}) {verdict}"
        )


def best(
    work: Callable[[], object],
    number: int = 1,
    repeats: int = REPEATS,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Seconds that one call takes, at best.  Many short rounds find a moment in which a busy
    machine does nothing else.
    """
    times = []
    for _ in range(repeats):
        began = clock()
        for _ in range(number):
            work()
        times.append((clock() - began) / number)
    return min(times)


def loaded(source: str) -> pymdvm.Program:
    """The program of an assembler text."""
    return pymdvm.loads(write(assemble(source)))


def ten_kilobytes() -> bytes:
    """A file of about 10 KB with many kinds of instructions, functions and constants."""
    builder = Builder()
    for number in range(17):
        builder.function(f"function_{number}")
        for step in range(12):
            builder.load_constant(1, f"text {number} {step}")
            builder.load_constant(2, number * 100 + step)
            builder.emit("ADD", 3, 0, 2)
            builder.emit("LT", 4, 3, 2)
            builder.emit("JUMP_IF", 4, 1)
            builder.emit("MOVE", 0, 3)
        builder.emit("RETURN", 0)
    return builder.to_bytes()


def calls() -> list[Bar]:
    """Calls and values."""
    identity = loaded(IDENTITY)
    numbers = list(range(10**6))
    data = encode_all([numbers], identity)  # what the VM's own answer looks like
    return [
        Bar(
            "call of an empty function",
            best(lambda: identity.call("nothing"), 300, 300) * 1e6,
            3.0,
            "us",
        ),
        Bar(
            "call with an int",
            best(lambda: identity.call("identity", 7), 300, 300) * 1e6,
            3.0,
            "us",
        ),
        Bar(
            "a list of 1e6 ints, given to a program",
            best(lambda: identity.call("nothing", numbers), repeats=20) * 1e3,
            100.0,
            "ms",
        ),
        Bar(
            "a list of 1e6 ints, from a program",
            best(lambda: decode(data), repeats=20) * 1e3,
            100.0,
            "ms",
        ),
    ]


VALUES: dict[str, Any] = {
    "bools": [number % 3 == 0 for number in range(20_000)],
    "None": [None] * 20_000,
    "ints": list(range(20_000)),
    "floats": [number * 0.5 for number in range(20_000)],
    "texts": [f"item {number}" for number in range(20_000)],
    "mixed values": [(number, str(number), None)[number % 3] for number in range(20_000)],
    "fields of records": [
        {"id": n, "name": f"name {n}", "score": n * 0.25, "ok": n % 2 == 0, "tag": None}
        for n in range(4_000)
    ],
}


def _through_json(value: Any) -> Any:
    return json.loads(json.dumps(value))


def conversions() -> list[Bar]:
    """Values through a program that gives them back, against json.loads(json.dumps(value))."""
    identity = loaded(IDENTITY)
    bars = []
    for name, value in VALUES.items():
        assert identity.call("identity", value) == value
        measured = best(partial(identity.call, "identity", value), repeats=60) * 1e3
        limit = best(partial(_through_json, value), repeats=60) * 1e3
        bars.append(Bar(f"20,000 {name} to a program and back, beside JSON", measured, limit, "ms"))
    return bars


ARRAYS: dict[str, Any] = {
    "ints": array("q", range(10**6)),
    "floats": array("d", (number * 0.5 for number in range(10**6))),
    "bools": memoryview(bytes(number % 3 == 0 for number in range(10**6))).cast("?"),
}


def arrays() -> list[Bar]:
    """Arrays of the buffer protocol through a program that gives them back, against lists."""
    identity = loaded(IDENTITY)
    bars = []
    for name, values in ARRAYS.items():
        listed = values.tolist()
        assert identity.call("identity", values) == listed
        view = partial(identity.call, "identity", values, arrays=True)
        measured = best(view, repeats=20) * 1e3
        limit = best(partial(identity.call, "identity", listed), repeats=20) * 1e3
        bars.append(Bar(f"a buffer of 1e6 {name} to a program and back", measured, limit, "ms"))
    return bars


def given_arrays() -> list[Bar]:
    """Arrays of the buffer protocol that a program is given, against copies of them at the speed of
    memory; time of the processor.
    """
    identity = loaded(IDENTITY)
    bars = []
    for name, values in ARRAYS.items():
        measured = best(partial(identity.call, "nothing", values), 1, 60, time.process_time) * 1e3
        limit = best(partial(bytes, values), 1, 60, time.process_time) * 1e3
        bars.append(
            Bar(f"1e6 {name} given to a program, beside 4 copies", measured, 4 * limit, "ms")
        )
    return bars


def loads() -> list[Bar]:
    """Loading, from memory and from a file."""
    data = ten_kilobytes()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ten.mdbc"
        path.write_bytes(data)
        return [
            Bar(
                f"loads of {len(data) / 1000:.1f} KB, each time other bytes",
                _each_new(data),
                0.2,
                "ms",
            ),
            Bar(
                f"load of {len(data) / 1000:.1f} KB",
                best(lambda: pymdvm.load(path), 5, 100) * 1e3,
                0.2,
                "ms",
            ),
        ]


def _each_new(data: bytes) -> float:
    """Milliseconds of a load of bytes that differ from all before in what follows the program."""
    numbers = iter(range(10**9))
    return best(lambda: pymdvm.loads(data + str(next(numbers)).encode()), 5, 100) * 1e3


def importing() -> list[Bar]:
    """What `import pymdvm` adds to a bare Python."""
    bare, with_package = [], []
    for _ in range(3 * REPEATS):
        bare.append(_wall([sys.executable, "-c", "pass"]))
        with_package.append(_wall([sys.executable, "-c", "import pymdvm"]))
    return [Bar("import of pymdvm", (min(with_package) - min(bare)) * 1e3, 60.0, "ms")]


def fibonacci() -> list[Bar]:
    """The first fib(30) of a process, through a call, against what mdvm-c takes beyond its start;
    the JIT warms up in both.
    """
    with tempfile.TemporaryDirectory() as folder:
        path, nothing = bytecode("fib", 30), Path(folder) / "nothing.mdbc"
        nothing.write_bytes(write(assemble("HALT")))
        environment = {**os.environ, "PYTHONPATH": str(TOP)}
        commands = [
            [sys.executable, "-c", FIRST_CALL, str(path)],
            [str(TOP / "mdvm-c"), str(path)],
            [str(TOP / "mdvm-c"), str(nothing)],
        ]
        called, whole, start = [], [], []
        for _ in range(2 * REPEATS):
            called.append(
                float(
                    subprocess.run(
                        commands[0], env=environment, check=True, capture_output=True
                    ).stdout
                )
            )
            whole.append(_wall(commands[1]))
            start.append(_wall(commands[2]))
    limit = 1.1 * (min(whole) - min(start))
    return [Bar("the first fib(30) through call", min(called) * 1e3, limit * 1e3, "ms")]


def _wall(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(
        command, check=True, capture_output=True, env={**os.environ, "PYTHONPATH": str(TOP)}
    )
    return time.perf_counter() - began


def headline(wheel: Path) -> list[Bar]:
    """The published README's own measure: a new VM, load a file of four instructions, execute."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "four.mdbc"
        path.write_bytes(write(assemble(FOUR_INSTRUCTIONS)))
        environment = {**os.environ, "PYTHONPATH": str(TOP)}

        def seconds(*arguments: str) -> float:
            command = [str(wheel), "-c", HEADLINE, str(path), *arguments]
            return float(
                subprocess.run(
                    command, env=environment, check=True, capture_output=True, text=True
                ).stdout
            )

        rounds = [(seconds(), seconds("drop-in")) for _ in range(3)]
    published, ours = min(first for first, _ in rounds), min(second for _, second in rounds)
    four = loaded(FOUR_INSTRUCTIONS)
    return [
        Bar("new VM, load and execute on the drop-in", ours * 1e6, published * 1e6, "us"),
        Bar("run of a loaded program", best(four.run, 300, 300) * 1e6, ours / 2 * 1e6, "us"),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--wheel", type=Path, default=DEFAULT_WHEEL)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--peers", action="store_true", help="measure others too")
    parser.add_argument("--keep", action="store_true", help="put the table of peers into the docs")
    arguments = parser.parse_args()
    if pymdvm.engine_name() != "native":
        sys.exit("the bars are those of the native engine: build it with `make`")
    if arguments.peers:
        from bench import embedding_peers
        from bench.kept_chapter import keep

        text = embedding_peers.chapter()
        print(text)
        if arguments.keep:
            keep(embedding_peers.TITLE, text)
        return 0
    bars = [
        *calls(),
        *conversions(),
        *arrays(),
        *given_arrays(),
        *loads(),
        *importing(),
        *fibonacci(),
    ]
    if arguments.wheel.exists():
        bars += headline(arguments.wheel)
    if arguments.json:
        print(json.dumps([vars(bar) for bar in bars], indent=1))
    else:
        for bar in bars:
            print(bar.line())
    return 0


if __name__ == "__main__":
    sys.exit(main())
