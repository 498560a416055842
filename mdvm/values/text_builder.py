"""Making and comparing texts of any length: with no copy more than is needed, bounded by memory,
and so that it can be interrupted.

A text of a gigabyte is nothing that may be copied or compared in one piece.
"""

from mdvm import errors
from mdvm.system.jit import dont_look_inside
from mdvm.system.text_building import StringBuilder, TextBuffer
from mdvm.run_state import BYTES_PER_UNIT, CHUNK, Meter, charge, check_text_length, run_state

# bytes from which on a text is not copied or compared in one piece, or twice
LONG = 1 << 16
_STEP = CHUNK * BYTES_PER_UNIT


def joined(pieces, size):
    """pieces: list of str; size: int, the bytes that they have together -> str, all of them one
    after the other.
    """
    buffer = TextBuffer(size)
    for piece in pieces:
        append_slowly(buffer, piece, 0, len(piece))
    return buffer.text()


def slice_of(text, start, stop):
    """-> str, text[start:stop]; 0 <= start <= stop <= len(text)."""
    assert start >= 0 and stop >= 0
    if stop - start < LONG:
        return text[start:stop]
    return _long_slice_of(text, start, stop)


@dont_look_inside
def _long_slice_of(text, start, stop):
    if stop - start == len(text):
        return text
    buffer = TextBuffer(stop - start)
    append_slowly(buffer, text, start, stop)
    return buffer.text()


def append_slowly(buffer, text, start, stop):
    """buffer: TextBuffer.  Adds text[start:stop] to it, charging for that."""
    while start < stop:
        end = min(stop, start + _STEP)
        charge((end - start) // BYTES_PER_UNIT)
        buffer.append(text, start, end)
        start = end


class TextBuilder(object):
    """A text that grows at its end.

    pieces: list of str, what has been finished. last: StringBuilder, what comes after it;
    last_size: int, the bytes in that.
    size, longest: int, bytes of all, and how many there may be. meter: Meter, to which work may be
    added that is not the adding of texts.
    output: None, or the Output that the text is for: it does not become longer than what may still
    be printed.
    """

    def __init__(self, output=None):
        self.pieces = []
        self.last = StringBuilder()
        self.last_size = 0
        self.size = 0
        self.longest = run_state.max_text_length
        self.output = output
        if output is not None:
            self.longest = min(self.longest, output.left)
        self.meter = Meter()

    def add(self, text):
        """Raises RunError, `Out of memory`, when the text becomes longer than the memory, and
        OutputLimitError when it becomes longer than what may be printed.
        """
        size = len(text)
        self.need(size)
        self.size += size
        self.meter.add(size // BYTES_PER_UNIT)
        if size >= LONG:
            self._finish_piece()
            self.pieces.append(text)
            return
        self.last.append(text)
        self.last_size += size
        if self.last_size >= LONG:
            self._finish_piece()

    def add_part(self, text, start, stop):
        """The same as add(slice_of(text, start, stop)), without that slice where it is short."""
        size = stop - start
        if size >= LONG:
            self.add(slice_of(text, start, stop))
            return
        self.need(size)
        self.size += size
        self.meter.add(size // BYTES_PER_UNIT)
        assert start >= 0 and stop >= 0
        self.last.append_slice(text, start, stop)
        self.last_size += size
        if self.last_size >= LONG:
            self._finish_piece()

    def add_first(self, text):
        """text: str, short, to stand before all the rest.  Raises what `add` does."""
        self.need(len(text))
        self.size += len(text)
        self._finish_piece()
        self.pieces.insert(0, text)

    def need(self, size):
        """size: int, bytes that are going to be added.  Raises what `add` would."""
        if self.size + size > self.longest:
            check_text_length(self.size + size)
            output = self.output
            assert output is not None
            raise errors.too_much_output(output.limit)

    def _finish_piece(self):
        if self.last_size > 0:
            self.pieces.append(self.last.build())
            self.last = StringBuilder()
            self.last_size = 0

    def build(self):
        """-> str.  The builder is not to be used any more."""
        self.meter.settle()
        if len(self.pieces) == 0:
            return self.last.build()
        self._finish_piece()
        if len(self.pieces) == 1:
            return self.pieces[0]
        return joined(self.pieces, self.size)


def first_difference(left, right):
    """left, right: str -> int, the first index at which they differ; the length of the shorter one
    if it begins the longer one.
    """
    size = min(len(left), len(right))
    start = 0
    while start < size:
        end = min(size, start + _STEP // 4)
        charge((end - start) // BYTES_PER_UNIT)
        while start < end:
            if left[start] != right[start]:
                return start
            start += 1
    return size
