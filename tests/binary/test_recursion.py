"""Nested calls: 100,000 of them always work, endless ones are `Stack overflow` and never a signal,
--max-depth is exact.
"""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from tests.binary.binary import (
    JIT_MODES,
    KIB,
    assert_ends,
    assert_fails,
    limited,
    run,
    run_text,
)
from tests.binary.sample_programs import counting, recursion

# `ulimit -s`, in KiB.
STACK_LIMITS = {"8192": 8192 * KIB, "1024": 1024 * KIB, "unlimited": resource.RLIM_INFINITY}
CALLS = 100_000
WIDE = 200


def registers(first: int, end: int) -> str:
    return ", ".join(f"r{register}" for register in range(first, end))


PLAIN = """
.func main
    LOAD_CONST   r0, "main"
    CALL         r1, r0()
    RETURN       r1
"""

MUTUAL = """
.func main
    LOAD_CONST   r1, "Pong"
    CALL         r2, r1(r1)
    RETURN       r2
.func Pong
    LOAD_CONST   r3, "main"
    CALL         r2, r3(r0, r3)
    ADD          r2, r2, r0
    RETURN       r2
"""

# The call is not the last thing that a frame does, so every register of it lives on.
WIDE_FRAMES = (
    ".func main\n"
    + "".join(f"    LOAD_CONST   r{register}, {register}\n" for register in range(WIDE))
    + '    LOAD_CONST   r250, "main"\n    CALL         r251, r250()\n'
    + "".join(f"    ADD          r0, r0, r{register}\n" for register in range(WIDE))
    + "    RETURN       r0\n"
)

# Each turn calls something that comes back, until the call that never does.
IN_A_LOOP = """
.func main
    LOAD_CONST   r0, 3000
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, "Down"
turn:
    SUB          r0, r0, r1
    LOAD_CONST   r3, 3
    JUMP_IF      r0, call
    LOAD_CONST   r3, -1
call:
    CALL         r4, r2(r3)
    JUMP         turn
.func Down
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, "Down"
    JUMP_IF_NOT  r0, bottom
    SUB          r0, r0, r1
    CALL         r3, r2(r0)
    RETURN       r3
bottom:
    RETURN       r0
"""

MANY_ARGUMENTS = f"""
.func main
    LOAD_CONST   r255, "main"
    CALL         r255, r255({registers(0, 255)})
    ADD          r0, r254, r253
    RETURN       r0
"""


def changing_arguments(count: int) -> str:
    """Each call gets other numbers than its caller."""
    return (
        ".func main\n"
        + "".join(f"    LOAD_CONST   r{register}, {register}\n" for register in range(count))
        + '    LOAD_CONST   r253, "main2"\n'
        + f"    CALL         r253, r253({registers(0, count)})\n    RETURN       r253\n"
        + '.func main2\n    LOAD_CONST   r253, "main2"\n    LOAD_CONST   r254, 1\n'
        + "".join(f"    ADD          r{register}, r{register}, r254\n" for register in range(count))
        + f"    CALL         r253, r253({registers(0, count)})\n"
        + "".join(f"    ADD          r0, r0, r{register}\n" for register in range(count))
        + "    RETURN       r0\n"
    )


THROUGH_A_GLOBAL = """
.func main
    LOAD_CONST   r0, "Deeper"
    STORE_GLOBAL r0, "next"
    LOAD_CONST   r1, 0
    CALL         r2, r0(r1)
    RETURN       r2
.func Deeper
    LOAD_CONST   r1, 1
    ADD          r0, r0, r1
    LOAD_GLOBAL  r2, "next"
    CALL         r3, r2(r0)
    RETURN       r3
"""

BY_ENTRY = """
.func main
    LOAD_CONST   r0, 0
    CALL         r1, r0()
    RETURN       r1
"""

SLIM = {
    "plain": PLAIN,
    "mutual": MUTUAL,
    "in a loop": IN_A_LOOP,
    "through a global": THROUGH_A_GLOBAL,
    "by entry": BY_ENTRY,
}


@pytest.mark.parametrize("mode", JIT_MODES)
@pytest.mark.parametrize("stack", STACK_LIMITS)
def test_a_hundred_thousand_nested_calls(stack: str, mode: str, tmp_path: Path) -> None:
    outcome = run_text(
        tmp_path,
        recursion(CALLS),
        *JIT_MODES[mode],
        surroundings=limited(STACK=STACK_LIMITS[stack]),
    )
    assert_ends(outcome, b"Result: Int(%d)\n" % CALLS)


@pytest.mark.parametrize("mode", JIT_MODES)
@pytest.mark.parametrize("name", SLIM)
def test_endless_recursion(name: str, mode: str, tmp_path: Path) -> None:
    assert_fails(run_text(tmp_path, SLIM[name], *JIT_MODES[mode]), "Stack overflow")


@pytest.mark.parametrize("mode", JIT_MODES)
@pytest.mark.parametrize("name", SLIM)
def test_endless_recursion_ends_soon_and_takes_little(name: str, mode: str, tmp_path: Path) -> None:
    """Also where compiled code takes little of the stack, but much of the heap for its frames. The
    less of the stack a call takes, the more calls there are, and frames.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    outcome = run_text(tmp_path, SLIM[name], *JIT_MODES[mode], "--stats")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert outcome.err.startswith(b"Runtime error: Stack overflow\n")
    assert int(outcome.err.decode().split("peak memory: ")[1].split()[0]) < 350 * KIB
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2


@pytest.mark.parametrize("stack", ["1024", "unlimited"])
def test_endless_recursion_under_other_limits_of_the_stack(stack: str, tmp_path: Path) -> None:
    assert_fails(
        run_text(tmp_path, MUTUAL, surroundings=limited(STACK=STACK_LIMITS[stack])),
        "Stack overflow",
    )


# Frames of many registers: of some nothing is passed on, of others everything, or everything anew.
WIDE_PROGRAMS = {
    "200 registers": WIDE_FRAMES,
    "255 arguments": MANY_ARGUMENTS,
    **{f"{count} arguments that change": changing_arguments(count) for count in (13, 30, 250)},
}


@pytest.mark.parametrize("mode", JIT_MODES)
@pytest.mark.parametrize("name", WIDE_PROGRAMS)
def test_endless_recursion_with_wide_frames(name: str, mode: str, tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    outcome = run_text(tmp_path, WIDE_PROGRAMS[name], *JIT_MODES[mode], "--stats")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert outcome.err.startswith(b"Runtime error: Stack overflow\n")
    # beside the frames there are the values in them, which are the program's own
    most = 450 if "change" in name else 300
    assert int(outcome.err.decode().split("peak memory: ")[1].split()[0]) < most * KIB
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2


@pytest.mark.parametrize("mode", JIT_MODES)
def test_a_hundred_thousand_nested_calls_of_wide_frames(mode: str, tmp_path: Path) -> None:
    text = f"""
.func main
{"".join(f"    LOAD_CONST   r{register}, {register}{chr(10)}" for register in range(1, 70))}
    LOAD_CONST   r0, {CALLS}
    LOAD_CONST   r100, "Deep"
    CALL         r0, r100({registers(0, 70)})
    RETURN       r0
.func Deep
    LOAD_CONST   r101, 1
    JUMP_IF_NOT  r0, bottom
    SUB          r0, r0, r101
    LOAD_CONST   r100, "Deep"
    CALL         r0, r100({registers(0, 70)})
bottom:
{"".join(f"    ADD          r0, r0, r{register}{chr(10)}" for register in range(1, 70))}
    RETURN       r0
"""
    expected = sum(range(1, 70)) * (CALLS + 1)
    assert_ends(run_text(tmp_path, text, *JIT_MODES[mode]), b"Result: Int(%d)\n" % expected)


def test_what_was_printed_before_the_overflow_is_there(tmp_path: Path) -> None:
    outcome = run_text(
        tmp_path,
        ".func main\n"
        + counting(3, '    LOAD_CONST r0, "Deep"\n    CALL r1, r0()\n')
        + '.func Deep\n    LOAD_CONST r0, "Deep"\n    CALL r1, r0()\n    RETURN r1\n',
    )
    assert_fails(outcome, "Stack overflow", b"0\n1\n2\n")


def test_all_arguments_arrive_in_every_call(tmp_path: Path) -> None:
    """Each call shifts its 254 arguments by one: after 254 calls each stands where it stood."""
    text = f"""
.func main
{"".join(f"    LOAD_CONST   r{register}, {register}{chr(10)}" for register in range(254))}
    LOAD_CONST   r254, {254 * 40}
    LOAD_CONST   r255, "Shift"
    CALL         r0, r255({registers(0, 255)})
    RETURN       r0
.func Shift
    JUMP_IF_NOT  r254, done
    LOAD_CONST   r255, 1
    SUB          r254, r254, r255
    LOAD_CONST   r255, "Shift"
    CALL         r255, r255({registers(1, 254)}, r0, r254)
    RETURN       r255
done:
    LOAD_CONST   r255, 0
{
        "".join(
            f'''    LOAD_CONST   r254, {register}
    SUB          r254, r{register}, r254
    JUMP_IF      r254, wrong
'''
            for register in range(254)
        )
    }
    LOAD_CONST   r255, true
wrong:
    RETURN       r255
"""
    for options in JIT_MODES.values():
        assert_ends(run_text(tmp_path, text, *options), b"Result: Bool(true)\n")


# ____________________________________________________________ --max-depth


@pytest.mark.parametrize("mode", JIT_MODES)
@pytest.mark.parametrize("depth", [1, 2, 10, 1000, 5000])
def test_max_depth_is_exact(depth: int, mode: str, tmp_path: Path) -> None:
    assert_ends(
        run_text(tmp_path, recursion(depth), *JIT_MODES[mode], "--max-depth", str(depth)),
        b"Result: Int(%d)\n" % depth,
    )
    assert_fails(
        run_text(tmp_path, recursion(depth), *JIT_MODES[mode], f"--max-depth={depth - 1}"),
        "Stack overflow",
    )


@pytest.mark.parametrize("mode", JIT_MODES)
def test_max_depth_counts_calls_that_came_back_no_more(mode: str, tmp_path: Path) -> None:
    """3,000 calls to depth 4 stay within it, however they were compiled; the endless one at the end
    does not.
    """
    text = IN_A_LOOP.replace("JUMP         turn", "JUMP_IF      r0, turn").replace(
        "LOAD_CONST   r3, -1", "LOAD_CONST   r3, {last}"
    )
    text = text.replace(".func Down", "    RETURN       r4\n.func Down")
    assert_ends(
        run_text(tmp_path, text.format(last=3), *JIT_MODES[mode], "--max-depth", "4"),
        b"Result: Int(0)\n",
    )
    assert_fails(
        run_text(tmp_path, text.format(last=4), *JIT_MODES[mode], "--max-depth", "4"),
        "Stack overflow",
    )


def test_max_depth_0_allows_no_call(tmp_path: Path) -> None:
    assert_fails(run_text(tmp_path, recursion(1), "--max-depth", "0"), "Stack overflow")
    assert_ends(
        run_text(tmp_path, "LOAD_CONST r0, 1\nRETURN r0", "--max-depth", "0"), b"Result: Int(1)\n"
    )


def test_a_max_depth_beyond_the_stack_is_no_promise(tmp_path: Path) -> None:
    assert_fails(run_text(tmp_path, PLAIN, "--max-depth", "1000000000"), "Stack overflow")


def test_max_depth_does_not_change_what_runs_within_it(tmp_path: Path) -> None:
    path = tmp_path / "program.mdbc"
    plain = run_text(tmp_path, recursion(500))
    assert run("--max-depth", "1000", path) == plain
