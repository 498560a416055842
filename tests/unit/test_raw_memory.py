"""Numbers copied out of memory and texts, and into texts: each way, at any place."""

import ctypes
import struct

import pytest

from mdvm.embedding import protocol
from mdvm.embedding.marshal import Decoder
from mdvm.system.latin1 import from_bytes
from mdvm.system.raw_memory import (
    copy_bools,
    copy_floats,
    copy_ints,
    read_floats,
    read_ints,
    text_of_floats,
    text_of_ints,
)
from mdvm.values.text import debug_text

INTS = [0, -1, 2**63 - 1, -(2**63), 5]
FLOATS = [0.0, -0.0, 1.5, float("inf"), -1e-300]


def packed(code, numbers):
    return from_bytes(struct.pack("<%d%s" % (len(numbers), code), *numbers))


def test_ints_of_texts_and_texts_of_ints():
    ints = [7] * 5
    read_ints("x" + packed("q", INTS), 1, ints, 1, 4)
    assert ints == [7] + INTS[1:4] + [7]
    assert text_of_ints(INTS, 1, 4) == packed("q", INTS[1:4])


def test_floats_of_texts_and_texts_of_floats():
    floats = [7.0] * 5
    read_floats("x" + packed("d", FLOATS), 1, floats, 1, 4)
    assert floats == [7.0] + FLOATS[1:4] + [7.0]
    assert text_of_floats(FLOATS, 1, 4) == packed("d", FLOATS[1:4])


def test_numbers_in_memory():
    ints, floats, chars = [7] * 5, [7.0] * 5, ["?"] * 5
    there = (ctypes.c_int64 * 5)(*INTS)
    copy_ints(ctypes.addressof(there), ints, 1, 4)
    assert ints == [7] + INTS[1:4] + [7]
    doubles = (ctypes.c_double * 5)(*FLOATS)
    copy_floats(ctypes.addressof(doubles), floats, 1, 4)
    assert floats == [7.0] + FLOATS[1:4] + [7.0]
    octets = (ctypes.c_ubyte * 5)(9, 0, 1, 255, 9)
    copy_bools(ctypes.addressof(octets), chars, 1, 4, "f", "t")
    assert chars == ["?", "f", "t", "t", "?"]


@pytest.mark.parametrize(
    "tag, kind, numbers, text",
    [
        (protocol.INTS_AT, ctypes.c_int64, [1, -2], "Array([Int(1), Int(-2)])"),
        (protocol.FLOATS_AT, ctypes.c_double, [1.0, -0.0], "Array([Float(1.0), Float(-0.0)])"),
        (protocol.BOOLS_AT, ctypes.c_ubyte, [0, 7], "Array([Bool(false), Bool(true)])"),
    ],
)
def test_only_arguments_can_lie_in_the_memory_of_the_process(tag, kind, numbers, text):
    there = (kind * 2)(*numbers)
    data = packed("q", [tag, 2, ctypes.addressof(there)])
    decoder = Decoder(data, True)
    assert debug_text(decoder.read()) == text
    assert decoder.position == len(data)
    assert debug_text(Decoder(data).read()) == "Empty"
