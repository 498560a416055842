"""Ints of 64 bits that wrap or overflow, and the bits of floats."""

import struct

from mdvm.system.have_rpython import HAVE_RPYTHON
from mdvm.system.language import we_are_translated
from mdvm.system.latin1 import from_bytes, to_bytes

if HAVE_RPYTHON:
    from rpython.rlib.longlong2float import float2longlong, longlong2float
    from rpython.rlib.rarithmetic import int_c_div as int_divide
    from rpython.rlib.rarithmetic import int_c_mod as int_remainder
    from rpython.rlib.rarithmetic import intmask, ovfcheck

    assert int_divide and int_remainder and ovfcheck
    bits_to_float = longlong2float
    float_to_bits = float2longlong
else:

    def intmask(value):
        """value: int of any size -> the signed 64-bit int with the same low bits."""
        value &= 0xFFFFFFFFFFFFFFFF
        return value - 0x10000000000000000 if value & 0x8000000000000000 else value

    def ovfcheck(value):
        """value: int -> value; raises OverflowError when it does not fit in 64 bits."""
        if not -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF:
            raise OverflowError
        return value

    def int_divide(left, right):
        """C's left / right for ints, right not 0: truncates toward zero."""
        quotient = abs(left) // abs(right)
        return quotient if (left < 0) == (right < 0) else -quotient

    def int_remainder(left, right):
        """C's left % right for ints, right not 0: has the sign of left."""
        remainder = abs(left) % abs(right)
        return -remainder if left < 0 else remainder

    def bits_to_float(bits):
        """bits: signed 64-bit int -> the float with this IEEE 754 pattern."""
        return struct.unpack("<d", struct.pack("<q", bits))[0]

    def float_to_bits(value):
        """value: float -> its IEEE 754 pattern as a signed 64-bit int."""
        return struct.unpack("<q", struct.pack("<d", value))[0]


def pack_words(values):
    """values: list of int of 64 bits -> str, eight bytes for each, little-endian."""
    if not we_are_translated():
        return from_bytes(struct.pack("<%dq" % len(values), *values))
    chars = ["\0"] * (8 * len(values))
    at = 0
    for value in values:
        for shift in range(0, 64, 8):
            chars[at] = chr(value >> shift & 0xFF)
            at += 1
    return "".join(chars)


def unpack_word(text, at):
    """text: str; at: int >= 0, where in it eight bytes begin -> int, the one that pack_words made
    them of.
    """
    assert at >= 0
    if not we_are_translated():
        return struct.unpack("<q", to_bytes(text[at : at + 8]))[0]
    value = 0
    for index in range(at + 7, at - 1, -1):
        value = value << 8 | ord(text[index])
    return intmask(value)
