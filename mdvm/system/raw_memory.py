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
else:
    _INTS = _FLOATS = None

WORD = 8


def _make_functions(NUMBERS, letter, kind):
    """The functions for lists of numbers of eight bytes, little-endian.

    NUMBERS: the type of a pointer to them. letter: str, what `struct` calls them; kind: str, what
    ctypes does. -> (function, function, function)
    """

    def copy(address, numbers, start, stop):
        """Makes the numbers from start to before stop what memory has there."""
        if not we_are_translated():
            _copy_untranslated(kind, address, numbers, start, stop)
            return
        memory = rffi.cast(NUMBERS, address)
        for index in range(start, stop):
            numbers[index] = memory[index]

    def read(text, at, numbers, start, stop):
        """The same of what text has, the first of all at the index `at`."""
        if not we_are_translated():
            words = to_bytes(text[at + WORD * start : at + WORD * stop])
            numbers[start:stop] = struct.unpack("<%d%s" % (stop - start, letter), words)
            return
        with rffi.scoped_nonmovingbuffer(text) as chars:
            memory = rffi.cast(NUMBERS, rffi.ptradd(chars, at))
            for index in range(start, stop):
                numbers[index] = memory[index]

    def text_of(numbers, start, stop):
        """-> str, as `read` has it, of the numbers from start to before stop."""
        if not we_are_translated():
            return from_bytes(struct.pack("<%d%s" % (stop - start, letter), *numbers[start:stop]))
        with lltype.scoped_alloc(NUMBERS.TO, stop - start) as memory:
            for index in range(start, stop):
                memory[index - start] = numbers[index]
            return rffi.charpsize2str(rffi.cast(_BYTES, memory), WORD * (stop - start))

    return copy, read, text_of


copy_ints, read_ints, text_of_ints = _make_functions(_INTS, "q", "c_int64")
copy_floats, read_floats, text_of_floats = _make_functions(_FLOATS, "d", "c_double")


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
