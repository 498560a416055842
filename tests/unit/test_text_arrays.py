"""Arrays of the parts of a text: whatever is done with one, in any order, it is as if it held the
strings.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from mdvm.builtin_functions import text
from mdvm.builtin_functions.splitting import split
from mdvm.builtin_functions.text import join
from mdvm.settings.optimisations import optimisations
from mdvm.system.latin1 import from_bytes
from mdvm.values import arrays
from mdvm.values.array_base import W_ObjectArray
from mdvm.values.equality import equal
from mdvm.values.strings import W_Str
from mdvm.values.text_arrays import W_TextArray
from tests.unit.values import from_guest, to_guest

_CHARACTERS = b"ab, \xc3\xa9\xe2\x82\xac".decode("utf-8")  # of one byte to three

_use = st.tuples(
    st.sampled_from(
        ["get", "get", "get", "set", "copy", "slice", "join", "push", "pop", "equal", "find"]
    ),
    st.integers(0, 50),
)


def utf8(words):
    """The bytes, as the model has strings."""
    return from_bytes(words.encode("utf-8"))


def check_uses(w_array, expected, separator, uses):
    left_behind = []
    for name, number in uses:
        index = number % len(expected) if expected else 0
        if name == "copy":
            left_behind.append((w_array, expected))
            w_array = w_array.copy()
        elif name == "push":
            w_array = arrays.pushed(w_array, to_guest("new"))
            expected = expected + ["new"]
        elif name == "join":
            assert from_guest(join(w_array, W_Str(separator))) == separator.join(expected)
        elif name == "equal":
            w_other = to_guest(tuple(expected))
            assert equal(w_array, w_other) and equal(w_other, w_array)
        elif not expected:
            assert w_array.length() == 0
        elif name == "get":
            assert from_guest(w_array.get(index)) == expected[index]
        elif name == "set":
            w_array = w_array.set(index, to_guest("set"))
            expected = expected[:index] + ["set"] + expected[index + 1 :]
        elif name == "slice":
            left_behind.append((w_array, expected))
            w_array = w_array.part(index, len(expected))
            expected = expected[index:]
        elif name == "pop":
            w_array = arrays.without_last(w_array)
            expected = expected[:-1]
        else:
            w_found = text.find(w_array, to_guest(expected[index]), None)
            assert from_guest(w_found) == expected.index(expected[index])
        assert w_array.length() == len(expected)
    for w_any, values in left_behind + [(w_array, expected)]:
        assert from_guest(w_any) == tuple(values)


@settings(max_examples=400)
@given(
    st.text(st.sampled_from(_CHARACTERS), max_size=20),
    st.sampled_from([",", ", ", "a", _CHARACTERS[-1]]),
    st.lists(_use, max_size=25),
)
def test_parts_between_separators_against_a_list(words, separator, uses):
    words, separator = utf8(words), utf8(separator)
    check_uses(split(W_Str(words), W_Str(separator)), words.split(separator), separator, uses)


@settings(max_examples=200)
@given(st.text(st.sampled_from("ab \n"), max_size=20), st.lists(_use, max_size=25))
def test_words_against_a_list(words, uses):
    words = utf8(words)
    check_uses(split(W_Str(words), None), words.split(), "-", uses)


def test_strings_are_kept_once_all_have_been_read_as_often_as_there_are():
    w_array = split(W_Str("one,two,three"), W_Str(","))
    assert isinstance(w_array, W_TextArray)
    first = [w_array.get(index) for index in (0, 1, 0)]
    assert first[0] is not first[2] and w_array.kept is None
    assert w_array.get(1) is w_array.get(1)
    assert w_array.get(2) is w_array.get(2)
    assert [w_part.text() for w_part in first] == ["one", "two", "one"]


def test_a_part_of_one_character_is_the_string_that_all_share():
    w_array = split(W_Str("a b"), None)
    assert w_array.get(0) is split(W_Str("b a"), None).get(1)


def test_without_storages_split_makes_the_strings_at_once(monkeypatch):
    monkeypatch.setattr(optimisations, "storages", False)
    w_array = split(W_Str("a,bc"), W_Str(","))
    assert w_array.__class__ is W_ObjectArray and from_guest(w_array) == ("a", "bc")
