"""Strings: immutable byte strings that hold UTF-8."""
from mdvm.objects import W_Value


class W_Str(W_Value):
    """A string.  Its text is UTF-8, one byte a character of the RPython str."""
    _attrs_ = _immutable_fields_ = ["_text"]
    type_name = "String"
    found_name = "string"
    type_id = 4

    def __init__(self, text):
        self._text = text

    def text(self):
        """-> str, the bytes."""
        return self._text

    def length(self):
        """-> int, the number of bytes."""
        return len(self._text)

    def is_truthy(self):
        return len(self._text) != 0


def join(w_left, w_right):
    """w_left, w_right: W_Str -> a W_Str of both."""
    return W_Str(w_left.text() + w_right.text())
