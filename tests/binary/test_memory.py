"""Memory: what is too much is `Out of memory` and no abort, deeply nested values are values, and small programs are small."""

from __future__ import annotations

import gc
import os
import re
import time
from pathlib import Path

import pytest
from binary import (
    COMMAND,
    JIT_MODES,
    JIT_OFF,
    MIB,
    assert_ends,
    assert_fails,
    kill,
    limited,
    program,
    run,
    run_text,
    start,
)
from sample_programs import HELLO, counted, counting, spinning

NESTING = 100_000
BEGUN = '    LOAD_CONST   r0, "begun"\n    DEBUG_PRINT  r0\n'
LIMITS = {"address space": "AS", "data": "DATA"}

GROWING = {
    "a list of small arrays": """
    LOAD_CONST   r1, 2
    LOAD_CONST   r2, 0
    LOAD_CONST   r4, 0
grow:
    NEW_ARRAY    r3, r1
    ARRAY_SET    r3, r2, r4
    MOVE         r4, r3
    JUMP         grow
""",
    "a list of larger and larger arrays": """
    LOAD_CONST   r1, 1000
    LOAD_CONST   r2, 0
    LOAD_CONST   r4, 0
    LOAD_CONST   r5, 1
grow:
    NEW_ARRAY    r3, r1
    ARRAY_SET    r3, r2, r4
    MOVE         r4, r3
    ADD          r1, r1, r5
    JUMP         grow
""",
    "a dict": """
    LOAD_CONST   r1, 0
    LOAD_CONST   r2, 1
    LOAD_CONST   r4, "a key that is not short: "
    DICT_NEW     r5
grow:
    CONCAT_STR   r3, r4, r1
    DICT_SET     r5, r3, r1
    ADD          r1, r1, r2
    JUMP         grow
""",
    "a doubling string": """
    LOAD_CONST   r1, "x"
grow:
    ADD          r1, r1, r1
    STR_LEN      r2, r1
    EQ           r3, r1, r2
    JUMP         grow
""",
    "a doubling string that is looked at": """
    LOAD_CONST   r1, "x"
    LOAD_CONST   r4, "y"
grow:
    ADD          r1, r1, r1
    LT           r3, r1, r4
    JUMP         grow
""",
    "a growing string": """
    LOAD_CONST   r1, ""
    LOAD_CONST   r2, "a text of thirty-two characters."
    LOAD_CONST   r4, "y"
grow:
    ADD          r1, r1, r2
    JUMP         grow
""",
    "globals that hold each other": """
    LOAD_CONST   r1, 10
    LOAD_CONST   r2, 3
grow:
    NEW_ARRAY    r3, r1
    LOAD_GLOBAL  r4, "last"
    ARRAY_SET    r3, r2, r4
    STORE_GLOBAL r3, "last"
    JUMP         grow
""",
}


# ____________________________________________________________ too much


@pytest.mark.parametrize("size", ["9223372036854775807", "1152921504606846976", "1152921504606846975", "100000000000000"])
@pytest.mark.parametrize("mode", JIT_MODES)
def test_an_array_larger_than_any_memory(size: str, mode: str, tmp_path: Path) -> None:
    text = BEGUN + f"LOAD_CONST r0, {size}\nNEW_ARRAY r1, r0\nRETURN r1"
    assert_fails(run_text(tmp_path, text, *JIT_MODES[mode]), "Out of memory", b"begun\n")


@pytest.mark.parametrize("limit", LIMITS)
def test_an_array_larger_than_the_limit(limit: str, tmp_path: Path) -> None:
    text = BEGUN + "LOAD_CONST r0, 300000000\nNEW_ARRAY r1, r0\nLOAD_CONST r2, 0.5\nLOAD_CONST r3, 7\nARRAY_SET r1, r3, r2\nRETURN r2"
    assert_fails(run_text(tmp_path, text, surroundings=limited(**{LIMITS[limit]: 2000 * MIB})), "Out of memory", b"begun\n")


def test_a_hot_loop_whose_last_array_is_too_large(tmp_path: Path) -> None:
    text = BEGUN + """
    LOAD_CONST   r1, 5000
    LOAD_CONST   r2, 1
    LOAD_CONST   r3, 10
turn:
    NEW_ARRAY    r4, r3
    SUB          r1, r1, r2
    JUMP_IF      r1, turn
    LOAD_CONST   r3, 9223372036854775807
    JUMP         turn
"""
    for options in JIT_MODES.values():
        assert_fails(run_text(tmp_path, text, *options), "Out of memory", b"begun\n")


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("name", GROWING)
def test_a_program_that_grows_without_bound(name: str, limit: str, tmp_path: Path) -> None:
    surroundings = limited(**{LIMITS[limit]: 1200 * MIB})
    assert_fails(run_text(tmp_path, BEGUN + GROWING[name], surroundings=surroundings), "Out of memory", b"begun\n")


def test_a_program_that_grows_without_bound_and_without_the_jit(tmp_path: Path) -> None:
    text = BEGUN + GROWING["a list of small arrays"]
    assert_fails(run_text(tmp_path, text, *JIT_OFF, surroundings=limited(AS=1200 * MIB)), "Out of memory", b"begun\n")


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("size", [64, 128, 256, 512])
def test_little_memory_is_enough_or_an_error(size: int, limit: str, tmp_path: Path) -> None:
    """Where not even a small program can run, that is said, and no signal ends it."""
    outcome = run_text(tmp_path, HELLO, surroundings=limited(**{LIMITS[limit]: size * MIB}))
    assert outcome.status in (0, 1), outcome
    assert bool(outcome.status) == bool(outcome.err)
    assert outcome.out == (b"" if outcome.status else b"Hello, world!\n")


def test_garbage_is_no_growth(tmp_path: Path) -> None:
    """Gigabytes pass through a memory that holds a part of them."""
    text = """
    LOAD_CONST   r0, 30000
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, 10000
turn:
    NEW_ARRAY    r3, r2
    LOAD_CONST   r5, 0
    ARRAY_SET    r3, r5, r0
    STORE_GLOBAL r3, "last"
    SUB          r0, r0, r1
    JUMP_IF      r0, turn
"""
    assert_ends(run_text(tmp_path, text, surroundings=limited(AS=1200 * MIB)), b"")


# ____________________________________________________________ deeply nested


def nested(kind: str, ending: str) -> str:
    """r5 and r6 become two equal values, each nested NESTING deep around 7; then `ending`, with r0 NESTING and r9 0."""
    if kind == "array":
        wrap = "    NEW_ARRAY    r4, r1\n    ARRAY_SET    r4, r9, r{0}\n    MOVE         r{0}, r4\n"
    else:
        wrap = "    DICT_NEW     r4\n    DICT_SET     r4, r8, r{0}\n    MOVE         r{0}, r4\n"
    return f"""
    LOAD_CONST   r0, 0
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, {NESTING}
    LOAD_CONST   r5, 7
    LOAD_CONST   r6, 7
    LOAD_CONST   r8, "k"
    LOAD_CONST   r9, 0
deeper:
{wrap.format(5)}{wrap.format(6)}
    ADD          r0, r0, r1
    LT           r7, r0, r2
    JUMP_IF      r7, deeper
{ending}
"""


FORMS = {
    "array": (b"Array([", b"])", b"[", b"]"),
    "dict": (b'Dict({"k": ', b"})", b"{k: ", b"}"),
}


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("ending", ["print", "return", "cast", "concatenate"])
def test_the_text_of_a_deeply_nested_value(ending: str, kind: str, tmp_path: Path) -> None:
    opening, closing, short_opening, short_closing = FORMS[kind]
    debug = opening * NESTING + b"Int(7)" + closing * NESTING
    short = short_opening * NESTING + b"7" + short_closing * NESTING
    text, expected = {
        "print": ("DEBUG_PRINT r5", debug + b"\n"),
        "return": ("RETURN r5", b"Result: " + debug + b"\n"),
        "cast": ("CAST r5, r5, string\nDEBUG_PRINT r5", short + b"\n"),
        "concatenate": ("CONCAT_STR r5, r5, r6\nDEBUG_PRINT r5", short + short + b"\n"),
    }[ending]
    assert_ends(run_text(tmp_path, nested(kind, text)), expected)


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("mode", JIT_MODES)
def test_deeply_nested_values_compare(mode: str, kind: str, tmp_path: Path) -> None:
    text = nested(kind, """
    EQ           r7, r5, r6
    DEBUG_PRINT  r7
    EQ           r7, r5, r5
    DEBUG_PRINT  r7
    EQ           r7, r5, r4
    DEBUG_PRINT  r7
    NEW_ARRAY    r4, r1
    ARRAY_SET    r4, r9, r5
    NEQ          r7, r4, r6
    DEBUG_PRINT  r7
""")
    assert_ends(run_text(tmp_path, text, *JIT_MODES[mode]), b"true\ntrue\ntrue\ntrue\n")


def test_deeply_nested_values_are_stored_changed_and_thrown_away(tmp_path: Path) -> None:
    text = nested("array", """
    STORE_GLOBAL r5, "kept"
    LOAD_CONST   r3, 8
    ARRAY_SET    r5, r9, r3
    DEBUG_PRINT  r5
    LOAD_GLOBAL  r4, "kept"
    EQ           r4, r4, r6
    DEBUG_PRINT  r4
    STORE_GLOBAL r3, "kept"
    LOAD_CONST   r6, 0
    LOAD_CONST   r0, 10000000
    NEW_ARRAY    r0, r0
    DEBUG_PRINT  r9
""")
    assert_ends(run_text(tmp_path, text), b"Array([Int(8)])\ntrue\n0\n")


# ____________________________________________________________ small programs are small


def test_hello_takes_little_memory(tmp_path: Path) -> None:
    """Measured from outside, while the program still runs."""
    process = start(program(tmp_path, counting(20_000, spinning())))
    try:
        assert process.stdout
        assert process.stdout.read(10) == counted(5)
        status = Path(f"/proc/{process.pid}/status").read_text()
        peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
        assert 1000 < int(peak) < 20_000
    finally:
        kill(process)
    outcome = run("--stats", program(tmp_path, HELLO))
    reported = outcome.err.decode().split("peak memory: ")[1].split()[0]
    assert 1000 < int(reported) < 20_000


def test_hello_takes_little_time(tmp_path: Path) -> None:
    path = str(program(tmp_path, HELLO))
    with open(os.devnull, "r+b") as null:
        actions = [(os.POSIX_SPAWN_DUP2, null.fileno(), descriptor) for descriptor in range(3)]
        gc.collect()
        times = []
        for _ in range(20):
            began = time.perf_counter()
            process = os.posix_spawnp(COMMAND[0], [*COMMAND, path], os.environ, file_actions=actions)
            _, status = os.waitpid(process, 0)
            times.append(time.perf_counter() - began)
            assert status == 0
    assert min(times) < 0.005


def test_a_long_loop_does_not_grow(tmp_path: Path) -> None:
    """Boxes that live for one turn are collected, with the JIT and without."""
    text = counting(1, """
    LOAD_CONST   r2, 3000000
    LOAD_CONST   r5, "x"
turn:
    CONCAT_STR   r4, r5, r2
    SUB          r2, r2, r1
    JUMP_IF      r2, turn
""")
    for options in JIT_MODES.values():
        outcome = run("--stats", *options, program(tmp_path, text))
        assert outcome.status == 0
        assert int(outcome.err.decode().split("peak memory: ")[1].split()[0]) < 30_000


# ____________________________________________________________ large pages


LARGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")


@pytest.mark.skipif(not LARGE_PAGES.exists(), reason="this system has no large pages")
@pytest.mark.parametrize("options, asked", [((), True), (("--without", "large-pages"), False)], ids=["with", "without"])
def test_the_system_is_asked_for_large_pages_where_a_large_array_stands(
    options: tuple[str, ...], asked: bool, tmp_path: Path
) -> None:
    array = """
    LOAD_CONST   r2, 64000000
    NEW_ARRAY    r3, r2
    LOAD_CONST   r4, 0
    LOAD_CONST   r5, true
    ARRAY_SET    r3, r4, r5
    STORE_GLOBAL r3, "kept"
"""
    process = start(*options, program(tmp_path, array + counting(20_000, spinning())))
    try:
        assert process.stdout
        assert process.stdout.read(10) == counted(5)
        areas = re.findall(r"^Size: +(\d+) kB$.*?^VmFlags: ([^\n]*)$", Path(f"/proc/{process.pid}/smaps").read_text(), re.M | re.S)
        large = [flags.split() for size, flags in areas if int(size) * 1024 > 50_000_000 and "wr" in flags.split()]
        assert any("hg" in flags for flags in large) == asked
    finally:
        kill(process)
