"""Arithmetic, comparison and casts against the model in Python's ints and floats."""

import itertools

import pytest
from hypothesis import given, settings

from tests.unit import model
from mdvm.values import operations
from mdvm.values.equality import equal
from mdvm.errors import RunError
from mdvm.objects import w_empty
from tests.unit.model import Failure
from tests.unit.values import (
    EDGE_FLOATS,
    EDGE_INTS,
    EVERYTHING,
    I64_MAX,
    I64_MIN,
    NAN,
    SAMPLES,
    atoms,
    floats,
    from_guest,
    ints,
    numbers,
    same,
    to_guest,
    values,
)

ARITHMETIC = {
    "ADD": operations.add,
    "SUB": operations.subtract,
    "MUL": operations.multiply,
    "DIV": operations.divide,
    "MOD": operations.modulo,
}


def outcome(function, *arguments):
    """-> (value, None) or (None, the error's text)."""
    try:
        return function(*arguments), None
    except (RunError, Failure) as error:
        return None, error.text


def check_arithmetic(name, left, right):
    expected, expected_error = outcome(model.arithmetic, name, left, right)
    w_result, error = outcome(ARITHMETIC[name], to_guest(left), to_guest(right))
    assert error == expected_error
    if error is None:
        assert same(from_guest(w_result), expected), (name, left, right)


@pytest.mark.parametrize("name", sorted(ARITHMETIC))
def test_arithmetic_on_edges(name):
    for left, right in itertools.product(EDGE_INTS + EDGE_FLOATS, repeat=2):
        check_arithmetic(name, left, right)


@pytest.mark.parametrize("name", sorted(ARITHMETIC))
def test_arithmetic_on_all_types(name):
    for left, right in itertools.product(SAMPLES + (False, 0, 0.0, -0.0), repeat=2):
        check_arithmetic(name, left, right)


@pytest.mark.parametrize("name", sorted(ARITHMETIC))
def test_arithmetic_on_any_numbers(name):
    @settings(max_examples=150)
    @given(numbers, numbers)
    def check(left, right):
        check_arithmetic(name, left, right)

    check()


@pytest.mark.parametrize(
    "name, left, right, expected",
    [
        ("DIV", -7, 2, -3),
        ("DIV", 7, -2, -3),
        ("MOD", -7, 2, -1),
        ("MOD", 7, -2, 1),
        ("MOD", -4.0, 2, -0.0),
        ("MOD", 5, float("inf"), 5.0),
        ("MOD", float("inf"), 5, NAN),
        ("DIV", 1, 1e-320, float("inf")),
        ("MUL", 0, -1.0, -0.0),
        ("ADD", "a", "", "a"),
        ("SUB", I64_MAX, I64_MAX, 0),
        ("MUL", I64_MIN, 1, I64_MIN),
        ("ADD", 2**53 + 1, 0.0, 9007199254740992.0),
    ],
)
def test_known_results(name, left, right, expected):
    assert same(from_guest(ARITHMETIC[name](to_guest(left), to_guest(right))), expected)


@pytest.mark.parametrize(
    "name, left, right, text",
    [
        ("ADD", I64_MAX, 1, "Integer overflow"),
        ("SUB", I64_MIN, 1, "Integer overflow"),
        ("MUL", 2**62, 2, "Integer overflow"),
        ("DIV", I64_MIN, -1, "Integer overflow"),
        ("MOD", I64_MIN, -1, "Integer overflow"),
        ("DIV", "a", 0, "Division by zero"),
        ("MOD", (), -0.0, "Division by zero"),
        ("DIV", NAN, 0.0, "Division by zero"),
        ("DIV", 1, "a", "Type mismatch: expected numeric, found Int and String"),
        ("DIV", 1, False, "Type mismatch: expected numeric, found Int and Bool"),
        ("ADD", 1, "a", "Type mismatch: expected numeric or string, found Int and String"),
        ("ADD", None, (), "Type mismatch: expected numeric or string, found Empty and Array"),
        ("SUB", "a", "b", "Type mismatch: expected numeric, found String and String"),
    ],
)
def test_known_errors(name, left, right, text):
    assert outcome(ARITHMETIC[name], to_guest(left), to_guest(right)) == (None, text)


def test_negation():
    for value in EVERYTHING:
        expected, expected_error = outcome(model.negate, value)
        w_result, error = outcome(operations.negate, to_guest(value))
        assert error == expected_error
        if error is None:
            assert same(from_guest(w_result), expected)
    assert outcome(operations.negate, to_guest(I64_MIN)) == (None, "Integer overflow")
    assert outcome(operations.negate, to_guest("a")) == (
        None,
        "Invalid operation: negation on type String",
    )


# ____________________________________________________________ comparison

COMPARISONS = {"LT": operations.less_than, "LTE": operations.less_or_equal}


def check_comparison(name, left, right):
    assert outcome(COMPARISONS[name], to_guest(left), to_guest(right)) == outcome(
        model.compare, name, left, right
    ), (name, left, right)


@pytest.mark.parametrize("name", sorted(COMPARISONS))
def test_comparison_on_edges(name):
    for left, right in itertools.product(EVERYTHING + SAMPLES, repeat=2):
        check_comparison(name, left, right)


@given(atoms, atoms)
def test_comparison_of_any_atoms(left, right):
    for name in COMPARISONS:
        check_comparison(name, left, right)


@given(ints, floats)
def test_ints_are_compared_with_floats_as_floats(left, right):
    assert operations.less_than(to_guest(left), to_guest(right)) == (float(left) < right)
    assert equal(to_guest(left), to_guest(right)) == (float(left) == right)


def test_strings_are_compared_by_their_bytes():
    # In UTF-16 the second of these would come first.
    assert operations.less_than(to_guest("\xef\xbf\xbd"), to_guest("\xf0\x9f\x98\x80"))
    assert operations.less_than(to_guest("a"), to_guest("a\0"))
    assert operations.less_or_equal(to_guest(""), to_guest(""))


def test_equality_on_edges():
    for left, right in itertools.product(EVERYTHING + SAMPLES, repeat=2):
        assert equal(to_guest(left), to_guest(right)) == model.equal(left, right), (
            left,
            right,
        )


@settings(max_examples=200)
@given(values, values)
def test_equality_of_any_values(left, right):
    assert equal(to_guest(left), to_guest(right)) == model.equal(left, right)
    assert equal(to_guest(left), to_guest(left)) == model.equal(left, left)


def test_equality_known():
    for left, right, expected in [
        (2**53 + 1, 9007199254740992.0, True),
        (2**53 + 1, 2**53, False),
        (True, 1, False),
        (NAN, NAN, False),
        ((NAN,), (NAN,), False),
        ((2**53 + 1,), (9007199254740992.0,), True),
        ((1, 2.0), (1.0, 2), True),
        ((True,), (1,), False),
        (None, "", False),
        (None, None, True),
        ((), (), True),
        ((None,), (), False),
        ((), model.Dict(), False),
        ((None, None), (None, None), True),
        ((0,), (None,), False),
        ((False,), (None,), False),
        ((0.0,), (-0.0,), True),
        (model.Dict([("a", 1), ("b", 2)]), model.Dict([("b", 2), ("a", 1)]), True),
        (model.Dict([("a", None)]), model.Dict([("b", None)]), False),
        (model.Dict([("a", None)]), model.Dict(), False),
    ]:
        assert equal(to_guest(left), to_guest(right)) is expected, (left, right)
        assert equal(to_guest(right), to_guest(left)) is expected, (left, right)


def test_an_array_with_a_nan_is_not_even_equal_to_itself():
    w_array = to_guest((NAN,))
    assert not equal(w_array, w_array)
    w_dict = to_guest(model.Dict([("k", NAN)]))
    assert not equal(w_dict, w_dict)


# ____________________________________________________________ casts


@pytest.mark.parametrize("target", [0, 1, 2, 3, 4, 5, 6, 7, 99, 65535])
def test_casts_of_everything(target):
    for value in EVERYTHING + SAMPLES:
        expected, expected_error = outcome(model.cast, value, target)
        w_result, error = outcome(operations.cast, to_guest(value), target)
        assert error == expected_error, value
        if error is None:
            assert same(from_guest(w_result), expected), value


@given(numbers)
def test_casts_of_numbers(value):
    for target in (1, 2, 3, 4):
        expected, expected_error = outcome(model.cast, value, target)
        w_result, error = outcome(operations.cast, to_guest(value), target)
        assert error == expected_error
        if error is None:
            assert same(from_guest(w_result), expected)


@pytest.mark.parametrize(
    "value, target, text",
    [
        (2.5, 2, "integer, found float 2.5"),
        (-(2.0**63) - 2048, 2, "integer, found float -9223372036854778000"),
        (NAN, 2, "integer, found float NaN"),
        (float("inf"), 2, "integer, found float inf"),
        ("7", 2, "integer, found string"),
        (1e300, 2, "integer, found float 1" + "0" * 300),
        (True, 3, "float, found bool"),
        (None, 0, "empty, found empty"),
        ((), 5, "function, found array"),
        (1, 6, "url, found int"),
        (model.Dict(), 7, "unknown, found dict"),
        (0.5, 2, "integer, found float 0.5"),
    ],
)
def test_cast_errors(value, target, text):
    assert outcome(operations.cast, to_guest(value), target) == (
        None,
        "Type mismatch: expected " + text,
    )


def test_cast_limits():
    for value, expected in [
        (2.0**63, I64_MAX),
        (2.0**63 - 1024, 2**63 - 1024),
        (-(2.0**63), I64_MIN),
        (-0.0, 0),
        (True, 1),
    ]:
        assert from_guest(operations.cast(to_guest(value), 2)) == expected


@settings(max_examples=200)
@given(values, values)
def test_concatenation_goes_through_the_string_form(left, right):
    w_result = operations.concatenate(to_guest(left), to_guest(right))
    assert w_result.text() == model.string_form(left) + model.string_form(right)
    assert w_result.length() == len(w_result.text())


def test_the_cast_of_a_string_is_the_string():
    assert from_guest(operations.to_string(w_empty)) == "empty"
    assert from_guest(operations.to_string(to_guest('a"b'))) == 'a"b'
