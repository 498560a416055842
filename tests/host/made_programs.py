"""Programs for tests: hypothesis strategies that make any Program that a file can hold, and the
files of the conformance cases.

The instructions come from the opcode table, so that a new opcode is tested without a change here.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from mdvm import opcodes
from pymdvm.bytecode import Constant, Function, Instruction, Program
from pymdvm.bytecode.model import float_to_bits

TOP = Path(__file__).resolve().parents[2]
CONFORMANCE_CASES = TOP.parent / "shared" / "conformance" / "cases.jsonl"

u8 = st.integers(0, 2**8 - 1)
u16 = st.integers(0, 2**16 - 1)
u32 = st.integers(0, 2**32 - 1)
i32 = st.integers(-(2**31), 2**31 - 1)
i64 = st.integers(-(2**63), 2**63 - 1)

# Small numbers are made often, so that constants, labels and targets that exist are named too.
_small = st.integers(0, 12)
_special_bits = st.sampled_from(
    [
        0x0000000000000000,
        0x8000000000000000,
        0x7FF0000000000000,
        0xFFF0000000000000,
        0x7FF8000000000000,
        0xFFF8000000000000,
        0x7FF8000000000001,
        0x7FF0000000000001,
        0x0000000000000001,
    ]
)
_bits = _special_bits | st.floats(width=64).map(float_to_bits) | st.integers(0, 2**64 - 1)

constants = st.one_of(
    st.just(Constant.empty()),
    st.booleans().map(Constant.of),
    i64.map(Constant.integer) | _small.map(Constant.integer),
    _bits.map(Constant.float_bits),
    st.text().map(Constant.string) | st.sampled_from(["", "x", "main"]).map(Constant.string),
)

_names = st.text() | st.sampled_from(["main", "f", "two words"])
_urls = st.builds("{}:{}".format, st.sampled_from(["a", "http", "x+y-z.1"]), st.text())
latest_constants = constants | _names.map(Constant.function) | _urls.map(Constant.url)

_condition = st.integers(0, 2)
_simple_operands: dict[int, st.SearchStrategy[Any]] = {
    opcodes.WRITE: u8,
    opcodes.READ: u8,
    opcodes.UPDATE: u8,
    opcodes.CONSTANT: _small | u16,
    opcodes.NAME: _small | u16,
    opcodes.MESSAGE: _small | u16,
    opcodes.TYPE: _small | u16,
    opcodes.SCOPE: u16,
    opcodes.JUMP_DISTANCE: st.integers(-12, 12) | i32,
    opcodes.CONDITION: _condition,
    opcodes.ARGUMENTS: st.lists(u8, max_size=6).map(tuple),
    opcodes.SOURCES: st.lists(st.tuples(u8, _small | u16), max_size=6).map(tuple),
    opcodes.RESULT: st.just((0,)) | st.tuples(st.integers(1, 255), u8),
}


@st.composite
def instructions(draw: st.DrawFn, version: int) -> Instruction:
    """Any instruction of any opcode that a file of this version can hold."""
    opcode = draw(st.sampled_from(opcodes.OPCODES[: opcodes.opcode_count(version)]))
    operands: list[Any] = []
    for operand in opcode.operands:
        if operand.kind == opcodes.RANGE:
            condition = operands[1]
            operands.append(draw(st.tuples(i64, i64)) if condition == 2 else ())
        else:
            operands.append(draw(_simple_operands[operand.kind]))
    return Instruction(opcode.number, tuple(operands))


functions = st.builds(
    Function, st.sampled_from(["main", "f", "two words"]) | st.text(), _small | u32
)


def constants_of(version: int) -> st.SearchStrategy[Constant]:
    """The constants that a file of this version can hold."""
    return latest_constants if version == opcodes.LATEST else constants


versions = st.just(opcodes.LATEST) | u32


@st.composite
def programs_of_any_version(draw: st.DrawFn) -> Program:
    """Any program whose instructions its version has."""
    version = draw(versions)
    return Program(
        draw(st.text()),
        version,
        draw(u32),
        draw(st.lists(constants_of(version), max_size=12).map(tuple)),
        draw(st.lists(functions, max_size=6).map(tuple)),
        draw(st.lists(instructions(version), max_size=12).map(tuple)),
    )


programs = programs_of_any_version()


def conformance_files() -> list[tuple[str, bytes, str | None]]:
    """Name, bytes and load error of each conformance case.  Skips the test where the cases are not
    at hand.
    """
    if not CONFORMANCE_CASES.exists():
        pytest.skip(f"{CONFORMANCE_CASES} is not there")
    cases = [
        json.loads(line) for line in CONFORMANCE_CASES.read_text(encoding="utf-8").splitlines()
    ]
    return [
        (case["name"], base64.b64decode(case["mdbc"]), case.get("load_error")) for case in cases
    ]
