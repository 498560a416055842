"""An element or global that is got, changed and stored back: not copied, and yet nobody else sees
the change.
"""

import pytest

from mdvm.lowering.code import LoweringOptions
from mdvm.interp import interpreter
from mdvm.lowering.lower import lower
from mdvm.opcodes import LOWERED_OPCODES, op
from mdvm.run_state import run_state
from mdvm.settings.optimisations import optimisations
from tests.unit.model import Model
from tests.unit.programs import NESTED, Collected, body_of, make_module, run_module

ELEMENT = [("ARRAY_GET", 3, 0, 9), ("ARRAY_SET", 3, 8, 8), ("ARRAY_SET", 0, 9, 3)]
ENTRY = [("DICT_GET", 3, 1, 7), ("ARRAY_SET", 3, 8, 8), ("DICT_SET", 1, 7, 3)]
GLOBAL = [("LOAD_GLOBAL", 3, "g"), ("ARRAY_SET", 3, 8, 8), ("STORE_GLOBAL", 3, "g")]
SHOW = [
    ("DEBUG_PRINT", 0),
    ("DEBUG_PRINT", 1),
    ("DEBUG_PRINT", 4),
    ("DEBUG_PRINT", 5),
    ("LOAD_GLOBAL", 3, "g"),
    ("DEBUG_PRINT", 3),
    ("LOAD_GLOBAL", 3, "h"),
    ("DEBUG_PRINT", 3),
]

TAKES = (op.ARRAY_GET_OWNED, op.DICT_GET_OWNED, op.LOAD_OWNED_GLOBAL)


def between(steps, after, *items):
    """The steps with items put in after the first so many of them."""
    return steps[:after] + list(items) + steps[after:]


def module_of(items, callee=()):
    body = NESTED + list(items) + SHOW + [("RETURN",)]
    return make_module(body + list(callee) + [("RETURN",)], [("f", len(body))])


def takes_in(items, callee=()):
    """-> the names of the instructions that take."""
    names = dict((row.number, row.name) for row in LOWERED_OPCODES)
    code = body_of(module_of(items, callee))
    return [names[code.ops[at]] for at in code.origins if code.ops[at] in TAKES]


def check(items, callee=()):
    module = module_of(items, callee)
    assert run_module(module).summary() == Model(module).run()


@pytest.mark.parametrize(
    "items, name",
    [(ELEMENT, "ARRAY_GET_OWNED"), (ENTRY, "DICT_GET_OWNED"), (GLOBAL, "LOAD_OWNED_GLOBAL")],
)
def test_what_is_stored_back_is_taken(items, name):
    assert takes_in(items) == [name]
    check(items)


def test_what_is_taken_is_not_copied():
    code = lower(make_module(NESTED + ELEMENT + [("RETURN", 0)]), LoweringOptions())
    run_state.output = Collected()
    w_outer = interpreter.execute_program(code)
    assert not w_outer.shared
    assert not w_outer.get(0).shared


@pytest.mark.parametrize(
    "items",
    [
        between(ELEMENT, 2, ("DEBUG_PRINT", 0)),
        between(ELEMENT, 1, ("MOVE", 4, 0)),
        between(ELEMENT, 2, ("STORE_GLOBAL", 0, "h")),
        between(ELEMENT, 2, ("LOAD_CONST", 9, 1)),
        ELEMENT[:2] + [("ARRAY_SET", 0, 8, 3)],
        ELEMENT[:2] + [("ARRAY_SET", 0, 9, 0)],
        ELEMENT[:2] + [("NEW_ARRAY", 0, 6)],
        between(ENTRY, 2, ("DEBUG_PRINT", 1)),
        between(ENTRY, 2, ("DICT_VALUES", 4, 1)),
        ENTRY[:2] + [("DICT_SET", 1, 7, 1)],
        ENTRY[:2] + [("DICT_REMOVE", 1, 7)],
        between(ENTRY, 2, ("LOAD_CONST", 7, "other")),
        GLOBAL[:2] + [("STORE_GLOBAL", 3, "h")],
        GLOBAL[:2],
        between(GLOBAL, 2, ("LOAD_CONST", 5, "f"), ("CALL", 5, 5, ())),
    ],
)
def test_what_somebody_could_see_meanwhile_is_not_taken(items):
    assert takes_in(items) == []
    check(items)


CALL_F = [("LOAD_CONST", 5, "f"), ("CALL", 5, 5, ())]


@pytest.mark.parametrize(
    "items",
    [
        between(ELEMENT, 2, ("JUMP", 0)),
        between(ELEMENT, 1, ("JUMP", 0)),
        between(ELEMENT, 2, ("ARRAY_SET", 0, 8, 8)),
        between(ELEMENT, 2, *CALL_F),
        between(ELEMENT, 1, *CALL_F),
        # in a branch, and only looked at in the other
        between(ELEMENT, 1, ("JUMP_IF", 8, 2)),
        between(ELEMENT, 1, ("JUMP_IF", 9, 2)),
        between(ELEMENT, 1, ("JUMP_IF", 9, 3), ("DEBUG_PRINT", 3)) + [("LOAD_CONST", 3, 1)],
        # twice in a loop
        between(ELEMENT, 1, ("LOAD_CONST", 5, 2))[:-1]
        + [("SUB", 5, 5, 8), ("JUMP_IF", 5, -3), ("ARRAY_SET", 0, 9, 3)],
        # through registers, and through a function that gives it back
        [("ARRAY_GET", 4, 0, 9), ("JUMP", 0), ("MOVE", 3, 4), ("JUMP", 0), ("LOAD_CONST", 4, 1)]
        + ELEMENT[1:],
        [("ARRAY_GET", 3, 0, 9), ("LOAD_CONST", 5, "f"), ("CALL", 5, 3, (3,))] + ELEMENT[2:],
    ],
)
def test_whatever_lies_between(items):
    callee = [("LOAD_CONST", 3, 1), ("ARRAY_SET", 0, 3, 3), ("RETURN", 0)]
    given = items[2][3:] if len(items) > 2 else ()
    items = items + [("LOAD_CONST", 3, 1)]
    assert takes_in(items, callee if given == ((3,),) else ()) == ["ARRAY_GET_OWNED"]
    check(items, callee if given == ((3,),) else ())


def test_a_global_is_owned_across_branches():
    items = [("LOAD_GLOBAL", 3, "g"), ("JUMP_IF", 9, 1), ("ARRAY_SET", 3, 8, 8)] + GLOBAL[2:]
    assert takes_in(items) == ["LOAD_OWNED_GLOBAL"]
    check(items)


@pytest.mark.parametrize(
    "callee, is_owned",
    [
        ([], True),
        ([("LOAD_GLOBAL", 0, "h"), ("DEBUG_PRINT", 0)], True),
        ([("STORE_GLOBAL", 8, "g")], True),
        ([("LOAD_GLOBAL", 0, "g"), ("DEBUG_PRINT", 0)], False),
        # by way of another, by a computed name, and one of too many to be told apart
        ([("LOAD_CONST", 0, "e"), ("CALL", 0, 0, ())], False),
        ([("CONCAT_STR", 0, 7, 7), ("LOAD_CONST", 0, "e"), ("JUMP", 0), ("CALL", 0, 0, ())], False),
        ([("LOAD_GLOBAL", 0, "g%d" % number) for number in range(17)], False),
        ([("LOAD_GLOBAL", 0, "g%d" % number) for number in range(16)], True),
        ([("LOAD_CONST", 0, "nobody"), ("CALL", 0, 0, ())], True),
    ],
)
def test_a_global_is_owned_across_a_call_that_does_not_load_it(callee, is_owned):
    change = between(GLOBAL, 2, *CALL_F)
    show = [("LOAD_CONST", 5, "e"), ("CALL", 5, 5, ()), ("DEBUG_PRINT", 3), ("RETURN",)]
    items = NESTED + change + show
    starts = [("f", len(items)), ("e", len(items) + len(callee) + 1)]
    items = items + callee + [("RETURN",), ("LOAD_GLOBAL", 3, "g"), ("DEBUG_PRINT", 3)]
    module = make_module(items + [("RETURN",)], starts)
    body = lower(module, LoweringOptions()).start().body
    loads = [body.ops[at] for at in body.origins if body.ops[at] == op.LOAD_OWNED_GLOBAL]
    assert bool(loads) == is_owned
    assert run_module(module).summary() == Model(module).run()


LOOK_AGAIN = [("LOAD_GLOBAL", 4, "G"), ("ARRAY_GET", 5, 4, 9), ("ARRAY_SET", 5, 8, 8)]
LOOK_AGAIN += [("ARRAY_SET", 4, 9, 5), ("STORE_GLOBAL", 4, "G")]
# The row must hold numbers already: with the first one stored an array becomes another object.
OTHER_WAY = [("ARRAY_GET", 2, 0, 9), ("ARRAY_SET", 2, 8, 9), ("ARRAY_SET", 0, 9, 2)]
OTHER_WAY += [("LOAD_CONST", 2, 0), ("STORE_GLOBAL", 0, "G"), ("LOAD_CONST", 0, 0)]
OTHER_WAY += [("LOAD_GLOBAL", 0, "G"), ("ARRAY_GET", 3, 0, 9), ("JUMP_IF", 8, 4)]
OTHER_WAY += [("ARRAY_SET", 3, 8, 9), ("ARRAY_SET", 0, 9, 3), ("STORE_GLOBAL", 0, "G")]
OTHER_WAY += [("RETURN",)]


@pytest.mark.parametrize("change", [LOOK_AGAIN, CALL_F])
@pytest.mark.parametrize("look", [[("DEBUG_PRINT", 3)], [("JUMP", 0), ("DEBUG_PRINT", 3)]])
def test_what_is_looked_at_is_not_changed_by_way_of_another_register(change, look, monkeypatch):
    # Or the other register takes the place of the one that held the outer container.
    monkeypatch.setattr(optimisations, "small_frames", False)
    items = OTHER_WAY + change + look + [("LOAD_CONST", 0, 0), ("LOAD_CONST", 3, 1)]
    items += [("LOAD_CONST", 4, 1), ("LOAD_CONST", 5, 1)]
    check(items, LOOK_AGAIN)


@pytest.mark.parametrize(
    "look", [("DEBUG_PRINT", 0), ("ARRAY_LEN", 4, 0), ("STORE_GLOBAL", 0, "h")]
)
def test_a_callee_that_finds_the_container_sees_what_was_there(look):
    items = ELEMENT[:2] + CALL_F + ELEMENT[2:]
    assert takes_in(items, [look]) == []
    check(items, [look])


@pytest.mark.parametrize(
    "items",
    [
        between(ELEMENT, 2, ("JUMP_IF", 9, 1), ("DEBUG_PRINT", 0)),
        between(ELEMENT, 2, ("JUMP_IF", 8, 1)),
        between(ELEMENT, 2, ("JUMP_IF", 8, 1), ("LOAD_CONST", 9, 1)),
        between(ELEMENT, 2, ("JUMP_IF", 9, 1), ("RETURN", 0)),
        [("ARRAY_GET", 3, 0, 9), ("JUMP_IF", 9, 2)] + ELEMENT[1:] + [("STORE_GLOBAL", 3, "h")],
        [("ARRAY_GET", 3, 0, 9), ("MOVE", 4, 3)] + ELEMENT[1:2],
    ],
)
def test_not_on_every_path(items):
    assert takes_in(items) == []
    check(items)


@pytest.mark.parametrize(
    "items",
    [
        between(ELEMENT, 2, ("ARRAY_GET", 4, 0, 9)),
        between(ENTRY, 2, ("DICT_GET", 4, 1, 7)),
        between(GLOBAL, 2, ("LOAD_GLOBAL", 4, "g")),
    ],
)
def test_of_two_that_get_it_only_the_last_may_take_it(items):
    assert len(takes_in(items)) == 1
    check(items)


@pytest.mark.parametrize("items", [ELEMENT, ENTRY, GLOBAL])
@pytest.mark.parametrize("after", [1, 2])
@pytest.mark.parametrize(
    "keep", [("STORE_GLOBAL", 0, "h"), ("STORE_GLOBAL", 1, "h"), ("LOAD_GLOBAL", 3, "g")]
)
def test_a_callee_may_look_meanwhile(items, after, keep):
    check(
        between(items, after, ("LOAD_CONST", 5, "f"), ("CALL", 5, 5, ())),
        [keep, ("STORE_GLOBAL", keep[1], "h")],
    )


@pytest.mark.parametrize(
    "before",
    [
        [("MOVE", 4, 0), ("MOVE", 5, 1)],
        [("STORE_GLOBAL", 0, "h"), ("MOVE", 5, 1)],
        # Copies of their own, whose elements are still those of the origins.
        [("MOVE", 4, 0), ("ARRAY_SET", 4, 8, 8)],
        [
            ("MOVE", 4, 0),
            ("ARRAY_SET", 0, 8, 8),
            ("MOVE", 5, 1),
            ("LOAD_CONST", 6, "new"),
            ("DICT_SET", 1, 6, 8),
        ],
        [("ARRAY_GET", 4, 0, 9), ("DICT_GET", 5, 1, 7)],
        [("LOAD_GLOBAL", 4, "g")],
        [("LOAD_GLOBAL", 4, "g"), ("ARRAY_SET", 4, 9, 8)],
    ],
)
@pytest.mark.parametrize("items", [ELEMENT, ENTRY, GLOBAL])
def test_who_held_it_before_sees_no_change(before, items):
    check(before + items)


def test_elements_of_a_copy_are_not_taken_from_the_origin():
    check(
        [
            ("MOVE", 4, 0),
            ("ARRAY_SET", 4, 8, 8),
            ("ARRAY_GET", 3, 4, 9),
            ("ARRAY_SET", 3, 8, 8),
            ("ARRAY_SET", 4, 9, 3),
        ]
    )
    check(
        [
            ("MOVE", 5, 1),
            ("LOAD_CONST", 6, "new"),
            ("DICT_SET", 5, 6, 8),
            ("DICT_GET", 3, 5, 7),
            ("ARRAY_SET", 3, 8, 8),
            ("DICT_SET", 5, 7, 3),
        ]
    )


def test_values_of_a_dict_are_not_taken_from_it():
    check(
        [
            ("DICT_VALUES", 4, 1),
            ("ARRAY_GET", 3, 4, 9),
            ("ARRAY_SET", 3, 8, 8),
            ("ARRAY_SET", 4, 9, 3),
        ]
    )


def test_the_same_place_by_another_name_is_another_place():
    # r5 holds the index that r9 holds, but nobody looked that far.
    check([("ARRAY_GET", 3, 0, 9), ("ARRAY_SET", 3, 8, 8), ("MOVE", 5, 9), ("ARRAY_SET", 0, 5, 3)])
    check([("ARRAY_GET", 0, 0, 9), ("ARRAY_SET", 0, 9, 8), ("ARRAY_SET", 0, 9, 0)])
    check([("ARRAY_GET", 3, 0, 3)])


def test_copies_are_forgotten_when_a_call_writes_their_source():
    items = [
        ("LOAD_CONST", 9, "f"),
        ("LOAD_CONST", 5, 5),
        ("NEG", 0, 5),
        ("MOVE", 1, 0),
        ("CALL", 9, 0, (0,)),
        ("CONCAT_STR", 2, 1, 0),
        ("CONCAT_STR", 2, 2, 0),
        ("RETURN", 2),
        ("LOAD_CONST", 0, "new"),
        ("RETURN", 0),
    ]
    module = make_module(items, [("f", 8)])
    assert run_module(module).result == Model(module).run()[0] == 'String("-5newnew")'
