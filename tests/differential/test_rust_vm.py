"""The surface of the module machine_dialect_vm: the same script on the published VM and on the
drop-in, line for line.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from pymdvm.assembler import assemble
from pymdvm.bytecode import write

from .oracle import TOP, oracle_python, reason_there_is_none

SCRIPT = r"""
import os, pathlib, sys, threading
if os.environ["PYMDVM_ENGINE"]:
    import pymdvm
    pymdvm.install_as_machine_dialect_vm()
import machine_dialect_vm
import machine_dialect_vm.machine_dialect_vm
from machine_dialect_vm import *
program, failing, unusual = sys.argv[1:4]

def tell(work):
    try:
        result = work()
        print("gives", type(result).__name__, result, flush=True)
    except BaseException as error:
        print("raises", type(error).__name__, error, error.args, error.__cause__, flush=True)

class Path(str):
    pass

print(machine_dialect_vm.__name__, machine_dialect_vm.__doc__, machine_dialect_vm.__version__, machine_dialect_vm.__all__)
print(sorted(name for name in vars(machine_dialect_vm) if not name.startswith("__")), RustVM.__module__, RustVM.__name__, RustVM.__doc__)
print(sorted(name for name in dir(RustVM) if not name.startswith("_")), __version__)
print(machine_dialect_vm.machine_dialect_vm.RustVM is RustVM)
for name in ("execute", "instruction_count", "load_bytecode", "set_debug"):
    print(name, getattr(RustVM, name).__doc__)

tell(lambda: RustVM(1)); tell(lambda: RustVM(1, 2)); tell(lambda: RustVM(a=1)); tell(lambda: RustVM().reset)
vm = RustVM()
tell(vm.execute); tell(vm.instruction_count)
for wrong in (1, 1.5, None, b"x", pathlib.Path("/x"), [], True):
    tell(lambda: vm.load_bytecode(wrong)); tell(lambda: vm.set_debug(wrong))
tell(lambda: vm.load_bytecode()); tell(lambda: vm.load_bytecode("a", "b")); tell(lambda: vm.load_bytecode(pth="a"))
tell(lambda: vm.load_bytecode("a", path="b")); tell(lambda: vm.load_bytecode("a", "b", "c"))
tell(lambda: vm.set_debug()); tell(lambda: vm.set_debug(True, True)); tell(lambda: vm.set_debug(enabled=True))
tell(lambda: vm.set_debug(debug=True)); tell(lambda: vm.set_debug(False))
tell(lambda: vm.execute(1)); tell(lambda: vm.execute(1, 2)); tell(lambda: vm.execute(a=1))
tell(lambda: vm.instruction_count(1)); tell(lambda: vm.instruction_count(a=1))
for path in ("", "\0", "/no/such.mdbc", "/tmp", "/x\0.mdbc", "/x\ud800", program + "/below.mdbc", sys.executable):
    tell(lambda: vm.load_bytecode(path))

for path in (program, Path(program), program[:-5], program[:-5] + ".anything"):
    vm = RustVM()
    tell(lambda: vm.load_bytecode(path)); tell(vm.execute); tell(vm.instruction_count); tell(vm.execute); tell(vm.instruction_count)
    tell(lambda: vm.load_bytecode("/no/such.mdbc")); tell(vm.execute); tell(vm.instruction_count)
    tell(lambda: vm.load_bytecode(path=program)); tell(vm.execute); tell(vm.instruction_count)
    tell(lambda: vm.load_bytecode(program)); tell(lambda: vm.load_bytecode("/no/such.mdbc")); tell(vm.execute)

vm.set_debug(True); vm.load_bytecode(program); tell(vm.execute); tell(vm.instruction_count)
vm.set_debug(False); vm.load_bytecode(failing); tell(vm.execute); tell(vm.instruction_count)
vm.load_bytecode(program); tell(vm.execute); tell(vm.instruction_count)
vm.load_bytecode(unusual); tell(vm.execute)
one, other = RustVM(), RustVM()
one.load_bytecode(program); other.load_bytecode(failing)
tell(other.execute); tell(one.execute); tell(one.instruction_count); tell(other.instruction_count)
"""

SOURCES = [
    'LOAD_CONST r0, 2\nLOAD_CONST r1, 3\nLOAD_GLOBAL r3, "g"\nADD r2, r0, r1\nSTORE_GLOBAL r2, "g"\nDEBUG_PRINT r2\nRETURN r2',
    'LOAD_CONST r0, "é"\nDEBUG_PRINT r0\nNEG r1, r0',
    'LOAD_CONST r0, 3\nNEW_ARRAY r1, r0\nDICT_NEW r2\nLOAD_CONST r3, "k"\nDICT_SET r2, r3, r1\nLOAD_CONST r4, 0\nLOAD_CONST r5, -0.0\n'
    "ARRAY_SET r1, r4, r5\nLOAD_CONST r6, true\nLOAD_CONST r4, 1\nARRAY_SET r1, r4, r6\nARRAY_SET r1, r0, r2",
]


def run(engine: str, script: str, paths: list[Path]) -> str:
    """What a script prints, on the published VM where the engine is ""."""
    if engine == "native" and not (TOP / "libmdvm.so").exists():
        pytest.skip("there is no libmdvm")
    done = subprocess.run(
        [str(oracle_python()), "-c", script, *map(str, paths)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={
            **os.environ,
            "PYTHONPATH": str(TOP),
            "PYMDVM_ENGINE": engine,
            "PYTHONIOENCODING": "utf-8:surrogateescape",
        },
    )
    assert done.stderr == ""
    return done.stdout


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    if reason_there_is_none():
        pytest.skip(reason_there_is_none())
    made = []
    for number, source in enumerate(SOURCES):
        made.append(tmp_path / f"program{number}.mdbc")
        made[-1].write_bytes(write(assemble(source)))
    return made


@pytest.mark.parametrize("engine", ["native", "python"])
def test_the_surface_is_the_published_one(engine: str, paths: list[Path]) -> None:
    expected = run("", SCRIPT, paths).splitlines()
    assert len(expected) > 140
    assert run(engine, SCRIPT, paths).splitlines() == expected


AFTER_AN_ERROR = """
import sys, pymdvm
pymdvm.install_as_machine_dialect_vm()
from machine_dialect_vm import RustVM
vm = RustVM()
vm.load_bytecode(sys.argv[2])
try:
    vm.execute()
except RuntimeError as error:
    print(error)
print(vm.execute(), vm.instruction_count())
"""


@pytest.mark.parametrize("engine", ["native", "python"])
def test_after_an_error_the_program_has_ended(engine: str, paths: list[Path]) -> None:
    """On purpose not what the published VM does: see docs/differences.md."""
    assert (
        run(engine, AFTER_AN_ERROR, paths)
        == "é\nRuntime error: Invalid operation: negation on type String\nNone 3\n"
    )


INTERRUPTED = """
import os, signal, sys, threading, pymdvm
pymdvm.install_as_machine_dialect_vm()
from machine_dialect_vm import RustVM
vm = RustVM()
vm.load_bytecode(sys.argv[1])
threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    vm.execute()
except KeyboardInterrupt:
    print("interrupted", vm.execute())
"""


@pytest.mark.parametrize("engine", ["native", "python"])
def test_an_endless_program_can_be_interrupted(engine: str, paths: list[Path]) -> None:
    paths[0].write_bytes(write(assemble("again: JUMP again")))
    assert run(engine, INTERRUPTED, paths) == "interrupted None\n"
