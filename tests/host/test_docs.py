"""The documentation says what is so: what is generated is up to date, and the text in assembler.md
assembles.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import make_docs
from mdvm import opcodes
from pymdvm.assembler import assemble
from tests.host.made_programs import TOP

ASSEMBLER_DOCUMENT = TOP / "docs" / "assembler.md"
WRITER_DOCUMENT = TOP / "docs" / "bytecode-writer.md"


def test_the_generated_documents_are_up_to_date() -> None:
    result = subprocess.run(
        [sys.executable, "tools/make_docs.py", "--check"], cwd=TOP, capture_output=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, b"")


def test_tables_that_are_not_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = tmp_path / "bytecode.md"
    text = (TOP / "docs" / "bytecode.md").read_text(encoding="utf-8")
    monkeypatch.setattr(make_docs, "FOLDER", tmp_path)

    def status(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["make_docs.py", *arguments])
        return make_docs.main()

    # prose is nobody's business, a row of a table is
    document.write_text("Something new.\n" + text, encoding="utf-8")
    assert status() == 0
    assert status("--check") == 0
    document.write_text(text.replace("| 7 | ADD |", "| 7 | PLUS |"), encoding="utf-8")
    assert status("--check") == 1
    assert status() == 0
    assert document.read_text(encoding="utf-8") == text


def test_a_mark_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (TOP / "docs" / "bytecode.md").read_text(encoding="utf-8")
    (tmp_path / "bytecode.md").write_text(text.replace("generated: opcodes", ""), encoding="utf-8")
    monkeypatch.setattr(make_docs, "FOLDER", tmp_path)
    with pytest.raises(SystemExit, match="opcodes"):
        make_docs.bytecode_document()


def test_every_opcode_and_operand_is_described() -> None:
    text = make_docs.bytecode_document()
    for opcode in opcodes.OPCODES:
        assert f"| {opcode.number} | {opcode.name} |" in text
        for operand in opcode.operands:
            assert f"`{operand.name}`" in text


def code_blocks(document: Path, language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```$",
        document.read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )


def assembler_blocks() -> list[str]:
    return code_blocks(ASSEMBLER_DOCUMENT, "asm")


def test_the_assembler_text_in_the_documentation_assembles() -> None:
    blocks = assembler_blocks()
    assert len(blocks) >= 3
    for block in blocks:
        assemble(block)


def test_every_instruction_form_is_shown() -> None:
    shown = {
        instruction.name
        for block in assembler_blocks()
        for instruction in assemble(block).instructions
    }
    assert shown == {opcode.name for opcode in opcodes.OPCODES}


@pytest.mark.filterwarnings("ignore:there is no libmdvm here")
@pytest.mark.parametrize("block", code_blocks(WRITER_DOCUMENT, "python"))
def test_the_python_in_the_documentation_of_the_writer_runs(
    block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(block, str(WRITER_DOCUMENT), "exec"), {})


def test_the_program_in_the_readme_is_the_example() -> None:
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    shown = readme.split("```markdown\n")[1].split("```")[0]
    example = (TOP / "examples" / "fizzbuzz.md").read_text(encoding="utf-8")
    assert example.endswith("\n\n" + shown)


def test_every_picture_is_there() -> None:
    for document in (TOP / "docs").glob("*.md"):
        for picture in re.findall(r"!\[[^]]*\]\(([^)]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / picture).is_file(), (document.name, picture)
