"""Values as CPython's marshal module writes and reads them, which is many times as fast as anything
written in Python: containers of texts, numbers, bools and None, nested in each other.

That format is the one of marshal.dumps(value, 4), which every Python 3.9 and later has. What it
cannot say, or what only files of version 2 know, goes as protocol.py has it: here that is
NotPlain. Nested values are read and written with a stack of our own.
"""

from mdvm.embedding import protocol
from mdvm.objects import W_Bool, W_Empty, W_Float, W_Int, share, w_empty, w_false, w_true
from mdvm.run_state import VALUE_UNITS, Meter, charged_until
from mdvm.system.arithmetic import bits_to_float, float_to_bits, pack_words, unpack_word
from mdvm.system.text_building import StringBuilder
from mdvm.values import bulk
from mdvm.values.arrays import W_FloatArray, W_IntArray, array_of_values, new_array
from mdvm.values.array_base import W_Array
from mdvm.values.dicts import W_Dict, new_dict
from mdvm.values.scalars import is_plain_string
from mdvm.values.strings import W_Str
from mdvm.values.text_builder import TextBuilder, slice_of

# How deep Python's marshal may be: it recurses, and refuses 2000.
MOST_NESTED = 500

_MOST_BYTES = 0x7FFFFFFF  # of a text, and elements of a list
_LONGEST_SHARED_KEY = 64
_IN_ONE_PIECE = 8192
_FLAG_REF = 0x80  # this object is referred to later
_DIGIT = 15  # bits
_DIGIT_MASK = (1 << _DIGIT) - 1
_LOWEST = -0x8000000000000000  # of all ints


class NotPlain(Exception):
    """The value is to be written, or was to be written, in the other format."""


# ____________________________________________________________ reading


class _Unfinished(object):
    """A container that is being read.

    items: list of W_Value of a fixed length, of an array; filled: int, how many of them there are.
    w_dict: W_Dict, or None for an array; w_key: W_Value, the key whose value comes next, or None.
    reference: int, where it stands among those that can be referred to, or -1.
    """

    def __init__(self, items, w_dict, reference):
        self.items = items
        self.filled = 0
        self.w_dict = w_dict
        self.w_key = None
        self.reference = reference

    def add(self, w_value):
        if self.w_dict is None:
            self.items[self.filled] = w_value
            self.filled += 1
        elif self.w_key is None:
            if not is_plain_string(w_value):
                raise NotPlain
            self.w_key = w_value
        else:
            self.w_dict.set(self.w_key, w_value)
            self.w_key = None

    def finished(self):
        """-> W_Value."""
        if self.w_dict is not None:
            return self.w_dict
        if len(self.items) == 0:
            return new_array(0)
        if isinstance(self.items[0], W_Int):
            w_array = _ints_of(self.items)
        elif isinstance(self.items[0], W_Float):
            w_array = _floats_of(self.items)
        else:
            w_array = None
        return array_of_values(self.items) if w_array is None else w_array


def _ints_of(items):
    """items: list of W_Value -> W_IntArray, None if not all of them are ints."""
    ints = bulk.of_ints.filled(0, len(items))
    start = 0
    while start < len(items):
        stop = charged_until(start, len(items))
        for index in range(start, stop):
            w_item = items[index]
            if not isinstance(w_item, W_Int):
                return None
            ints[index] = w_item.intval
        start = stop
    return W_IntArray(ints)


def _floats_of(items):
    """The same of floats."""
    floats = bulk.of_floats.filled(0.0, len(items))
    start = 0
    while start < len(items):
        stop = charged_until(start, len(items))
        for index in range(start, stop):
            w_item = items[index]
            if not isinstance(w_item, W_Float):
                return None
            floats[index] = w_item.floatval
        start = stop
    return W_FloatArray(floats)


class _Reader(object):
    """Reads one value from bytes that marshal.dumps has made."""

    def __init__(self, data, position):
        self.data = data
        self.position = position
        self.unfinished = []
        self.references = []
        self.meter = Meter()

    def read(self):
        """-> W_Value, not shared.  Raises NotPlain."""
        while True:
            w_value = self.begin()
            while True:
                if w_value is not None:
                    if not self.unfinished:
                        self.meter.settle()
                        return w_value
                    self.unfinished[-1].add(w_value)
                elif not self.unfinished:
                    raise NotPlain  # the end of no dict
                container = self.unfinished[-1]
                if container.w_dict is not None:
                    if container.w_key is not None or not self.is_at_end_of_dict():
                        break
                elif container.filled < len(container.items):
                    break
                self.unfinished.pop()
                w_value = container.finished()
                if container.reference >= 0:
                    self.references[container.reference] = w_value

    def is_at_end_of_dict(self):
        """Goes on behind it, if so."""
        if self.data[self.position] != "0":
            return False
        self.position += 1
        return True

    def byte(self):
        value = ord(self.data[self.position])
        self.position += 1
        return value

    def short(self):
        """-> int, the next two bytes, not negative."""
        position = self.position
        self.position = position + 2
        return ord(self.data[position]) | ord(self.data[position + 1]) << 8

    def int32(self):
        data = self.data
        position = self.position
        self.position = position + 4
        value = (
            ord(data[position])
            | ord(data[position + 1]) << 8
            | ord(data[position + 2]) << 16
            | ord(data[position + 3]) << 24
        )
        return value - (1 << 32) if value & 1 << 31 else value

    def long(self):
        """-> int, of digits of 15 bits, which must be one of 64 bits."""
        count = self.int32()
        is_negative = count < 0
        if is_negative:
            count = -count
        if count > 5:
            raise NotPlain
        value = 0
        for index in range(count):
            digit = self.short()
            if index == 4 and digit >= 8:
                # The lowest of all ints is the only one that has this bit.
                if digit == 8 and value == 0 and is_negative:
                    return _LOWEST
                raise NotPlain
            value |= digit << index * _DIGIT
        return -value if is_negative else value

    def float(self):
        bits = unpack_word(self.data, self.position)
        self.position += protocol.WORD
        return W_Float(bits_to_float(bits))

    def text(self, size, may_have_surrogates):
        start = self.position
        end = start + size
        assert start >= 0 and end >= 0
        self.position = end
        text = slice_of(self.data, start, end)
        if may_have_surrogates:
            self.refuse_surrogates(text)
        return W_Str(text)

    def refuse_surrogates(self, text):
        """text: str, UTF-8, which may have three bytes for one half of a surrogate pair."""
        start = 0
        size = len(text)
        while start < size:
            stop = charged_until(start, size)
            for index in range(start, stop):
                if text[index] == "\xed" and index + 1 < size and ord(text[index + 1]) >= 0xA0:
                    raise NotPlain
            start = stop

    def begin(self):
        """-> W_Value, the next one, or None for a container whose elements come next, or which has
        none.
        """
        self.meter.add(VALUE_UNITS)
        byte = self.byte()
        reference = -1
        if byte & _FLAG_REF:
            byte &= ~_FLAG_REF
            reference = len(self.references)
            self.references.append(None)
        if byte == ord("["):
            return self.begin_array(self.int32(), reference)
        if byte == ord("{"):
            self.unfinished.append(
                _Unfinished(bulk.of_values.filled(w_empty, 0), new_dict(), reference)
            )
            return None
        if byte == ord(")"):
            return self.begin_array(self.byte(), reference)
        if byte == ord("("):
            return self.begin_array(self.int32(), reference)
        if byte == ord("r"):
            return self.referred()
        w_value = self.scalar(byte)
        if reference >= 0:
            self.references[reference] = w_value
        return w_value

    def begin_array(self, size, reference):
        if size < 0:
            raise NotPlain
        self.unfinished.append(_Unfinished(bulk.of_values.filled(w_empty, size), None, reference))
        return None

    def referred(self):
        w_value = self.references[self.int32()]
        if w_value is None:
            raise NotPlain  # a container that contains itself
        return share(w_value)

    def scalar(self, byte):
        if byte == ord("N"):
            return w_empty
        if byte == ord("T"):
            return w_true
        if byte == ord("F"):
            return w_false
        if byte == ord("i"):
            return W_Int(self.int32())
        if byte == ord("g"):
            return self.float()
        if byte == ord("z") or byte == ord("Z"):
            return self.text(self.byte(), False)
        if byte == ord("a") or byte == ord("A"):
            return self.text(self.int32(), False)
        if byte == ord("u") or byte == ord("t"):
            return self.text(self.int32(), True)
        if byte == ord("l"):
            return W_Int(self.long())
        raise NotPlain


def read_marshalled(data, position):
    """data: str; position: int, where in it bytes of marshal.dumps begin -> W_Value, not shared.
    Raises NotPlain for what no program can have, or only one of version 2.
    """
    return _Reader(data, position).read()


# ____________________________________________________________ writing


class _Open(object):
    """A container that is being written.

    w_array: W_Array or None; w_dict: W_Dict or None; it is one of them.
    position: int, the element or the place to write next; missing: int, how many are left.
    """

    def __init__(self, w_array, w_dict, missing):
        self.w_array = w_array
        self.w_dict = w_dict
        self.position = 0
        self.missing = missing


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
            container.missing -= 1
            if container.w_array is not None:
                position = container.position
                container.position = position + 1
                self.begin(container.w_array.get(position))
            else:
                self.next_entry(container, container.w_dict)
        self.finish_piece()
        self.builder.add_first(pack_words([protocol.MARSHALLED, self.builder.size]))
        return self.builder.build()

    def next_entry(self, container, w_dict):
        place = w_dict.first_place(container.position)
        self.builder.meter.add(place - container.position)
        container.position = place + 1
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
            self.open(_Open(None, w_value, w_value.length()))
        elif isinstance(w_value, W_Empty):
            self.tag("N")
        else:
            raise NotPlain

    def open(self, container):
        if len(self.open_containers) == MOST_NESTED:
            raise NotPlain
        self.open_containers.append(container)

    def begin_array(self, w_array):
        size = w_array.length()
        if size > _MOST_BYTES:
            raise NotPlain
        self.tag("[")
        self.int32(size)
        self.open(_Open(w_array, None, size))

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
        if value == _LOWEST:
            digits = [0, 0, 0, 0, 8]
        else:
            rest = -value if is_negative else value
            while rest > 0:
                digits.append(rest & _DIGIT_MASK)
                rest >>= _DIGIT
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
        if size > _MOST_BYTES:
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
        self.tag(chr(ord("u") | _FLAG_REF))
        self.text(text)


def write_marshalled(w_value):
    """w_value: W_Array or W_Dict -> str, as protocol.MARSHALLED has it, but for zeros at its end.
    Raises NotPlain.
    """
    return _Writer().write(w_value)
