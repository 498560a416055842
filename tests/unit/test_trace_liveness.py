"""What traces do to registers.  Untranslated, there are no traces: the tests say that there are."""

import random

import pytest

from mdvm import interp
from mdvm.lowering.code import LoweringOptions
from mdvm.trace_liveness import apply_liveness
from mdvm.frame import Frame
from mdvm.objects import W_Float, W_Int, w_true
from tests.amounts import some
from tests.unit.programs import body_of, make_module, run
from tests.unit.random_programs import make_program, random_plan
from tests.unit.test_liveness import assert_as_the_model


@pytest.fixture
def traced(monkeypatch):
    monkeypatch.setattr(interp, "we_are_jitted", lambda: True)


def code_of(items):
    return body_of(make_module(items), LoweringOptions())


def frame_with(*values):
    frame = Frame(len(values))
    for register, w_value in enumerate(values):
        frame.write(register, w_value)
    return frame


def emptied(code, index, size=6):
    """-> list of int, the registers that the instruction's end leaves empty."""
    frame = frame_with(*[w_true] * size)
    apply_liveness(frame, code.trace_liveness, code.origins[index], code.origins[index + 1])
    return [register for register in range(size) if frame.registers[register] is None]


def test_a_register_is_emptied_where_it_is_read_for_the_last_time():
    code = code_of([("ADD", 2, 0, 1), ("MUL", 2, 2, 0), ("RETURN", 2)])
    assert [emptied(code, index) for index in range(2)] == [[1], [0]]


def test_what_a_branch_alone_reads_dies_with_it():
    code = code_of([("LT", 2, 0, 1), ("JUMP_IF", 2, "on"), ("RETURN", 0), "on", ("RETURN", 3)])
    first, second, result = code.ops[1], code.ops[2], emptied(code, 0)
    assert second in result and first not in result  # r0 may still be returned


def test_what_an_instruction_without_ops_reads_dies_with_the_next():
    code = code_of([("DEBUG_PRINT", 1), ("MOVE", 0, 1), ("NOT", 2, 3), ("RETURN", 2)])
    assert code.origins[1] == code.origins[2]  # the MOVE has gone
    read = code.ops[1]
    assert read not in emptied(code, 0) and read in emptied(code, 2)


def test_a_loop_begins_with_new_boxes_and_nothing_else():
    code = code_of(
        [("LOAD_CONST", 2, 9), "again", ("SUB", 0, 0, 1), ("JUMP_IF", 0, "again"), ("RETURN", 3)]
    )
    w_int, w_float = W_Int(7), W_Float(0.5)
    size = code.frame_size(0)
    live = [code.ops[code.origins[1] + 2], code.ops[code.origins[1] + 3]]
    values = [w_true] * size
    values[live[0]], values[live[1]] = w_int, w_float
    frame = frame_with(*values + [w_true])
    apply_liveness(frame, code.trace_liveness, code.origins[0], code.origins[1])
    assert frame.read(live[0]).intval == 7 and frame.read(live[0]) is not w_int
    assert frame.read(live[1]).floatval == 0.5 and frame.read(live[1]) is not w_float
    assert frame.registers[size] is None
    before = frame_with(*values)
    apply_liveness(
        before, code.trace_liveness, code.origins[0], code.origins[2]
    )  # no loop begins there
    assert before.registers == values


def test_registers_are_emptied_in_traces_only(monkeypatch):
    seen = []
    monkeypatch.setattr(
        interp, "apply_liveness", lambda frame, trace_liveness, pc, next_pc: seen.append(pc)
    )
    program = [("NOT", 0, 1), ("RETURN", 0)]
    assert run(program).result == "Bool(true)" and seen == []
    monkeypatch.setattr(interp, "we_are_jitted", lambda: True)
    assert run(program).result == "Bool(true)" and seen == [0]


@pytest.mark.parametrize("batch", range(4))
def test_random_programs_mean_the_same_in_traces(batch, traced):
    rng = random.Random("traces %d" % batch)
    compared = 0
    for _ in range(some(160)):
        compared += assert_as_the_model(make_program(random_plan(rng)), counting=batch % 2 == 1)
    assert compared > some(80)
