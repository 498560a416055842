"""Values to bytes of CPython's marshal module, see marshalled.py. Nested values are written with a
stack of our own.
"""

from mdvm.embedding import protocol
from mdvm.embedding.marshalled import DIGIT, FLAG_REF, LOWEST, MOST_BYTES, MOST_NESTED, NotPlain
from mdvm.objects import W_Bool, W_Empty, W_Float, W_Int
from mdvm.run_state import VALUE_UNITS, charged_until
from mdvm.system.arithmetic import float_to_bits, pack_words
from mdvm.system.text_building import StringBuilder
from mdvm.values.array_base import W_Array
from mdvm.values.arrays import TRUE, W_BoolArray
from mdvm.values.dicts import W_Dict
from mdvm.values.open_containers import OpenContainer
from mdvm.values.scalars import is_plain_string
from mdvm.values.strings import W_Str
from mdvm.values.text_builder import TextBuilder

_LONGEST_SHARED_KEY = 64
_IN_ONE_PIECE = 8192
_DIGIT_MASK = (1 << DIGIT) - 1


class _Writer(object):
    """Writes one value.  keys: dict from a key to its number among those that are referred to."""

    def __init__(self):
        self.builder = TextBuilder()
        self.piece = StringBuilder()
        self.in_piece = 0
        self.open_containers = []
        self.keys = {}

    def write(self, w_value):
        """-> str.  Raises NotPlain."""
        self.begin(w_value)
        while self.open_containers:
            container = self.open_containers[-1]
            if container.missing == 0:
                if container.w_dict is not None:
                    self.tag("0")
                self.open_containers.pop()
                continue
            if container.w_array is not None:
                self.begin(container.next_element())
            else:
                self.next_entry(container, container.w_dict)
        self.finish_piece()
        self.builder.add_first(pack_words([protocol.MARSHALLED, self.builder.size]))
        return self.builder.build()

    def next_entry(self, container, w_dict):
        place = container.next_place(self.builder.meter)
        w_key = w_dict.keys[place]
        if not is_plain_string(w_key):
            raise NotPlain
        assert isinstance(w_key, W_Str)
        self.key(w_key)
        self.begin(w_dict.value_at(place))

    def finish_piece(self):
        if self.in_piece > 0:
            self.builder.add(self.piece.build())
            self.piece = StringBuilder()
            self.in_piece = 0

    def tag(self, tag):
        self.piece.append(tag)
        self.in_piece += 1

    def int32(self, value):
        piece = self.piece
        piece.append(chr(value & 0xFF))
        piece.append(chr(value >> 8 & 0xFF))
        piece.append(chr(value >> 16 & 0xFF))
        piece.append(chr(value >> 24 & 0xFF))
        self.in_piece += 4

    def word(self, value):
        self.int32(value)
        self.int32(value >> 32)

    def begin(self, w_value):
        """Writes a value; of a container, its beginning."""
        self.builder.meter.add(VALUE_UNITS)
        if self.in_piece >= _IN_ONE_PIECE:
            self.finish_piece()
        if isinstance(w_value, W_Int):
            self.int(w_value.intval)
        elif isinstance(w_value, W_Float):
            self.float(w_value.floatval)
        elif isinstance(w_value, W_Bool):
            self.tag("T" if w_value.boolval else "F")
        elif isinstance(w_value, W_Str):
            if not is_plain_string(w_value):
                raise NotPlain
            self.tag("u")
            self.text(w_value.text())
        elif isinstance(w_value, W_Array):
            self.begin_array(w_value)
        elif isinstance(w_value, W_Dict):
            self.tag("{")
            self.open(w_value)
        elif isinstance(w_value, W_Empty):
            self.tag("N")
        else:
            raise NotPlain

    def open(self, w_container):
        if len(self.open_containers) == MOST_NESTED:
            raise NotPlain
        self.open_containers.append(OpenContainer(w_container))

    def begin_array(self, w_array):
        size = w_array.length()
        if size > MOST_BYTES:
            raise NotPlain
        self.tag("[")
        self.int32(size)
        if isinstance(w_array, W_BoolArray):
            self.bools(w_array.items)
        else:
            self.open(w_array)

    def bools(self, items):
        start = 0
        while start < len(items):
            self.finish_piece()
            stop = charged_until(start, len(items))
            for index in range(start, stop):
                self.piece.append("T" if items[index] == TRUE else "F")
            self.in_piece += stop - start
            start = stop

    def int(self, value):
        if -0x80000000 <= value <= 0x7FFFFFFF:
            self.tag("i")
            self.int32(value)
        else:
            self.long(value)

    def long(self, value):
        self.tag("l")
        is_negative = value < 0
        digits = [0][:0]
        if value == LOWEST:
            digits = [0, 0, 0, 0, 8]
        else:
            rest = -value if is_negative else value
            while rest > 0:
                digits.append(rest & _DIGIT_MASK)
                rest >>= DIGIT
        self.int32(-len(digits) if is_negative else len(digits))
        for digit in digits:
            self.piece.append(chr(digit & 0xFF))
            self.piece.append(chr(digit >> 8))
        self.in_piece += 2 * len(digits)

    def float(self, value):
        self.tag("g")
        self.word(float_to_bits(value))

    def text(self, text):
        """Its size and its bytes."""
        size = len(text)
        if size > MOST_BYTES:
            raise NotPlain
        self.int32(size)
        if size < _IN_ONE_PIECE:
            self.piece.append(text)
            self.in_piece += size
            self.builder.meter.add(size // 16)
        else:
            self.finish_piece()
            self.builder.add(text)

    def key(self, w_key):
        """A text that is one object in Python wherever it is a key."""
        text = w_key.text()
        if len(text) > _LONGEST_SHARED_KEY:
            self.tag("u")
            self.text(text)
            return
        number = self.keys.get(text, -1)
        if number >= 0:
            self.tag("r")
            self.int32(number)
            return
        self.keys[text] = len(self.keys)
        self.tag(chr(ord("u") | FLAG_REF))
        self.text(text)


def write_marshalled(w_value):
    """w_value: W_Array or W_Dict -> str, as protocol.MARSHALLED has it, but for zeros at its end.
    Raises NotPlain.
    """
    return _Writer().write(w_value)
