"""The shortest digits of floats: float_digits.c, and the table of powers of ten that it takes."""

import math
import os

from mdvm.system.have_rpython import HAVE_RPYTHON
from mdvm.system.jit import dont_look_inside
from mdvm.system.language import we_are_translated

FIRST_POWER = -292  # as in float_digits.h
LAST_POWER = 324
_BITS = 128


def power_of_ten(exponent):
    """-> int, the first 128 bits of 10 ** exponent, rounded up."""
    if exponent >= 0:
        power = 10**exponent
        shift = _bit_length(power) - _BITS
        return power << -shift if shift <= 0 else -(-power >> shift)
    divisor = 10**-exponent
    return -(-(1 << (_bit_length(divisor) - 1 + _BITS)) // divisor)


def _bit_length(number):
    return len(bin(number)) - 2


def table_source():
    """-> str, the table in C."""
    rows = []
    for exponent in range(FIRST_POWER, LAST_POWER + 1):
        power = power_of_ten(exponent)
        rows.append("{0x%xu, 0x%xu}," % (power >> 64, power & 0xFFFFFFFFFFFFFFFF))
    return '#include "float_digits.h"\nconst uint64_t mdvm_powers_of_ten[][2] = {\n%s\n};\n' % (
        "\n".join(rows)
    )


if HAVE_RPYTHON:
    from rpython.rtyper.lltypesystem import lltype, rffi
    from rpython.translator.tool.cbuild import ExternalCompilationInfo

    _HERE = os.path.dirname(os.path.abspath(__file__))
    _shortest_decimal = rffi.llexternal(
        "mdvm_shortest_decimal",
        [rffi.DOUBLE, rffi.LONGP],
        rffi.LONGLONG,
        compilation_info=ExternalCompilationInfo(
            includes=["float_digits.h"],
            include_dirs=[_HERE],
            separate_module_files=[os.path.join(_HERE, "float_digits.c")],
            separate_module_sources=[table_source()],
        ),
        releasegil=False,
    )


def is_negative(value):
    """value: float, no NaN -> bool, whether it has a minus sign; -0.0 has."""
    return math.copysign(1.0, value) < 0.0


@dont_look_inside
def shortest_decimal(value):
    """value: finite float > 0.0 -> (digits, exponent): ints, the shortest `digits` whose product with
    10 ** exponent reads back as value; the last one is not 0.
    """
    if we_are_translated():
        with lltype.scoped_alloc(rffi.LONGP.TO, 1) as exponent:
            digits = _shortest_decimal(value, exponent)
            return digits, exponent[0]
    text = repr(value)
    mantissa, _, power = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    exponent = int(power or "0") - len(fraction)
    digits = int(whole + fraction)
    while digits % 10 == 0:
        digits //= 10
        exponent += 1
    return digits, exponent
