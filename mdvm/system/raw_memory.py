"""Numbers in memory that is not the VM's heap: that of an embedding process, and the bytes of texts.

An address is an int, that of the first number. A copy is of so many at once, and as
fast as memory is; whoever calls for many makes the steps.
"""

import struct

from mdvm.system.have_rpython import HAVE_RPYTHON
from mdvm.system.language import we_are_translated
from mdvm.system.latin1 import from_bytes, to_bytes

if HAVE_RPYTHON:
    from rpython.rtyper.lltypesystem import lltype, rffi

    _INTS = rffi.CArrayPtr(lltype.Signed)
    _FLOATS = rffi.CArrayPtr(lltype.Float)
    _BYTES = rffi.CCHARP

WORD = 8


def copy_ints(address, ints, start, stop):
    """ints: list of int.  Makes those from start to before stop what memory has there, which is an
    array of ints of 64 bits.
    """
    if not we_are_translated():
        _copy_untranslated("c_int64", address, ints, start, stop)
        return
    memory = rffi.cast(_INTS, address)
    for index in range(start, stop):
        ints[index] = memory[index]


def copy_floats(address, floats, start, stop):
    """The same for a list of floats."""
    if not we_are_translated():
        _copy_untranslated("c_double", address, floats, start, stop)
        return
    memory = rffi.cast(_FLOATS, address)
    for index in range(start, stop):
        floats[index] = memory[index]


def copy_bools(address, chars, start, stop, false, true):
    """chars: list of str of one byte.  Makes those from start to before stop `true` where memory,
    an array of bytes, has another byte than 0, and `false` elsewhere.
    """
    if not we_are_translated():
        bytes_there = [0] * stop
        _copy_untranslated("c_ubyte", address, bytes_there, start, stop)
        for index in range(start, stop):
            chars[index] = true if bytes_there[index] else false
        return
    memory = rffi.cast(_BYTES, address)
    for index in range(start, stop):
        chars[index] = false if memory[index] == "\0" else true


def _copy_untranslated(kind, address, items, start, stop):
    import ctypes

    memory = (getattr(ctypes, kind) * stop).from_address(address)
    items[start:stop] = memory[start:stop]


def read_ints(text, at, ints, start, stop):
    """ints: list of int.  Makes those from start to before stop what text has there, which is ints
    of 64 bits, little-endian, the first of all at the index `at`.
    """
    if not we_are_translated():
        words = to_bytes(text[at + WORD * start : at + WORD * stop])
        ints[start:stop] = struct.unpack("<%dq" % (stop - start), words)
        return
    with rffi.scoped_nonmovingbuffer(text) as chars:
        memory = rffi.cast(_INTS, rffi.ptradd(chars, at))
        for index in range(start, stop):
            ints[index] = memory[index]


def read_floats(text, at, floats, start, stop):
    """The same for a list of floats, of which text has the bits."""
    if not we_are_translated():
        words = to_bytes(text[at + WORD * start : at + WORD * stop])
        floats[start:stop] = struct.unpack("<%dd" % (stop - start), words)
        return
    with rffi.scoped_nonmovingbuffer(text) as chars:
        memory = rffi.cast(_FLOATS, rffi.ptradd(chars, at))
        for index in range(start, stop):
            floats[index] = memory[index]


def text_of_ints(ints, start, stop):
    """-> str, as read_ints has it, of the ints from start to before stop."""
    if not we_are_translated():
        return from_bytes(struct.pack("<%dq" % (stop - start), *ints[start:stop]))
    with lltype.scoped_alloc(_INTS.TO, stop - start) as memory:
        for index in range(start, stop):
            memory[index - start] = ints[index]
        return rffi.charpsize2str(rffi.cast(_BYTES, memory), WORD * (stop - start))


def text_of_floats(floats, start, stop):
    """-> str, as read_floats has it."""
    if not we_are_translated():
        return from_bytes(struct.pack("<%dd" % (stop - start), *floats[start:stop]))
    with lltype.scoped_alloc(_FLOATS.TO, stop - start) as memory:
        for index in range(start, stop):
            memory[index - start] = floats[index]
        return rffi.charpsize2str(rffi.cast(_BYTES, memory), WORD * (stop - start))
