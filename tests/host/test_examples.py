"""Every example assembles, runs, and prints what its `; expect:` comments say."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from mdvm import opcodes
from mdvm.debugging.disassembler import disassemble
from mdvm.loading.loader import load_module
from pymdvm.assembler import assemble
from pymdvm.bytecode import Program, write
from tests.host.made_programs import TOP

EXAMPLES = sorted((TOP / "examples").glob("*.mdasm"))
EXPECTATION = "; expect:"


def vm_command() -> list[str]:
    """The VM to test: the command in MDVM_BINARY, else the built one, else the untranslated one."""
    built = TOP / "mdvm-c"
    asked = os.environ.get("MDVM_BINARY", str(built) if built.exists() else "untranslated")
    return [sys.executable, "-m", "mdvm.main"] if asked == "untranslated" else shlex.split(asked)


def source_of(example: Path) -> str:
    return example.read_text(encoding="utf-8")


def program_of(example: Path) -> Program:
    return assemble(source_of(example))


def expected_output(example: Path) -> str:
    lines = [
        line[len(EXPECTATION) :].removeprefix(" ")
        for line in source_of(example).splitlines()
        if line.startswith(EXPECTATION)
    ]
    assert lines, f"{example.name} expects nothing"
    return "".join(line + "\n" for line in lines)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_prints_what_it_says(example: Path, tmp_path: Path) -> None:
    file = tmp_path / "example.mdbc"
    file.write_bytes(write(program_of(example)))
    result = subprocess.run(
        [*vm_command(), str(file)], cwd=TOP, capture_output=True, timeout=120, check=False
    )
    assert result.stderr.decode() == ""
    assert result.stdout.decode() == expected_output(example)
    assert result.returncode == 0


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_begins_with_what_it_shows_and_is_named_after_its_file(example: Path) -> None:
    assert source_of(example).startswith("; ")
    assert program_of(example).name == example.stem


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_survives_disassembly(example: Path) -> None:
    program = program_of(example)
    listing = (
        disassemble(load_module(write(program).decode("latin-1"))).encode("latin-1").decode("utf-8")
    )
    assert assemble(listing) == program


def test_every_opcode_is_in_an_example() -> None:
    shown = {
        instruction.name for example in EXAMPLES for instruction in program_of(example).instructions
    }
    assert shown == {opcode.name for opcode in opcodes.OPCODES}
