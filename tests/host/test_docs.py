"""The documentation says what is so: what is generated is up to date, and the text in assembler.md assembles."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from made_programs import TOP

import make_docs
from mdvm import opcodes
from pymdvm.assembler import assemble

ASSEMBLER_DOCUMENT = TOP / "docs" / "assembler.md"


def test_the_generated_documents_are_up_to_date() -> None:
    result = subprocess.run([sys.executable, "tools/make_docs.py", "--check"], cwd=TOP, capture_output=True, check=False)
    assert (result.returncode, result.stderr) == (0, b"")


def test_a_document_that_is_not_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = tmp_path / "docs" / "bytecode.md"
    monkeypatch.setattr(make_docs, "FOLDER", tmp_path / "docs")
    monkeypatch.setattr(sys, "argv", ["make_docs.py", "--check"])
    assert make_docs.main() == 1
    monkeypatch.setattr(sys, "argv", ["make_docs.py"])
    assert make_docs.main() == 0
    monkeypatch.setattr(sys, "argv", ["make_docs.py", "--check"])
    assert make_docs.main() == 0
    document.write_text(document.read_text(encoding="utf-8") + "more", encoding="utf-8")
    assert make_docs.main() == 1


def test_every_opcode_and_operand_is_described() -> None:
    text = make_docs.bytecode_document()
    for opcode in opcodes.OPCODES:
        assert f"| {opcode.number} | {opcode.name} |" in text
        for operand in opcode.operands:
            assert f"`{operand.name}`" in text


def assembler_blocks() -> list[str]:
    return re.findall(r"^```asm\n(.*?)^```$", ASSEMBLER_DOCUMENT.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def test_the_assembler_text_in_the_documentation_assembles() -> None:
    blocks = assembler_blocks()
    assert len(blocks) >= 3
    for block in blocks:
        assemble(block)


def test_every_instruction_form_is_shown() -> None:
    shown = {instruction.name for block in assembler_blocks() for instruction in assemble(block).instructions}
    assert shown == {opcode.name for opcode in opcodes.OPCODES}
