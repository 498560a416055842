"""Lists that change their length, sets, and dicts with any keys as values: random programs that
alias, nest and change them, beside the model that copies everything.
"""

import itertools
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mdvm.values.functions import W_Function
from mdvm.values.strings import W_Url
from tests.amounts import is_tried, some
from tests.unit.model import Model, TooLong
from tests.unit.programs import make_module, run_module

REGISTERS = range(6)  # of containers and whatever else comes into them
FIRST_SCALAR = 10
SCALARS = [0, 1, 2, -1, 1.0, 2.5, 0.0, -0.0, True, False, None, "a", "b", "a:b"]
SCALARS += [W_Url("a:b"), W_Function("f"), float("nan"), -0x7F5C3A35]
GLOBALS = ("g", "h")

_register = st.sampled_from(REGISTERS)
_scalar = st.integers(FIRST_SCALAR, FIRST_SCALAR + len(SCALARS) - 1)
_index = st.integers(FIRST_SCALAR, FIRST_SCALAR + 2)  # 0, 1 or 2
_value = _register | _scalar
_global = st.sampled_from(GLOBALS)
_length = st.just(FIRST_SCALAR) | _index


def _row(name, *operands):
    return st.tuples(st.just(name), *operands)


# What is done to containers more often than it fails: errors end a program.
_instruction = st.one_of(
    _row("ARRAY_PUSH", st.sampled_from([0, 1]), _value),
    _row("ARRAY_PUSH", st.sampled_from([0, 1]), _scalar),
    _row("ARRAY_POP", _register, st.sampled_from([0, 1])),
    _row("ARRAY_INSERT", st.sampled_from([0, 1]), _index, _value),
    _row("ARRAY_REMOVE", _register, st.sampled_from([0, 1]), _index),
    _row("ARRAY_GET", _register, st.sampled_from([0, 1]), _index),
    _row("ARRAY_SET", st.sampled_from([0, 1]), _index, _value),
    _row("ARRAY_FIND", st.just(5), st.sampled_from([0, 1]), _value),
    _row("ARRAY_SLICE", _register, st.sampled_from([0, 1]), st.just(FIRST_SCALAR), _index),
    _row("ARRAY_CONCAT", st.sampled_from([0, 1]), st.sampled_from([0, 1]), st.sampled_from([0, 1])),
    _row("NEW_ARRAY", _register, _length),
    _row("SET_NEW", st.sampled_from([2, 3])),
    _row("SET_ADD", st.sampled_from([2, 3]), _scalar),
    _row("SET_ADD", st.sampled_from([2, 3]), _index),
    _row("SET_REMOVE", st.sampled_from([2, 3]), _scalar),
    _row("SET_CONTAINS", st.just(5), st.sampled_from([2, 3]), _scalar),
    _row("SET_VALUES", st.sampled_from([0, 1]), st.sampled_from([2, 3])),
    _row("SET_LEN", st.just(5), st.sampled_from([2, 3])),
    _row("DICT_NEW", st.just(4)),
    _row("DICT_SET", st.just(4), _scalar, _value),
    _row("DICT_GET", _register, st.just(4), _scalar),
    _row("DICT_REMOVE", st.just(4), _scalar),
    _row("DICT_KEYS", st.sampled_from([0, 1]), st.just(4)),
    _row("DICT_CONTAINS", st.just(5), st.just(4), _scalar),
    _row("MOVE", _register, _register),
    _row("STORE_GLOBAL", _register, _global),
    _row("LOAD_GLOBAL", _register, _global),
    _row("EQ", st.just(5), _register, _register),
    _row("DEBUG_PRINT", _register),
    _row("CALL", st.just(9), st.just(5), st.tuples(_register)),
    _row("CALL", st.just(8), st.just(5), st.tuples(_register)),
)
_body = st.lists(_instruction, min_size=4, max_size=30)

# f is called with a container and may change its own: an array, or whatever it gets.
_callee = st.lists(
    st.one_of(
        _row("ARRAY_PUSH", st.just(0), _scalar),
        _row("ARRAY_POP", st.just(1), st.just(0)),
        _row("ARRAY_GET", st.just(1), st.just(0), _index),
        _row("ARRAY_PUSH", st.just(1), _scalar),
        _row("ARRAY_SET", st.just(0), _index, st.just(1)),
        _row("STORE_GLOBAL", st.just(0), _global),
        _row("LOAD_GLOBAL", st.just(1), _global),
        _row("DEBUG_PRINT", st.just(0)),
        _row("SET_ADD", st.just(0), _scalar),
        _row("MOVE", st.just(1), st.just(0)),
    ),
    max_size=5,
)


def program_of(body, callee):
    items = [("LOAD_CONST", FIRST_SCALAR + number, value) for number, value in enumerate(SCALARS)]
    items += [("LOAD_CONST", 9, "f"), ("LOAD_CONST", 8, W_Function("f"))]
    # r0 holds an array of two arrays, r1 an array of ints; r2 a set of ints, r3 a mixed one
    items += [
        ("NEW_ARRAY", 0, FIRST_SCALAR),
        ("NEW_ARRAY", 1, FIRST_SCALAR),
        ("ARRAY_PUSH", 1, 11),
        ("ARRAY_PUSH", 1, 12),
        ("ARRAY_PUSH", 0, 1),
        ("ARRAY_PUSH", 0, 1),
        ("SET_NEW", 2),
        ("SET_ADD", 2, 11),
        ("SET_ADD", 2, 12),
        ("SET_NEW", 3),
        ("SET_ADD", 3, 21),
        ("SET_ADD", 3, 14),
        ("DICT_NEW", 4),
        ("DICT_SET", 4, 11, 1),
    ]
    items += body
    for register in REGISTERS:
        items.append(("DEBUG_PRINT", register))
    for name in GLOBALS:
        items += [("LOAD_GLOBAL", 0, name), ("DEBUG_PRINT", 0)]
    items += [("RETURN", 5), "f"] + callee + [("RETURN", 0)]
    return make_module(items, [("f", "f")])


@settings(
    max_examples=some(1500),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(_body, _callee)
def test_random_programs_against_the_model(body, callee):
    module = program_of(body, callee)
    try:
        expected = Model(module).run()
    except TooLong:
        return
    assert run_module(module).summary() == expected
    assert run_module(module, counting=True).summary() == expected


def test_the_programs_do_not_all_fail():
    """What the model makes of them is mostly no error, else they would test nothing."""
    outcomes = []

    @settings(
        max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(_body, _callee)
    def look(body, callee):
        outcomes.append(Model(program_of(body, callee)).run()[2] is None)

    look()
    assert sum(outcomes) > len(outcomes) // 4


# ____________________________________________________________ every way to see and to change

# r0 is an array of one container, g too; r9 is 0, r8 is 1, r7 what is added.
LOOKS = {
    "get": [("ARRAY_GET", 3, 0, 9)],
    "slice": [("ARRAY_SLICE", 3, 0, 9, 8)],
    "concat": [("ARRAY_CONCAT", 3, 0, 0)],
    "move": [("MOVE", 3, 0)],
    "global": [("LOAD_GLOBAL", 3, "g")],
    "of the global": [("LOAD_GLOBAL", 3, "g"), ("ARRAY_GET", 3, 3, 9)],
    "values": [("DICT_NEW", 3), ("DICT_SET", 3, 9, 0), ("DICT_GET", 3, 3, 9)],
}
TAKES = {
    "pop": [("ARRAY_POP", 4, 0)],
    "remove": [("ARRAY_REMOVE", 4, 0, 9)],
    "get": [("ARRAY_GET", 4, 0, 9)],
    "slice": [("ARRAY_SLICE", 4, 0, 9, 8), ("ARRAY_POP", 4, 4)],
    "pop of the global": [
        ("LOAD_GLOBAL", 5, "g"),
        ("ARRAY_POP", 4, 5),
        ("STORE_GLOBAL", 5, "g"),
    ],
    "pop in a function": [("LOAD_CONST", 6, "pop"), ("CALL", 6, 4, (0,))],
    "pop of the global in a function": [("LOAD_CONST", 6, "pop g"), ("CALL", 6, 4, ())],
}
BACK = {"": [], "back": [("ARRAY_PUSH", 0, 4)], "back at its place": [("ARRAY_INSERT", 0, 9, 4)]}
ARRAY_CHANGES = {
    "push": [("ARRAY_PUSH", 4, 7)],
    "push another": [("ARRAY_PUSH", 4, 0)],
    "pop": [("ARRAY_POP", 5, 4)],
    "insert": [("ARRAY_INSERT", 4, 9, 7)],
    "remove": [("ARRAY_REMOVE", 5, 4, 9)],
    "set": [("ARRAY_SET", 4, 9, 7)],
}
SET_CHANGES = {
    "add": [("SET_ADD", 4, 7)],
    "remove": [("SET_REMOVE", 4, 8)],
}
INSIDE = {
    "ints": (1, 5),
    "floats": (1.5, 2.5),
    "bools": (True, False),
    "texts": ("a", "b"),
    "mixed": (1, "b"),
}
FUNCTIONS = [
    "pop",
    ("ARRAY_POP", 1, 0),
    ("ARRAY_PUSH", 1, 7),
    ("RETURN", 1),
    "pop g",
    ("LOAD_GLOBAL", 0, "g"),
    ("ARRAY_POP", 1, 0),
    ("STORE_GLOBAL", 0, "g"),
    ("RETURN", 1),
]


def check_aliasing(inner, added, look, take, change, back):
    items = [("LOAD_CONST", 9, 0), ("LOAD_CONST", 8, 1), ("LOAD_CONST", 7, added)]
    for holder in (0, 2):
        items += inner + [("NEW_ARRAY", holder, 9), ("ARRAY_PUSH", holder, 1), ("MOVE", 1, 9)]
    items += [("STORE_GLOBAL", 2, "g"), ("MOVE", 2, 9)]
    items += LOOKS[look] + TAKES[take] + change + BACK[back]
    items += [("DEBUG_PRINT", 3), ("DEBUG_PRINT", 4), ("DEBUG_PRINT", 0)]
    items += [("LOAD_GLOBAL", 2, "g"), ("RETURN", 2)] + FUNCTIONS
    module = make_module(items, [("pop", "pop"), ("pop g", "pop g")])
    expected = Model(module).run()
    assert run_module(module).summary() == expected, (look, take, change, back)
    return expected


def sampled(names, *choices):
    """-> the combinations of the choices to try for a test of these names; where those are not all
    of them, others for other names and for the other Python.
    """
    first = sum(ord(letter) for name in names for letter in name) + sys.version_info[0]
    return [
        each for number, each in enumerate(itertools.product(*choices), first) if is_tried(number)
    ]


def test_every_combination_is_tried_for_some_name():
    choices = sorted(ARRAY_CHANGES), sorted(BACK), ("one", "another")
    tried = [sampled((look, take), *choices) for look in LOOKS for take in TAKES]
    assert set(sum(tried, [])) == set(itertools.product(*choices))
    assert all(tried)


@pytest.mark.parametrize("take", sorted(TAKES))
@pytest.mark.parametrize("look", sorted(LOOKS))
@pytest.mark.parametrize("inside", sorted(INSIDE))
def test_an_array_is_seen_as_it_was(inside, look, take):
    one, other = INSIDE[inside]
    inner = [
        ("LOAD_CONST", 6, one),
        ("NEW_ARRAY", 1, 9),
        ("ARRAY_PUSH", 1, 6),
        ("LOAD_CONST", 6, other),
        ("ARRAY_PUSH", 1, 6),
    ]
    for change, back, added in sampled(
        (inside, look, take), sorted(ARRAY_CHANGES), sorted(BACK), (one, "another")
    ):
        check_aliasing(inner, added, look, take, ARRAY_CHANGES[change], back)


@pytest.mark.parametrize("take", sorted(TAKES))
@pytest.mark.parametrize("look", sorted(LOOKS))
def test_a_set_is_seen_as_it_was(look, take):
    for members in ((1, 5), (1, "a")):
        inner = [("SET_NEW", 1)]
        for member in members:
            inner += [("LOAD_CONST", 6, member), ("SET_ADD", 1, 6)]
        for change in sorted(SET_CHANGES):
            for back in sorted(BACK):
                for added in (7, "another"):
                    check_aliasing(inner, added, look, take, SET_CHANGES[change], back)
