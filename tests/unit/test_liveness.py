"""The register analysis: what it finds on small programs, and that it changes no program's meaning.

The last tests run random programs as the VM does, in small frames with handed-over values, and in
the naive model, where every frame has 256 registers, copies of all its caller's, and every value is
copied.
"""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdvm.analysis.calls import ANY_FUNCTION, NO_FUNCTION
from mdvm.analysis.survey import analyse
from mdvm.settings.optimisations import OPTIMISATIONS, optimisations
from tests.amounts import some
from tests.unit.model import Model, TooLong
from tests.unit.programs import Index, make_module, run_module
from tests.unit.random_programs import (
    LARGEST_CHOICE,
    STATEMENT_SIZE,
    Plan,
    items_of,
    make_program,
    random_plan,
)


def analysis_of(items, functions=()):
    return analyse(make_module(items, functions))


def last_uses(items, functions=()):
    return analysis_of(items, functions).find_uses().dying


# ____________________________________________________________ liveness


def test_a_register_is_live_until_its_last_read():
    analysis = analysis_of(
        [
            ("LOAD_CONST", 0, 1),
            ("LOAD_CONST", 1, 2),
            "loop",
            ("ADD", 0, 0, 1),
            ("JUMP_IF", 0, "loop"),
            ("RETURN", 2),
        ]
    )
    assert analysis.live.at_entry.members(analysis.blocks.entry(0)) == [2]
    assert analysis.live.at_entry.members(analysis.blocks.entry(2)) == [0, 1, 2]
    assert analysis.live.at_entry.members(analysis.blocks.entry(4)) == [2]
    assert analysis.is_live_before(2, 1)
    assert not analysis.is_live_before(4, 1)
    assert not analysis.is_live_before(99, 1)


def test_either_branch_keeps_a_register_alive():
    analysis = analysis_of([("JUMP_IF", 0, "other"), ("RETURN", 1), "other", ("RETURN", 2)])
    assert analysis.inherited_registers(0) == [0, 1, 2]
    assert analysis.inherited_registers(1) == [1]
    assert analysis.inherited_registers(2) == [2]
    assert analysis.inherited_registers(3) == []


def test_an_update_reads_before_it_writes():
    assert analysis_of([("DICT_CLEAR", 3), ("ARRAY_SET", 0, 1, 2)]).inherited_registers(0) == [
        0,
        1,
        2,
        3,
    ]


def test_define_neither_reads_nor_writes_the_value():
    assert analysis_of([("DEFINE", 0, 2), ("RETURN",)]).inherited_registers(0) == []
    assert analysis_of([("DEFINE", 0, 2), ("RETURN", 0)]).inherited_registers(0) == [0]


def test_a_phi_may_leave_its_dst_unchanged():
    items = [("JUMP", 0), ("PHI", 1, ((0, 0),)), ("RETURN", 1)]
    assert analysis_of(items).inherited_registers(0) == [0, 1]


def test_a_call_that_always_returns_a_value_ends_the_life_of_its_dst():
    items = [("LOAD_CONST", 1, "f"), ("CALL", 1, 0, ()), ("RETURN", 0), ("LOAD_CONST", 5, 1)]
    with_value = items + [("RETURN", 5)]
    without = items + [("RETURN",)]
    perhaps = items + [("JUMP_IF", 5, 1), ("RETURN", 5), ("RETURN",)]
    assert analysis_of(with_value, [("f", 3)]).inherited_registers(0) == []
    assert analysis_of(without, [("f", 3)]).inherited_registers(0) == [0]
    assert analysis_of(perhaps, [("f", 3)]).inherited_registers(0) == [0]


def test_an_unknown_call_may_leave_its_dst_unchanged_if_any_function_may():
    items = [("CALL", 7, 0, ()), ("RETURN", 0), ("RETURN", 7), ("RETURN",)]
    assert analysis_of(items, [("f", 2)]).inherited_registers(0) == [7]
    assert analysis_of(items, [("f", 2), ("g", 3)]).inherited_registers(0) == [0, 7]


def test_a_call_reads_what_its_callee_inherits_but_for_the_arguments():
    items = [
        ("LOAD_CONST", 9, "f"),
        ("CALL", 9, 8, (5, 6)),
        ("RETURN", 8),
        ("ADD", 0, 0, 1),
        ("ADD", 0, 0, 2),
        ("ADD", 0, 0, 7),
        ("RETURN", 0),
    ]
    assert analysis_of(items, [("f", 3)]).inherited_registers(0) == [2, 5, 6, 7]


def test_inheritance_goes_through_functions_that_do_not_name_the_register():
    items = [
        ("LOAD_CONST", 1, "f"),
        ("CALL", 1, 0, ()),
        ("RETURN", 0),
        ("LOAD_CONST", 1, "g"),
        ("CALL", 1, 0, ()),
        ("RETURN", 0),
        ("RETURN", 40),
    ]
    analysis = analysis_of(items, [("f", 3), ("g", 6)])
    assert analysis.inherited_registers(3) == [40]
    assert analysis.inherited_registers(0) == [40]
    assert analysis.frame_size(3) == 41
    assert analysis.frame_size(0) == 41


def test_recursion_comes_to_an_end():
    items = [("LOAD_CONST", 1, "f"), ("CALL", 1, 0, (0,)), ("ADD", 0, 0, 3), ("RETURN", 0)]
    assert analysis_of(items, [("f", 0)]).inherited_registers(0) == [0, 3]


# ____________________________________________________________ callees


def callee_of_last_call(items, functions):
    module = make_module(items, functions)
    return analyse(module).callees[module.instruction_count() - 1]


FUNCTIONS = [("f", 0), ("g", 0)]


@pytest.mark.parametrize(
    "items, expected",
    [
        ([("LOAD_CONST", 1, "g"), ("CALL", 1, 0, ())], 1),
        ([("LOAD_CONST", 1, "g"), ("MOVE", 2, 1), ("CALL", 2, 0, ())], 1),
        ([("LOAD_CONST", 1, "g"), ("NOP",), ("LOAD_CONST", 2, "f"), ("CALL", 1, 0, ())], 1),
        ([("LOAD_CONST", 1, "none"), ("CALL", 1, 0, ())], NO_FUNCTION),
        ([("LOAD_CONST", 1, 2.0), ("CALL", 1, 0, ())], NO_FUNCTION),
        ([("LOAD_CONST", 1, None), ("CALL", 1, 0, ())], NO_FUNCTION),
        ([("LOAD_CONST", 1, 0), ("CALL", 1, 0, ())], ANY_FUNCTION),
        ([("CALL", 1, 0, ())], ANY_FUNCTION),
        ([("LOAD_CONST", 1, "g"), ("NOT", 1, 1), ("CALL", 1, 0, ())], ANY_FUNCTION),
        ([("LOAD_CONST", 1, "g"), ("PHI", 1, ()), ("CALL", 1, 0, ())], ANY_FUNCTION),
        ([("LOAD_CONST", 1, "g"), ("CALL", 1, 1, ()), ("CALL", 1, 0, ())], ANY_FUNCTION),
        ([("LOAD_CONST", 1, "g"), ("CALL", 1, 0, ()), ("CALL", 1, 0, ())], 1),
        ([("LOAD_CONST", 1, "g"), ("JUMP", 0), ("CALL", 1, 0, ())], ANY_FUNCTION),
        ([("LOAD_CONST", 1, Index(99)), ("CALL", 1, 0, ())], ANY_FUNCTION),
        ([("LOAD_CONST", 1, "g"), ("DEFINE", 1, 2), ("CALL", 1, 0, ())], 1),
    ],
)
def test_who_is_called(items, expected):
    assert callee_of_last_call(items, FUNCTIONS) == expected


def test_the_last_function_of_a_name_is_called():
    assert (
        callee_of_last_call(
            [("LOAD_CONST", 1, "f"), ("CALL", 1, 0, ())], [("f", 0), ("g", 0), ("f", 9)]
        )
        == 2
    )


# ____________________________________________________________ last uses


def test_a_move_hands_over_what_is_not_read_again():
    assert last_uses([("MOVE", 1, 0), ("RETURN", 1)]) == [[True], [True]]
    assert last_uses([("MOVE", 1, 0), ("ADD", 2, 0, 1)]) == [[False], [True, True]]


def test_a_register_read_twice_by_one_instruction_does_not_die_there():
    assert last_uses([("ARRAY_SET", 1, 2, 1)])[0][2] is False
    items = [("LOAD_CONST", 9, "f"), ("CALL", 9, 8, (1, 1, 2)), ("RETURN",), ("RETURN",)]
    assert last_uses(items, [("f", 3)])[1] == [True, False, False, True]


def test_what_the_callee_inherits_is_not_handed_over():
    items = [("LOAD_CONST", 9, "f"), ("CALL", 9, 8, (5, 6)), ("RETURN", 8), ("RETURN", 5)]
    assert last_uses(items, [("f", 3)])[1] == [True, False, True]


def test_an_argument_that_the_call_overwrites_is_handed_over():
    items = [("LOAD_CONST", 9, "f"), ("CALL", 9, 0, (0,)), ("RETURN", 0), ("RETURN", 0)]
    assert last_uses(items, [("f", 3)])[1] == [True, True]
    without_value = [("LOAD_CONST", 9, "f"), ("CALL", 9, 0, (0,)), ("RETURN", 0), ("RETURN",)]
    assert last_uses(without_value, [("f", 3)])[1] == [True, False]


def test_a_value_that_the_next_turn_reads_is_not_handed_over():
    items = ["loop", ("MOVE", 1, 0), ("JUMP_IF", 1, "loop"), ("RETURN",)]
    assert last_uses(items)[0] == [False]


# ____________________________________________________________ frames


@pytest.mark.parametrize(
    "items, size",
    [
        ([], 0),
        ([("HALT",)], 0),
        ([("LOAD_CONST", 7, 1), ("RETURN",)], 8),
        ([("RETURN", 255)], 256),
        ([("DEFINE", 12, 1)], 13),
        ([("CALL", 1, 30, (4, 20))], 31),
        ([("CALL", 1, 3, (4, 20))], 21),
        ([("PHI", 2, ((17, 0), (3, 0)))], 18),
        ([("RETURN",), ("MOVE", 99, 98)], 0),
        ([("JUMP", 1), ("MOVE", 99, 98), ("MOVE", 1, 2)], 3),
        ([("JUMP_IF", 0, 1), ("MOVE", 99, 98), ("MOVE", 1, 2)], 100),
        ([("MOVE", 1, 2), ("JUMP", -2), ("MOVE", 5, 5)], 3),
        ([("JUMP", 1000)], 0),
    ],
)
def test_a_frame_has_room_for_what_can_be_touched(items, size):
    assert analysis_of(items).frame_size(0) == size


def test_functions_that_share_code_have_their_own_sizes():
    items = [("MOVE", 50, 0), ("MOVE", 1, 0), ("RETURN", 1)]
    analysis = analysis_of(items, [("f", 0), ("g", 1), ("h", 9)])
    assert [analysis.frame_size(target) for target in (0, 1, 9)] == [51, 2, 0]


def test_ten_thousand_blocks_take_linear_time():
    items = []
    for _ in range(5000):
        items += [("JUMP_IF", 0, 1), ("MOVE", 1, 2)]
    for _ in range(200):
        items += [("JUMP_IF", 3, -4000)]
    analysis = analysis_of(items)
    assert analysis.frame_size(0) == 4
    assert analysis.inherited_registers(0) == [0, 2, 3]


# ____________________________________________________________ random programs

MAX_STEPS = 600


def assert_as_the_model(module, counting=False):
    """-> bool, whether there was something to compare."""
    model = Model(module, MAX_STEPS)
    try:
        expected = model.run()
    except TooLong:
        return False
    outcome = run_module(module, counting=counting)
    assert outcome.summary() == expected
    assert outcome.failed_at == model.failed_at
    if counting:
        assert outcome.executed == model.executed
    return True


def statements(draw_from=st.integers(0, LARGEST_CHOICE)):
    return st.lists(
        st.lists(draw_from, min_size=STATEMENT_SIZE, max_size=STATEMENT_SIZE), max_size=9
    )


plans = st.builds(
    Plan,
    st.lists(statements(), min_size=4, max_size=4),
    st.booleans(),
    st.booleans(),
    st.lists(st.integers(0, LARGEST_CHOICE), max_size=5),
    st.booleans(),
)


@settings(max_examples=200)
@given(plans)
def test_random_programs_mean_the_same(plan):
    assert_as_the_model(make_program(plan))


@pytest.mark.parametrize("batch", range(10))
def test_many_random_programs_mean_the_same(batch):
    rng = random.Random("programs %d" % batch)
    compared = 0
    for _ in range(some(160)):
        plan = random_plan(rng)
        try:
            compared += assert_as_the_model(make_program(plan), counting=batch % 2 == 1)
        except AssertionError:
            print("\n".join(str(item) for item in enumerate(items_of(plan)[0])))
            print(items_of(plan)[1])
            raise
    assert compared > some(80)  # else the programs have become too wild to say anything


@pytest.mark.parametrize("name", [name for name, _ in OPTIMISATIONS])
def test_random_programs_mean_the_same_without_an_optimisation(name):
    rng = random.Random("without " + name)
    before = dict(vars(optimisations))
    assert optimisations.turn_off(name)
    try:
        compared = 0
        for _ in range(60):
            compared += assert_as_the_model(make_program(random_plan(rng)))
    finally:
        vars(optimisations).update(before)
    assert compared > 30


def test_random_programs_mean_the_same_in_debug_mode():
    rng = random.Random("debug")
    for _ in range(100):
        module = make_program(random_plan(rng))
        model = Model(module, MAX_STEPS)
        try:
            result, _, error = model.run()
        except TooLong:
            continue
        outcome = run_module(module, debug=True)
        assert (outcome.result, outcome.error) == (result, error)
        traced = [line for line in outcome.output.split("\n") if line.startswith("PC: ")]
        assert len(traced) == model.executed


def test_random_programs_do_not_all_fail_early():
    rng = random.Random("how far")
    executed = []
    succeeded = 0
    for _ in range(200):
        model = Model(make_program(random_plan(rng)), MAX_STEPS)
        try:
            succeeded += model.run()[2] is None
        except TooLong:
            continue
        executed.append(model.executed)
    assert sum(executed) / float(len(executed)) > 25
    assert succeeded > 50
