"""Values to bytes and back, for a process that the VM is embedded in.  The format is described in protocol.py.

Nested values are written and read with a stack of our own, so their depth does not matter.
"""
from mdvm import protocol
from mdvm.arrays import W_Array, W_FloatArray, W_IntArray, array_of, new_array
from mdvm.compat import bits_to_float, float_to_bits, pack_words, unpack_word, unpack_words
from mdvm.dicts import W_Dict, new_dict
from mdvm.objects import W_Bool, W_Float, W_Int, w_empty, w_false, w_true
from mdvm.strings import W_Str

_PADDING = ["", "\0" * 7, "\0" * 6, "\0" * 5, "\0" * 4, "\0" * 3, "\0" * 2, "\0"]


def padded(text):
    """text: str -> str of whole words."""
    return text + _PADDING[len(text) % protocol.WORD]


class _OpenArray(object):
    """An array or a dict that is being written: its keys, None for an array, its elements, and how far it has got."""

    def __init__(self, keys, elements):
        self.keys = keys
        self.elements = elements
        self.position = 0


class _Encoder(object):
    """Writes one value."""

    def __init__(self):
        self.parts = []
        self.open_containers = []

    def encode(self, w_value):
        self.begin(w_value)
        while self.open_containers:
            container = self.open_containers[-1]
            position = container.position
            if position == container.elements.length():
                self.open_containers.pop()
                continue
            container.position = position + 1
            keys = container.keys
            if keys is not None:
                w_key = keys.get(position)
                assert isinstance(w_key, W_Str)
                self.parts.append(pack_words([w_key.length()]))
                self.parts.append(padded(w_key.text()))
            self.begin(container.elements.get(position))
        return "".join(self.parts)

    def begin(self, w_value):
        if isinstance(w_value, W_Int):
            self.parts.append(pack_words([protocol.INT, w_value.intval]))
        elif isinstance(w_value, W_Float):
            self.parts.append(pack_words([protocol.FLOAT, float_to_bits(w_value.floatval)]))
        elif isinstance(w_value, W_Bool):
            self.parts.append(pack_words([protocol.TRUE if w_value.boolval else protocol.FALSE]))
        elif isinstance(w_value, W_Str):
            self.parts.append(pack_words([protocol.STRING, w_value.length()]))
            self.parts.append(padded(w_value.text()))
        elif isinstance(w_value, W_Array):
            self.begin_array(w_value)
        elif isinstance(w_value, W_Dict):
            self.parts.append(pack_words([protocol.DICT, w_value.length()]))
            self.open_containers.append(_OpenArray(w_value.key_array(), w_value.value_array()))
        else:
            self.parts.append(pack_words([protocol.EMPTY]))

    def begin_array(self, w_array):
        size = w_array.length()
        if isinstance(w_array, W_IntArray):
            self.begin_words(protocol.INTS, w_array.items)
        elif size > 0 and _holds_only_ints(w_array):
            self.begin_words(protocol.INTS, [_intval(w_array.get(index)) for index in range(size)])
        elif isinstance(w_array, W_FloatArray):
            self.begin_words(protocol.FLOATS, [float_to_bits(item) for item in w_array.items])
        else:
            self.parts.append(pack_words([protocol.ARRAY, size]))
            self.open_containers.append(_OpenArray(None, w_array))

    def begin_words(self, tag, words):
        self.parts.append(pack_words([tag, len(words)]))
        self.parts.append(pack_words(words))


def _holds_only_ints(w_array):
    for index in range(w_array.length()):
        if not isinstance(w_array.get(index), W_Int):
            return False
    return True


def _intval(w_int):
    assert isinstance(w_int, W_Int)
    return w_int.intval


def encode(w_value):
    """w_value: W_Value -> str, its bytes."""
    return _Encoder().encode(w_value)


class _UnfinishedContainer(object):
    """An array or a dict that is being read.  missing: int, how many elements are still to come."""

    def __init__(self, w_dict, missing):
        self.w_dict = w_dict    # None for an array
        self.items = []
        self.missing = missing
        self.w_key = None

    def add(self, w_value):
        if self.w_dict is not None:
            self.w_dict.set(self.w_key, w_value)
        else:
            self.items.append(w_value)
        self.missing -= 1

    def finished(self):
        if self.w_dict is not None:
            return self.w_dict
        if len(self.items) == 0:
            return new_array(0)
        return array_of(self.items)


class Decoder(object):
    """Reads values from bytes that the other side of this protocol made, which are right."""

    def __init__(self, data):
        self.data = data
        self.position = 0
        self.unfinished = []

    def word(self):
        value = unpack_word(self.data, self.position)
        self.position += protocol.WORD
        return value

    def words(self):
        count = self.word()
        values = unpack_words(self.data, self.position, count)
        self.position += count * protocol.WORD
        return values

    def text(self):
        size = self.word()
        start = self.position
        end = start + size
        assert start >= 0 and end >= 0
        self.position = start + (size + protocol.WORD - 1) // protocol.WORD * protocol.WORD
        return self.data[start:end]

    def read(self):
        """-> W_Value, the next one, held by nobody."""
        while True:
            w_value = self.begin()
            while self.unfinished:
                container = self.unfinished[-1]
                if w_value is not None:
                    container.add(w_value)
                if container.missing > 0:
                    if container.w_dict is not None:
                        container.w_key = W_Str(self.text())
                    break
                w_value = container.finished()
                self.unfinished.pop()
            if not self.unfinished:
                assert w_value is not None
                return w_value

    def begin(self):
        """-> W_Value, or None for a container whose elements come next."""
        tag = self.word()
        if tag == protocol.INT:
            return W_Int(self.word())
        if tag == protocol.FLOAT:
            return W_Float(bits_to_float(self.word()))
        if tag == protocol.STRING:
            return W_Str(self.text())
        if tag == protocol.TRUE:
            return w_true
        if tag == protocol.FALSE:
            return w_false
        if tag == protocol.INTS:
            return W_IntArray(self.words())
        if tag == protocol.FLOATS:
            return W_FloatArray([bits_to_float(bits) for bits in self.words()])
        if tag == protocol.ARRAY:
            self.unfinished.append(_UnfinishedContainer(None, self.word()))
            return None
        if tag == protocol.DICT:
            self.unfinished.append(_UnfinishedContainer(new_dict(), self.word()))
            return None
        return w_empty
