"""Values to the bytes of the embedding protocol and back: exact bytes, and a round trip of any
value.
"""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdvm.embedding import protocol
from mdvm.values.arrays import INT_HOLE, W_FloatArray, W_IntArray, array_of, new_array
from mdvm.values.dicts import new_dict
from mdvm.objects import W_Float, W_Int, w_empty, w_false, w_true
from mdvm.values.strings import W_Str, join
from mdvm.values.text import debug_text
from mdvm.embedding.marshal import Decoder, encode
from tests.unit.programs import from_bytes


def words(*values):
    return from_bytes(struct.pack("<%dq" % len(values), *values))


def dict_of(*entries):
    w_dict = new_dict()
    for key, w_value in entries:
        w_dict.set(W_Str(key), w_value)
    return w_dict


@pytest.mark.parametrize(
    "w_value, data",
    [
        (w_empty, words(protocol.EMPTY)),
        (w_false, words(protocol.FALSE)),
        (w_true, words(protocol.TRUE)),
        (W_Int(-2), words(protocol.INT, -2)),
        (W_Float(1.0), words(protocol.FLOAT, 0x3FF0000000000000)),
        (W_Str(""), words(protocol.STRING, 0)),
        (W_Str("abc"), words(protocol.STRING, 3) + "abc\0\0\0\0\0"),
        (W_Str("12345678"), words(protocol.STRING, 8) + "12345678"),
        (new_array(0), words(protocol.ARRAY, 0)),
        (new_array(2), words(protocol.ARRAY, 2, protocol.EMPTY, protocol.EMPTY)),
        (W_IntArray([1, -1]), words(protocol.INTS, 2, 1, -1)),
        (array_of([W_Int(1), W_Int(INT_HOLE)]), words(protocol.INTS, 2, 1, INT_HOLE)),
        (W_FloatArray([1.0]), words(protocol.FLOATS, 1, 0x3FF0000000000000)),
        (array_of([W_Int(1), w_true]), words(protocol.ARRAY, 2, protocol.INT, 1, protocol.TRUE)),
        (
            dict_of(("k", W_Int(1))),
            words(protocol.DICT, 1, 1) + "k\0\0\0\0\0\0\0" + words(protocol.INT, 1),
        ),
    ],
)
def test_bytes_of_a_value(w_value, data):
    assert encode(w_value) == data
    decoder = Decoder(data)
    assert debug_text(decoder.read()) == debug_text(w_value)
    assert decoder.position == len(data)


def test_arrays_of_every_storage():
    for values in (
        [W_Int(1), W_Int(2)],
        [W_Float(0.5), W_Float(-0.0)],
        [w_true, w_false],
        [W_Str("x"), w_empty],
    ):
        w_array = new_array(2)
        for index, w_value in enumerate(values):
            w_array = w_array.set(index, w_value)
            # with a hole, then without
            assert debug_text(Decoder(encode(w_array)).read()) == debug_text(w_array)


def test_a_rope_is_flattened():
    w_rope = join(W_Str("a" * 300), W_Str("b" * 300))
    assert Decoder(encode(w_rope)).read().text() == "a" * 300 + "b" * 300


def test_several_values_one_after_the_other():
    decoder = Decoder(encode(W_Int(1)) + encode(array_of([w_empty])) + encode(W_Str("s")))
    assert [debug_text(decoder.read()) for _ in range(3)] == [
        "Int(1)",
        "Array([Empty])",
        'String("s")',
    ]


def test_depth_does_not_matter():
    w_value = w_empty
    for _ in range(50000):
        w_value = array_of([w_value])
    w_value = Decoder(encode(w_value)).read()
    for _ in range(50000):
        w_value = w_value.get(0)
    assert w_value is w_empty


scalars = st.one_of(
    st.just(w_empty),
    st.just(w_true),
    st.just(w_false),
    st.integers(-(2**63), 2**63 - 1).map(W_Int),
    st.floats().map(W_Float),
    st.text(alphabet="abc").map(str).map(W_Str),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner).map(array_of),
        st.dictionaries(st.text(alphabet="xyz").map(str), inner).map(
            lambda entries: dict_of(*sorted(entries.items()))
        ),
    ),
    max_leaves=15,
)


@given(values)
def test_any_value_comes_back(w_value):
    data = encode(w_value)
    assert len(data) % protocol.WORD == 0
    w_back = Decoder(data).read()
    assert debug_text(w_back) == debug_text(w_value)
    assert encode(w_back) == data
