"""Values from bytes of CPython's marshal module, see marshalled.py. Nested values are read with a
stack of our own.
"""

from mdvm.embedding import protocol
from mdvm.embedding.marshalled import DIGIT, FLAG_REF, LOWEST, NotPlain
from mdvm.objects import W_Bool, W_Float, W_Int, share, w_empty, w_false, w_true
from mdvm.run_state import VALUE_UNITS, Meter, charged_until
from mdvm.system.arithmetic import bits_to_float, unpack_word
from mdvm.values import bulk
from mdvm.values.arrays import (
    FALSE,
    TRUE,
    W_BoolArray,
    W_FloatArray,
    W_IntArray,
    array_of_values,
    new_array,
)
from mdvm.values.dicts import new_dict
from mdvm.values.scalars import is_plain_string
from mdvm.values.strings import W_Str
from mdvm.values.text_builder import slice_of


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
        elif isinstance(self.items[0], W_Bool):
            w_array = _bools_of(self.items)
        else:
            w_array = None
        return array_of_values(self.items) if w_array is None else w_array


def _make_unboxer(W_Scalar, unwrap, W_Unboxed, lists, nothing):
    """-> function of a list of W_Value: a W_Unboxed of what they hold, or None if one of them is no
    W_Scalar.
    """

    def unboxed(items):
        elements = lists.filled(nothing, len(items))
        start = 0
        while start < len(items):
            stop = charged_until(start, len(items))
            for index in range(start, stop):
                w_item = items[index]
                if not isinstance(w_item, W_Scalar):
                    return None
                elements[index] = unwrap(w_item)
            start = stop
        return W_Unboxed(elements)

    return unboxed


_ints_of = _make_unboxer(W_Int, lambda w_int: w_int.intval, W_IntArray, bulk.of_ints, 0)
_floats_of = _make_unboxer(
    W_Float, lambda w_float: w_float.floatval, W_FloatArray, bulk.of_floats, 0.0
)
_bools_of = _make_unboxer(
    W_Bool, lambda w_bool: TRUE if w_bool.boolval else FALSE, W_BoolArray, bulk.of_bytes, FALSE
)


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
                    return LOWEST
                raise NotPlain
            value |= digit << index * DIGIT
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
        if byte & FLAG_REF:
            byte &= ~FLAG_REF
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
