"""Values in the format of CPython's marshal module, against that module itself where it has version
4 of the format.
"""

import marshal
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdvm.embedding import protocol
from mdvm.embedding.marshal import Decoder, encode, encode_for_python
from mdvm.embedding.marshalled import MOST_NESTED, NotPlain
from mdvm.embedding.marshalled_reader import read_marshalled
from mdvm.objects import W_Float, W_Int, w_empty, w_false, w_true
from mdvm.system.arithmetic import pack_words
from mdvm.values.arrays import W_FloatArray, W_IntArray, array_of, new_array
from mdvm.values.dicts import new_dict
from mdvm.values.sets import new_set
from mdvm.values.strings import W_Str, W_Url
from mdvm.values.text import debug_text
from tests.unit.programs import utf8

HEADER = 2 * protocol.WORD
only_3 = pytest.mark.skipif(sys.version_info < (3,), reason="its marshal has another version")


def dict_of(*entries):
    w_dict = new_dict()
    for key, w_value in entries:
        w_dict.set(W_Str(key), w_value)
    return w_dict


def in_python(w_value):
    """What Python reads of it."""
    data = encode_for_python(w_value)
    assert data[:HEADER] == pack_words([protocol.MARSHALLED, len(data) - HEADER])
    return marshal.loads(data[HEADER:].encode("latin-1"))


def from_python(value):
    return read_marshalled("x" + marshal.dumps(value, 4).decode("latin-1"), 1)


EXAMPLES = [
    [],
    [None, True, False],
    [0, 1, -1, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**62, 2**63 - 1, -(2**63), None],
    [0.0, -0.5, 1e300, float("inf"), None],
    ["", "a", "\u00e9\ud7ff\ue000\U0001f600", "x" * 300, "\xed\xa0", "y" * 70000, "\u00e9" * 40000],
    {"a": 1, "\u00e9": [1, 2, [3.5, {}]], "": {"b": [], "a": None}, "k" * 80: 1},
    [{"id": number, "name": "n%d" % number, "ok": number % 2 == 0} for number in range(300)],
    [[1, 2], [0.5], [[]], (), (1, "a")],
]


@only_3
@pytest.mark.parametrize("value", EXAMPLES)
def test_there_and_back(value):
    def lists(value):
        if isinstance(value, dict):
            return {key: lists(item) for key, item in value.items()}
        return [lists(item) for item in value] if isinstance(value, (list, tuple)) else value

    w_value = from_python(value)
    back = in_python(array_of([w_value, w_empty]))[0]
    assert repr(back) == repr(lists(value))
    assert repr(in_python(array_of([w_value, w_empty]))[0]) == repr(back)


def test_arrays_of_numbers_are_kept_without_boxes():
    # as marshal.dumps([[1, 2], [0.5]], 4) has them
    w_value = read_marshalled(
        "[\2\0\0\0[\2\0\0\0i\1\0\0\0i\2\0\0\0[\1\0\0\0g\0\0\0\0\0\0\xe0\x3f", 0
    )
    assert isinstance(w_value.get(0), W_IntArray)
    assert isinstance(w_value.get(1), W_FloatArray)
    assert debug_text(w_value) == "Array([Array([Int(1), Int(2)]), Array([Float(0.5)])])"


def test_what_is_there_twice_is_shared():
    # [x, x] of x = [None]
    w_value = read_marshalled("[\2\0\0\0\xdb\1\0\0\0Nr\0\0\0\0", 0)
    assert w_value.get(0) is w_value.get(1)
    assert w_value.get(0).shared


@pytest.mark.parametrize(
    "data",
    [
        "\xdb\1\0\0\0r\0\0\0\0",  # a list that contains itself
        "[\1\0\0\0s\1\0\0\0a",  # bytes
        "<\1\0\0\0N",  # a set
        ".",
        "{i\1\0\0\0N0",  # a dict with another key
        "[\1\0\0\0l\6\0\0\0\1\0\0\0\0\0\0\0\0\0\1\0",  # 1 + 2**75
        "[\1\0\0\0l\5\0\0\0\0\0\0\0\0\0\0\0\x08\0",  # 2**63
        "[\1\0\0\0u\3\0\0\0\xed\xa0\x80",  # U+D800
        "[\2\0\0\0NS",
    ],
)
def test_what_is_refused(data):
    with pytest.raises(NotPlain):
        read_marshalled(data, 0)


def test_the_lowest_of_all_ints():
    assert read_marshalled("l\xfb\xff\xff\xff\0\0\0\0\0\0\0\0\x08\0", 0).intval == -(2**63)


def test_among_other_values():
    inner = "[\1\0\0\0T"
    data = pack_words([protocol.MARSHALLED, len(inner)]) + inner + "\0\0" + encode(W_Int(5))
    decoder = Decoder(data)
    assert debug_text(decoder.read()) == "Array([Bool(true)])"
    assert debug_text(decoder.read()) == "Int(5)"
    assert decoder.position == len(data)


@pytest.mark.parametrize(
    "w_value",
    [
        W_Int(1),
        W_Str("text"),
        new_array(0),
        W_IntArray([1, 2]),
        W_FloatArray([1.0]),
        array_of([W_Int(1), W_Int(2)]),
        array_of([w_empty, W_Url("a:b")]),
        array_of([w_true, new_set()]),
    ],
)
def test_what_goes_in_the_other_format(w_value):
    assert encode_for_python(w_value) == encode(w_value)


def test_a_dict_with_other_keys_goes_in_the_other_format():
    w_dict = dict_of(("a", w_true))
    w_dict.set(W_Int(1), w_false)
    assert encode_for_python(w_dict) == encode(w_dict)


def test_what_is_too_deep_for_python_goes_in_the_other_format():
    def nested(depth):
        w_value = array_of([w_empty])
        for _ in range(depth - 1):
            w_value = array_of([w_value])
        return w_value

    assert encode_for_python(nested(MOST_NESTED + 1)) == encode(nested(MOST_NESTED + 1))
    deepest = encode_for_python(nested(MOST_NESTED))
    assert deepest[:8] == pack_words([protocol.MARSHALLED])
    assert debug_text(Decoder(deepest).read()) == debug_text(nested(MOST_NESTED))


scalars = st.one_of(
    st.just(w_empty),
    st.just(w_true),
    st.just(w_false),
    st.integers(-(2**63), 2**63 - 1).map(W_Int),
    st.floats().map(W_Float),
    st.text().map(utf8).map(W_Str),
)
containers = st.recursive(
    st.lists(scalars).map(array_of),
    lambda inner: st.one_of(
        st.lists(st.one_of(scalars, inner)).map(array_of),
        st.dictionaries(st.text(alphabet="xyz").map(str), st.one_of(scalars, inner)).map(
            lambda entries: dict_of(*sorted(entries.items()))
        ),
    ),
    max_leaves=8,
)


@given(containers)
def test_any_value_comes_back(w_value):
    data = encode_for_python(w_value)
    assert debug_text(Decoder(data).read()) == debug_text(w_value)
