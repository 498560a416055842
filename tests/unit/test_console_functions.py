"""The host functions of mdvm-c."""

import os

import pytest

from mdvm.console_functions import ConsoleFunctions
from mdvm.errors import RunError
from mdvm.objects import W_Float, W_Int, w_empty
from mdvm.values.strings import W_Str
from mdvm.values.text import debug_text
from tests.unit.programs import Collected


class Output(Collected):
    def flush(self):
        pass


def functions(seed=7, arguments=()):
    return ConsoleFunctions(list(arguments), seed, Output())


@pytest.fixture
def typed(monkeypatch):
    """-> a function that has standard input hold these pieces, as they are read."""

    def typed(*pieces):
        rest = list(pieces)
        monkeypatch.setattr(os, "read", lambda descriptor, size: rest.pop(0) if rest else b"")

    return typed


def test_ask_reads_lines_however_they_come(typed):
    typed(b"on", b"e\ntwo\r", b"\n\nthree\nfo", b"ur")
    console = functions()
    lines = [console.call("ask", []) for _ in range(5)]
    assert [w_line.text() for w_line in lines] == ["one", "two", "", "three", "four"]
    assert console.call("ask", []) is w_empty
    assert console.call("ask", []) is w_empty


def test_ask_prints_its_question_first(typed):
    typed(b"Ann\n")
    console = functions()
    assert console.call("ask", [W_Str("Who? ")]).text() == "Ann"
    assert console.output.text() == "Who? "


def test_what_is_no_utf_8_is_replaced(typed):
    typed(b"a\xffb\n")
    assert functions().call("ask", []).text() == "a\xef\xbf\xbdb"


def test_random_numbers_are_the_same_for_a_seed():
    def some(seed):
        console = functions(seed)
        return [console.call("random", []).floatval for _ in range(50)]

    assert some(1) == some(1)
    assert some(1) != some(2)
    assert all(0.0 <= number < 1.0 for number in some(3))
    assert some(-1) != some(-1)


def test_random_numbers_of_a_range():
    console = functions()
    drawn = [console.call("random", [W_Int(-2), W_Int(3)]).intval for _ in range(500)]
    assert sorted(set(drawn)) == [-2, -1, 0, 1, 2, 3]
    assert console.call("random", [W_Int(5), W_Int(5)]).intval == 5


@pytest.mark.parametrize(
    "name,arguments,text",
    [
        ("random", [W_Int(1)], "Wrong number of arguments: random takes 0 or 2, not 1"),
        ("random", [W_Int(2), W_Int(1)], "Invalid operation: random on type 1"),
        ("random", [W_Int(-(2**63)), W_Int(1)], "Invalid operation: random on type -9223372036854775808"),
        ("random", [W_Int(1), W_Float(2.0)], "Type mismatch: expected integer, found float"),
        ("now", [W_Int(1)], "Wrong number of arguments: now takes 0, not 1"),
        ("what", [], "Undefined function: what"),
    ],
)  # fmt: skip
def test_errors(name, arguments, text):
    with pytest.raises(RunError) as caught:
        functions().call(name, arguments)
    assert caught.value.text == text


def test_now_and_arguments():
    console = functions(arguments=["a", "\xff"])
    assert console.call("now", []).floatval > 1.7e9
    assert debug_text(console.call("arguments", [])) == (
        'Array([String("a"), String("\xef\xbf\xbd")])'
    )
    assert console.has("now") and not console.has("len")
