"""What `--stats` says was made in memory: the boxes and frames that are left where the JIT has done
its work, and those of the interpreter.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.binary.binary import FAILURE, JIT_MODES, JIT_OFF, SUCCESS, run_text
from tests.binary.sample_programs import HELLO, recursion

MADE = re.compile(
    r"^made in memory: (\d+) ints, (\d+) floats, (\d+) frames; (\d+) KiB in all$", re.MULTILINE
)
# What a run makes beside what its program asks for: until its loops are compiled, and while they are.
AROUND = 30_000

TURNS = 1_000_000


class Made(NamedTuple):
    """The numbers of that line."""

    ints: int
    floats: int
    frames: int
    kibibytes: int


def made(folder: Path, text: str, *options: str, status: int = SUCCESS) -> Made:
    outcome = run_text(folder, text, "--stats", *options)
    assert outcome.status == status, outcome.short
    found = MADE.findall(outcome.err.decode())
    assert len(found) == 1, outcome.short
    return Made(*map(int, found[0]))


def loop(before: str, body: str) -> str:
    """before: instructions that are executed first; body: those of TURNS turns; r0 to r3 are taken."""
    return f"""
    LOAD_CONST   r0, {TURNS}
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, 0
{before}
turn:
{body}
    SUB          r0, r0, r1
    NEQ          r3, r0, r2
    JUMP_IF      r3, turn
    RETURN
"""


SUM_OF_FLOATS = loop("LOAD_CONST r4, 0.5\nLOAD_CONST r5, 0.25", "ADD r4, r4, r5")

# An array that holds an int and a float keeps its elements in boxes.
FLOATS_IN_A_MIXED_ARRAY = loop(
    "LOAD_CONST r4, 0.5\nLOAD_CONST r5, 2\nNEW_ARRAY r6, r5\nARRAY_SET r6, r2, r1",
    "ADD r4, r4, r4\nARRAY_SET r6, r1, r4",
)
INTS_IN_A_MIXED_ARRAY = loop(
    "LOAD_CONST r4, 0.5\nLOAD_CONST r5, 2\nNEW_ARRAY r6, r5\nARRAY_SET r6, r2, r4",
    "ARRAY_SET r6, r1, r0",
)
CALLS = """
    LOAD_CONST   r5, "f"
""" + loop("", "CALL r4, r5(r0)").replace(
    "    RETURN\n", "    RETURN\n.func f\n    ADD r0, r0, r0\n    RETURN r0\n"
)


@pytest.mark.parametrize("mode", ["default", "eager"])
def test_compiled_code_that_keeps_numbers_in_registers_makes_none(
    mode: str, tmp_path: Path
) -> None:
    found = made(tmp_path, SUM_OF_FLOATS, *JIT_MODES[mode])
    assert found.ints < AROUND and found.floats < AROUND and found.frames < 1000


def test_interpreted_without_boxes_numbers_make_none(tmp_path: Path) -> None:
    found = made(tmp_path, SUM_OF_FLOATS, *JIT_OFF)
    assert found.ints < AROUND and found.floats < AROUND and found.frames < 1000


def test_interpreted_with_boxes_each_number_is_one(tmp_path: Path) -> None:
    found = made(tmp_path, SUM_OF_FLOATS, *JIT_OFF, "--without", "unboxed-tier")
    assert TURNS <= found.ints < TURNS + 100
    assert TURNS <= found.floats < TURNS + 100
    assert 16 * 2 * TURNS <= found.kibibytes << 10 < 20 * 2 * TURNS


@pytest.mark.parametrize("mode", JIT_MODES)
def test_floats_that_are_kept_in_a_mixed_array_are_boxes(mode: str, tmp_path: Path) -> None:
    found = made(tmp_path, FLOATS_IN_A_MIXED_ARRAY, *JIT_MODES[mode])
    assert TURNS <= found.floats < TURNS + AROUND
    assert found.ints < AROUND


@pytest.mark.parametrize("mode", ["default", "eager"])
def test_ints_that_are_kept_in_a_mixed_array_are_boxes(mode: str, tmp_path: Path) -> None:
    found = made(tmp_path, INTS_IN_A_MIXED_ARRAY, *JIT_MODES[mode])
    assert TURNS <= found.ints < TURNS + AROUND
    assert found.floats < 1000


def test_calls_that_are_inlined_make_no_frames(tmp_path: Path) -> None:
    assert made(tmp_path, CALLS).frames < AROUND
    assert TURNS <= made(tmp_path, CALLS, *JIT_OFF).frames < TURNS + 100


@pytest.mark.parametrize("mode", ["default", "off"])
def test_a_recursion_that_keeps_all_its_frames(mode: str, tmp_path: Path) -> None:
    found = made(tmp_path, recursion(20_000), *JIT_MODES[mode])
    assert found.frames <= 20_000 + AROUND
    if mode == "off":
        assert found.frames >= 20_000


@pytest.mark.parametrize("nursery", ["64K", "256K", "1M", "32M"])
def test_the_nursery_makes_no_difference(nursery: str, tmp_path: Path) -> None:
    usual = made(tmp_path, FLOATS_IN_A_MIXED_ARRAY, *JIT_OFF)
    other = made(tmp_path, FLOATS_IN_A_MIXED_ARRAY, *JIT_OFF, "--gc-nursery", nursery)
    assert abs(usual.floats - other.floats) < 10 and abs(usual.ints - other.ints) < 10


def test_a_large_array_counts_as_memory(tmp_path: Path) -> None:
    text = "LOAD_CONST r0, 5000000\nNEW_ARRAY r1, r0\nLOAD_CONST r2, 7\nARRAY_SET r1, r2, r2\nRETURN r1"
    found = made(tmp_path, text, "-q")
    assert 40_000_000 <= found.kibibytes << 10 < 100_000_000
    assert found.ints < 100


def test_a_program_that_does_little(tmp_path: Path) -> None:
    found = made(tmp_path, HELLO)
    assert found.ints < 100 and found.floats < 100 and 1 <= found.frames < 100
    assert found.kibibytes < 100


def test_a_program_that_fails(tmp_path: Path) -> None:
    failing = FLOATS_IN_A_MIXED_ARRAY.replace("    RETURN\n", "    NEG r0, r9\n")
    assert made(tmp_path, failing, *JIT_OFF, status=FAILURE).floats >= TURNS


# Texts are made shorter where they were built, and guards fail between two boxes that were given
# memory at once: both leave gaps in the nursery.
TEXTS = loop(
    'LOAD_CONST r4, "a"\nLOAD_CONST r5, ""\nLOAD_CONST r8, 7\nLOAD_CONST r9, 0.5\nNEW_ARRAY r6, r8\n'
    "ARRAY_SET r6, r2, r9\nLOAD_CONST r10, 7",
    """
    CONCAT_STR   r7, r4, r0
    CONCAT_STR   r7, r7, r4
    ARRAY_SET    r6, r1, r7
    MOD          r11, r0, r10
    ARRAY_SET    r6, r1, r11
    EQ           r12, r11, r1
    JUMP_IF_NOT  r12, on
    ARRAY_SET    r6, r2, r0
on:
""",
)


@pytest.mark.parametrize("mode", JIT_MODES)
@pytest.mark.parametrize("nursery", ["64K", "2M"])
def test_gaps_are_skipped(mode: str, nursery: str, tmp_path: Path) -> None:
    found = made(tmp_path, TEXTS, *JIT_MODES[mode], "--gc-nursery", nursery)
    assert found.ints >= TURNS
    assert found.kibibytes << 10 > TURNS * 50


def test_what_the_interpreter_makes_is_the_same_each_time(tmp_path: Path) -> None:
    assert made(tmp_path, CALLS, *JIT_OFF)[:3] == made(tmp_path, CALLS, *JIT_OFF)[:3]
