"""The optimisations: each can be turned off by its name, and each name is known to --without."""

from mdvm.lowering.code import LoweringOptions
from mdvm.opcodes import LOWERED_OPCODES, OPCODES, op
from mdvm.settings.optimisations import (
    OPTIMISATIONS,
    WITHOUT,
    Optimisations,
    optimisations,
    turn_off_by_environment,
)
from tests.unit.programs import body_of, make_module

import pytest


@pytest.fixture
def restored():
    """Leaves the optimisations as they were."""
    before = dict(optimisations.__dict__)
    yield optimisations
    optimisations.__dict__.update(before)


def test_every_switch_is_on_and_can_be_turned_off():
    fresh = Optimisations()
    for name, _ in OPTIMISATIONS:
        field = name.replace("-", "_")
        assert getattr(fresh, field) is True
        assert fresh.turn_off(name)
        assert getattr(fresh, field) is False
    assert sorted(fresh.__dict__) == sorted(name.replace("-", "_") for name, _ in OPTIMISATIONS)


def test_an_unknown_name_turns_nothing_off():
    fresh = Optimisations()
    assert not fresh.turn_off("speed")
    assert all(fresh.__dict__.values())


def test_the_environment_names_switches_to_turn_off(restored, monkeypatch):
    monkeypatch.setenv(WITHOUT, "ropes,no such one,takes")
    turn_off_by_environment()
    assert not optimisations.ropes and not optimisations.takes and optimisations.copies


def lowered(items):
    """-> list of str: the names of the lowered instructions."""
    code = body_of(make_module(items), LoweringOptions())
    names = dict((opcode.number, opcode.name) for opcode in OPCODES + LOWERED_OPCODES)
    return [names[code.ops[start]] for start in sorted(set(code.origins))]


LOOP = [
    ("MOVE", 2, 0),
    ("LT", 3, 2, 1),
    ("JUMP_IF_NOT", 3, 2),
    ("ADD", 0, 0, 1),
    ("JUMP", -5),
    ("RETURN", 0),
]


def test_without_switches_a_comparison_and_a_move_stay(restored):
    assert lowered(LOOP) == ["JUMP_UNLESS_LT", "ADD", "LOOP", "RETURN", "END"]
    restored.turn_off("fused-branches")
    assert lowered(LOOP) == ["LT", "JUMP_IF_NOT", "ADD", "LOOP", "RETURN", "END"]
    restored.turn_off("copies")
    assert lowered(LOOP) == ["MOVE", "LT", "JUMP_IF_NOT", "ADD", "LOOP", "RETURN", "END"]


def test_dead_registers_are_cleared_only_when_asked_for(restored):
    restored.turn_off("copies")
    restored.turn_off("fused-branches")

    def dead_registers():
        code = body_of(make_module(LOOP), LoweringOptions())
        at = code.origins[4]
        assert code.ops[at] == op.LOOP
        return list(code.ops[at + 3 : at + 3 + code.ops[at + 2]])

    assert dead_registers() == [2, 3]
    restored.turn_off("dead-registers")
    assert dead_registers() == []


def test_traces_empty_dead_registers_and_open_loops_only_when_asked_for(restored):
    def trace_liveness():
        code = body_of(make_module(LOOP), LoweringOptions())
        return [
            sum(1 for at in places if at > 0)
            for places in (code.trace_liveness.dying, code.trace_liveness.live)
        ]

    dying, loops = trace_liveness()
    assert dying > 0 and loops == 1
    restored.turn_off("unboxed-loops")
    assert trace_liveness() == [dying, 0]
    restored.turn_off("dead-registers")
    assert trace_liveness() == [0, 0]
