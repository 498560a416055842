"""Samples for profiles: where they are taken, and what they say."""

import pytest

import mdvm.debugging.profiler
from mdvm import instructions
from mdvm.system import interruption
from mdvm.lowering.code import LoweringOptions
from mdvm.errors import RunError
from mdvm.interp import interpreter
from mdvm.lowering.lower import lower
from mdvm.opcodes import op
from mdvm.debugging.profiler import profiler
from mdvm.run_state import run_state
from mdvm.values.text import debug_text
from tests.unit.programs import Collected, body_of, make_module, run

PROFILING = LoweringOptions(profiling=True)

# f(n) = n + f(n - 1), f(0) = 0
SUM = [
    ("LOAD_CONST", 0, "f"),
    ("LOAD_CONST", 1, 3),
    ("CALL", 0, 2, (1,)),
    ("RETURN", 2),
    ("JUMP_IF_NOT", 0, "zero"),
    ("LOAD_CONST", 1, 1),
    ("SUB", 2, 0, 1),
    ("LOAD_CONST", 3, "f"),
    ("CALL", 3, 4, (2,)),
    ("ADD", 0, 0, 4),
    "zero",
    ("RETURN", 0),
]
FUNCTIONS = [("f", 4)]


def run_profiled(items, functions=()):
    """-> w_result; what was sampled is in profiler."""
    run_state.output = Collected()
    profiler.start()
    return interpreter.execute_program(lower(make_module(items, functions), PROFILING))


def samples():
    """-> list of (list of int), one for each sample."""
    found = []
    at = 0
    while at < len(profiler.samples):
        end = at + 1 + profiler.samples[at]
        found.append(profiler.samples[at + 1 : end])
        at = end
    return found


@pytest.fixture
def always(monkeypatch):
    """A sample at every place where one can be taken."""
    monkeypatch.setattr(instructions, "sample_requested", lambda: True)


def test_a_sample_names_the_calls_and_the_instruction(always):
    assert run_profiled(SUM, FUNCTIONS).intval == 6
    assert samples() == [
        [2, 4],
        [2, 6],
        [2, 8, 4],
        [2, 8, 6],
        [2, 8, 8, 4],
        [2, 8, 8, 6],
        # f(0) jumps at once, and returns to the CALL of each of the others
        [2, 8, 8, 8],
        [2, 8, 8, 9],
        [2, 8, 8],
        [2, 8, 9],
        [2, 8],
        [2, 9],
        [2],
    ]


def test_no_sample_without_a_request():
    run_profiled(SUM, FUNCTIONS)
    assert samples() == []


def test_a_request_gives_one_sample():
    interruption.untranslated_sample_request.requested = interruption.WANTED_SAMPLE
    run_profiled(SUM, FUNCTIONS)
    assert samples() == [[2, 4]]
    assert not interruption.sample_requested()


def test_a_loop_of_nothing_but_its_jump_can_be_sampled(monkeypatch):
    class Enough(Exception):
        pass

    turns = []

    def requested():
        turns.append(1)
        if len(turns) > 5:
            raise Enough
        return True

    monkeypatch.setattr(instructions, "sample_requested", requested)
    with pytest.raises(Enough):
        run_profiled(["again", ("JUMP", "again")])
    assert samples() == [[0]] * 5


def test_deep_recursion_keeps_the_outermost_calls_and_the_place(always, monkeypatch):
    monkeypatch.setattr(mdvm.debugging.profiler, "MOST_CALLS", 2)
    run_profiled(SUM, FUNCTIONS)
    assert samples() == [
        [2, 4],
        [2, 6],
        [2, 8, 4],
        [2, 8, 6],
        [2, 8, 4],
        [2, 8, 6],
        [2, 8, 8],
        [2, 8, 9],
        [2, 8, 8],
        [2, 8, 9],
        [2, 8],
        [2, 9],
        [2],
    ]


def test_a_profile_begins_anew_after_an_error(always):
    items = [("LOAD_CONST", 0, "f"), ("CALL", 0, 1, ()), ("RETURN",), ("NEG", 0, 5)]
    with pytest.raises(RunError):
        run_profiled(items, [("f", 3)])
    assert profiler.depth == 1
    run_profiled(SUM, FUNCTIONS)
    assert samples()[0] == [2, 4]


def test_only_a_profile_has_samples():
    assert op.SAMPLE in body_of(make_module(SUM, FUNCTIONS), PROFILING).ops
    without = body_of(make_module([("DEBUG_PRINT", 0), ("RETURN",)], ()), LoweringOptions())
    assert without.ops == [op.DEBUG_PRINT, 0, op.RETURN_NOTHING, op.END]


def test_profiling_changes_nothing_else(always):
    items = [
        "again",
        ("ADD", 0, 0, 3),
        ("PHI", 7, ((0, 7),)),
        ("DEBUG_PRINT", 7),
        ("LT", 5, 0, 4),
        ("JUMP_IF", 5, "again"),
        ("RETURN", 7),
    ]
    items = [("LOAD_CONST", 0, 1), ("LOAD_CONST", 3, 2), ("LOAD_CONST", 4, 9)] + items
    plain = run(items)
    assert plain.output == "5\n7\n9\n"
    assert debug_text(run_profiled(items)) == plain.result
    assert run_state.output.text() == plain.output


# ____________________________________________________________ copies

# In each turn the array is shared by the MOVE, so that the ARRAY_SET at 7 copies its 4 elements.
COPYING = [
    ("LOAD_CONST", 0, 4),
    ("NEW_ARRAY", 1, 0),
    ("LOAD_CONST", 2, 0),
    ("LOAD_CONST", 3, 1),
    ("LOAD_CONST", 4, 5),
    "again",
    ("MOVE", 5, 1),
    ("ADD", 2, 2, 3),
    ("ARRAY_SET", 1, 3, 2),
    ("LT", 6, 2, 4),
    ("JUMP_IF", 6, "again"),
    ("DEBUG_PRINT", 5),
    ("RETURN", 1),
]


def copies():
    return {
        instruction: (copied.containers, copied.elements)
        for instruction, copied in profiler.copies.items()
    }


@pytest.fixture
def noting(monkeypatch):
    monkeypatch.setattr(run_state, "profiling", True)


def test_copies_are_counted_where_they_are_made(noting):
    run_profiled(COPYING)
    assert copies() == {7: (5, 20)}
    assert samples() == []  # to note a copy is no sample
    assert not interruption.sample_requested()


def test_copies_are_counted_beside_samples(noting, always):
    run_profiled(COPYING)
    assert copies() == {7: (5, 20)}
    assert len(samples()) > 15


def test_a_sample_that_is_wanted_meanwhile_is_taken(noting):
    interruption.untranslated_sample_request.requested = interruption.WANTED_SAMPLE
    interruption.request_note()
    run_profiled(COPYING)
    assert len(samples()) == 1


def test_copies_of_a_profile_begin_anew(noting):
    run_profiled(COPYING)
    run_profiled(SUM, FUNCTIONS)
    assert copies() == {}


def test_copies_of_dicts_in_calls(noting):
    items = [
        ("DICT_NEW", 0),
        ("LOAD_CONST", 2, "k"),
        ("DICT_SET", 0, 2, 2),
        ("LOAD_CONST", 1, "f"),
        ("CALL", 1, 3, (0,)),
        ("CALL", 1, 4, (0,)),
        ("DEBUG_PRINT", 0),
        ("RETURN", 3),
        ("LOAD_CONST", 5, "other"),
        ("DICT_SET", 0, 5, 5),
        ("RETURN", 0),
    ]
    run_profiled(items, [("f", 8)])
    assert copies() == {9: (2, 2)}


def test_nothing_is_noted_without_a_profile():
    run_profiled(COPYING)
    assert copies() == {}
    assert not interruption.sample_requested()
