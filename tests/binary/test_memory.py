"""Memory: what is too much is `Out of memory` and no abort, deeply nested values are values, and
small programs are small.
"""

from __future__ import annotations

import gc
import os
import re
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.binary.binary import (
    COMMAND,
    DEFAULT,
    EAGER,
    JIT_MODES,
    JIT_OFF,
    KIB,
    MIB,
    WRONG_USAGE,
    Outcome,
    Surroundings,
    assert_ends,
    assert_fails,
    kill,
    limited,
    program,
    run,
    run_text,
    start,
)
from tests.binary.sample_programs import HELLO, counted, counting, recursion, spinning

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


@pytest.mark.parametrize(
    "size", ["9223372036854775807", "1152921504606846976", "1152921504606846975", "100000000000000"]
)
@pytest.mark.parametrize("mode", JIT_MODES)
def test_an_array_larger_than_any_memory(size: str, mode: str, tmp_path: Path) -> None:
    text = BEGUN + f"LOAD_CONST r0, {size}\nNEW_ARRAY r1, r0\nRETURN r1"
    assert_fails(run_text(tmp_path, text, *JIT_MODES[mode]), "Out of memory", b"begun\n")


@pytest.mark.parametrize("limit", LIMITS)
def test_an_array_larger_than_the_limit(limit: str, tmp_path: Path) -> None:
    text = (
        BEGUN
        + "LOAD_CONST r0, 300000000\nNEW_ARRAY r1, r0\nLOAD_CONST r2, 0.5\nLOAD_CONST r3, 7\nARRAY_SET r1, r3, r2\nRETURN r2"
    )
    assert_fails(
        run_text(tmp_path, text, surroundings=limited(**{LIMITS[limit]: 2000 * MIB})),
        "Out of memory",
        b"begun\n",
    )


def test_a_hot_loop_whose_last_array_is_too_large(tmp_path: Path) -> None:
    text = (
        BEGUN
        + """
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
    )
    for options in JIT_MODES.values():
        assert_fails(run_text(tmp_path, text, *options), "Out of memory", b"begun\n")


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("name", GROWING)
def test_a_program_that_grows_without_bound(name: str, limit: str, tmp_path: Path) -> None:
    surroundings = limited(**{LIMITS[limit]: 1200 * MIB})
    assert_fails(
        run_text(tmp_path, BEGUN + GROWING[name], surroundings=surroundings),
        "Out of memory",
        b"begun\n",
    )


def test_a_program_that_grows_without_bound_and_without_the_jit(tmp_path: Path) -> None:
    text = BEGUN + GROWING["a list of small arrays"]
    assert_fails(
        run_text(tmp_path, text, *JIT_OFF, surroundings=limited(AS=1200 * MIB)),
        "Out of memory",
        b"begun\n",
    )


MANY_LOOPS = (
    """
    LOAD_CONST   r1, 1
    LOAD_CONST   r9, 0
"""
    + "".join(
        f"""
    LOAD_CONST   r0, 300
loop{number}:
    ADD          r9, r9, r0
    SUB          r0, r0, r1
    JUMP_IF      r0, loop{number}
"""
        for number in range(60)
    )
    + "    RETURN       r9\n"
)

# What each prints where there is enough memory; None where there never is.
IN_LITTLE_MEMORY: dict[str, tuple[str, bytes | None]] = {
    "hello": (HELLO, b"Hello, world!\n"),
    "many compiled loops": (MANY_LOOPS, b"Result: Int(2709000)\n"),
    "small arrays": (GROWING["a list of small arrays"], None),
    "larger and larger arrays": (GROWING["a list of larger and larger arrays"], None),
    "a dict": (GROWING["a dict"], None),
    "a string": (GROWING["a growing string"], None),
    "a doubling string": (GROWING["a doubling string that is looked at"], None),
    "deep recursion": (recursion(20_000), b"Result: Int(20000)\n"),
    "endless recursion": (recursion(10**9), None),
}
NOT_EVEN_A_START = re.compile(
    rb"mdvm-c: not enough memory to start in; it needs \d+ MB of address space\n"
)
IN_LITTLE = re.compile(
    rb"(Runtime error: (Out of memory|Stack overflow)|Failed to load bytecode: Out of memory)\n"
)


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("name", IN_LITTLE_MEMORY)
def test_little_memory_is_enough_or_an_error(name: str, limit: str, tmp_path: Path) -> None:
    """Where not even a small program can run, that is said, and no signal ends it."""
    text, printed = IN_LITTLE_MEMORY[name]
    path = program(tmp_path, text)
    ended_well = 0
    for size in range(64, 704, 16 if name == "hello" else 64 + 7):
        for options in (DEFAULT, EAGER):
            outcome = run(*options, path, surroundings=limited(**{LIMITS[limit]: size * MIB}))
            if outcome.status == 0:
                assert (outcome.out, outcome.err) == (printed, b""), size
                ended_well += 1
            else:
                assert (outcome.status, outcome.out) == (1, b""), (size, outcome.short)
                assert IN_LITTLE.fullmatch(outcome.err) or NOT_EVEN_A_START.fullmatch(
                    outcome.err
                ), (size, outcome.short)
    assert bool(ended_well) == (printed is not None)


def test_a_nursery_that_the_machine_does_not_have(tmp_path: Path) -> None:
    path = program(tmp_path, HELLO)
    complaint = b"mdvm-c: there is not as much memory as --gc-nursery asks for\n"
    for size in ("999999999G", "100000G", "999999999M"):
        assert run("--gc-nursery", size, path) == Outcome(WRONG_USAGE, b"", complaint)
    assert run("--gc-nursery=600M", path, surroundings=limited(AS=700 * MIB)) == Outcome(
        WRONG_USAGE, b"", complaint
    )


# ____________________________________________________________ --max-memory


@pytest.mark.parametrize("mode", JIT_MODES)
@pytest.mark.parametrize("name", GROWING)
def test_max_memory_holds(name: str, mode: str, tmp_path: Path) -> None:
    """Up to the nursery, and what the start takes."""
    path = program(tmp_path, BEGUN + GROWING[name])
    for size in (1, 50):
        outcome = run("--max-memory", f"{size}M", "--stats", *JIT_MODES[mode], path)
        assert (outcome.status, outcome.out) == (1, b"begun\n")
        assert outcome.err.startswith(b"Runtime error: Out of memory\n")
        peak = int(outcome.err.decode().split("peak memory: ")[1].split()[0])
        assert peak < 1.06 * size * KIB + 30 * KIB


def test_max_memory_is_not_reached_by_what_is_let_go(tmp_path: Path) -> None:
    text = """
    LOAD_CONST   r0, 3000
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, 100000
    LOAD_CONST   r4, 0
next:
    NEW_ARRAY    r3, r2
    ARRAY_SET    r3, r4, r0
    STORE_GLOBAL r3, "last"
    SUB          r0, r0, r1
    JUMP_IF      r0, next
    RETURN       r0
"""
    assert_ends(run_text(tmp_path, text, "--max-memory", "10M"), b"Result: Int(0)\n")
    assert_fails(run_text(tmp_path, text, "--max-memory", "700K"), "Out of memory")


# ____________________________________________________________ control groups


def groups(folder: Path, listing: str, files: dict[str, str]) -> Surroundings:
    """A process whose control groups are these files and no others."""
    root = folder / "groups"
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content + "\n")
    (folder / "list").write_text(listing)
    names = {"MDVM_CGROUP_LIST": str(folder / "list"), "MDVM_CGROUP_ROOT": str(root)}
    return Surroundings(environment={**os.environ, **names})


V1 = "13:cpu,cpuacct:/other\n5:hugetlb,memory:/a/b\n1:name=systemd:/c\n"
V2 = "0::/a/b\n"
PLENTY = str(10**15)
LITTLE = str(100 * MIB)
CONTROL_GROUPS = {
    "version 2": (V2, {"a/b/memory.max": LITTLE, "a/b/memory.current": "1000"}),
    "version 2, one around it": (V2, {"a/b/memory.max": "max", "a/memory.max": LITTLE}),
    "version 2, the outermost": (V2, {"a/b/memory.max": PLENTY, "memory.max": LITTLE}),
    "version 2, memory.high": (V2, {"a/b/memory.max": "max", "a/b/memory.high": LITTLE}),
    "version 2, in use": (
        V2,
        {"a/b/memory.max": PLENTY, "a/b/memory.current": str(10**15 - 100 * MIB)},
    ),
    "version 2, a namespace": ("0::/\n", {"memory.max": LITTLE}),
    "version 2, files can go": (
        V2,
        {
            "a/b/memory.max": PLENTY,
            "a/b/memory.current": str(10**15),
            "a/b/memory.stat": f"anon 5\ninactive_file {100 * MIB}",
        },
    ),
    "version 1": (
        V1,
        {"memory/a/b/memory.limit_in_bytes": LITTLE, "memory/a/b/memory.usage_in_bytes": "1000"},
    ),
    "version 1, one around it": (
        V1,
        {"memory/a/b/memory.limit_in_bytes": PLENTY, "memory/memory.limit_in_bytes": LITTLE},
    ),
    "version 1, no such folder": (V1, {"memory/memory.limit_in_bytes": LITTLE}),
    "both": (V1 + V2, {"memory/a/b/memory.limit_in_bytes": LITTLE, "a/b/memory.max": "max"}),
}
NO_LIMIT_OF_GROUPS = {
    "none": ("", {}),
    "version 2": (V2, {"a/b/memory.max": "max", "a/b/memory.current": "1000"}),
    "version 1": (V1, {"memory/a/b/memory.limit_in_bytes": "9223372036854771712"}),
    "another controller": ("5:memoryless:/a\n", {"memory/a/memory.limit_in_bytes": LITTLE}),
    "nonsense": (
        "5\n:\n::\n5:memory\n\n0:memory:" + "/x" * 3000,
        {"memory/memory.limit_in_bytes": "nonsense"},
    ),
}

# It takes some 160 MB.
TWENTY_MILLION = (
    "LOAD_CONST r0, 20000000\nNEW_ARRAY r1, r0\nLOAD_CONST r2, 0\nARRAY_SET r1, r2, r0\nRETURN r2"
)


@pytest.mark.parametrize("name", CONTROL_GROUPS)
def test_the_limit_of_a_control_group_is_heeded(name: str, tmp_path: Path) -> None:
    surroundings = groups(tmp_path, *CONTROL_GROUPS[name])
    assert_fails(run_text(tmp_path, TWENTY_MILLION, surroundings=surroundings), "Out of memory")
    outcome = run(
        "--stats", program(tmp_path, GROWING["a list of small arrays"]), surroundings=surroundings
    )
    assert outcome.err.startswith(b"Runtime error: Out of memory\n")
    # Of what is left, 70 %. What these files say is used does not grow as the program does, as if
    # the rest were given back.
    stands_still = name in ("version 2, in use", "version 2, files can go")
    most = 250 * KIB if stands_still else 110 * KIB
    assert 40 * KIB < int(outcome.err.decode().split("peak memory: ")[1].split()[0]) < most


@pytest.mark.parametrize("name", NO_LIMIT_OF_GROUPS)
def test_without_a_limit_of_a_control_group(name: str, tmp_path: Path) -> None:
    surroundings = groups(tmp_path, *NO_LIMIT_OF_GROUPS[name])
    assert_ends(run_text(tmp_path, TWENTY_MILLION, surroundings=surroundings), b"Result: Int(0)\n")


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
    """r5 and r6 become two equal values, each nested NESTING deep around 7; then `ending`, with r0
    NESTING and r9 0.
    """
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
    text = nested(
        kind,
        """
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
""",
    )
    assert_ends(run_text(tmp_path, text, *JIT_MODES[mode]), b"true\ntrue\ntrue\ntrue\n")


def test_deeply_nested_values_are_stored_changed_and_thrown_away(tmp_path: Path) -> None:
    text = nested(
        "array",
        """
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
""",
    )
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
            process = os.posix_spawnp(
                COMMAND[0], [*COMMAND, path], os.environ, file_actions=actions
            )
            _, status, usage = os.wait4(process, 0)
            # A busy machine makes it wait, which says nothing.
            taken = usage.ru_utime + usage.ru_stime
            times.append(min(time.perf_counter() - began, taken))
            assert status == 0
    assert min(times) < 0.005


def test_a_long_loop_does_not_grow(tmp_path: Path) -> None:
    """Boxes that live for one turn are collected, with the JIT and without."""
    text = counting(
        1,
        """
    LOAD_CONST   r2, 3000000
    LOAD_CONST   r5, "x"
turn:
    CONCAT_STR   r4, r5, r2
    SUB          r2, r2, r1
    JUMP_IF      r2, turn
""",
    )
    for options in JIT_MODES.values():
        outcome = run("--stats", *options, program(tmp_path, text))
        assert outcome.status == 0
        assert int(outcome.err.decode().split("peak memory: ")[1].split()[0]) < 30_000


@pytest.mark.parametrize("options", JIT_MODES.values(), ids=JIT_MODES)
def test_what_survived_the_nursery_and_died_leaves_its_room(
    options: Sequence[str], tmp_path: Path
) -> None:
    """Of lists of 50,000 nodes one lives at a time. Before 64 MB were old, none was collected."""
    text = """
    LOAD_CONST   r0, 40
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, 2
    LOAD_CONST   r8, 0
round:
    LOAD_CONST   r3, 0
    LOAD_CONST   r4, 50000
node:
    NEW_ARRAY    r5, r2
    ARRAY_SET    r5, r8, r4
    ARRAY_SET    r5, r1, r3
    MOVE         r3, r5
    SUB          r4, r4, r1
    JUMP_IF      r4, node
    SUB          r0, r0, r1
    JUMP_IF      r0, round
    RETURN       r0
"""
    outcome = run("--stats", *options, program(tmp_path, text))
    assert outcome.status == 0
    assert int(outcome.err.decode().split("peak memory: ")[1].split()[0]) < 72_000


def test_objects_are_made_in_the_main_arena(tmp_path: Path) -> None:
    """In an arena of the thread's own, glibc asks the system for each page."""
    text = """
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, 200
    LOAD_CONST   r3, 10000
    NEW_ARRAY    r4, r3
next:
    SUB          r3, r3, r1
    NEW_ARRAY    r5, r2
    ARRAY_SET    r5, r1, r3
    ARRAY_SET    r4, r3, r5
    JUMP_IF      r3, next
    DEBUG_PRINT  r3
endless:
    JUMP         endless
"""
    process = start(program(tmp_path, text))
    try:
        assert process.stdout
        assert process.stdout.read(2) == b"0\n"
        maps = Path(f"/proc/{process.pid}/maps").read_text()
        heap = next(line.split()[0] for line in maps.splitlines() if line.endswith("[heap]"))
        begin, end = (int(address, 16) for address in heap.split("-"))
        assert end - begin > 8 << 20
    finally:
        kill(process)


# ____________________________________________________________ large pages


LARGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")


@pytest.mark.skipif(not LARGE_PAGES.exists(), reason="this system has no large pages")
@pytest.mark.parametrize(
    "options, asked", [((), True), (("--without", "large-pages"), False)], ids=["with", "without"]
)
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
        areas = re.findall(
            r"^Size: +(\d+) kB$.*?^VmFlags: ([^\n]*)$",
            Path(f"/proc/{process.pid}/smaps").read_text(),
            re.M | re.S,
        )
        large = [
            flags.split()
            for size, flags in areas
            if int(size) * 1024 > 50_000_000 and "wr" in flags.split()
        ]
        assert any("hg" in flags for flags in large) == asked
    finally:
        kill(process)
