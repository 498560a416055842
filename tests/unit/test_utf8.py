"""The loader's idea of UTF-8 is that of Python's strict decoder."""

import itertools

from hypothesis import example, given
from hypothesis import strategies as st

from mdvm.loading.reader import is_utf8
from tests.unit.programs import from_bytes

# The first, the last and their neighbours of every class of byte in Table 3-7 of the Unicode
# Standard.
EDGES = [
    0x00,
    0x7F,
    0x80,
    0x8F,
    0x90,
    0x9F,
    0xA0,
    0xBF,
    0xC0,
    0xC1,
    0xC2,
    0xDF,
    0xE0,
    0xE1,
    0xEC,
    0xED,
    0xEE,
    0xEF,
    0xF0,
    0xF1,
    0xF3,
    0xF4,
    0xF5,
    0xFF,
]


def python_says(data):
    """Python 2's decoder accepts surrogates, so what it has read must also be free of them."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if str is bytes:
        return not has_encoded_surrogate(data)
    return isinstance(text, str)


def has_encoded_surrogate(data):
    return any(
        first == "\xed" and "\xa0" <= second <= "\xbf" for first, second in zip(data, data[1:])
    )


def check(data):
    assert is_utf8(from_bytes(data)) == python_says(data), repr(data)


def test_every_one_and_two_bytes():
    for first in range(256):
        check(bytes(bytearray([first])))
        for second in range(256):
            check(bytes(bytearray([first, second])))


def test_three_and_four_bytes_at_the_edges_of_each_class():
    for sequence in itertools.product(EDGES, repeat=3):
        check(bytes(bytearray(sequence)))
    for first in (0xE0, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5):
        for rest in itertools.product(EDGES[2:12], repeat=3):
            check(bytes(bytearray((first,) + rest)))


def test_surrogates_overlong_forms_and_what_lies_beyond_unicode():
    for text in (
        b"\xed\xa0\x80",
        b"\xed\xbf\xbf",
        b"\xc0\x80",
        b"\xc1\xbf",
        b"\xe0\x9f\xbf",
        b"\xf0\x8f\xbf\xbf",
        b"\xf4\x90\x80\x80",
        b"\xf8\x88\x80\x80\x80",
    ):
        assert not is_utf8(from_bytes(text))
    for text in (
        b"",
        b"\x00",
        b"\xef\xbb\xbf",
        b"\xed\x9f\xbf",
        b"\xee\x80\x80",
        b"\xf4\x8f\xbf\xbf",
        b"\xf0\x90\x80\x80",
    ):
        assert is_utf8(from_bytes(text))


@given(st.binary(max_size=12))
@example(b"\xe2\x82")
def test_any_bytes(data):
    check(data)


@given(
    st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=8), st.integers(0, 40)
)
def test_text_that_is_cut_off(text, size):
    data = text.encode("utf-8")
    check(data)
    check(data[:size])
    check(data[size:])
