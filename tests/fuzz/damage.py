"""Damaged files, one after the other in one embedded VM with all limits on.

What a file must do is judged by the evaluator where that is quick, the text of a refusal and all;
otherwise any end but a crash, a hang or a limit of time is fine. Now and then a program that is
whole must still give its answer.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Generator, Iterable
from dataclasses import dataclass, replace
from functools import cache

from tests.differential.source import assemble

from .campaign import agree, outcome_of, shown
from .families import FAMILIES, program_of
from .messages import LIMIT, LOAD_ERROR, RUN_ERROR, VALUE, Outcome
from .reference import OUT_OF_BUDGET, TOO_DEEP, LoadFailure, decode, evaluate
from .runner import TOP, Runner, Subject
from .settings import Setting, Surroundings, random_eager

JUDGED_INSTRUCTIONS = 3_000
DEPTH = 200
LIMITS = {
    "timeout": 20.0,
    "max_instructions": 20_000,
    "max_memory": 512 << 20,
    "max_output": 4 << 20,
    "max_size": 1 << 20,
}
BETWEEN_PROBES = 50
HEADER = 28
OFFSETS = (12, 16, 20, 24)
SPECIAL_WORDS = (
    0,
    1,
    2,
    0x7F,
    0x80,
    0xFF,
    0x100,
    0xFFFF,
    0x10000,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFE,
    0xFFFFFFFF,
)
OPCODES = 63  # of version 2
# Examples that compute for long.
TOO_LONG = ("mandelbrot", "sieve")


@cache
def whole_files() -> tuple[bytes, ...]:
    """What is damaged: the examples, and short programs of every family."""
    from pymdvm.assembler import assemble as assemble_text
    from pymdvm.bytecode import write

    examples = [
        write(assemble_text(path.read_text(encoding="utf-8")))
        for path in sorted((TOP / "examples").glob("*.mdasm"))
        if path.stem not in TOO_LONG
    ]
    made = [
        assemble(program_of(name, f"damage {number}", 6))
        for name in sorted(FAMILIES)
        for number in range(6)
    ]
    return (*examples, *made)


def damaged(seed: object, number: int) -> bytes:
    """The file that a seed and a number stand for."""
    rng = random.Random(f"damage {seed}/{number}")
    data = bytearray(rng.choice(whole_files()))
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 6))):
        _damage(data, rng)
    return bytes(data)


def _damage(data: bytearray, rng: random.Random) -> None:
    if len(data) < 8:
        data += bytes(rng.randrange(256) for _ in range(20))
    size = len(data)
    at = rng.randrange(size)
    instructions = min(struct.unpack_from("<I", data, 24)[0], size - 1) if size >= HEADER else 0
    action = rng.choice(_ACTIONS)
    if action == -1:
        _change_operand(data, rng)
        return
    if action <= 2:
        at = rng.randrange(instructions, size)  # most of the VM is behind the instructions
    if action in (0, 3):
        data[at] ^= 1 << rng.randrange(8)
    elif action in (1, 4):
        data[at] = rng.choice((rng.randrange(256), rng.randrange(OPCODES), 0, 255))
    elif action == 2:
        step = rng.choice((1, 2, 3, 4))
        data[at : at + step] = bytes(rng.randrange(OPCODES) for _ in range(step))
    elif action == 5:
        del data[at:]
    elif action == 6:
        del data[at : at + rng.randrange(1, 9)]
    elif action == 7:
        data[at:at] = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 9)))
    elif action == 8:
        data[at : at + 4] = struct.pack("<I", rng.choice(SPECIAL_WORDS))
    elif action == 9 and size >= HEADER:
        field = rng.choice(OFFSETS)
        other_offset = struct.unpack_from("<I", data, rng.choice(OFFSETS))[0]
        data[field : field + 4] = struct.pack(
            "<I", rng.choice((rng.randrange(size + 2), other_offset))
        )
    elif action == 10:
        other = rng.choice(whole_files())
        data[at:] = other[rng.randrange(len(other)) :]
    elif action == 11 and size >= HEADER:
        # A count at the beginning of a section.
        place = struct.unpack_from("<I", data, rng.choice(OFFSETS))[0]
        if place + 4 <= size:
            count = struct.unpack_from("<I", data, place)[0]
            data[place : place + 4] = struct.pack(
                "<I", rng.choice(((count + rng.randint(-2, 2)) % 2**32, rng.choice(SPECIAL_WORDS)))
            )
    elif action == 12:
        end = rng.randrange(at, min(size, at + 40) + 1)
        data[rng.randrange(size) : 0] = data[at:end]
    elif action == 13 and size >= HEADER:
        data[4:8] = struct.pack("<I", rng.choice((1, 2, 2, 3)))  # another contract
    else:
        data += bytes(rng.randrange(256) for _ in range(rng.randrange(1, 60)))


# By what they do below; the first one, which keeps files loading, half of the time.
_ACTIONS = (*[-1] * 16, *range(15), 0, 2)


def _change_operand(data: bytearray, rng: random.Random) -> None:
    """Another byte behind some opcode, or another opcode whose operands take as much room."""
    try:
        module = decode(bytes(data))
    except LoadFailure:
        return
    places = [*module.places, len(data)]
    if len(places) < 2:
        return
    number = rng.randrange(len(places) - 1)
    begin, end = places[number], places[number + 1]
    if rng.random() < 0.3:
        alike = [
            number
            for number in range(len(places) - 1)
            if places[number + 1] - places[number] == end - begin
        ]
        data[begin] = data[places[rng.choice(alike)]]
    elif end - begin > 1:
        at = rng.randrange(begin + 1, end)
        near = (data[at] + rng.choice((1, -1))) % 256
        data[at] = rng.choice(
            (rng.randrange(256), rng.randrange(16), near, data[rng.randrange(len(data))])
        )


@dataclass(frozen=True)
class DamageFinding:
    """A file with which the VM did something that it must not.  expected: None if anything proper
    would have done.
    """

    seed: object
    number: int
    setting: Setting
    data: bytes
    expected: Outcome | None
    got: Outcome

    def report(self) -> str:
        wanted = shown(self.expected, self.got) if self.expected else "any proper end"
        got = shown(self.got, self.expected or self.got)
        return f"seed {self.seed}, damaged file {self.number}; {self.setting}\nexpected {wanted}\ngot      {got}\n"


# What a file may do that the evaluator knows nothing of: anything that ends properly, or be refused.
ANYTHING = Outcome("anything")


def judged(data: bytes) -> Outcome | None:
    """What a file must do; None if that is not found out quickly."""
    try:
        module = decode(data)
    except LoadFailure as failure:
        return Outcome(LOAD_ERROR, error=str(failure))
    judgement = evaluate(module, JUDGED_INSTRUCTIONS, DEPTH)
    return None if judgement.ending in (OUT_OF_BUDGET, TOO_DEEP) else outcome_of(judgement)


def is_right(expected: Outcome | None, got: Outcome) -> bool:
    """Whether a VM may do this with a file."""
    if expected is None or expected is ANYTHING:
        return (
            got.ending in (VALUE, RUN_ERROR)
            or (got.ending == LIMIT and not got.error.startswith("Timeout"))
            or (got.ending == LOAD_ERROR and expected is ANYTHING)
        )
    # Two functions that begin at one place leave it open which of them is called by that number.
    return agree(replace(expected, stack=()), replace(got, stack=()))


class DamageCampaign:
    """Tries damaged files in one worker.  files, loaded, judged: how many so far, how many of them
    loaded and were judged.
    """

    def __init__(self, subject: Subject, seconds: float = 60.0) -> None:
        self.files = 0
        self.loaded = 0
        self.judged = 0
        self._runner = Runner(subject, Surroundings(), seconds)

    def run(self, seed: object, numbers: Iterable[int]) -> Generator[DamageFinding, None, None]:
        """What is found, as it is found."""
        try:
            for number in numbers:
                data = damaged(seed, number)
                expected = judged(data)
                self.files += 1
                self.loaded += expected is None or expected.ending != LOAD_ERROR
                self.judged += expected is not None and expected is not ANYTHING
                yield from self._try(seed, number, data, expected)
                if number % BETWEEN_PROBES == 0:
                    yield from self._probe(seed, number)
        finally:
            self._runner.close()

    def _try(
        self, seed: object, number: int, data: bytes, expected: Outcome | None
    ) -> Generator[DamageFinding, None, None]:
        setting = replace(
            random_eager(random.Random(f"{seed}/{number}")), counting=False, max_depth=DEPTH
        )
        # What stands behind a file is no more ignored where a count lies.
        got = self._runner.run(data, (setting,), LIMITS, padding=False)[0]
        if not is_right(expected, got):
            yield DamageFinding(seed, number, setting, data, expected, got)

    def _probe(self, seed: object, number: int) -> Generator[DamageFinding, None, None]:
        data = whole_files()[-1 - number // BETWEEN_PROBES % 100]
        judgement = evaluate(decode(data), 200_000)
        expected = outcome_of(judgement)
        if judgement.ending not in (OUT_OF_BUDGET, TOO_DEEP) and expected is not None:
            setting = Setting("threshold=3,function_threshold=3,trace_eagerness=2")
            got = self._runner.run(data, (setting,))[0]
            if not agree(expected, got):
                yield DamageFinding(seed, number, setting, data, expected, got)
