"""Which functions are part of a recursion, and which recursion is irregular from the start."""

import pytest

from mdvm.analysis.recursion import (
    BRIDGES_THAT_INLINE,
    MOST_BRIDGES,
    MOST_BRIDGES_WITH_DATA,
    every_trace_inlines,
    is_irregular,
    no_more_traces_inline,
    note_bridge,
)
from mdvm.lowering.code import LoweringOptions
from mdvm.lowering.lower import lower
from tests.unit.programs import make_module

PROGRAM = [
    ("LOAD_CONST", 5, "itself"),
    ("CALL", 5, 1, ()),
    ("LOAD_CONST", 5, "first"),
    ("CALL", 5, 1, ()),
    ("LOAD_CONST", 5, "loops"),
    ("CALL", 5, 1, ()),
    ("RETURN", 1),
    "itself",
    ("LOAD_CONST", 5, "helper"),
    ("CALL", 5, 1, ()),
    ("LOAD_CONST", 5, "itself"),
    ("CALL", 5, 1, ()),
    ("RETURN", 1),
    "helper",
    ("LOAD_CONST", 0, 1),
    "again",
    ("JUMP_IF", 0, "again"),
    ("RETURN", 0),
    "first",
    ("LOAD_CONST", 5, "second"),
    ("CALL", 5, 1, ()),
    ("RETURN", 1),
    "second",
    ("LOAD_CONST", 5, "first"),
    ("CALL", 5, 1, ()),
    ("RETURN", 1),
    "loops",
    ("LOAD_CONST", 5, "back"),
    ("CALL", 5, 1, ()),
    ("RETURN", 1),
    "back",
    ("LOAD_CONST", 5, "loops"),
    ("CALL", 5, 1, ()),
    ("JUMP_IF", 1, "back"),
    ("RETURN", 1),
    "computed",
    ("CALL", 0, 1, ()),
    ("RETURN", 1),
    "reads",
    ("LOAD_GLOBAL", 0, "g"),
    ("LOAD_CONST", 5, "reads"),
    ("CALL", 5, 1, ()),
    ("RETURN", 0),
]
NAMES = ["itself", "helper", "first", "second", "loops", "back", "computed", "reads"]
FUNCTIONS = [("main", 0)] + [(name, name) for name in NAMES]


@pytest.fixture
def recursion():
    """A function: the name of a function -> its Recursion or None."""
    code = lower(make_module(PROGRAM, functions=FUNCTIONS), LoweringOptions())
    functions = dict((name, code.callee_named(name)) for name in ["main"] + NAMES)
    return lambda name: functions[name].recursion


def test_a_function_that_calls_itself_is_one(recursion):
    assert recursion("itself") is not None


def test_functions_that_call_each_other_are_one(recursion):
    assert recursion("first") is recursion("second") is not None
    assert recursion("first") is not recursion("itself")


def test_what_it_only_calls_or_is_called_by_is_not_part_of_it(recursion):
    assert recursion("main") is None
    assert recursion("helper") is None


def test_where_a_computed_name_leads_is_not_known(recursion):
    assert recursion("computed") is None


def test_it_is_irregular_with_a_loop_in_any_of_its_functions(recursion):
    assert recursion("loops") is recursion("back")
    assert is_irregular(recursion("loops"))


def test_a_loop_in_a_helper_does_not_count(recursion):
    assert not is_irregular(recursion("itself"))


@pytest.mark.parametrize(
    "name, most", [("itself", MOST_BRIDGES), ("reads", MOST_BRIDGES_WITH_DATA)]
)
def test_it_becomes_irregular_with_many_bridges(recursion, name, most):
    for _ in range(most - 1):
        note_bridge(recursion(name))
    assert not is_irregular(recursion(name))
    note_bridge(recursion(name))
    note_bridge(recursion(name))
    assert is_irregular(recursion(name))
    assert not is_irregular(recursion("first"))


def test_its_first_traces_inline_it_and_later_ones_do_not(recursion):
    itself = recursion("itself")
    for _ in range(BRIDGES_THAT_INLINE):
        assert every_trace_inlines(itself)
        assert not no_more_traces_inline(itself)
        note_bridge(itself)
    assert not every_trace_inlines(itself)
    assert no_more_traces_inline(itself)


def test_where_containers_or_globals_may_decide_that_is_left_to_rpython(recursion):
    reads = recursion("reads")
    for _ in range(MOST_BRIDGES_WITH_DATA):
        assert not every_trace_inlines(reads)
        assert not no_more_traces_inline(reads)
        note_bridge(reads)
    assert no_more_traces_inline(reads)


def test_nothing_inlines_recursion_with_a_loop(recursion):
    assert no_more_traces_inline(recursion("loops"))
