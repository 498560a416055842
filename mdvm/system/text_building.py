"""Texts that are put together, and the digits of floats."""

from mdvm.system.have_rpython import HAVE_RPYTHON
from mdvm.system.language import we_are_translated

if HAVE_RPYTHON:
    from rpython.rlib.rfloat import formatd
    from rpython.rlib.rstring import StringBuilder
    from rpython.rtyper.annlowlevel import hlstr, llstr
    from rpython.rtyper.lltypesystem.rstr import copy_string_contents, mallocstr

    assert StringBuilder
else:

    class StringBuilder(object):
        """A text that grows at its end."""

        def __init__(self):
            self.parts = []

        def append(self, text):
            self.parts.append(text)

        def append_slice(self, text, start, stop):
            self.parts.append(text[start:stop])

        def build(self):
            return "".join(self.parts)


class TextBuffer(object):
    """A text of a known size that is put together piece by piece.

    RPython's StringBuilder has a copy of the whole text twice at the end, in one piece.
    """

    def __init__(self, size):
        """size: int >= 0, bytes.  Raises MemoryError."""
        self.filled = 0
        if we_are_translated():
            self.memory = mallocstr(size)
        else:
            self.pieces = []

    def append(self, text, start, stop):
        """Adds text[start:stop], 0 <= start <= stop <= len(text).  There must be room for it."""
        if we_are_translated():
            copy_string_contents(llstr(text), self.memory, start, self.filled, stop - start)
        else:
            self.pieces.append(text[start:stop])
        self.filled += stop - start

    def text(self):
        """-> str.  Everything must have been appended, and nothing can be appended any more."""
        if we_are_translated():
            text = hlstr(self.memory)
            assert text is not None
            return text
        return "".join(self.pieces)


def float_exact_integer(value):
    """value: finite float without a fraction -> all its decimal digits, exact, with a sign."""
    if we_are_translated():
        return formatd(value, "f", 0)
    return "%.0f" % value


def float_fixed(value, decimals):
    """value: finite float; decimals: int >= 0 -> it with so many digits behind the point, the
    nearest, as %.*f writes them.
    """
    if we_are_translated():
        return formatd(value, "f", decimals)
    return "%.*f" % (decimals, value)


def float_short(value):
    """value: finite float -> at most six of its digits, as %g writes them."""
    if we_are_translated():
        return formatd(value, "g", 6)
    return "%g" % value
