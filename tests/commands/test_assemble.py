"""`mdvm asm` is the assembler."""

from __future__ import annotations

from pathlib import Path

from pymdvm.assembler import assemble
from pymdvm.bytecode import write
from tests.commands.command_line import TOP, invoke, run

HELLO = TOP / "examples" / "hello.mdasm"


def test_a_file(tmp_path: Path) -> None:
    output = tmp_path / "out.mdbc"
    outcome = invoke("asm", HELLO, "-o", output)
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "")
    assert output.read_bytes() == write(assemble(HELLO.read_text(encoding="utf-8")))


def test_where_the_output_goes_by_itself(tmp_path: Path) -> None:
    source = tmp_path / "hello.mdasm"
    source.write_bytes(HELLO.read_bytes())
    assert invoke("asm", source).status == 0
    assert (tmp_path / "hello.mdbc").exists()


def test_wrong_text(tmp_path: Path) -> None:
    source = tmp_path / "wrong.mdasm"
    source.write_text("    MOVE r0, r256\n", encoding="utf-8")
    outcome = run("asm", source)
    assert outcome.status == 1
    assert outcome.err.startswith(f'{source}:1:14: unknown register "r256"')


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    outcome = run("asm", tmp_path / "nosuch.mdasm")
    assert outcome.status == 2
    assert "No such file or directory" in outcome.err
    assert "Traceback" not in outcome.err
