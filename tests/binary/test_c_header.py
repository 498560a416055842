"""include/mdvm.h, from C and C++: what a program gets and gives, limits, functions and threads."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from pymdvm.assembler import assemble
from pymdvm.bytecode import write

TOP = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
STRICT = ("-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-D_GNU_SOURCE")

pytestmark = pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")

PROGRAM = """
.version 2
    LOAD_CONST   r0, "printed"
    DEBUG_PRINT  r0
    LOAD_CONST   r0, 5
    RETURN       r0

.func identity
    RETURN       r0

.func endless
again:
    JUMP         again

.func growing
    LOAD_CONST   r0, "x"
more:
    CONCAT_STR   r0, r0, r0
    JUMP         more

.func deep
    LOAD_CONST   r1, "deep"
    CALL         r0, r1()
    RETURN       r0

.func printing
    LOAD_CONST   r0, "ab"
    DEBUG_PRINT  r0
    DEBUG_PRINT  r0
    RETURN

.func "twice each"
    LOAD_CONST   r1, 0
    LOAD_CONST   r2, 0
    LOAD_CONST   r3, 1
    LOAD_CONST   r4, "twice"
next:
    CALL         r5, r4(r1)
    ADD          r2, r2, r5
    ADD          r1, r1, r3
    LT           r6, r1, r0
    JUMP_IF      r6, next
    RETURN       r2

.func "going around"
    LOAD_CONST   r1, "around"
    CALL         r2, r1(r0)
    RETURN       r2

.func refused
    LOAD_CONST   r1, "no"
    CALL         r2, r1(r0)
    RETURN       r2
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the embedder, built as the strictest of C99, and its program."""
    folder = tmp_path_factory.mktemp("embedder")
    (folder / "program.mdbc").write_bytes(write(assemble(PROGRAM)))
    (folder / "implementation.c").write_text('#define MDVM_IMPLEMENTATION\n#include "mdvm.h"\n')
    _compile("gcc", *STRICT, folder / "implementation.c", HERE / "embedder.c", to=folder / "run")
    return folder


def _compile(*command: str | Path, to: Path) -> None:
    library = (f"-I{TOP / 'include'}", f"-L{TOP}", "-lmdvm", f"-Wl,-rpath,{TOP}", "-lpthread")
    built = subprocess.run(
        [*command, *library, "-o", to], capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr


def _run(folder: Path, name: str) -> list[str]:
    done = subprocess.run(
        [folder / "run", name, folder / "program.mdbc"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_a_run(folder: Path) -> None:
    assert _run(folder, "run") == ["printed", "done 0 5 -"]


def test_values_there_and_back(folder: Path) -> None:
    *shallow, deep, deeper, deepest = _run(folder, "values")
    assert shallow == [
        "done 0 empty -",
        "done 0 true -",
        "done 0 -9223372036854775808 -",
        "done 0 -0 -",
        'done 0 "hé"3 -',
        "done 0 [] -",
        "done 0 [1, -5000000000] -",
        "done 0 [0.5, 1.0000000000000001e+300] -",
        'done 0 ["k"1, -9223372036854775808, ""0, []] -',
        'done 0 ["x"1, [{"x"1: [[[7]]], "y"1: empty}]] -',
    ]
    assert deep == f"done 0 {'[' * 400}7{']' * 400} -"
    assert deeper == f"done 0 {'[' * 700}7{']' * 700} -"
    assert deepest == "caller error 0 empty the arguments are too large or nested too deeply"


def test_limits(folder: Path) -> None:
    lines = _run(folder, "limits")
    assert [line.rpartition(" ")[0] for line in lines[:4]] == [
        "limit error 1 empty Instruction limit exceeded: 1000",
        "limit error 2 empty Timeout: 0.05 s",
        "limit error 4 empty Out of memory",
        "limit error 3 empty Ended by its handle",
    ]
    assert lines[4] == "limit error 3 empty Ended by its handle"
    assert lines[5].startswith("run error 0 empty Stack overflow deep:")
    assert lines[6].startswith("<ab")
    assert "limit error 5" in lines[6] + lines[7]
    rest = "\n".join(lines[7:])
    assert "done 0 empty -" in rest
    assert "caller error 0 empty the JIT knows no such parameters" in rest
    assert "host error 0 empty the run was ended" in rest
    assert lines[-1] == "caller error 0 empty the program has no function of that name"


def test_functions_of_the_host(folder: Path) -> None:
    lines = _run(folder, "functions")
    assert lines[:3] == ["done 0 9999900000 -", "100000 calls", "done 0 100000 -"]
    assert lines[3].startswith("host error 0 empty")
    assert lines[4].startswith("run error 0 empty Undefined function: no refused:")


def test_threads_take_turns(folder: Path) -> None:
    assert _run(folder, "threads") == ["0 wrong"]


def test_the_example(folder: Path) -> None:
    examples = TOP / "examples" / "c"
    program = folder / "total.mdbc"
    program.write_bytes(write(assemble((examples / "total.mdasm").read_text())))
    for compiler in (("gcc", *STRICT), ("g++", "-x", "c++", "-Wall", "-Wextra", "-Werror")):
        if shutil.which(compiler[0]):
            _compile(*compiler, examples / "prices.c", to=folder / "prices")
            done = subprocess.run(
                [folder / "prices", program, "apple", "pear", "apple"],
                capture_output=True,
                text=True,
                check=False,
            )
            assert (done.returncode, done.stdout, done.stderr) == (0, "105\n", "")


def test_a_file_that_is_not_there(folder: Path) -> None:
    done = subprocess.run(
        [folder / "run", "run", folder / "none.mdbc"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (
        1,
        "IO error: No such file or directory (os error 2)\n",
    )
