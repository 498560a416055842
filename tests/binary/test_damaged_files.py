"""Damaged files: whatever is in them, the VM loads and runs them or says what is wrong; no signal,
no traceback.
"""

from __future__ import annotations

import base64
import json
import random
import signal
import struct
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pymdvm.bytecode import write
from tests.binary.binary import (
    CONFORMANCE_CASES,
    EXAMPLES,
    FAILURE,
    INTERRUPTED,
    MIB,
    SUCCESS,
    Outcome,
    example_program,
    kill,
    limited,
    run,
    start,
)

SEED = 20250
FROM_EXAMPLES = 300
FROM_CASES = 300
# a damaged jump may make a loop endless; one that must be interrupted then is fine
PATIENCE = 5.0
NO_COUNT = 0xFFFFFFFF
SOME_WORDS = (0, 1, 0x7F, 0x80, 0xFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, NO_COUNT)
HEADER_SIZE = 28
OFFSETS = {"name": 12, "constants": 16, "functions": 20, "instructions": 24}


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file with one to three things wrong."""
    damaged = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        place = chance.randrange(len(damaged)) if damaged else 0
        action = chance.randrange(7)
        if action == 0 and damaged:
            damaged[place] ^= 1 << chance.randrange(8)
        elif action == 1 and damaged:
            damaged[place] = chance.randrange(256)
        elif action == 2:
            del damaged[place:]
        elif action == 3:
            del damaged[place : place + chance.randrange(1, 9)]
        elif action == 4:
            damaged[place:place] = bytes(
                chance.randrange(256) for _ in range(chance.randrange(1, 9))
            )
        elif action == 5:
            damaged[place : place + 4] = struct.pack("<I", chance.choice(SOME_WORDS))
        else:
            field = chance.choice((12, 16, 20, 24))
            damaged[field : field + 4] = struct.pack("<I", chance.randrange(len(data) + 2))
    return bytes(damaged)


def outcome_of(path: Path) -> Outcome:
    """Like run, but a program that does not end by itself is interrupted.  What it prints is not
    kept: it may be endless.
    """
    process = start(path, stdout=subprocess.DEVNULL)
    try:
        try:
            _, err = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=PATIENCE)
            assert process.returncode == INTERRUPTED, path
            assert err == b""
            return Outcome(SUCCESS, b"", b"")
        return Outcome(process.returncode, b"", err)
    finally:
        kill(process)


def assert_no_crash(outcome: Outcome, name: str) -> None:
    assert outcome.status in (SUCCESS, FAILURE), (name, outcome)
    if outcome.status == SUCCESS:
        assert outcome.err == b"", name
    else:
        assert outcome.err.startswith((b"Failed to load bytecode: ", b"Runtime error: ")), (
            name,
            outcome,
        )
        assert outcome.err.endswith(b"\n"), name


def assert_none_crashes(folder: Path, files: Iterator[bytes]) -> None:
    paths = []
    for index, data in enumerate(files):
        path = folder / f"{index}.mdbc"
        path.write_bytes(data)
        paths.append(path)
    assert len(paths) > 100
    with ThreadPoolExecutor(8) as executor:
        outcomes = list(executor.map(outcome_of, paths))
    for path, outcome in zip(paths, outcomes):
        assert_no_crash(outcome, path.name)
    # Damage that never or always keeps a file from loading tests only one half of the VM.
    loaded = [outcome for outcome in outcomes if not outcome.err.startswith(b"Failed to load")]
    assert len(paths) // 10 < len(loaded) < len(paths) * 9 // 10


def test_damaged_examples(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    # Programs that compute for long would only take time.
    whole = [
        write(example_program(example))
        for example in EXAMPLES
        if example.stem not in ("mandelbrot", "sieve")
    ]
    assert_none_crashes(
        tmp_path, (mutated(chance.choice(whole), chance) for _ in range(FROM_EXAMPLES))
    )


def test_damaged_conformance_cases(tmp_path: Path) -> None:
    if not CONFORMANCE_CASES.exists():
        pytest.skip(f"{CONFORMANCE_CASES} is not there")
    chance = random.Random(SEED)
    lines = CONFORMANCE_CASES.read_text(encoding="utf-8").splitlines()
    whole = [base64.b64decode(json.loads(line)["mdbc"]) for line in lines]
    assert_none_crashes(
        tmp_path, (mutated(chance.choice(whole), chance) for _ in range(FROM_CASES))
    )


def test_every_cut_of_a_file(tmp_path: Path) -> None:
    """No section is complete before its last byte, and the instructions come last."""
    data = write(example_program(next(example for example in EXAMPLES if example.stem == "phi")))
    path = tmp_path / "program.mdbc"
    for size in range(0, len(data), 3):
        path.write_bytes(data[:size])
        message = (
            b"Invalid bytecode format" if size < 24 else (b"Unexpected EOF", b"Invalid offset")
        )
        outcome = run(path)
        assert outcome.status == FAILURE
        expected = (message,) if isinstance(message, bytes) else message
        assert outcome.err in [b"Failed to load bytecode: %s\n" % text for text in expected], size


# ____________________________________________________________ counts that lie


def with_count(section: str) -> bytes:
    """A good file whose section says that it holds 0xffffffff things."""
    data = bytearray(
        write(example_program(next(example for example in EXAMPLES if example.stem == "functions")))
    )
    (offset,) = struct.unpack_from("<I", data, OFFSETS[section])
    struct.pack_into("<I", data, offset, NO_COUNT)
    return bytes(data)


def empty_file() -> bytearray:
    """Four empty sections."""
    return bytearray(b"MDBC" + struct.pack("<6I", 1, 1, 28, 32, 36, 40) + bytes(16))


LYING = {
    **{f"{section} of a program": with_count(section) for section in OFFSETS},
    "the length of a string constant": bytes(empty_file()[:32])
    + struct.pack("<IBI", 1, 3, NO_COUNT),
    "the length of a function's name": bytes(empty_file()[:36]) + struct.pack("<II", 1, NO_COUNT),
}
for _section, _at in OFFSETS.items():
    _file = empty_file()
    struct.pack_into("<I", _file, 28 + (_at - 12), NO_COUNT)
    LYING[f"{_section} of nothing"] = bytes(_file)


@pytest.mark.parametrize("what", LYING)
def test_a_count_of_four_billion_costs_nothing(what: str, tmp_path: Path) -> None:
    path = tmp_path / "program.mdbc"
    path.write_bytes(LYING[what])
    outcome = run(path, surroundings=limited(AS=1200 * MIB), seconds=5)
    assert outcome.status == FAILURE
    assert outcome.out == b""
    # Counted on, what follows is soon no constant, no text or no instruction, or there is no more.
    assert outcome.err.startswith(b"Failed to load bytecode: ")
    if what.endswith("of nothing") or what.startswith("the length"):
        assert outcome.err in (
            b"Failed to load bytecode: Unexpected EOF\n",
            b"Failed to load bytecode: Invalid constant tag: 0\n",
        )


def test_four_billion_empty_constants_that_are_not_there(tmp_path: Path) -> None:
    """A megabyte of tags that take no payload."""
    path = tmp_path / "program.mdbc"
    path.write_bytes(bytes(empty_file()[:32]) + struct.pack("<I", NO_COUNT) + b"\5" * MIB)
    outcome = run(path, surroundings=limited(AS=1200 * MIB), seconds=5)
    assert outcome == Outcome(FAILURE, b"", b"Failed to load bytecode: Unexpected EOF\n")


def test_a_million_instructions_and_a_million_functions(tmp_path: Path) -> None:
    """Large files that are right: analysing them must not take longer than reading them by much."""
    path = tmp_path / "program.mdbc"
    functions = struct.pack("<I", 200_000) + b"".join(
        struct.pack("<I4sI", 4, b"%04x" % (index % 65536), index) for index in range(200_000)
    )
    jumps = struct.pack("<I", 200_000) + b"\x16\1\0\0\0" * 199_999 + b"\x27"
    offsets = (28, 32, 36, 36 + len(functions))
    path.write_bytes(b"MDBC" + struct.pack("<6I", 1, 1, *offsets) + bytes(8) + functions + jumps)
    assert run(path, seconds=20) == Outcome(SUCCESS, b"", b"")
