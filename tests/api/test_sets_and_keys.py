"""Sets, and dicts with any keys, on their way between Python and a program of version 2."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pymdvm
from tests.api.samples import IDENTITY, program

identity = program(".version 2\n" + IDENTITY)
published = program(IDENTITY)

texts = st.text(max_size=5)
keys = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    texts,
    st.builds("x:{}".format, texts).map(pymdvm.URL),
    texts.map(pymdvm.Function),
)
sets = st.sets(keys, max_size=8)
values = st.recursive(
    keys | sets, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=12
)


def same(left: Any, right: Any) -> bool:
    """Equal, and of the same types all through; the members of sets in any order."""
    if type(left) is not type(right):
        return False
    if isinstance(left, set):
        return sorted(map(repr, left)) == sorted(map(repr, right))
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return list(map(repr, left)) == list(map(repr, right)) and all(
            map(same, left.values(), right.values())
        )
    return repr(left) == repr(right)


@settings(
    deadline=None, derandomize=True, max_examples=200, suppress_health_check=list(HealthCheck)
)
@given(values)
def test_any_value_comes_back(value: Any) -> None:
    assert same(identity.call("identity", value), value)


def test_a_frozenset_is_a_set() -> None:
    assert same(identity.call("identity", frozenset([1, 2])), {1, 2})


@pytest.mark.parametrize(
    "value, error, text",
    [
        ({(1,)}, TypeError, "a value of type tuple cannot be a key or a member of a set"),
        ({frozenset()}, TypeError, "a value of type frozenset cannot be a key"),
        ({(): 1}, TypeError, "a value of type tuple cannot be a key"),
        ({math.nan}, ValueError, "a NaN cannot be a key"),
        ({math.nan: 1}, ValueError, "a NaN cannot be a key"),
        ({2**63}, OverflowError, "outside 64 bits"),
        ({2**63: 1}, OverflowError, "outside 64 bits"),
        ({"\ud800": 1, 1: 2}, ValueError, "surrogate"),
    ],
)
def test_what_is_no_scalar_is_refused(value: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        identity.call("identity", value)


def test_a_program_of_version_1_takes_neither() -> None:
    with pytest.raises(TypeError, match="a value of type set cannot be given to a program"):
        published.call("identity", {1})
    with pytest.raises(TypeError, match="a dict with a key of type int cannot be given"):
        published.call("identity", {1: 2})
    assert published.call("identity", {pymdvm.URL("a:b"): 1}) == {"a:b": 1}


@pytest.mark.parametrize("kind", ["SET", "DICT"])
@pytest.mark.parametrize(
    "first, second, told",
    [
        ("1", "true", "1 and True"),
        ("1.0", "1", "1.0 and 1"),
        ("0", "false", "0 and False"),
        ('"a:b"', 'url "a:b"', "'a:b' and pymdvm.URL\\('a:b'\\)"),
    ],
)
def test_what_python_cannot_tell_apart(kind: str, first: str, second: str, told: str) -> None:
    change = "SET_ADD r0, r1" if kind == "SET" else "DICT_SET r0, r1, r1"
    text = f".version 2\n{kind}_NEW r0\n"
    for literal in (first, second):
        text += f"LOAD_CONST r1, {literal}\n{change}\n"
    with pytest.raises(ValueError, match=f"Python cannot tell the (members|keys) {told} apart"):
        program(text + "RETURN r0").run()
    nested = f"""{text}
        LOAD_CONST r5, 2
        NEW_ARRAY r2, r5
        LOAD_CONST r5, 1
        ARRAY_SET r2, r5, r0
        DICT_NEW r3
        LOAD_CONST r4, "k"
        DICT_SET r3, r4, r2
    """
    with pytest.raises(ValueError, match=f"{told} apart, at \\['k'\\]\\[1\\]$"):
        program(nested + "RETURN r3").run()
