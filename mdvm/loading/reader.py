"""Reading the fields of a file: little-endian numbers and strings."""

from mdvm import errors
from mdvm.loading.encoding import read_i64, read_u32


class Reader(object):
    """Reads little-endian fields from data: str, one byte a character.  Raises LoadError at the end
    of the data.
    """

    def __init__(self, data):
        self.data = data
        self.position = 0

    def seek(self, offset):
        if offset > len(self.data):
            raise errors.LoadError(errors.INVALID_OFFSET)
        self.position = offset

    def rest(self):
        """-> int, the bytes that have not been read."""
        return len(self.data) - self.position

    def take(self, size):
        """size: int >= 0 -> where those bytes begin."""
        position = self.position
        if size > len(self.data) - position:
            raise errors.LoadError(errors.UNEXPECTED_EOF)
        self.position = position + size
        return position

    def read_u8(self):
        return ord(self.data[self.take(1)])

    def read_u32(self):
        return read_u32(self.data, self.take(4))

    def read_i64(self):
        return read_i64(self.data, self.take(8))

    def read_string(self):
        size = self.read_u32()
        if size == 0:
            return ""  # always the same one
        start = self.take(size)
        end = start + size
        assert start >= 0 and end >= 0
        text = self.data[start:end]
        if not is_utf8(text):
            raise errors.LoadError(errors.INVALID_UTF8)
        return text


def is_utf8(text):
    """text: str, one byte a character -> bool; strict: no surrogates, no overlong forms, nothing
    above U+10FFFF.

    The table of well-formed byte sequences is Table 3-7 of the Unicode Standard.
    """
    index = 0
    size = len(text)
    while index < size:
        first = ord(text[index])
        index += 1
        if first < 0x80:
            continue
        low = 0x80
        high = 0xBF
        if first < 0xC2:
            return False
        elif first < 0xE0:
            following = 1
        elif first < 0xF0:
            following = 2
            if first == 0xE0:
                low = 0xA0
            elif first == 0xED:
                high = 0x9F
        elif first < 0xF5:
            following = 3
            if first == 0xF0:
                low = 0x90
            elif first == 0xF4:
                high = 0x8F
        else:
            return False
        if size - index < following:
            return False
        for _ in range(following):
            if not low <= ord(text[index]) <= high:
                return False
            index += 1
            low = 0x80
            high = 0xBF
    return True
