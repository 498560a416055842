"""The three text forms: floats against decimal, escapes against the table of the published VM,
containers of any depth.
"""

import decimal
import gc
import json
import os
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit import model
from mdvm.values.equality import equal
from mdvm.values import text
from mdvm.values.arrays import new_array
from mdvm.values.dicts import new_dict
from mdvm.objects import W_Int
from mdvm.values.strings import W_Str
from tests.unit.programs import utf8
from tests.unit.values import EDGE_FLOATS, NAN, floats, to_guest, values

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ESCAPES = os.path.join(os.path.dirname(TOP), "shared", "conformance", "debug_escape_ranges.json")

# Far deeper than Python lets functions nest.
DEEP = 20000

any_floats = floats | st.integers(0, 2**64 - 1).map(
    lambda bits: struct.unpack("<d", struct.pack("<Q", bits))[0]
)


# ____________________________________________________________ floats

FLOATS = [
    # value, print form, string form, debug form
    (0.0, "0", "0", "0.0"),
    (-0.0, "-0", "-0", "-0.0"),
    (3.0, "3", "3", "3.0"),
    (-2.5, "-2.5", "-2.5", "-2.5"),
    (9.9e-5, "0.000099", "0.000099", "9.9e-5"),
    (1e-4, "0.0001", "0.0001", "0.0001"),
    (1e-7, "0.0000001", "0.0000001", "1e-7"),
    (9999999999999998.0, "9999999999999998", "9999999999999998", "9999999999999998.0"),
    (1e16, "10000000000000000", "10000000000000000", "1e16"),
    (1.2345678901234568e17, "123456789012345680", "123456789012345680", "1.2345678901234568e17"),
    (1e21, "1" + "0" * 21, "1" + "0" * 21, "1e21"),
    (1e23, "1" + "0" * 23, "99999999999999991611392", "1e23"),
    (2.0**63, "9223372036854776000", "9223372036854775808", "9.223372036854776e18"),
    (5e-324, "0." + "0" * 323 + "5", "0." + "0" * 323 + "5", "5e-324"),
    (NAN, "NaN", "NaN", "NaN"),
    (-NAN, "NaN", "NaN", "NaN"),
    (float("inf"), "inf", "inf", "inf"),
    (float("-inf"), "-inf", "-inf", "-inf"),
    (0.1, "0.1", "0.1", "0.1"),
    (123456.789, "123456.789", "123456.789", "123456.789"),
    (100.0, "100", "100", "100.0"),
    (-1e-5, "-0.00001", "-0.00001", "-1e-5"),
]


@pytest.mark.parametrize("value, printed, string, debug", FLOATS)
def test_known_floats(value, printed, string, debug):
    assert text.float_print(value) == printed
    assert text.float_string(value) == string
    assert text.float_debug(value) == debug


@settings(max_examples=500)
@given(any_floats)
def test_any_float(value):
    assert text.float_print(value) == model.float_print(value)
    assert text.float_debug(value) == model.float_debug(value)
    assert text.float_string(value) == model.float_string(value)


@settings(max_examples=300)
@given(any_floats)
def test_every_form_but_the_exact_one_reads_back_as_the_same_float(value):
    if value == value:
        for form in (text.float_print, text.float_debug):
            assert struct.pack("<d", float(form(value))) == struct.pack("<d", value)
        assert "e" not in text.float_print(value).replace("inf", "")


@given(st.integers(-(2**1023), 2**1023) | st.integers(-(2**70), 2**70))
def test_whole_floats_have_exact_digits(number):
    value = float(number)
    assert text.float_string(value) == "%d" % decimal.Decimal(value)


def test_the_edges_of_the_exponent_form():
    for value in EDGE_FLOATS + (9.999999999999999e-5, 1.0000000000000002e16, 9.999999999999998e15):
        assert ("e" in text.float_debug(value)) == (
            value == value
            and abs(value) != float("inf")
            and value != 0
            and not 1e-4 <= abs(value) < 1e16
        )


# ____________________________________________________________ strings


def escaped(character):
    """character: unicode text -> what its debug form has in the quotes."""
    form = text.string_debug(utf8(character))
    assert form[0] == form[-1] == '"'
    return form[1:-1]


ITSELF = None


@pytest.mark.parametrize(
    "literal, expected",
    [
        ('"', '\\"'),
        (r"\\", "\\\\"),
        (r"\n", "\\n"),
        (r"\r", "\\r"),
        (r"\t", "\\t"),
        (r"\0", "\\0"),
        ("'", "'"),
        (r"\x1b", "\\u{1b}"),
        (r"\x7f", "\\u{7f}"),
        (r"\x80", "\\u{80}"),
        (r"\xa0", "\\u{a0}"),
        (r"\xad", "\\u{ad}"),
        (r"\xe9", ITSELF),
        (r"\u0301", "\\u{301}"),
        (r"e\u0301", "e\\u{301}"),
        (r"\u200b", "\\u{200b}"),
        (r"\u65e5", ITSELF),
        (r"\ufeff", "\\u{feff}"),
        (r"\U0001f600", ITSELF),
        (r"\U000e0001", "\\u{e0001}"),
        (r"\U0010ffff", "\\u{10ffff}"),
        ("~ !", "~ !"),
        (r'a\nb"c', 'a\\nb\\"c'),
        ("", ""),
    ],
)
def test_escapes(literal, expected):
    """literal: as in a Python literal, which means the same under Python 2 and 3."""
    character = literal.encode("ascii").decode("unicode_escape")
    assert escaped(character) == (utf8(character) if expected is ITSELF else expected)


def encode_utf8(code_point):
    """Python 2 may have no unichr beyond the first 65,536."""
    if code_point < 0x80:
        data = [code_point]
    elif code_point < 0x800:
        data = [0xC0 | code_point >> 6, 0x80 | code_point & 63]
    elif code_point < 0x10000:
        data = [0xE0 | code_point >> 12, 0x80 | code_point >> 6 & 63, 0x80 | code_point & 63]
    else:
        data = [
            0xF0 | code_point >> 18,
            0x80 | code_point >> 12 & 63,
            0x80 | code_point >> 6 & 63,
            0x80 | code_point & 63,
        ]
    return "".join([chr(byte) for byte in data])


@pytest.mark.skipif(
    not os.path.exists(ESCAPES), reason="the table of the published VM is not at hand"
)
def test_every_code_point():
    with open(ESCAPES) as table:
        ranges = json.load(table)["escaped"]
    escaped_points = set()
    for first, last in ranges:
        escaped_points.update(range(first, last + 1))
    short = {0: "\\0", 9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 92: "\\\\"}
    for first in range(0, 0x110000, 0x1000):
        if 0xD800 <= first < 0xE000:
            continue
        characters = []
        expected = []
        for code_point in range(first, first + 0x1000):
            if 0xD800 <= code_point < 0xE000:
                continue
            character = encode_utf8(code_point)
            characters.append(character)
            plain = "\\u{%x}" % code_point if code_point in escaped_points else character
            expected.append(short.get(code_point, plain))
        assert text.string_debug("".join(characters)) == '"' + "".join(expected) + '"', hex(first)


def test_characters_are_decoded():
    for code_point in (0, 0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0x10000, 0x10FFFF):
        character = encode_utf8(code_point)
        assert text.decode_character("x" + character + "y", 1) == (code_point, len(character))


# ____________________________________________________________ containers


@settings(max_examples=150)
@given(values)
def test_any_value(value):
    w_value = to_guest(value)
    assert text.string_text(w_value) == model.string_form(value)
    if value is not None:
        assert text.print_text(w_value) == model.print_form(value)


def test_empty_containers():
    assert text.debug_text(to_guest(())) == "Array([])"
    assert text.debug_text(to_guest(model.Dict())) == "Dict({})"
    assert text.string_text(to_guest(())) == "[]"
    assert text.string_text(to_guest(model.Dict())) == "{}"


def test_containers():
    value = (
        None,
        0,
        True,
        's "q"',
        2.0,
        (),
        model.Dict([('k"', (1e23, None)), ("", model.Dict())]),
    )
    assert text.debug_text(to_guest(value)) == (
        'Array([Empty, Int(0), Bool(true), String("s \\"q\\""), Float(2.0), Array([]), '
        'Dict({"k\\"": Array([Float(1e23), Empty]), "": Dict({})})])'
    )
    assert (
        text.string_text(to_guest(value))
        == '[empty, 0, true, s "q", 2, [], {k": [99999999999999991611392, empty], : {}}]'
    )
    assert text.print_text(to_guest(value)) == text.debug_text(to_guest(value))


def nested_array(depth):
    w_value = W_Int(7)
    for _ in range(depth):
        w_value = new_array(1).set(0, w_value)
    return w_value


def nested_dict(depth):
    w_value = W_Int(7)
    for _ in range(depth):
        w_dict = new_dict()
        w_dict.set(W_Str("k"), w_value)
        w_value = w_dict
    return w_value


@pytest.fixture
def no_collector():
    """So many live containers make Python's own garbage collector the slowest part of a
    test.
    """
    gc.disable()
    yield
    gc.enable()


def test_deeply_nested_arrays(no_collector):
    w_value = nested_array(DEEP)
    assert text.debug_text(w_value) == "Array([" * DEEP + "Int(7)" + "])" * DEEP
    assert text.string_text(w_value) == "[" * DEEP + "7" + "]" * DEEP
    assert equal(w_value, nested_array(DEEP))
    assert not equal(w_value, nested_array(DEEP - 1))


def test_deeply_nested_dicts(no_collector):
    w_value = nested_dict(DEEP)
    assert text.debug_text(w_value) == 'Dict({"k": ' * DEEP + "Int(7)" + "})" * DEEP
    assert text.string_text(w_value) == "{k: " * DEEP + "7" + "}" * DEEP
    assert equal(w_value, nested_dict(DEEP))
    assert not equal(w_value, nested_dict(DEEP + 1))
