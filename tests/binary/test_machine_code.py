"""The machine code that the JIT makes, as its logs tell of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.binary.binary import Surroundings, assert_ends, run_text

CACHE_LINE = 64

# Loops in a loop, of different sizes, so that they would lie anywhere.
NESTED = """
    LOAD_CONST   r0, 40
    LOAD_CONST   r1, 1
    LOAD_CONST   r5, 0
outer:
    LOAD_CONST   r2, 2000
    LOAD_CONST   r3, 0
first:
{first}
    SUB          r2, r2, r1
    JUMP_IF      r2, first
    LOAD_CONST   r2, 2000
second:
    SUB          r5, r5, r2
    SUB          r2, r2, r1
    JUMP_IF      r2, second
    SUB          r0, r0, r1
    JUMP_IF      r0, outer
"""


def heads_of_loops(folder: Path, text: str) -> list[int]:
    """-> the addresses where the program's compiled loops begin."""
    log = folder / "jit.log"
    assert_ends(
        run_text(
            folder,
            text,
            surroundings=Surroundings(
                environment={"PYPYLOG": f"jit-backend-addr,jit-log-opt:{log}"}
            ),
        ),
        b"",
    )
    heads = []
    for begin, operations in re.findall(
        r"^ *gc table: (0x[0-9a-f]+)$.*?^# [^\n]*\n(.*?)--end of the loop--",
        log.read_text(),
        re.M | re.S,
    ):
        after_labels = re.findall(
            r"^\+\d+: label\(.*\n(?:debug_merge_point.*\n)*\+(\d+): ", operations, re.M
        )
        heads += [int(begin, 16) + int(offset) for offset in after_labels]
    return heads


@pytest.mark.parametrize("size", range(5))
def test_loops_begin_on_a_cache_line(size: int, tmp_path: Path) -> None:
    heads = heads_of_loops(tmp_path, NESTED.format(first="    ADD          r5, r5, r2\n" * size))
    assert len(heads) >= 4
    assert [hex(head) for head in heads if head % CACHE_LINE] == []
