"""The evaluator itself: against the conformance cases, which say what the published VM does, and on
what they leave out.
"""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.differential.source import Item, Mark, assemble, function, line, load
from tests.programs import Noted, name, read_all

from .campaign import expected_outcome
from .description import describe
from .messages import LOAD_ERROR, RUN_ERROR, VALUE, Outcome
from .reference import OUT_OF_BUDGET, TOO_DEEP, LoadFailure, decode, evaluate
from .reference.values import debug_float, debug_text, print_float, string_float, truthy
from .runner import TOP

CASES = TOP.parent / "shared" / "conformance" / "cases.jsonl"


def judged(*items: Item) -> Outcome:
    outcome = expected_outcome(assemble(items))
    assert outcome is not None
    return outcome


def _value(stated: dict[str, Any]) -> Any:
    kind, value = stated["t"], stated.get("v")
    if kind in ("int", "float"):
        return {"int": int, "float": float}[kind](str(value))
    if kind == "list":
        return [_value(item) for item in value or ()]
    if kind == "dict":
        return {key: _value(item) for key, item in (value or {}).items()}
    return value


def _stated(case: dict[str, Any]) -> tuple[str, str, str]:
    if "load_error" in case:
        return LOAD_ERROR, case["load_error"], ""
    if "runtime_error" in case:
        return RUN_ERROR, case["runtime_error"], case["stdout"]
    return VALUE, describe(_value(case.get("value", {"t": "NoneType"}))), case["stdout"]


@pytest.mark.skipif(not CASES.exists(), reason="there is no ../shared/conformance here")
def test_it_agrees_with_the_conformance_cases() -> None:
    judged_cases = 0
    for text in CASES.read_text(encoding="utf-8").splitlines():
        case = json.loads(text)
        try:
            outcome = expected_outcome(base64.b64decode(case["mdbc"]), budget=3_000_000)
        except LoadFailure as failure:
            outcome = Outcome(LOAD_ERROR, error=str(failure))
        if outcome is not None:
            judged_cases += 1
            assert (outcome.ending, outcome.value or outcome.error, outcome.output) == _stated(
                case
            ), case["name"]
    assert judged_cases > 1000


@pytest.mark.parametrize("noted", read_all("opcodes"), ids=name)
def test_it_agrees_with_the_programs_about_instructions(noted: Noted) -> None:
    judgement = evaluate(decode(noted.content()), 2_000_000)
    if judgement.ending in (OUT_OF_BUDGET, TOO_DEEP):
        pytest.skip("too large or too deep for the evaluator")
    result = "" if judgement.value is None else f"Result: {debug_text(judgement.value)}\n"
    failure = judgement.error if judgement.ending == RUN_ERROR else None
    # the evaluator does not tell a program that returns Empty from one that returns nothing
    stdout = noted.stdout.removesuffix("Result: Empty\n")
    assert (judgement.output + result, failure) == (stdout, noted.fails)


@pytest.mark.parametrize(
    "number, printed, debug, string",
    [
        (3.0, "3", "3.0", "3"),
        (-0.0, "-0", "-0.0", "-0"),
        (1e-7, "0.0000001", "1e-7", "0.0000001"),
        (1e21, "1" + "0" * 21, "1e21", "1" + "0" * 21),
        (1e23, "1" + "0" * 23, "1e23", "99999999999999991611392"),
        (9.9e-5, "0.000099", "9.9e-5", "0.000099"),
        (1.25e16, "12500000000000000", "1.25e16", "12500000000000000"),
        (float("nan"), "NaN", "NaN", "NaN"),
        (float("-inf"), "-inf", "-inf", "-inf"),
    ],
)
def test_the_texts_of_floats(number: float, printed: str, debug: str, string: str) -> None:
    assert (print_float(number), debug_float(number), string_float(number)) == (
        printed,
        debug,
        string,
    )


def test_truth() -> None:
    assert not any(map(truthy, (None, False, 0, 0.0, -0.0, float("nan"), "", [], {})))
    assert all(map(truthy, (True, -1, 0.5, "0", [None], {"": None})))


def test_copies_keep_what_they_had() -> None:
    outcome = judged(
        load(0, 1),
        line("NEW_ARRAY", 1, 0),
        line("MOVE", 2, 1),
        load(3, 0),
        line("ARRAY_SET", 1, 3, 0),
        line("DEBUG_PRINT", 2),
        line("RETURN", 1),
    )
    assert (outcome.value, outcome.output, outcome.count) == ("[Int(1) ]", "Array([Empty])\n", 7)


def test_a_callee_begins_with_its_callers_registers_and_gives_back_only_its_value() -> None:
    outcome = judged(
        load(5, "f"),
        load(6, 1),
        load(0, 10),
        load(1, 20),
        line("CALL", 5, 7, (1, 0)),
        line("DEBUG_PRINT", 6),
        line("RETURN", 7),
        function("f"),
        load(6, 2),
        line("DEBUG_PRINT", 0),
        line("DEBUG_PRINT", 1),
        line("RETURN", 5),
    )
    assert (outcome.value, outcome.output) == ("Str('f')", "20\n10\n1\n")


def test_an_error_tells_where_it_was() -> None:
    outcome = judged(
        load(5, "f"),
        line("CALL", 5, 7, ()),
        function("f"),
        load(0, -(2**63)),
        load(1, -1),
        line("MOD", 2, 0, 1),
    )
    assert (outcome.error, outcome.stack, outcome.count) == (
        "Integer overflow",
        (("f", 4), ("", 1)),
        5,
    )


def test_tags_drop_where_registers_are_written_or_restored() -> None:
    checks = [
        line("CHECK_TYPE", 1, 0, 77),
        line("CHECK_TYPE", 2, 70, 77),
        line("DEBUG_PRINT", 1),
        line("DEBUG_PRINT", 2),
    ]
    outcome = judged(
        load(5, "f"),
        load(0, 1),
        line("DEFINE", 0, 99),
        line("DEFINE", 70, 99),
        *checks,
        line("CALL", 5, 9, ()),
        *checks,
        line("MOVE", 70, 70),
        *checks,
        line("HALT"),
        function("f"),
        line("RETURN"),
    )
    assert outcome.output.split() == ["true", "true", "false", "true", "false", "false"]


def test_a_phi_goes_by_the_last_jump_of_its_frame() -> None:
    outcome = judged(
        load(0, "jumped"),
        load(1, "not"),
        line("JUMP", "here"),
        Mark("here"),
        line("PHI", 2, ((1, 9), (0, 2), (1, 2))),
        line("PHI", 1, ((0, 1),)),
        line("DEBUG_PRINT", 2),
        line("DEBUG_PRINT", 1),
    )
    assert outcome.output == "jumped\nnot\n"


def test_values_that_share_parts_are_compared_once() -> None:
    doubling = [
        line("NEW_ARRAY", 2, 3),
        line("ARRAY_SET", 2, 4, 1),
        line("ARRAY_SET", 2, 5, 1),
        line("MOVE", 1, 2),
    ]
    start = [load(3, 2), load(4, 0), load(5, 1)]
    outcome = judged(
        *start,
        *(doubling * 60),
        line("MOVE", 6, 1),
        load(1, None),
        *(doubling * 60),
        line("EQ", 7, 1, 6),
        line("RETURN", 7),
    )
    assert outcome.value == "Bool(True)"


def test_what_is_too_long_or_too_large_is_not_judged() -> None:
    assert expected_outcome(assemble([Mark("on"), line("JUMP", "on")]), budget=1000) is None
    assert (
        expected_outcome(
            assemble([load(0, "x"), Mark("on"), line("ADD", 0, 0, 0), line("JUMP", "on")])
        )
        is None
    )
    assert (
        evaluate(decode(assemble([load(0, 10**9), line("NEW_ARRAY", 0, 0)])), 100).ending
        == "out of budget"
    )
