"""`mdvm info`: the numbers are those of the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pymdvm.assembler import assemble
from pymdvm.bytecode import Builder, write
from tests.commands.command_line import EXAMPLES, assembled, invoke

TWO_FUNCTIONS = """
.name "pair"
.version 7
    LOAD_CONST  r9, 2.5
    RETURN      r9
.func First
    LOAD_CONST  r1, "x"
    LOAD_CONST  r2, 2.5
    RETURN      r2
.func Second
    RETURN      r0
"""


def info(path: Path) -> Any:
    outcome = invoke("info", "--json", path)
    assert outcome.status == 0
    return json.loads(outcome.out)


def test_everything_about_a_program(tmp_path: Path) -> None:
    path = assembled(tmp_path, TWO_FUNCTIONS)
    size = path.stat().st_size
    assert info(path) == {
        "file": str(path),
        "name": "pair",
        "size": size,
        "version": 7,
        "flags": 1,
        "sections": [
            {"name": "header", "offset": 0, "size": 28},
            {"name": "name", "offset": 28, "size": 8},
            {"name": "constants", "offset": 36, "size": 4 + 9 + 6},
            {"name": "functions", "offset": 55, "size": 4 + 9 + 4 + 10 + 4},
            {"name": "instructions", "offset": 86, "size": size - 86},
        ],
        "constants": [{"kind": "float", "literal": "2.5"}, {"kind": "string", "literal": '"x"'}],
        "functions": [
            {"name": "First", "target": 2, "instructions": 3, "registers": 3},
            {"name": "Second", "target": 5, "instructions": 1, "registers": 1},
        ],
        "instructions": 6,
        "opcodes": {"LOAD_CONST": 3, "RETURN": 3},
        "required_functions": [],
    }


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_sections_of_a_file_that_the_writer_made_fill_it(example: Path) -> None:
    sections = info(example)["sections"]
    position = 0
    for section in sections:
        assert section["offset"] == position
        position += section["size"]
    assert position == len(write(assemble(example.read_text(encoding="utf-8"))))


def test_sections_that_overlap_and_leave_gaps(tmp_path: Path) -> None:
    """Only the offsets say where a section is: here the functions are also the end of the
    instructions' count.
    """
    data = bytearray(Builder("x").to_bytes())
    data += b"gap" + bytes(8)
    data[20:28] = (len(data) - 8).to_bytes(4, "little") + (len(data) - 4).to_bytes(4, "little")
    path = tmp_path / "odd.mdbc"
    path.write_bytes(data)
    sections = {
        section["name"]: (section["offset"], section["size"]) for section in info(path)["sections"]
    }
    assert sections["functions"] == (len(data) - 8, 4)
    assert sections["instructions"] == (len(data) - 4, 4)


def test_the_text(tmp_path: Path) -> None:
    path = assembled(tmp_path, TWO_FUNCTIONS)
    lines = invoke("info", path).out.splitlines()
    assert lines[0] == f"{path}: {path.stat().st_size} bytes, 'pair', version 7, flags 1"
    assert [
        line.split()
        for line in lines
        if line.startswith(("First", "Second", "constants", "RETURN"))
    ] == [
        ["constants", "36", "19", "2"],
        ["First", "2", "3", "3"],
        ["Second", "5", "1", "1"],
        ["RETURN", "3"],
    ]


def test_a_long_pool_is_cut_short_only_in_the_text(tmp_path: Path) -> None:
    path = assembled(tmp_path, "".join(f"    LOAD_CONST r0, {number}\n" for number in range(50)))
    assert "and 10 more" in invoke("info", path).out
    assert len(info(path)["constants"]) == 50


def test_a_function_outside_the_program(tmp_path: Path) -> None:
    path = assembled(tmp_path, ".func f, @99\n    NOP\n")
    assert info(path)["functions"] == [
        {"name": "f", "target": 99, "instructions": 0, "registers": 0}
    ]
