"""What work inside an instruction costs, and that it can be interrupted."""

import pytest

from mdvm.system.interruption import untranslated_interruption
from mdvm.errors import Interrupted, LimitError, RunError
from mdvm.system.heap import heap
from mdvm.run_state import (
    UNITS_PER_INSTRUCTION,
    UNLIMITED,
    Meter,
    charge,
    check_text_length,
    run_state,
)


@pytest.fixture(autouse=True)
def ends_the_run():
    yield
    untranslated_interruption.requested = False
    run_state.end()


def test_little_work_is_free():
    run_state.begin(0)
    for _ in range(1000):
        charge(UNITS_PER_INSTRUCTION - 1)
    assert run_state.executed == 0


def test_much_work_is_worth_instructions_beside_those_executed():
    run_state.begin(10)
    run_state.executed = 4
    charge(6 * UNITS_PER_INSTRUCTION)
    with pytest.raises(LimitError) as caught:
        charge(UNITS_PER_INSTRUCTION)
    assert str(caught.value) == "Instruction limit exceeded: 10"
    assert run_state.executed == 4  # what is counted is what the program executed


def test_without_a_limit_any_work_is_done():
    run_state.begin(UNLIMITED)
    for _ in range(10):
        charge(1 << 60)


def test_every_run_has_the_whole_limit():
    for _ in range(3):
        run_state.begin(5)
        charge(5 * UNITS_PER_INSTRUCTION)


def test_work_can_be_interrupted():
    run_state.begin(UNLIMITED)
    untranslated_interruption.requested = True
    with pytest.raises(Interrupted):
        charge(UNITS_PER_INSTRUCTION)


def test_outside_a_run_nothing_is_charged_and_nobody_interrupted():
    run_state.begin(1)
    run_state.end()
    untranslated_interruption.requested = True
    charge(1 << 40)


def test_a_meter_charges_for_the_sum_of_small_steps():
    run_state.begin(100)
    meter = Meter()
    for _ in range(100 * UNITS_PER_INSTRUCTION):
        meter.add(1)
    meter.settle()
    for _ in range(UNITS_PER_INSTRUCTION):
        meter.add(1)
    with pytest.raises(LimitError):
        meter.settle()


def test_a_meter_does_not_wait_for_the_end():
    run_state.begin(100)
    meter = Meter()
    with pytest.raises(LimitError):
        for _ in range(1000 * UNITS_PER_INSTRUCTION):
            meter.add(1)


def test_a_text_that_no_memory_can_hold():
    check_text_length(heap.largest())
    with pytest.raises(RunError) as caught:
        check_text_length(heap.largest() + 1)
    assert str(caught.value) == "Out of memory"
