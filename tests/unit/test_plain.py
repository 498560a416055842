"""Lowering without analysis: random programs mean what they mean to the naive model, and nothing
costs more than linear time.
"""

import random

import pytest

from mdvm.lowering import lower as lower_module
from mdvm.lowering import plain as plain_module
from mdvm.analysis import survey
from mdvm.lowering.code import LoweringOptions
from mdvm.lowering.lower import lower
from mdvm.opcodes import LOWERED_OPCODES, OPCODES, op
from tests.unit.model import Model, TooLong
from tests.unit.programs import make_module, run_module
from tests.unit.random_programs import make_program, random_plan
from tests.unit.test_liveness import MAX_STEPS, assert_as_the_model

NAMES = dict((row.number, row.name) for row in OPCODES + LOWERED_OPCODES)


@pytest.fixture(params=[0, 12])
def smaller(monkeypatch, request):
    """Only components of so few instructions are analysed; the others are lowered plainly, and call
    each other.
    """
    monkeypatch.setattr(survey, "LARGEST_ANALYSED", request.param)


@pytest.fixture
def plain(monkeypatch):
    monkeypatch.setattr(survey, "LARGEST_ANALYSED", 0)


def ops_of(items, functions=(), lowering=None):
    """-> list of int, the ops of the component where the program begins."""
    return list(lower(make_module(items, functions), lowering or LoweringOptions()).start().ops)


def ends(module):
    try:
        Model(module, MAX_STEPS).run()
    except TooLong:
        return False
    return True


@pytest.mark.parametrize("counting", [False, True])
def test_random_programs_mean_the_same(smaller, counting):
    rng = random.Random("plain %s" % counting)
    compared = sum(
        [assert_as_the_model(make_program(random_plan(rng)), counting) for _ in range(100)]
    )
    assert compared > 60


def test_random_programs_mean_the_same_where_an_analysis_is_given_up(monkeypatch):
    for module in (lower_module, survey):
        monkeypatch.setattr(module, "effort_for", lambda count: survey.Effort(count * 3))
    rng = random.Random("given up")
    compared = sum([assert_as_the_model(make_program(random_plan(rng))) for _ in range(100)])
    assert compared > 60


def test_the_debug_mode_says_the_same(monkeypatch):
    rng = random.Random("plain traces")
    modules = [
        module for module in [make_program(random_plan(rng)) for _ in range(60)] if ends(module)
    ]
    expected = [run_module(module, debug=True, counting=True).summary() for module in modules]
    monkeypatch.setattr(survey, "LARGEST_ANALYSED", 0)
    assert [
        run_module(module, debug=True, counting=True).summary() for module in modules
    ] == expected


def test_instructions_become_themselves(plain):
    items = [("LOAD_CONST", 0, 1), ("NOP",), ("ADD", 2, 0, 0), ("MOVE", 1, 2), ("RETURN", 1)]
    assert ops_of(items) == [
        op.LOAD_CONST,
        0,
        0,
        op.ADD,
        2,
        0,
        0,
        op.MOVE,
        1,
        2,
        op.RETURN,
        1,
        op.END,
    ]


def test_a_backward_jump_is_a_loop_unless_it_is_long(plain):
    assert ops_of(["again", ("DEBUG_PRINT", 0), ("JUMP", "again")]) == [
        op.DEBUG_PRINT,
        0,
        op.LOOP,
        0,
        0,
        op.END,
    ]
    long = ["again"] + [("DEBUG_PRINT", 0)] * 8000 + [("JUMP", "again")]
    assert ops_of(long)[-3:] == [op.JUMP, 0, op.END]


def test_a_callee_without_analysis_sees_its_callers_registers(smaller):
    items = (
        [
            ("LOAD_CONST", 200, 7),
            ("LOAD_CONST", 5, "f"),
            ("CALL", 5, 0, ()),
            ("RETURN", 0),
            "f",
            ("ADD", 0, 200, 200),
        ]
        + [("NOP",)] * 20
        + [("RETURN", 0)]
    )
    assert run_module(make_module(items, [("f", "f")])).result == "Int(14)"


def test_what_is_called_without_analysis_passes_registers_on(smaller):
    middle = [("NOP",)] * 20
    items = (
        [
            ("LOAD_CONST", 200, 7),
            ("LOAD_CONST", 5, "f"),
            ("CALL", 5, 0, ()),
            ("RETURN", 0),
            "f",
            ("LOAD_CONST", 5, "g"),
            ("CALL", 5, 0, ()),
            ("RETURN", 0),
            "g",
        ]
        + middle
        + [
            ("LOAD_CONST", 5, "h"),
            ("CALL", 5, 0, ()),
            ("RETURN", 0),
            "h",
            ("ADD", 0, 200, 200),
            ("RETURN", 0),
        ]
    )
    assert run_module(make_module(items, [("f", "f"), ("g", "g"), ("h", "h")])).result == "Int(14)"


def test_a_long_straight_line_can_be_interrupted(plain, monkeypatch):
    monkeypatch.setattr(plain_module, "_LOOK_EVERY", 100)
    items = [("LOAD_CONST", 0, 1)] * 1000 + [("RETURN", 0)]
    assert (
        ops_of(items, lowering=LoweringOptions(interruptible=True)).count(op.INTERRUPTION_POINT)
        == 10
    )
    assert op.INTERRUPTION_POINT not in ops_of(items)
