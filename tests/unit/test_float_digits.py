"""mdvm/system/float_digits.c: the digits of floats are those that repr writes."""

import ctypes
import os
import random
import struct
import subprocess
from fractions import Fraction

import pytest

from mdvm.system import float_digits
from mdvm.values.text import float_debug, float_print, float_string

FOLDER = os.path.dirname(os.path.abspath(float_digits.__file__))


@pytest.fixture(scope="module")
def shortest_in_c(tmpdir_factory):
    """-> function of a float -> (digits, exponent)."""
    folder = tmpdir_factory.mktemp("float_digits")
    folder.join("table.c").write(float_digits.table_source())
    library = str(folder.join("digits.so"))
    sources = [os.path.join(FOLDER, "float_digits.c"), str(folder.join("table.c"))]
    try:
        subprocess.check_call(
            ["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-I" + FOLDER]
            + ["-o", library]
            + sources
        )
    except OSError:
        pytest.skip("there is no C compiler")
    function = ctypes.CDLL(library).mdvm_shortest_decimal
    function.restype = ctypes.c_int64
    function.argtypes = [ctypes.c_double, ctypes.POINTER(ctypes.c_long)]

    def shortest(value):
        exponent = ctypes.c_long()
        digits = function(value, ctypes.byref(exponent))
        return digits, exponent.value

    return shortest


def neighbours(value):
    (bits,) = struct.unpack("<q", struct.pack("<d", value))
    for near in (bits - 1, bits, bits + 1):
        if 0 < near < 0x7FF0000000000000:
            yield struct.unpack("<d", struct.pack("<q", near))[0]


def floats():
    chance = random.Random(1)
    for power in range(-1074, 1024):
        for value in neighbours(2.0**power):
            yield value
    for power in range(-323, 309):
        for value in neighbours(float("1e%d" % power)):
            yield value
    for _ in range(20000):
        yield struct.unpack("<d", struct.pack("<q", chance.randrange(1, 0x7FF0000000000000)))[0]
        yield chance.randrange(1, 10 ** chance.randint(1, 17)) / 10.0 ** chance.randint(0, 20)


def test_c_finds_what_repr_finds(shortest_in_c):
    for value in floats():
        assert shortest_in_c(value) == float_digits.shortest_decimal(value), repr(value)


@pytest.mark.parametrize("exponent", range(float_digits.FIRST_POWER, 325, 7))
def test_powers_are_rounded_up(exponent):
    power = float_digits.power_of_ten(exponent)
    assert 1 << 127 <= power < 1 << 128
    ratio = power / Fraction(10) ** exponent
    while ratio >= 2:
        ratio /= 2
    while ratio < 1:
        ratio *= 2
    assert ratio < 1 + Fraction(1, 1 << 127)


@pytest.mark.parametrize(
    "value, printed, debug, string",
    [
        (0.0, "0", "0.0", "0"),
        (-0.0, "-0", "-0.0", "-0"),
        (-2.5, "-2.5", "-2.5", "-2.5"),
        (100.0, "100", "100.0", "100"),
        (-7.0, "-7", "-7.0", "-7"),
        (1e16, "10000000000000000", "1e16", "10000000000000000"),
        (9007199254740991.0, "9007199254740991", "9007199254740991.0", "9007199254740991"),
        (1.5e-7, "0.00000015", "1.5e-7", "0.00000015"),
        (1e23, "1" + "0" * 23, "1e23", "99999999999999991611392"),
    ],
)
def test_the_three_forms(value, printed, debug, string):
    assert (float_print(value), float_debug(value), float_string(value)) == (printed, debug, string)
