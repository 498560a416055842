"""Values to bytes and back, for a process that the VM is embedded in. The format is described in
protocol.py.

Nested values are written and read with a stack of our own, so their depth does not matter.
"""

from mdvm.embedding import protocol
from mdvm.embedding.marshalled import NotPlain
from mdvm.embedding.marshalled_reader import read_marshalled
from mdvm.embedding.marshalled_writer import write_marshalled
from mdvm.embedding.number_arrays import copied_bools, floats, ints
from mdvm.values.arrays import W_Array, array_of, new_array
from mdvm.system.arithmetic import (
    bits_to_float,
    float_to_bits,
    pack_words,
    unpack_word,
)
from mdvm.values.dicts import W_Dict, new_dict
from mdvm.objects import W_Bool, W_Float, W_Int, w_empty, w_false, w_true
from mdvm.run_state import VALUE_UNITS, Meter
from mdvm.values.functions import W_Function
from mdvm.values.open_containers import OpenContainer
from mdvm.values.sets import W_Set, new_set
from mdvm.values.strings import W_Str, W_Url
from mdvm.values.text_builder import TextBuilder, slice_of

_PADDING = ["", "\0" * 7, "\0" * 6, "\0" * 5, "\0" * 4, "\0" * 3, "\0" * 2, "\0"]


class _Opened(OpenContainer):
    """has_tagged_keys: bool, whether the keys of the dict are written as values."""

    def __init__(self, w_container, has_tagged_keys):
        OpenContainer.__init__(self, w_container)
        self.has_tagged_keys = has_tagged_keys


class _Encoder(object):
    """Writes one value."""

    def __init__(self):
        self.builder = TextBuilder()
        self.open_containers = []

    def encode(self, w_value):
        self.begin(w_value)
        while self.open_containers:
            container = self.open_containers[-1]
            if container.missing == 0:
                self.open_containers.pop()
                continue
            if container.w_array is not None:
                self.begin(container.next_element())
            elif container.w_dict is not None:
                self.next_entry(container, container.w_dict)
            else:
                place = container.next_place(self.builder.meter)
                self.begin(container.w_set.member(place))
        return self.builder.build()

    def next_entry(self, container, w_dict):
        place = container.next_place(self.builder.meter)
        w_key = w_dict.keys[place]
        if container.has_tagged_keys:
            self.begin(w_key)
        else:
            assert isinstance(w_key, W_Str)
            self.add_text(w_key)
        self.begin(w_dict.value_at(place))

    def begin(self, w_value):
        self.builder.meter.add(VALUE_UNITS)
        if isinstance(w_value, W_Int):
            self.add_words([protocol.INT, w_value.intval])
        elif isinstance(w_value, W_Float):
            self.add_words([protocol.FLOAT, float_to_bits(w_value.floatval)])
        elif isinstance(w_value, W_Bool):
            self.add_words([protocol.TRUE if w_value.boolval else protocol.FALSE])
        elif isinstance(w_value, W_Str):
            self.add_words([protocol.URL if isinstance(w_value, W_Url) else protocol.STRING])
            self.add_text(w_value)
        elif isinstance(w_value, W_Function):
            self.add_words([protocol.FUNCTION])
            self.add_text(W_Str(w_value.name))
        elif isinstance(w_value, W_Array):
            self.begin_array(w_value)
        elif isinstance(w_value, W_Dict):
            has_tagged_keys = not w_value.has_only_strings()
            tag = protocol.MAP if has_tagged_keys else protocol.DICT
            self.add_words([tag, w_value.length()])
            self.open_containers.append(_Opened(w_value, has_tagged_keys))
        elif isinstance(w_value, W_Set):
            self.add_words([protocol.SET, w_value.length()])
            self.open_containers.append(_Opened(w_value, False))
        else:
            self.add_words([protocol.EMPTY])

    def begin_array(self, w_array):
        size = w_array.length()
        if ints.holds(w_array):
            self.add_words([protocol.INTS, size])
            ints.write(self.builder, w_array)
        elif floats.holds(w_array):
            self.add_words([protocol.FLOATS, size])
            floats.write(self.builder, w_array)
        else:
            self.add_words([protocol.ARRAY, size])
            self.open_containers.append(_Opened(w_array, False))

    def add_words(self, words):
        self.builder.add(pack_words(words))

    def add_text(self, w_text):
        """Adds its size, its bytes, and zeros up to a whole word."""
        self.add_words([w_text.length()])
        self.builder.add(w_text.text())
        self.builder.add(_PADDING[w_text.length() % protocol.WORD])


def encode(w_value):
    """w_value: W_Value -> str, its bytes."""
    return _Encoder().encode(w_value)


def encode_for_python(w_value):
    """The same as an answer: MARSHALLED, if it is a container for which that is faster and can
    be.
    """
    if (isinstance(w_value, W_Array) and not _is_of_numbers(w_value)) or isinstance(
        w_value, W_Dict
    ):
        try:
            return write_marshalled(w_value)
        except NotPlain:
            pass
    return encode(w_value)


def _is_of_numbers(w_array):
    """Whether it is written as INTS or FLOATS."""
    return w_array.length() == 0 or ints.holds(w_array) or floats.holds(w_array)


class _UnfinishedContainer(object):
    """A container that is being read.

    w_dict: W_Dict or None; w_set: W_Set or None; it is an array if both are None.
    has_tagged_keys: bool, whether the keys of the dict are written as values.
    missing: int, how many elements are still to come.
    """

    def __init__(self, w_dict, w_set, has_tagged_keys, missing):
        self.w_dict = w_dict
        self.w_set = w_set
        self.has_tagged_keys = has_tagged_keys
        self.items = []
        self.missing = missing
        self.w_key = None

    def add(self, w_value):
        if self.w_dict is not None:
            self.w_dict.set(self.w_key, w_value)
        elif self.w_set is not None:
            self.w_set = self.w_set.add(w_value)
        else:
            self.items.append(w_value)
        self.missing -= 1

    def finished(self):
        if self.w_dict is not None:
            return self.w_dict
        if self.w_set is not None:
            return self.w_set
        if len(self.items) == 0:
            return new_array(0)
        return array_of(self.items)


class Decoder(object):
    """Reads values from bytes that the other side of this protocol made, which are right. May raise
    NotPlain where they are MARSHALLED.

    may_borrow: bool, whether they may tell of memory of the process. What comes from a journal must
    not, which somebody else may have written.
    """

    def __init__(self, data, may_borrow=False):
        self.data = data
        self.may_borrow = may_borrow
        self.position = 0
        self.unfinished = []
        self.meter = Meter()

    def word(self):
        value = unpack_word(self.data, self.position)
        self.position += protocol.WORD
        return value

    def words(self, count):
        """-> int, where the next `count` words begin, which are read then."""
        start = self.position
        self.position += count * protocol.WORD
        return start

    def text(self):
        size = self.word()
        start = self.position
        end = start + size
        assert start >= 0 and end >= 0
        self.position = start + (size + protocol.WORD - 1) // protocol.WORD * protocol.WORD
        return slice_of(self.data, start, end)

    def read(self):
        """-> W_Value, the next one, not shared."""
        while True:
            w_value = self.begin()
            while self.unfinished:
                container = self.unfinished[-1]
                if w_value is not None:
                    container.add(w_value)
                if container.missing > 0:
                    if container.w_dict is not None:
                        container.w_key = self.key(container)
                    break
                w_value = container.finished()
                self.unfinished.pop()
            if not self.unfinished:
                assert w_value is not None
                return w_value

    def key(self, container):
        """-> W_Value, the next key of a dict."""
        if container.has_tagged_keys:
            return self.begin()
        return W_Str(self.text())

    def begin(self):
        """-> W_Value, or None for a container whose elements come next."""
        self.meter.add(VALUE_UNITS)
        tag = self.word()
        if tag == protocol.INT:
            return W_Int(self.word())
        if tag == protocol.FLOAT:
            return W_Float(bits_to_float(self.word()))
        if tag == protocol.STRING:
            return W_Str(self.text())
        if tag == protocol.URL:
            return W_Url(self.text())
        if tag == protocol.FUNCTION:
            return W_Function(self.text())
        if tag == protocol.TRUE:
            return w_true
        if tag == protocol.FALSE:
            return w_false
        if tag == protocol.INTS:
            count = self.word()
            return ints.read(self.data, self.words(count), count)
        if tag == protocol.FLOATS:
            count = self.word()
            return floats.read(self.data, self.words(count), count)
        if tag == protocol.ARRAY:
            self.unfinished.append(_UnfinishedContainer(None, None, False, self.word()))
            return None
        if tag == protocol.DICT or tag == protocol.MAP:
            has_tagged_keys = tag == protocol.MAP
            self.unfinished.append(
                _UnfinishedContainer(new_dict(), None, has_tagged_keys, self.word())
            )
            return None
        if tag == protocol.MARSHALLED:
            size = self.word()
            start = self.position
            self.position = start + (size + protocol.WORD - 1) // protocol.WORD * protocol.WORD
            return read_marshalled(self.data, start)
        if tag == protocol.SET:
            self.unfinished.append(_UnfinishedContainer(None, new_set(), False, self.word()))
            return None
        if protocol.INTS_AT <= tag <= protocol.BOOLS_AT and self.may_borrow:
            count = self.word()
            address = self.word()
            if tag == protocol.INTS_AT:
                return ints.copied(address, count)
            if tag == protocol.FLOATS_AT:
                return floats.copied(address, count)
            return copied_bools(address, count)
        return w_empty
