"""What each instruction and each built-in function does: every program of these folders, on every
engine, and on the published VM.

A file is called after the instruction that it is about, or in builtins/ the function, and says what
comes of it (see tests/programs.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mdvm.builtins import BUILTINS
from mdvm.opcodes import LATEST, OPCODES
from pymdvm.assembler import assemble
from pymdvm.bytecode import write
from tests.binary.binary import COMMAND, DEFAULT, EAGER, JIT_OFF, run
from tests.differential.oracle import Oracle, reason_there_is_none
from tests.differential.subject import Untranslated, judged
from tests.programs import Noted, name, read_all

from .repeating import TIMES, can_repeat, repeated

PROGRAMS = read_all("opcodes")
ABOUT_FUNCTIONS = [noted for noted in PROGRAMS if noted.path.parent.name == "builtins"]
ABOUT_INSTRUCTIONS = [noted for noted in PROGRAMS if noted not in ABOUT_FUNCTIONS]
PUBLISHED = [noted for noted in PROGRAMS if noted.assembled().version != LATEST]
REPEATABLE = [noted for noted in PROGRAMS if can_repeat(noted)]
# The longest first: `jump_if_not_falsy` is about JUMP_IF_NOT.
NAMES = sorted((opcode.name for opcode in OPCODES), key=len, reverse=True)

each = pytest.mark.parametrize("noted", PROGRAMS, ids=name)
built = pytest.mark.skipif(not Path(COMMAND[0]).exists(), reason="mdvm-c is not built; run make")


def subject_of(noted: Noted) -> str:
    """The instruction that a file is about; "" if its name tells none."""
    stem = noted.path.stem
    return next((opcode for opcode in NAMES if f"{stem}_".startswith(f"{opcode.lower()}_")), "")


def same(status: int, stdout: str, stderr: str, noted: Noted) -> None:
    """The run did what the text says, and nothing else."""
    expected = (0 if noted.fails is None else 1, noted.stdout, noted.stderr)
    assert (status, stdout, _without_place(stderr)) == expected


def _without_place(stderr: str) -> str:
    """The error, without the lines that say where it happened."""
    return "".join(stderr.splitlines(keepends=True)[:1])


def run_built(noted: Noted, content: bytes, folder: Path, *options: str) -> None:
    path = folder / "program.mdbc"
    path.write_bytes(content)
    outcome = run(*options, path)
    same(outcome.status, outcome.out.decode(), outcome.err.decode(), noted)


@pytest.fixture(scope="module")
def untranslated() -> Iterator[Untranslated]:
    engine = Untranslated()
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def published() -> Iterator[Oracle]:
    if reason_there_is_none():
        pytest.skip(reason_there_is_none())
    oracle = Oracle()
    yield oracle
    oracle.close()


@pytest.mark.parametrize("noted", ABOUT_INSTRUCTIONS, ids=name)
def test_it_says_what_it_is_about(noted: Noted) -> None:
    opcode = subject_of(noted)
    assert opcode, "the name begins with no instruction"
    assert opcode in [instruction.name for instruction in noted.assembled().instructions]
    assert noted.source.startswith("; "), "no first line says which rule it shows"


@pytest.mark.parametrize("opcode", [opcode.name for opcode in OPCODES])
def test_every_opcode_has_a_program(opcode: str) -> None:
    assert opcode in {subject_of(noted) for noted in ABOUT_INSTRUCTIONS}


@pytest.mark.parametrize("function", [builtin.name for builtin in BUILTINS])
def test_every_built_in_function_has_programs(function: str) -> None:
    """One with what it gives, and others with what it refuses."""
    stem = function.replace(" ", "_")
    programs = {name(noted): noted for noted in ABOUT_FUNCTIONS}
    assert len(programs[stem].expect) == 1
    assert any(
        noted.fails is not None and other.startswith(f"{stem}_")
        for other, noted in programs.items()
    )


@pytest.mark.parametrize("noted", ABOUT_FUNCTIONS, ids=name)
def test_it_says_which_function_it_is_about(noted: Noted) -> None:
    names = {builtin.name for builtin in BUILTINS}
    assert noted.source.startswith("; "), "no first line says which rule it shows"
    assert any(
        f"{name(noted)}_".startswith(f"{one.replace(' ', '_')}_") and f'"{one}"' in noted.source
        for one in names
    )


def test_an_opcode_has_one_folder() -> None:
    homes = {(subject_of(noted), noted.path.parent.name) for noted in ABOUT_INSTRUCTIONS}
    assert len(homes) == len(OPCODES)


@each
def test_untranslated(noted: Noted, untranslated: Untranslated, tmp_path: Path) -> None:
    path = tmp_path / "program.mdbc"
    path.write_bytes(noted.content())
    request = {"path": str(path), "options": []}
    answer = untranslated.worker.ask(request, untranslated.seconds)
    same(answer["status"], answer["stdout"], answer["stderr"], noted)


@built
@pytest.mark.parametrize(
    "options", [DEFAULT, JIT_OFF, EAGER], ids=["default", "interpreted", "eager"]
)
@each
def test_built(noted: Noted, options: tuple[str, ...], tmp_path: Path) -> None:
    run_built(noted, noted.content(), tmp_path, *options)


@built
@pytest.mark.parametrize("noted", REPEATABLE, ids=name)
def test_compiled(noted: Noted, tmp_path: Path) -> None:
    """The program as a function that is called until it is compiled, and then some times more."""
    *printed, result = noted.expect
    expected = replace(noted, expect=(*printed * TIMES, result))
    run_built(expected, write(assemble(repeated(noted))), tmp_path, *EAGER)


@pytest.mark.parametrize("noted", PUBLISHED, ids=name)
def test_published(noted: Noted, published: Oracle, tmp_path: Path) -> None:
    path = tmp_path / "program.mdbc"
    path.write_bytes(noted.content())
    outcome = published.run(path)
    expected = judged(noted.stdout, noted.stderr, 0 if noted.fails is None else 1)
    if noted.differs:
        assert outcome != expected, "it does not differ"
    else:
        assert outcome == expected
