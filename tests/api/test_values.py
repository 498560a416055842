"""Values go into a program and come back."""

from __future__ import annotations

import enum
import math
import struct
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.samples import IDENTITY, IS_NATIVE, program

identity = program(IDENTITY)

INT_HOLE = -0x7F5C3A35
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(),
)
numbers = st.one_of(
    st.lists(st.integers(-(2**63), 2**63 - 1)),
    st.lists(st.floats(allow_nan=False)),
    st.lists(st.booleans()),
)
values = st.recursive(
    scalars | numbers,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def same(left: Any, right: Any) -> bool:
    """Equal, and of the same types all through."""
    return repr(left) == repr(right)


@settings(
    deadline=None, derandomize=True, max_examples=300, suppress_health_check=list(HealthCheck)
)
@given(values)
def test_any_value_comes_back(value: Any) -> None:
    assert same(identity.call("identity", value), value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        0,
        -1,
        2**63 - 1,
        -(2**63),
        INT_HOLE,
        0.0,
        -0.0,
        1e308,
        math.inf,
        -math.inf,
        "",
        "a",
        "é€😀",
        "\0",
        "a" * 100_000,
        [],
        [[]],
        [None],
        [1, True],
        [1, 1.0],
        [INT_HOLE],
        [INT_HOLE, 1],
        [0.5, -0.0],
        {},
        {"": None},
        {"k": [{"k": []}]},
        {str(number): number for number in range(100)},
        {"b": 1, "a": 2},
    ],
)
def test_these_come_back(value: Any) -> None:
    assert same(identity.call("identity", value), value)


def test_the_bits_of_a_float_come_back() -> None:
    for bits in (
        0x7FF8000000000000,
        0x7FF8000000000123,
        0xFFF8000000000001,
        0x7FFCDEADDEADDEAD,
        0x8000000000000000,
    ):
        value = struct.unpack("<d", struct.pack("<Q", bits))[0]
        for given_value in (value, [value], {"x": value}):
            back = identity.call("identity", given_value)
            alone: Any = back
            if isinstance(back, (dict, list)):
                alone = back["x"] if isinstance(back, dict) else back[0]
            assert struct.unpack("<Q", struct.pack("<d", alone))[0] == bits


def test_a_tuple_is_an_array() -> None:
    assert same(identity.call("identity", (1, (2.5, "x"), ())), [1, [2.5, "x"], []])


def test_subclasses_are_what_they_are_made_of() -> None:
    class Colour(enum.IntEnum):
        RED = 3

    class Text(str):
        pass

    class Mapping(dict):  # type: ignore[type-arg]
        pass

    assert same(
        identity.call("identity", [Colour.RED, Text("t"), Mapping(a=1)]), [3, "t", {"a": 1}]
    )


@pytest.mark.parametrize(
    "wrong, text",
    [
        (b"bytes", "bytes"),
        ({1, 2}, "set"),
        (1j, "complex"),
        (object(), "object"),
        ([1, [b""]], "bytes"),
        ({"a": range(3)}, "range"),
    ],
)
def test_other_types_are_refused(wrong: object, text: str) -> None:
    with pytest.raises(TypeError, match=f"a value of type {text} cannot be given to a program"):
        identity.call("identity", wrong)


@pytest.mark.parametrize("wrong", [{1: 2}, {None: 1}, [{"a": {b"": 1}}]])
def test_other_keys_are_refused(wrong: object) -> None:
    with pytest.raises(
        TypeError, match="a dict with a key of type (int|NoneType|bytes) cannot be given"
    ):
        identity.call("identity", wrong)


@pytest.mark.parametrize(
    "wrong", [2**63, -(2**63) - 1, 10**100, [2**63], [1, 2.0, 2**64], {"a": -(2**63) - 1}]
)
def test_larger_ints_are_refused(wrong: object) -> None:
    with pytest.raises(OverflowError, match="an int outside 64 bits cannot be given to a program"):
        identity.call("identity", wrong)


@pytest.mark.parametrize("wrong", ["\ud800", ["a\udfff"], {"\ud900": 1}])
def test_surrogates_are_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"a str with the surrogate U\+D[89F]"):
        identity.call("identity", wrong)


def test_a_value_in_itself_is_refused() -> None:
    circular: list[Any] = []
    circular.append({"again": circular})
    with pytest.raises(ValueError, match="a list that contains itself"):
        identity.call("identity", circular)
    twice: list[int] = [1]
    assert identity.call("identity", [twice, twice]) == [[1], [1]]


def test_depth_does_not_matter() -> None:
    depth = 100_000 if IS_NATIVE else 20_000
    value: Any = "bottom"
    for _ in range(depth):
        value = [value]
    value = {"top": value}
    back: Any = identity.call("identity", value)
    back = back["top"]
    for _ in range(depth):
        (back,) = back
    assert back == "bottom"
    # a deep value must be taken apart, or its end is a deep recursion
    while isinstance(value, (list, dict)):
        value = value["top"] if isinstance(value, dict) else value[0]


def test_the_caller_keeps_its_own() -> None:
    change = program(
        ".func change\nLOAD_CONST r1, 0\nLOAD_CONST r2, 99\nARRAY_SET r0, r1, r2\nRETURN r0\n"
    )
    mine = [1, 2, 3]
    assert change.call("change", mine) == [99, 2, 3]
    assert mine == [1, 2, 3]


def test_arrays_of_numbers_are_what_the_program_makes_of_them() -> None:
    source = """
    .func extend
        LOAD_CONST   r1, 0
        LOAD_CONST   r2, "text"
        ARRAY_SET    r0, r1, r2
        RETURN       r0
    """
    assert program(source).call("extend", [1, 2]) == ["text", 2]
    assert program(source).call("extend", [1.5, 2.5]) == ["text", 2.5]
    assert program(source).call("extend", [True, False]) == ["text", False]


@pytest.mark.parametrize("size", [1, 1000, 100_000])
def test_long_lists(size: int) -> None:
    for value in (
        list(range(size)),
        [float(number) for number in range(size)],
        [str(number) for number in range(min(size, 10_000))],
    ):
        assert same(identity.call("identity", value), value)


def test_every_argument_has_its_own_place() -> None:
    source = ".func pack\nLOAD_CONST r10, 3\nNEW_ARRAY r11, r10\n"
    for register in range(3):
        source += f"LOAD_CONST r12, {register}\nARRAY_SET r11, r12, r{register}\n"
    packed = program(source + "RETURN r11\n")
    assert packed.call("pack", [1], {"a": None}, "s") == [[1], {"a": None}, "s"]
