"""The conformance cases that come from outside, through RustVM: both VMs run them, each all in one
process.

mdvm's answers are held against what the cases ask for and, where that is an answer at all, against
the published VM's.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .comparison import Comparison
from .differences import ARGUMENT_ORDER, not_comparable, without_dict_order
from .oracle import TOP, OnePython, Oracle, reason_there_is_none
from .outcome import COUNTED, LOAD_ERROR, PLAIN, RUNTIME_ERROR, VALUE, Outcome, describe
from .subject import DROP_IN

CASES = TOP.parent / "shared" / "conformance" / "cases.jsonl"

# The Python engine gets every case that is short, and so many others, always the same.
SHORT = 20_000
LONG_CASES = 3
SEED = 1

# The cases that ask for something else than the published VM's answer.
DELIBERATE = {"call_args_overlap_swap": ARGUMENT_ORDER, "call_args_overlap3": ARGUMENT_ORDER}

pytestmark = pytest.mark.skipif(not CASES.exists(), reason="there is no ../shared/conformance here")


def value_of(stated: dict[str, Any]) -> object:
    """The Python value that a case states as type and value."""
    kind = stated["t"]
    value: Any = stated.get("v")
    if kind == "NoneType":
        return None
    if kind == "int":
        return int(value)
    if kind == "float":
        return float(value)
    if kind == "list":
        return [value_of(item) for item in value]
    if kind == "dict":
        return {key: value_of(item) for key, item in value.items()}
    return bool(value) if kind == "bool" else value


def stated_outcome(case: dict[str, Any]) -> Outcome:
    """What a case asks for."""
    if "load_error" in case:
        return Outcome("", LOAD_ERROR, case["load_error"])
    if "runtime_error" in case:
        return Outcome(case["stdout"], RUNTIME_ERROR, case["runtime_error"])
    return Outcome(case["stdout"], VALUE, describe(value_of(case.get("value", {"t": "NoneType"}))))


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Outcome]]:
    folder = tmp_path_factory.mktemp("cases")
    made = []
    for number, line in enumerate(CASES.read_text().splitlines()):
        case = json.loads(line)
        path = folder / f"{number}-{case['name'].replace('/', '_')}.mdbc"
        path.write_bytes(base64.b64decode(case["mdbc"]))
        made.append((path, stated_outcome(case)))
    return made


@pytest.fixture(scope="module")
def wheel() -> Iterator[Oracle]:
    if reason_there_is_none():
        pytest.skip(reason_there_is_none())
    oracle = Oracle()
    yield oracle
    oracle.close()


def disagreements(
    cases: list[tuple[Path, Outcome]], wheel: Oracle, monkeypatch: pytest.MonkeyPatch, engine: str
) -> list[str]:
    monkeypatch.setenv("PYMDVM_ENGINE", engine)
    drop_in = OnePython(DROP_IN, 60.0)
    found = []
    for path, stated in cases:
        ours = drop_in.run(path, PLAIN)
        theirs = wheel.run(path, PLAIN)
        if ours != stated:
            found.append(f"{path.name}: stated\n{stated.show()}  not\n{ours.show()}")
        elif not (
            without_dict_order(theirs) == without_dict_order(ours)
            or not_comparable(theirs)
            or path.stem.partition("-")[2] in DELIBERATE
        ):
            found.append(f"{path.name}: the published VM\n{theirs.show()}  not\n{ours.show()}")
    drop_in.close()
    return found


@pytest.mark.skipif(not (TOP / "libmdvm.so").exists(), reason="there is no libmdvm")
def test_native_engine(
    cases: list[tuple[Path, Outcome]], wheel: Oracle, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert disagreements(cases, wheel, monkeypatch, "native") == []


def test_python_engine(
    cases: list[tuple[Path, Outcome]], wheel: Oracle, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = [wheel.run(path, COUNTED).count or 0 for path, _ in cases]
    short = [case for case, count in zip(cases, counts) if count <= SHORT]
    long = [case for case, count in zip(cases, counts) if count > SHORT]
    chosen = random.Random(SEED).sample(long, min(LONG_CASES, len(long)))
    assert len(short) > 1000
    assert disagreements([*short, *chosen], wheel, monkeypatch, "python") == []


def test_a_case_of_every_ending(cases: list[tuple[Path, Outcome]], comparison: Comparison) -> None:
    assert {stated.ending for _, stated in cases} == {VALUE, RUNTIME_ERROR, LOAD_ERROR}
