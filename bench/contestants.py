"""The contestants: mdvm-c in its ways of running, and the peers that are installed.

A peer's name in a report is its key here. One that is not there is left out and named by `missing`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import workshop
from bench.suite import COMPILED, HAND, Benchmark
from bench.timing import Contestant, run_command

BINARY = Path(os.environ.get("MDVM_BINARY", str(workshop.TOP / "mdvm-c"))).resolve()

MDVM = "mdvm-c"
MDVM_COMPILED = "mdvm-c, compiler-shaped"
MDVM_OFF = "mdvm-c --jit off"
MDVM_OFF_COMPILED = "mdvm-c --jit off, compiler-shaped"
C = "C"
LUAJIT = "LuaJIT"
LUA = "PUC Lua"
PYPY = "PyPy"
NODE = "node"
CPYTHON = "CPython"
PUBLISHED = "published VM"

PEERS = (C, LUAJIT, LUA, PYPY, NODE, CPYTHON, PUBLISHED)

# Of each way of running mdvm-c: its options and the shape of its program.
WAYS: dict[str, tuple[tuple[str, ...], str]] = {
    MDVM: ((), HAND),
    MDVM_COMPILED: ((), COMPILED),
    MDVM_OFF: (("--jit", "off"), HAND),
    MDVM_OFF_COMPILED: (("--jit", "off"), COMPILED),
}

# Runs a program on the published VM, in the interpreter that has it.
_RUN_PUBLISHED = """
import sys, machine_dialect_vm
vm = machine_dialect_vm.RustVM()
vm.load_bytecode(sys.argv[1])
print(vm.execute())
"""


@dataclass(frozen=True)
class _Script:
    """A peer that runs a source file: its commands, the first that exists is used, and its
    language.
    """

    commands: Sequence[str]
    language: str


_SCRIPTS = {
    LUAJIT: _Script(("luajit",), "lua"),
    LUA: _Script(("lua5.4",), "lua"),
    PYPY: _Script(("pypy3",), "py"),
    NODE: _Script(("node", "nodejs"), "js"),
    CPYTHON: _Script((getattr(sys, "_base_executable", sys.executable),), "py"),
}


def executable(name: str) -> str | None:
    """The first command that there is of a peer that runs a source file."""
    return next(
        (found for command in _SCRIPTS[name].commands if (found := shutil.which(command))), None
    )


def _published_python() -> str:
    return os.environ.get(
        "MDVM_ORACLE_PYTHON", str(workshop.TOP / ".toolchain" / "oracle" / "bin" / "python")
    )


def is_there(name: str) -> bool:
    """Whether a peer is installed, or mdvm-c is built."""
    if name in WAYS:
        return BINARY.exists()
    if name == PUBLISHED:
        return Path(_published_python()).exists()
    if name == C:
        return shutil.which("gcc") is not None
    return executable(name) is not None


def missing() -> list[str]:
    """The peers that are not installed."""
    return [name for name in PEERS if not is_there(name)]


def version(name: str) -> str:
    """What an installed peer says that it is, in one line."""
    if name == PUBLISHED:
        code = (
            "import importlib.metadata as m; print('machine-dialect', m.version('machine-dialect'))"
        )
        command = [_published_python(), "-c", code]
    elif name == C:
        command = ["gcc", "--version"]
    elif name in WAYS:
        command = [str(BINARY), "--version"]
    else:
        command = [executable(name) or name, "-v" if name in (LUAJIT, LUA) else "--version"]
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    lines = (result.stdout or result.stderr).strip().splitlines()
    found = " ".join(lines) if name == PYPY else (lines[0] if lines else "unknown")
    return found.split(" -- ")[0]


def command(name: str, benchmark: Benchmark, size: int) -> list[str]:
    """How to run a benchmark at a size; the programs are made if need be."""
    if name in WAYS:
        options, shape = WAYS[name]
        return [str(BINARY), *options, str(workshop.bytecode(benchmark.name, size, shape))]
    if name == PUBLISHED:
        return [
            _published_python(),
            "-c",
            _RUN_PUBLISHED,
            str(workshop.bytecode(benchmark.name, size)),
        ]
    if name == C:
        return [str(workshop.compiled_c(benchmark.name)), str(size)]
    return [
        executable(name) or name,
        str(workshop.script(benchmark.name, _SCRIPTS[name].language)),
        str(size),
    ]


def command_of_build(build: Path, benchmark: Benchmark, size: int) -> list[str]:
    """How to run a benchmark on another build of mdvm-c than BINARY."""
    return [str(build), *command(MDVM, benchmark, size)[1:]]


def answer(benchmark: Benchmark, size: int) -> int:
    """What the program must print at a size."""
    if size == benchmark.size:
        return benchmark.answer
    return int(run_command(command(C, benchmark, size))[0])


def contestant(name: str, benchmark: Benchmark, size: int, rounds: int = 1_000_000) -> Contestant:
    """A contestant that checks its answer."""
    right = str(answer(benchmark, size))
    return Contestant(
        name,
        command(name, benchmark, size),
        f"Result: Int({right})" if name in WAYS else right,
        rounds=rounds,
    )
