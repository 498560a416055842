"""Dicts, and containers as values: random programs that move, nest and change them, beside a model
that copies everything.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdvm.values.arrays import INT_HOLE, W_BoolArray, W_FloatArray, W_IntArray, W_ObjectArray
from mdvm.values.dicts import new_dict
from mdvm.objects import w_empty
from mdvm.values.strings import W_Str, join
from tests.unit.model import Dict, Model
from tests.unit.programs import make_module, run, run_module
from tests.unit.values import atoms, from_guest, same, to_guest

KEYS = ("a", "b", "c", "", "\xc3\xa9")

changes = st.lists(
    st.tuples(
        st.sampled_from(["set", "set", "set", "remove", "copy"]), st.sampled_from(KEYS), atoms
    ),
    max_size=20,
)


@settings(max_examples=200)
@given(changes)
def test_changes_against_the_model(operations):
    w_dict = new_dict()
    expected = Dict()
    left_behind = []
    for name, key, value in operations:
        if name == "set":
            w_dict.set(W_Str(key), to_guest(value))
            expected = expected.with_entry(key, value)
        elif name == "remove":
            w_dict.remove(W_Str(key))
            expected = expected.without(key)
        else:
            left_behind.append((w_dict, expected))
            w_dict = w_dict.copy()
            assert not w_dict.shared
        assert same(from_guest(w_dict), expected)
        assert w_dict.length() == len(expected.entries)
        for candidate in KEYS:
            assert w_dict.contains(W_Str(candidate)) == expected.has(candidate)
            assert same(from_guest(w_dict.get(W_Str(candidate))), expected.get(candidate))
    for w_old, old in left_behind:
        assert same(from_guest(w_old), old)


def test_the_order_is_that_of_insertion():
    w_dict = new_dict()
    for key in ("b", "a", "c"):
        w_dict.set(W_Str(key), to_guest(1))
    w_dict.set(W_Str("b"), to_guest(2))
    assert [key for key, _ in from_guest(w_dict).entries] == ["b", "a", "c"]
    w_dict.remove(W_Str("b"))
    w_dict.set(W_Str("b"), to_guest(3))
    assert [key for key, _ in from_guest(w_dict).entries] == ["a", "c", "b"]
    assert from_guest(w_dict.key_array()) == ("a", "c", "b")
    assert from_guest(w_dict.value_array()) == (1, 1, 3)


def test_many_entries_removed_and_added():
    w_dict = new_dict()
    for number in range(2000):
        w_dict.set(W_Str("%d" % number), to_guest(number))
    for number in range(0, 2000, 2):
        w_dict.remove(W_Str("%d" % number))
    w_dict.set(W_Str("0"), to_guest(0))
    expected = ["%d" % number for number in range(1, 2000, 2)] + ["0"]
    assert [key for key, _ in from_guest(w_dict).entries] == expected


def test_a_key_that_remembers_its_place_is_not_fooled():
    """One string object as the key of several dicts, removed, added again, and equal to another
    object.
    """
    w_key, w_twin, w_other = W_Str("k"), W_Str("k"), W_Str("other")
    w_one, w_two = new_dict(), new_dict()
    w_two.set(w_other, to_guest(1))
    w_one.set(w_key, to_guest(2))
    w_two.set(w_key, to_guest(3))
    for w_asked in (w_key, w_twin, w_key):
        assert from_guest(w_one.get(w_asked)) == 2 and from_guest(w_two.get(w_asked)) == 3
    w_copy = w_two.copy()
    w_two.remove(w_twin)
    assert (
        not w_two.contains(w_key)
        and from_guest(w_two.get(w_key)) is None
        and from_guest(w_copy.get(w_key)) == 3
    )
    w_two.set(w_twin, to_guest(4))
    assert from_guest(w_two.get(w_key)) == 4 and [key for key, _ in from_guest(w_two).entries] == [
        "other",
        "k",
    ]


def test_adding_and_removing_for_ever_takes_no_more_room():
    w_dict = new_dict()
    for number in range(5):
        w_dict.set(W_Str("%d" % number), to_guest(number))
    for number in range(5, 5000):
        w_dict.set(W_Str("%d" % number), to_guest(number))
        w_dict.remove(W_Str("%d" % (number - 5)))
    assert from_guest(w_dict.value_array()) == (4995, 4996, 4997, 4998, 4999)
    assert len(w_dict.keys) <= 16
    for number in range(4995, 5000):
        w_dict.remove(W_Str("%d" % number))
    assert (
        w_dict.length() == 0
        and not w_dict.contains(W_Str("4999"))
        and from_guest(w_dict.key_array()) == ()
    )


KINDS = {
    "ints": [5, -7, INT_HOLE, 2**63 - 1],
    "floats": [2.5, -0.0, float("inf"), 1e300],
    "bools": [True, False, False, True],
    "Empty": [None, None, None, None],
    "mixed": ["x", 1, 2.5, None],
}


@pytest.mark.parametrize("later", KINDS)
@pytest.mark.parametrize("first", KINDS)
def test_values_of_one_kind_and_then_of_another(first, later):
    """Through growth, removal and a copy: what a dict holds does not depend on how it keeps its
    values.
    """
    w_dict = new_dict()
    expected = Dict()
    for number in range(40):
        values = KINDS[first if number < 20 else later]
        w_dict.set(W_Str("k%d" % number), to_guest(values[number % 4]))
        expected = expected.with_entry("k%d" % number, values[number % 4])
        if number % 5 == 2:
            w_dict.remove(W_Str("k%d" % (number // 2)))
            expected = expected.without("k%d" % (number // 2))
        w_dict.set(W_Str("k1"), to_guest(values[(number + 1) % 4]))
        expected = expected.with_entry("k1", values[(number + 1) % 4])
        assert same(from_guest(w_dict), expected)
    assert same(from_guest(w_dict.copy()), expected)
    assert same(from_guest(w_dict.value_array()), tuple([value for _, value in expected.entries]))


@pytest.mark.parametrize(
    "kind, W_Class", [("ints", W_IntArray), ("floats", W_FloatArray), ("bools", W_BoolArray)]
)
def test_values_of_one_kind_are_kept_without_boxes(kind, W_Class):
    w_dict = new_dict()
    for number in range(40):
        w_dict.set(W_Str("%d" % number), to_guest(KINDS[kind][number % 4]))
        w_dict.remove(W_Str("%d" % (number - 7)))
    assert isinstance(w_dict.w_contents, W_Class) and isinstance(w_dict.value_array(), W_Class)
    w_dict.set(W_Str("39"), W_Str("another kind"))
    assert isinstance(w_dict.w_contents, W_ObjectArray)


def test_the_values_of_a_dict_are_another_array():
    w_dict = new_dict()
    w_dict.set(W_Str("k"), to_guest(1))
    w_values = w_dict.value_array()
    w_values.set(0, to_guest(2))
    assert from_guest(w_dict.get(W_Str("k"))) == 1


def test_a_removed_value_is_not_kept():
    w_dict = new_dict()
    w_dict.set(W_Str("stays"), to_guest(None))
    w_dict.set(W_Str("goes"), W_Str("large"))
    w_dict.remove(W_Str("goes"))
    assert w_dict.value_at(1) is w_empty


def test_a_rope_as_a_key():
    w_dict = new_dict()
    w_dict.set(join(W_Str("a" * 200), W_Str("b" * 200)), to_guest(1))
    assert from_guest(w_dict.get(W_Str("a" * 200 + "b" * 200))) == 1
    assert from_guest(w_dict.get(join(W_Str("a" * 199), W_Str("ab" + "b" * 199)))) == 1


# ____________________________________________________________ values, not references

PREPARE = [
    ("LOAD_CONST", 9, 0),
    ("LOAD_CONST", 8, 1),
    ("LOAD_CONST", 7, "k"),
    ("NEW_ARRAY", 0, 8),
    ("DICT_NEW", 1),
]


def result_of(*items):
    return run(PREPARE + list(items)).result


def test_a_moved_array_is_another_array():
    assert result_of(("MOVE", 2, 0), ("ARRAY_SET", 2, 9, 8), ("RETURN", 0)) == "Array([Empty])"
    assert result_of(("MOVE", 2, 0), ("ARRAY_SET", 0, 9, 8), ("RETURN", 2)) == "Array([Empty])"


def test_a_moved_dict_is_another_dict():
    for change in (("DICT_SET", 2, 7, 8), ("DICT_CLEAR", 2), ("DICT_REMOVE", 2, 7)):
        assert (
            result_of(("DICT_SET", 1, 7, 9), ("MOVE", 2, 1), change, ("RETURN", 1))
            == 'Dict({"k": Int(0)})'
        )


def test_an_array_stored_into_itself_holds_its_old_self():
    assert result_of(("ARRAY_SET", 0, 9, 0), ("RETURN", 0)) == "Array([Array([Empty])])"
    assert (
        result_of(("DICT_SET", 1, 7, 1), ("DICT_SET", 1, 7, 1), ("RETURN", 1))
        == 'Dict({"k": Dict({"k": Dict({})})})'
    )


def test_what_was_stored_does_not_change_with_its_origin():
    assert (
        result_of(("DICT_SET", 1, 7, 0), ("ARRAY_SET", 0, 9, 8), ("RETURN", 1))
        == 'Dict({"k": Array([Empty])})'
    )
    assert (
        result_of(
            ("STORE_GLOBAL", 0, "g"), ("ARRAY_SET", 0, 9, 8), ("LOAD_GLOBAL", 3, "g"), ("RETURN", 3)
        )
        == "Array([Empty])"
    )


def test_what_was_got_does_not_change_its_container():
    assert (
        result_of(
            ("ARRAY_SET", 0, 9, 1), ("ARRAY_GET", 2, 0, 9), ("DICT_SET", 2, 7, 8), ("RETURN", 0)
        )
        == "Array([Dict({})])"
    )
    assert (
        result_of(
            ("DICT_SET", 1, 7, 0), ("DICT_GET", 2, 1, 7), ("ARRAY_SET", 2, 9, 8), ("RETURN", 1)
        )
        == 'Dict({"k": Array([Empty])})'
    )
    assert (
        result_of(
            ("DICT_SET", 1, 7, 0),
            ("DICT_VALUES", 2, 1),
            ("ARRAY_GET", 3, 2, 9),
            ("ARRAY_SET", 3, 9, 8),
            ("RETURN", 2),
        )
        == "Array([Array([Empty])])"
    )
    assert (
        result_of(
            ("LOAD_CONST", 0, None),
            ("STORE_GLOBAL", 1, "g"),
            ("LOAD_GLOBAL", 2, "g"),
            ("DICT_SET", 2, 7, 8),
            ("LOAD_GLOBAL", 3, "g"),
            ("RETURN", 3),
        )
        == "Dict({})"
    )


def test_a_callee_cannot_change_its_callers_containers():
    items = PREPARE + [
        ("LOAD_CONST", 6, "f"),
        ("CALL", 6, 5, (0,)),
        ("DEBUG_PRINT", 0),
        ("DEBUG_PRINT", 1),
        ("RETURN", 5),
        ("ARRAY_SET", 0, 9, 8),
        ("DICT_SET", 1, 7, 8),
        ("RETURN", 0),
    ]
    outcome = run(items, [("f", len(PREPARE) + 5)])
    assert (outcome.output, outcome.result) == ("Array([Empty])\nDict({})\n", "Array([Int(1)])")


def test_one_array_given_twice_is_two_arrays():
    items = PREPARE + [
        ("LOAD_CONST", 6, "f"),
        ("CALL", 6, 5, (0, 0)),
        ("RETURN", 5),
        ("ARRAY_SET", 0, 9, 8),
        ("RETURN", 1),
    ]
    assert run(items, [("f", len(PREPARE) + 3)]).result == "Array([Empty])"


# ____________________________________________________________ random container programs

# r0..r2 hold arrays of two elements, r3..r4 dicts, r5 anything that was got, r6 and r7 the ints 0
# and 1, r8 and r9 keys.
STEPS = [
    lambda a, b, c: ("MOVE", a % 3, b % 3),
    lambda a, b, c: ("MOVE", 3 + a % 2, 3 + b % 2),
    lambda a, b, c: ("MOVE", 5, a % 5),
    lambda a, b, c: ("ARRAY_SET", a % 3, 6 + b % 2, c % 9),
    lambda a, b, c: ("ARRAY_SET", a % 3, 6 + b % 2, 6 + c % 2),
    lambda a, b, c: ("ARRAY_GET", 5, a % 3, 6 + b % 2),
    lambda a, b, c: ("DICT_SET", 3 + a % 2, 8 + b % 2, c % 8),
    lambda a, b, c: ("DICT_GET", 5, 3 + a % 2, 8 + b % 2),
    lambda a, b, c: ("DICT_REMOVE", 3 + a % 2, 8 + b % 2),
    lambda a, b, c: ("DICT_VALUES", 5, 3 + a % 2),
    lambda a, b, c: ("DICT_CLEAR", 3 + a % 2),
    lambda a, b, c: ("STORE_GLOBAL", a % 6, "gh"[b % 2]),
    lambda a, b, c: ("LOAD_GLOBAL", 5, "gh"[b % 2]),
    lambda a, b, c: ("DEBUG_PRINT", a % 6),
    lambda a, b, c: ("NEW_ARRAY", a % 3, 10),
    lambda a, b, c: ("DICT_NEW", 3 + a % 2),
    lambda a, b, c: ("DICT_KEYS", 5, 3 + a % 2),
    lambda a, b, c: ("EQ", 11, a % 6, b % 6),
    lambda a, b, c: ("DEBUG_PRINT", 11),
]

# What a program does with a container inside a container: it gets it, changes it and stores it
# back, in one go or not.
SEQUENCES = [
    lambda a, b, c: [
        ("ARRAY_SET", a % 3, 6, b % 3),
        ("ARRAY_GET", (a + 1) % 3, a % 3, 6),
        ("ARRAY_SET", (a + 1) % 3, 7, 6 + c % 2),
        ("ARRAY_SET", a % 3, 6, (a + 1) % 3),
    ],
    lambda a, b, c: [
        ("DICT_SET", 3 + a % 2, 8, b % 3),
        ("DICT_GET", b % 3, 3 + a % 2, 8),
        ("ARRAY_SET", b % 3, 7, 6 + c % 2),
        ("DICT_SET", 3 + a % 2, 8, b % 3),
    ],
    lambda a, b, c: [
        ("STORE_GLOBAL", a % 3, "g"),
        ("LOAD_GLOBAL", b % 3, "g"),
        ("ARRAY_SET", b % 3, 6, 6 + c % 2),
        ("STORE_GLOBAL", b % 3, "g"),
    ],
]

START = [
    ("LOAD_CONST", 6, 0),
    ("LOAD_CONST", 7, 1),
    ("LOAD_CONST", 8, "x"),
    ("LOAD_CONST", 9, "y"),
    ("LOAD_CONST", 10, 2),
    ("NEW_ARRAY", 0, 10),
    ("NEW_ARRAY", 1, 10),
    ("NEW_ARRAY", 2, 10),
    ("DICT_NEW", 3),
    ("DICT_NEW", 4),
]

container_steps = st.lists(
    st.tuples(
        st.integers(0, len(STEPS) + 3 * len(SEQUENCES) - 1),
        st.integers(0, 11),
        st.integers(0, 11),
        st.integers(0, 11),
    ),
    max_size=25,
)


def container_program(steps):
    items = list(START)
    for which, a, b, c in steps:
        if which < len(STEPS):
            items.append(STEPS[which](a, b, c))
        else:
            items += SEQUENCES[(which - len(STEPS)) % len(SEQUENCES)](a, b, c)
    for register in range(6):
        items.append(("DEBUG_PRINT", register))
    for name in "gh":
        items += [("LOAD_GLOBAL", 5, name), ("DEBUG_PRINT", 5)]
    return make_module(items)


@settings(max_examples=300)
@given(container_steps)
def test_containers_are_values(steps):
    module = container_program(steps)
    expected = Model(module, max_size=10**6).run()
    assert run_module(module).summary() == expected
