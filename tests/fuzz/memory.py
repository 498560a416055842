"""mdvm-c where memory is short: limits of address space, data and stack, and control groups, of
random sizes around programs that allocate in loops.

It may give the right answer, or `Out of memory`, or `Stack overflow`, or say that there is not
enough memory to start in; it may not be killed by a signal, or say anything else.
"""

from __future__ import annotations

import random
import resource
import subprocess
import tempfile
from collections.abc import Generator, Iterable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.differential.source import assemble, listing

from .control_group import NoControlGroup, control_group, join
from .families import program_of
from .reference import OUT_OF_BUDGET, decode, evaluate
from .reference.machine import VALUE
from .settings import OFF, random_eager
from .writer import COUNTER, ONE, Writer

MIB = 1 << 20
GROUP = "GROUP"
BUDGET = 400_000
PROPER_ERRORS = (
    "Runtime error: Out of memory",
    "Runtime error: Stack overflow",
    "Failed to load bytecode: Out of memory",
)
NOT_STARTED = (
    "mdvm-c: not enough memory to start in",
    "mdvm-c: there is not as much memory as --gc-nursery asks for",
)
LOADER_FAILED = 127
FAMILIES = (
    "aliases",
    "dict_entries",
    "strings",
    "rotation",
    "elements",
    "recursion",
    "whole_programs",
    "deep_calls",
)


def growing(write: Writer) -> None:
    """A program that needs more and more until there is no more, in one of several ways."""
    rng = write.rng
    write.load(COUNTER, 0)
    write.load(ONE, 1)
    write.load(10, "a key that is not short")
    write.load(11, rng.choice((2, 3, 100, 1000, 100_000, 3_000_000)))
    write.op("DICT_NEW", 12)
    write.load(13, "f")
    write.load(14, None)
    again = write.label()
    write.mark(again)
    way = rng.randrange(6)
    if way == 0:
        write.op("NEW_ARRAY", 15, 11)
        write.load(16, 0)
        write.op("ARRAY_SET", 15, 16, rng.choice((14, COUNTER)))
        write.op("ARRAY_SET", 15, 16, 14)
        write.op("MOVE", 14, 15)
    elif way == 1:
        write.op("CONCAT_STR", 15, 10, COUNTER)
        write.op("DICT_SET", 12, 15, rng.choice((COUNTER, 15, 12)))
    elif way == 2:
        write.op(rng.choice(("ADD", "CONCAT_STR")), 10, 10, rng.choice((10, 17)))
        write.load(17, "x" * rng.choice((1, 16, 200)))
        write.op("EQ", 18, 10, 17)
    elif way == 3:
        write.op("CALL", 13, 14, (COUNTER, 10, 12))
    elif way == 4:
        write.op("NEW_ARRAY", 15, 11)
        write.load(16, 1)
        write.load(17, rng.choice((1.5, 3, True, "x")))
        write.op("ARRAY_SET", 15, 16, 17)
        write.op("ARRAY_SET", 15, 16, 14)
        write.op("MOVE", 14, 15)
    else:
        write.op("NEW_ARRAY", 15, 11)
        write.op("ADD", 11, 11, 11)
    write.op("ADD", COUNTER, COUNTER, ONE)
    write.op("JUMP", again)
    write.function("f")
    write.op("NEW_ARRAY", 5, 11) if rng.random() < 0.5 else write.op("MOVE", 5, 0)
    write.op("CALL", 13, 6, (0, 1, 2))
    write.op("EQ", 7, 5, 6)
    write.op("RETURN", 5)


@dataclass(frozen=True)
class ShortOfMemory:
    """A program and what it is run with.  limits: resource.RLIMIT_... to bytes, or GROUP, of a
    control group.  answer: its output
    if it ends, None if it never does.
    """

    data: bytes
    text: str
    options: tuple[str, ...]
    limits: dict[str, int]
    answer: str | None


@dataclass(frozen=True)
class MemoryFinding:
    """An end that is not proper."""

    seed: object
    number: int
    case: ShortOfMemory
    what: str

    def report(self) -> str:
        limits = ", ".join(
            f"{name} {value} ({value // MIB} MiB)" for name, value in self.case.limits.items()
        )
        return f"seed {self.seed}, number {self.number}: mdvm-c {' '.join(self.case.options)}\n{limits}\n{self.what}\n"


def case_of(seed: object, number: int) -> ShortOfMemory:
    """The case that a seed and a number stand for."""
    rng = random.Random(f"memory {seed}/{number}")
    answer = None
    if rng.random() < 0.4:
        items = program_of(rng.choice(FAMILIES), f"memory {seed}/{number}", rng.choice((50, 3000)))
        judgement = evaluate(decode(assemble(items)), BUDGET)
        if judgement.ending == VALUE and judgement.ending != OUT_OF_BUDGET:
            answer = judgement.output
    else:
        write = Writer(rng)
        growing(write)
        items = write.items
    jit = rng.choice(("default", OFF.jit, random_eager(rng).jit))
    options = ["-q", *(("--jit", jit) if jit != "default" else ())]
    if rng.random() < 0.3:
        options += ["--gc-nursery", rng.choice(("64K", "512K", "16M", "100M"))]
    limits = {}
    kinds = rng.choice(
        (
            ("AS",),
            ("AS",),
            ("DATA",),
            ("AS", "STACK"),
            ("STACK", "AS"),
            ("DATA", "STACK"),
            (GROUP,),
            (GROUP,),
        )
    )
    if GROUP in kinds:
        limits[GROUP] = rng.randint(40, 600) * MIB
    if "AS" in kinds:
        limits["AS"] = rng.randint(20, 900) * MIB + rng.randrange(MIB) // 4096 * 4096
    if "DATA" in kinds:
        limits["DATA"] = rng.randint(2, 700) * MIB
    if "STACK" in kinds:
        limits["STACK"] = rng.choice((128 << 10, 1 * MIB, 8 * MIB, 64 * MIB, 1024 * MIB))
    return ShortOfMemory(assemble(items), listing(items), tuple(options), limits, answer)


def problem_of(case: ShortOfMemory, binary: Path, seconds: float) -> str:
    """What is not proper about how a case ends; "" if nothing is.  Raises NoControlGroup."""
    limited = control_group(case.limits[GROUP]) if GROUP in case.limits else nullcontext()
    with limited as group, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.mdbc"
        path.write_bytes(case.data)

        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            if group is not None:
                join(group)
            for name, value in case.limits.items():
                if name == GROUP:
                    continue
                number = getattr(resource, f"RLIMIT_{name}")
                with suppress(ValueError):  # above the hard limit
                    resource.setrlimit(number, (value, value))

        try:
            done = subprocess.run(
                [str(binary), *case.options, str(path)],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=seconds,
                preexec_fn=limit,
            )
        except subprocess.TimeoutExpired:
            return f"it still runs after {seconds:g} s"
        except (OSError, subprocess.SubprocessError):
            return ""  # the limits are too low for any process to start in
    errors = done.stderr.decode("utf-8", "replace")
    if done.returncode == 0 and not errors:
        if case.answer is not None and done.stdout.decode("utf-8") != case.answer:
            return "it ends well with another output than without limits"
        return ""
    started = not errors.startswith(NOT_STARTED) and done.returncode != LOADER_FAILED
    if done.returncode == 1 and errors.startswith(PROPER_ERRORS):
        return ""
    if not started or (
        done.returncode == 1 and case.answer is None and errors.startswith("Runtime error: ")
    ):
        return ""
    return f"exit status {done.returncode}: {errors[-1500:]}"


def findings(
    binary: Path, seed: object, numbers: Iterable[int], seconds: float = 120.0
) -> Generator[MemoryFinding, None, None]:
    """Runs the cases; what does not end properly."""
    for number in numbers:
        case = case_of(seed, number)
        try:
            problem = problem_of(case, binary, seconds)
        except NoControlGroup:
            continue
        if problem:
            yield MemoryFinding(seed, number, case, problem)
