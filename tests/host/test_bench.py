"""The programs of the benchmark suite, in both shapes and in every language that is installed, give
the same answers.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bench import contestants as who
from bench import workshop
from bench.straight_line import INSTRUCTIONS
from bench.suite import BENCHMARKS, COMPILED, HAND, SHAPES, Benchmark, UnknownBenchmark, named
from bench.timing import Contestant, TooSlow, WrongAnswer, measure, run_command
from pymdvm.bytecode import write
from tests.host.made_programs import TOP
from tests.host.markers import needs_gcc

LANGUAGES = ("c", "py", "js", "lua")


def vm_command() -> list[str]:
    """The VM to test: the command in MDVM_BINARY, else the built one, else the untranslated one."""
    built = TOP / "mdvm-c"
    asked = os.environ.get("MDVM_BINARY", str(built) if built.exists() else "untranslated")
    return [sys.executable, "-m", "mdvm.main"] if asked == "untranslated" else shlex.split(asked)


def output_of(command: list[str]) -> str:
    result = subprocess.run(command, cwd=TOP, capture_output=True, timeout=300, check=False)
    assert (result.returncode, result.stderr.decode()) == (0, "")
    return result.stdout.decode().strip()


def answer_of(benchmark: Benchmark) -> str:
    """What the program in Python prints."""
    return output_of(
        [sys.executable, str(workshop.script(benchmark.name, "py")), str(benchmark.small)]
    )


@pytest.mark.parametrize("benchmark", BENCHMARKS, ids=lambda benchmark: benchmark.name)
def test_both_shapes_give_the_answer_of_the_program_in_python(
    benchmark: Benchmark, tmp_path: Path
) -> None:
    answer = answer_of(benchmark)
    for shape in SHAPES:
        path = tmp_path / "program.mdbc"
        path.write_bytes(write(workshop.program(benchmark.name, benchmark.small, shape)))
        assert output_of([*vm_command(), str(path)]) == f"Result: Int({answer})", shape


@pytest.mark.parametrize("benchmark", BENCHMARKS, ids=lambda benchmark: benchmark.name)
def test_the_peers_give_that_answer(benchmark: Benchmark) -> None:
    answer = answer_of(benchmark)
    for name in (who.C, who.LUAJIT, who.LUA, who.PYPY, who.NODE):
        if who.is_there(name):
            assert output_of(who.command(name, benchmark, benchmark.small)) == answer, name


@needs_gcc
def test_the_answers_of_the_suite_are_those_of_the_programs_in_c() -> None:
    for benchmark in BENCHMARKS:
        command = who.command(who.C, benchmark, benchmark.size)
        assert output_of(command) == str(benchmark.answer), benchmark.name


def test_every_program_is_there_in_every_language_and_in_the_suite() -> None:
    names = {benchmark.name for benchmark in BENCHMARKS}
    written = names - {workshop.GENERATED}
    assert {path.stem for path in (TOP / "bench" / "programs").glob("*.mdasm")} == written
    for language in LANGUAGES:
        assert {path.stem for path in (TOP / "bench" / "peers").glob(f"*.{language}")} == written


def test_the_size_that_stands_in_a_program_is_that_of_the_suite() -> None:
    for benchmark in BENCHMARKS:
        found = re.search(r"(?m)^\.const N (\d+)$", workshop.source(benchmark.name, "mdasm"))
        assert found and int(found.group(1)) == benchmark.size, benchmark.name


def test_the_straight_line_is_long() -> None:
    program = workshop.program(workshop.GENERATED, 1)
    jumps = [
        index
        for index, instruction in enumerate(program.instructions)
        if instruction.name == "JUMP_IF"
    ]
    assert len(jumps) == 1
    assert INSTRUCTIONS - 3 <= -program.instructions[jumps[0]].operands[1] <= INSTRUCTIONS + 3  # type: ignore[operator]


def test_benchmarks_are_found_by_name_in_the_order_of_the_suite() -> None:
    assert [benchmark.name for benchmark in named(["sieve", "fib"])] == ["fib", "sieve"]
    assert named([]) == list(BENCHMARKS)
    with pytest.raises(
        UnknownBenchmark, match="there is no benchmark 'fob'; there are ackermann, "
    ):
        named(["fob"])


def test_a_program_is_made_for_a_size_and_a_shape() -> None:
    hand, compiled = (workshop.program("fib", 3, shape) for shape in (HAND, COMPILED))
    assert hand.constants[0].payload == 3
    assert len(compiled.instructions) > len(hand.instructions)


@needs_gcc
def test_a_command_is_run_and_what_it_takes_is_told() -> None:
    code = "x = bytearray(40_000_000); print(sum(range(1_000_000)))"
    output, sample = run_command([sys.executable, "-c", code])
    assert output == "499999500000"
    assert 0 < sample.cpu < 60 and 0 < sample.wall < 60
    assert 40_000_000 < sample.memory < 200_000_000


@needs_gcc
def test_memory_is_that_of_the_command_and_not_of_who_starts_it() -> None:
    _, sample = run_command(["/bin/true"])
    assert sample.memory < 6_000_000


@needs_gcc
def test_what_goes_wrong_is_told() -> None:
    with pytest.raises(WrongAnswer, match="status 3, oh no"):
        run_command(["/bin/sh", "-c", "echo oh no >&2; exit 3"])
    with pytest.raises(WrongAnswer, match="status 127"):
        run_command(["/no/such/command"])
    with pytest.raises(TooSlow, match="slow was given up after 1 seconds"):
        run_command(["/bin/sleep", "20"], 1, "slow")
    with pytest.raises(WrongAnswer, match="printed 'b', not 'a'"):
        Contestant("wrong", ["/bin/echo", "b"], "a").run()


@needs_gcc
def test_contestants_take_turns(tmp_path: Path) -> None:
    log = tmp_path / "log"
    first, second = (
        Contestant(
            name, ["/bin/sh", "-c", f"echo {name} >> {log}; echo {name}"], name, rounds=rounds
        )
        for name, rounds in (("a", 3), ("b", 2))
    )
    measure([first, second], 3)
    assert log.read_text().split() == ["a", "b", "a", "b", "a"]
    assert (len(first.samples), len(second.samples)) == (3, 2)


@needs_gcc
def test_one_that_is_too_slow_is_tried_once(tmp_path: Path) -> None:
    told: list[str] = []
    slow, fast = Contestant("slow", ["/bin/sleep", "20"], ""), Contestant("fast", ["/bin/true"], "")
    measure([slow, fast], 2, longest=1, report=told.append)
    assert slow.too_slow and not slow.samples
    assert len(fast.samples) == 2
    assert told == ["slow was given up after 1 seconds"]
