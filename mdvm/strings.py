"""Strings: immutable, UTF-8, one byte a character of the RPython str.

Joining long strings makes a rope, a node that holds both, so that appending in a loop does not copy what is already there.
Whoever reads the text of a rope flattens it, once: the node then holds the text and lets its parts go.  Short strings are
joined at once, since a node would cost more than the copy.  (Boehm, Atkinson, Plass: Ropes, an alternative to strings, 1995.)
"""
from mdvm.compat import dont_look_inside
from mdvm.objects import W_Value
from mdvm.switches import switches

SHORTEST_ROPE = 256


class W_Str(W_Value):
    """A string.

    _text: str, None while this is a rope that has not been flattened.  left, right: W_Str, the parts of such a rope, else
    None.  size: int, the number of bytes.  single: int, the byte if there is only one, else -1.  place: int, where a dict had
    it as its key when it was last looked for.
    """
    _attrs_ = ["_text", "left", "right", "size", "single", "place"]
    _immutable_fields_ = ["size", "single"]
    type_name = "String"
    found_name = "string"
    type_id = 4

    def __init__(self, text, left=None, right=None, size=-1):
        self._text = text
        self.left = left
        self.right = right
        self.size = len(text) if text is not None else size
        self.single = ord(text[0]) if text is not None and len(text) == 1 else -1
        self.place = 0

    def text(self):
        """-> str, the bytes."""
        if self._text is None:
            self._flatten()
        text = self._text
        assert text is not None
        return text

    def length(self):
        """-> int, the number of bytes."""
        return self.size

    def is_truthy(self):
        return self.size != 0

    @dont_look_inside
    def _flatten(self):
        """From right to left with a stack of our own: a rope made by appending leans far to the left."""
        parts = []
        pending = [self]
        while pending:
            w_part = pending.pop()
            text = w_part._text
            if text is not None:
                parts.append(text)
            else:
                pending.append(w_part.left)
                pending.append(w_part.right)
        parts.reverse()
        self._text = "".join(parts)
        self.left = None
        self.right = None


def same_text(w_left, w_right):
    """w_left, w_right: W_Str -> bool.  Without looking at, and flattening, texts of different length."""
    if w_right.single >= 0:
        return w_left.single == w_right.single    # programs that go through a text compare it with constant characters
    if w_left.size != w_right.size:
        return False
    return w_left is w_right or w_left.text() == w_right.text()


def join(w_left, w_right):
    """w_left, w_right: W_Str -> a W_Str of both."""
    size = w_left.size + w_right.size
    if size < SHORTEST_ROPE or not switches.ropes:
        return W_Str(w_left.text() + w_right.text())
    if w_right.size == 0:
        return w_left
    if w_left.size == 0:
        return w_right
    return W_Str(None, w_left, w_right, size)
