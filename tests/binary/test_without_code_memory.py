"""Where the system gives no memory that can be written and executed, programs are interpreted, and
that is said once.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.binary.binary import (
    EXAMPLES,
    TOP,
    Outcome,
    Surroundings,
    assert_ends,
    example_program,
    program,
    program_file,
    run,
)
from tests.binary.code_memory import WAYS
from tests.binary.sample_programs import counted, counting

WARNING = b"mdvm-c: warning: the system gives no memory for compiled code, so the program is interpreted\n"
TURNS = 5000


def forbidden(way: str) -> Surroundings:
    """A process that may have no such memory; skips the test where that cannot be had."""
    asked = f"import sys; from tests.binary.code_memory import WAYS; sys.exit(not WAYS[{way!r}]())"
    if subprocess.run([sys.executable, "-c", asked], cwd=TOP, check=False).returncode:
        pytest.skip("this system cannot forbid it")
    return Surroundings(before=WAYS[way])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "options", [(), ("--jit", "threshold=3,trace_eagerness=2"), ("--jit", "default")]
)
def test_programs_are_interpreted_with_a_warning(
    options: tuple[str, ...], way: str, tmp_path: Path
) -> None:
    path = program(tmp_path, counting(TURNS))
    outcome = run(*options, path, surroundings=forbidden(way))
    assert outcome == Outcome(0, counted(TURNS), WARNING)


@pytest.mark.parametrize("way", WAYS)
def test_without_a_jit_there_is_nothing_to_warn_of(way: str, tmp_path: Path) -> None:
    path = program(tmp_path, counting(TURNS))
    assert_ends(run("--jit", "off", path, surroundings=forbidden(way)), counted(TURNS))
    assert run("--jit", "off", "--version", surroundings=forbidden(way)).err == b""


@pytest.mark.parametrize("way", WAYS)
def test_the_examples_give_the_same(way: str, tmp_path: Path) -> None:
    surroundings = forbidden(way)
    for example in EXAMPLES[:8]:
        path = program_file(tmp_path, example_program(example))
        plain = run(path)
        assert run(path, surroundings=surroundings) == Outcome(
            plain.status, plain.out, WARNING + plain.err
        )


EMBEDDED = """
import warnings
from tests.binary import code_memory
assert code_memory.WAYS[%r]()
import pymdvm
from pymdvm.assembler import assemble
from pymdvm.bytecode import write
text = '''
    LOAD_CONST r0, 100000
    LOAD_CONST r1, 1
next:
    SUB r0, r0, r1
    JUMP_IF r0, next
    RETURN r0
'''
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    program = pymdvm.loads(write(assemble(text)))
    for jit in (True, "threshold=3", False, "default"):
        assert program.run(jit=jit) == 0
print([(warning.category.__name__, str(warning.message)) for warning in caught])
"""


@pytest.mark.parametrize("way", WAYS)
def test_embedded_that_is_a_warning_of_python(way: str) -> None:
    forbidden(way)
    script = EMBEDDED % way
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYMDVM_ENGINE": "native"},
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert (
        ended.stdout
        == "[('RuntimeWarning', 'this system gives no memory for compiled code: programs are interpreted')]\n"
    )
