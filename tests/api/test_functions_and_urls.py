"""Functions and URLs on their way between Python and a program of version 2."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

import pymdvm
from tests.api.samples import IDENTITY, program

HANDED_OUT = """
.version 2
.func main
    LOAD_CONST r0, @twice
    RETURN     r0
.func identity
    RETURN     r0
.func twice
    ADD        r0, r0, r0
    RETURN     r0
.func apply
    CALL       r2, r0(r1)
    RETURN     r2
"""

loaded = program(HANDED_OUT)


def test_a_function_of_a_program_can_be_called() -> None:
    twice: Any = loaded.run()
    assert isinstance(twice, pymdvm.Function)
    assert (twice.name, repr(twice)) == ("twice", "pymdvm.Function('twice')")
    assert twice(21) == 42
    assert twice("a", max_depth=5) == "aa"


def test_a_function_keeps_its_program() -> None:
    twice: Any = program(HANDED_OUT).run()
    assert twice(21) == 42


def test_a_function_goes_into_a_program() -> None:
    assert loaded.call("apply", loaded.run(), 4) == 8
    assert loaded.call("apply", pymdvm.Function("twice"), 4) == 8
    with pytest.raises(pymdvm.RunError, match="Undefined function: thrice"):
        loaded.call("apply", pymdvm.Function("thrice"), 4)


def test_a_function_without_a_program_cannot_be_called() -> None:
    with pytest.raises(TypeError, match="belongs to no program"):
        pymdvm.Function("f")()
    with pytest.raises(TypeError, match="belongs to no program"):
        pickle.loads(pickle.dumps(loaded.run()))()


def test_functions_are_equal_by_name() -> None:
    assert loaded.run() == pymdvm.Function("twice") != pymdvm.Function("f")
    assert len({loaded.run(), pymdvm.Function("twice"), "twice"}) == 2


def test_values_come_back() -> None:
    url = pymdvm.URL("http://a/é")
    back: Any = loaded.call("identity", [url, {"k": url}, "http://a/é"])
    assert [type(back[0]), type(back[1]["k"]), type(back[2])] == [pymdvm.URL, pymdvm.URL, str]
    assert back == [url, {"k": url}, "http://a/é"]


def test_a_url_is_a_str_with_a_scheme() -> None:
    assert pymdvm.URL("a:b") == "a:b"
    assert repr(pymdvm.URL("a:b")) == "pymdvm.URL('a:b')"
    assert pickle.loads(pickle.dumps(pymdvm.URL("a:b"))) == "a:b"
    for text in ("", "a", ":b", "1a:b", "a b:c", "é:x"):
        with pytest.raises(ValueError, match="is no URL"):
            pymdvm.URL(text)


def test_a_program_of_version_1_knows_neither() -> None:
    identity = program(IDENTITY)
    assert type(identity.call("identity", pymdvm.URL("a:b"))) is str
    with pytest.raises(TypeError, match="a value of type Function cannot be given"):
        identity.call("identity", pymdvm.Function("identity"))


def test_the_pool_holds_them() -> None:
    constants = program('.version 2\n.pool @f\n.pool url "a:b"').constants
    assert constants == (pymdvm.Function("f"), "a:b")
    assert isinstance(constants[1], pymdvm.URL)
