"""Functions are lowered when they are called for the first time, and what callers must know of them
is found out before.
"""

import random

from mdvm.lowering.code import LoweringOptions
from mdvm.analysis.components import Components
from mdvm.interp import interpreter
from mdvm.lowering.lower import lower
from mdvm.run_state import run_state
from mdvm.analysis.summaries import Summaries, number_functions
from mdvm.analysis.survey import Survey, analyse
from tests.unit.programs import Collected, make_module
from tests.unit.random_programs import make_program, random_plan

PLAIN = LoweringOptions()

CALLING = [
    ("JUMP_IF", 0, "other"),
    ("LOAD_CONST", 5, "f"),
    ("CALL", 5, 1, ()),
    ("RETURN", 1),
    "other",
    ("LOAD_CONST", 5, "g"),
    ("CALL", 5, 1, ()),
    ("RETURN", 1),
    "f",
    ("LOAD_CONST", 0, 1),
    ("RETURN", 0),
    "g",
    ("LOAD_CONST", 0, 2),
    ("RETURN", 0),
    "h",
    ("RETURN", 0),
]
FUNCTIONS = [("main", 0), ("f", "f"), ("g", "g"), ("h", "h")]


def survey_of(module):
    return Survey(Components(module), Summaries(module, number_functions(module)))


def test_what_is_never_called_is_never_lowered():
    code = lower(make_module(CALLING, FUNCTIONS), PLAIN)
    assert (code.lowered, len(code.bodies)) == (0, 0)
    code.start()
    assert (code.lowered, len(code.bodies)) == (1, 1)
    run_state.output = Collected()
    for _ in range(2):
        interpreter.execute_program(code)
        assert (code.lowered, len(code.bodies)) == (2, 2)  # main and f, or g if r0 were truthy


def test_functions_with_common_code_are_lowered_once():
    items = [
        ("LOAD_CONST", 5, "f"),
        ("CALL", 5, 1, ()),
        ("LOAD_CONST", 5, "g"),
        ("CALL", 5, 2, ()),
        ("ADD", 0, 1, 2),
        ("RETURN", 0),
        "f",
        ("NOP",),
        "g",
        ("LOAD_CONST", 0, 1),
        ("RETURN", 0),
    ]
    code = lower(make_module(items, [("f", "f"), ("g", "g")]), PLAIN)
    run_state.output = Collected()
    assert interpreter.execute_program(code).intval == 2
    assert (code.lowered, len(code.bodies)) == (3, 2)
    assert code.function(0).body is code.function(1).body


def test_a_survey_knows_what_is_reachable_by_calls_and_no_more():
    module = make_module(CALLING, FUNCTIONS)
    survey = survey_of(module)
    survey.look_from(survey.components.component_of(0))
    places = dict((function.name, function.target_index) for function in module.functions)
    assert [survey.summaries.has(places[name]) for name in ("main", "f", "g", "h")] == [
        True,
        True,
        True,
        False,
    ]


def test_a_call_by_a_computed_name_may_reach_them_all():
    items = [
        ("CALL", 5, 1, ()),
        ("RETURN", 1),
        "f",
        ("RETURN", 7),
        "g",
        ("ADD", 0, 8, 9),
        ("RETURN",),
    ]
    survey = survey_of(make_module(items, [("f", "f"), ("g", "g")]))
    survey.look_from(survey.components.component_of(0))
    assert survey.knows_any
    # g returns nothing, so r1 may stay what it was
    assert survey.summaries.any.read.members(0) == [1, 5, 7, 8, 9]
    assert survey.summaries.any.returns_nothing


def test_summaries_are_those_of_an_analysis_of_everything():
    """Which takes the start for one more function that may be called; so it may say more, but
    seldom does.
    """
    rng = random.Random("summaries")
    same = different = 0
    for _ in range(60):
        module = make_program(random_plan(rng))
        expected = analyse(module)
        survey = survey_of(module)
        for number, function in enumerate(module.functions):
            if function.target_index >= module.instruction_count():
                continue
            survey.look_from(survey.components.component_of(function.target_index))
            summary = survey.summaries.of_function(number)
            block = expected.blocks.entry(function.target_index)
            read = expected.live.at_entry.members(block)
            consumed = expected.consumed.at_entry.members(block)
            assert set(summary.read.members(0)) <= set(read)
            assert set(summary.consumed.members(0)) <= set(consumed)
            assert summary.returns_nothing <= expected.returns_nothing[block]
            if (summary.read.members(0), summary.consumed.members(0)) == (read, consumed):
                same += 1
            else:
                different += 1
    assert same > 3 * different > 0


def test_a_chain_of_calls_may_be_long():
    items = []
    functions = []
    for number in range(3000):
        functions.append(("f%d" % number, "f%d" % number))
        items += [
            "f%d" % number,
            ("LOAD_CONST", 1, "f%d" % (number + 1)),
            ("CALL", 1, 0, ()),
            ("RETURN", 200 if number == 2999 else 0),
        ]
    survey = survey_of(make_module(items, functions))
    survey.look_from(survey.components.component_of(0))
    assert survey.summaries.of_function(0).read.members(0) == [200]
