"""Sets and dicts with any keys, against the model."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdvm.errors import RunError
from mdvm.objects import W_Float, W_Int
from mdvm.values.dicts import new_dict
from mdvm.values.functions import W_Function
from mdvm.values.equality import equal
from mdvm.values.scalars import as_scalar, hash_of, same_key
from mdvm.values.sets import W_IntSet, W_ScalarSet, new_set
from mdvm.values.strings import W_Str, W_Url, join
from tests.unit.model import Dict, Function, Set, Url
from tests.unit.programs import wrap

# No two of them are the same key.
SCALARS = [None, True, False, 0, 1, -1, 2**63 - 1, -(2**63), 0.0, 1.0, -1.5, "", "1", "a:b"]
SCALARS += [Url("a:b"), Function("1"), Function("a:b")]

scalars = st.sampled_from(SCALARS) | st.integers(-40, 40)
ints = st.integers(-40, 40)


def to_key(value):
    if isinstance(value, Url):
        return W_Url(str(value))
    if isinstance(value, Function):
        return W_Function(value.name)
    return wrap(value)


def members_of(w_set):
    members = []
    place = 0
    for _ in range(w_set.length()):
        place = w_set.first_place(place)
        members.append(w_set.member(place))
        place += 1
    return members


def assert_is(w_set, expected):
    members = members_of(w_set)
    assert len(members) == len(expected.members) == w_set.member_array().length()
    for w_member, value in zip(members, expected.members):
        assert same_key(w_member, to_key(value))
    for value in SCALARS + [7, 8]:
        assert w_set.contains(to_key(value)) == expected.has(value)


def changes(values):
    return st.lists(
        st.tuples(st.sampled_from(["add", "add", "add", "remove", "copy"]), values), max_size=60
    )


@settings(max_examples=300, deadline=None)
@given(changes(ints) | changes(scalars))
def test_changes_against_the_model(steps):
    w_set = new_set()
    expected = Set()
    left_behind = []
    for name, value in steps:
        if name == "add":
            w_set = w_set.add(to_key(value))
            expected = expected.with_member(value)
        elif name == "remove":
            w_set.remove(to_key(value))
            expected = expected.without(value)
        else:
            left_behind.append((w_set, expected))
            w_set = w_set.copy()
            assert not w_set.shared
        assert_is(w_set, expected)
    for w_old, old in left_behind:
        assert_is(w_old, old)


@settings(max_examples=200, deadline=None)
@given(changes(scalars))
def test_dicts_against_the_model(steps):
    w_dict = new_dict()
    expected = Dict()
    for number, (name, value) in enumerate(steps):
        if name == "add":
            w_dict.set(to_key(value), W_Int(number))
            expected = expected.with_entry(value, number)
        elif name == "remove":
            w_dict.remove(to_key(value))
            expected = expected.without(value)
        else:
            w_dict = w_dict.copy()
        assert w_dict.length() == len(expected.entries)
        for candidate in SCALARS + [7, 8]:
            w_found = w_dict.get(to_key(candidate))
            found = expected.get(candidate)
            assert (w_found.intval if isinstance(w_found, W_Int) else None) == found


def test_ints_need_no_boxes_as_long_as_there_is_nothing_else():
    w_set = new_set()
    for number in range(100):
        w_set = w_set.add(W_Int(number))
    assert isinstance(w_set, W_IntSet)
    w_set = w_set.add(W_Str("a"))
    assert isinstance(w_set, W_ScalarSet)
    assert [w_member.text() for w_member in members_of(w_set)[100:]] == ["a"]
    assert w_set.contains(W_Int(99)) and not w_set.contains(W_Int(100))


def test_keys_that_are_the_same_have_the_same_hash():
    for value in SCALARS:
        for other in SCALARS:
            same = same_key(to_key(value), to_key(other))
            assert same == (value is other)
            if same:
                assert hash_of(to_key(value)) == hash_of(to_key(other))
    assert same_key(W_Float(0.0), W_Float(-0.0))
    assert hash_of(W_Float(0.0)) == hash_of(W_Float(-0.0))
    w_rope = join(W_Str("a" * 200), W_Str("b" * 200))
    assert hash_of(w_rope) == hash_of(W_Str("a" * 200 + "b" * 200))


def test_sets_of_either_class_are_equal():
    w_ints = new_set().add(W_Int(1)).add(W_Int(2))
    w_scalars = new_set().add(W_Int(2)).add(W_Str("a")).add(W_Int(1))
    w_scalars.remove(W_Str("a"))
    assert isinstance(w_ints, W_IntSet) and isinstance(w_scalars, W_ScalarSet)
    assert equal(w_ints, w_scalars) and equal(w_scalars, w_ints)
    assert not equal(w_ints, new_set().add(W_Int(1)).add(W_Float(2.0)))
    assert not equal(w_ints, new_dict())


@pytest.mark.parametrize("w_value, name", [(new_dict(), "dict"), (W_Float(float("nan")), "float")])
def test_what_is_no_key(w_value, name):
    with pytest.raises(RunError) as caught:
        as_scalar(w_value)
    assert caught.value.text == "Type mismatch: expected scalar key, found " + name


def test_many_members_take_linear_time():
    """Members that differ in high bits only, or in low ones, do not collide."""
    for shift in (0, 20, 32, 48):
        w_set = W_IntSet()
        for number in range(3000):
            w_set = w_set.add(W_Int(number << shift))
        mask = len(w_set.slots) - 1
        longest = run = 0
        for slot in range(2 * mask):
            run = 0 if w_set.slots[slot & mask] < 0 else run + 1
            longest = max(longest, run)
        assert longest < 300
