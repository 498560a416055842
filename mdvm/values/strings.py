"""Strings: immutable, UTF-8, one byte a character of the RPython str.

Joining long strings makes a rope, a node that holds both, so that appending in a loop does not copy
what is already there. Reading the text of a rope flattens it, once: the node then holds the
text and lets its parts go. Short strings are joined at once, since a node would cost more than the
copy. (Boehm, Atkinson, Plass: Ropes, an alternative to strings, 1995.)
"""

from mdvm import errors
from mdvm.system.jit import dont_look_inside
from mdvm.system.text_building import TextBuffer
from mdvm.objects import W_Value
from mdvm.run_state import BYTES_PER_UNIT, Meter, check_text_length, run_state
from mdvm.settings.optimisations import optimisations
from mdvm.values.text_builder import LONG, append_slowly, first_difference, joined

SHORTEST_ROPE = 256


class StringPart(W_Value):
    """What a string refers to beside its text: a part of a rope, or what is known of its
    characters (characters.py).
    """

    _attrs_ = []


class W_Str(StringPart):
    """A string.

    _text: str, None while this is a rope that has not been flattened. left, right: StringPart, the
    parts of such a rope, W_Str; in others right is None, and left a CharacterIndex or None. size:
    int, the number of bytes. single: int, the byte if there is
    only one, else -1. place: int, where a dict had it as its key when it was last looked for.
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
        """With a stack of our own: a rope made by appending leans far to the left.  Parts may be
        there many times.
        """
        check_text_length(self.size)
        buffer = TextBuffer(self.size)
        meter = Meter()
        pending = [self]
        while pending:
            w_part = pending.pop()
            assert isinstance(w_part, W_Str)
            text = w_part._text
            if text is None:
                pending.append(w_part.right)
                pending.append(w_part.left)
            elif len(text) < LONG:
                meter.add(1 + len(text) // BYTES_PER_UNIT)
                buffer.append(text, 0, len(text))
            else:
                append_slowly(buffer, text, 0, len(text))
        meter.settle()
        self._text = buffer.text()
        self.left = None
        self.right = None


# One string for each character of ASCII: they never change, and the text of many is gone through.
ASCII = [W_Str(chr(code)) for code in range(128)]


def string_of(text):
    """text: str -> W_Str."""
    if len(text) == 1 and ord(text[0]) < 128:
        return ASCII[ord(text[0])]
    return W_Str(text)


class W_Url(W_Str):
    """A string that is a URI.  It goes wherever a string is only read, and equals none."""

    _attrs_ = []
    type_name = "URL"
    found_name = "url"
    type_id = 6


def is_url(text):
    """text: str -> bool, whether it is a URI: a scheme, as RFC 3986 has it, and a colon."""
    for index in range(len(text)):
        char = text[index]
        if "a" <= char <= "z" or "A" <= char <= "Z":
            continue
        if index == 0:
            return False
        if char == ":":
            return True
        if not ("0" <= char <= "9" or char == "+" or char == "-" or char == "."):
            return False
    return False


def as_plain(w_string):
    """-> W_Str, w_string itself, or of a URL the text."""
    return W_Str(w_string.text()) if isinstance(w_string, W_Url) else w_string


def same_text(w_left, w_right):
    """w_left, w_right: W_Str -> bool.  Without looking at, and flattening, texts of different
    length.
    """
    if w_right.single >= 0:
        # programs that go through a text compare it with constant characters
        return w_left.single == w_right.single
    if w_left.size != w_right.size:
        return False
    if w_left is w_right:
        return True
    if w_right.size >= LONG:
        return _same_long_text(w_left, w_right)
    return w_left.text() == w_right.text()


@dont_look_inside
def _same_long_text(w_left, w_right):
    left = w_left.text()
    right = w_right.text()
    if left is not right:
        if first_difference(left, right) < len(left):
            return False
        w_right._text = left  # so that one of them can go, and these two are never compared again
    return True


def text_less(w_left, w_right):
    """w_left, w_right: W_Str -> bool, whether the left one comes first, byte by byte."""
    if w_left.size >= LONG and w_right.size >= LONG:
        return _compare_long_texts(w_left, w_right) < 0
    return w_left.text() < w_right.text()


def text_less_or_equal(w_left, w_right):
    """The same, or whether they are equal."""
    if w_left.size >= LONG and w_right.size >= LONG:
        return _compare_long_texts(w_left, w_right) <= 0
    return w_left.text() <= w_right.text()


@dont_look_inside
def _compare_long_texts(w_left, w_right):
    """-> int: negative, 0 or positive."""
    left = w_left.text()
    right = w_right.text()
    if left is right:
        return 0
    at = first_difference(left, right)
    if at == len(left) or at == len(right):
        return len(left) - len(right)
    return ord(left[at]) - ord(right[at])


def join(w_left, w_right):
    """w_left, w_right: W_Str -> a W_Str of both.  Raises RunError, `Out of memory`, beyond what
    memory could hold.
    """
    # Both are within what memory can hold, so that this does not overflow.
    size = w_left.size + w_right.size
    if size < SHORTEST_ROPE:
        return W_Str(w_left.text() + w_right.text())
    if w_right.size == 0:
        return as_plain(w_left)
    if w_left.size == 0:
        return as_plain(w_right)
    if size > run_state.max_text_length:
        raise errors.out_of_memory()
    if not optimisations.ropes:
        return _join_at_once(w_left, w_right)
    return W_Str(None, w_left, w_right, size)


def _join_at_once(w_left, w_right):
    if w_left.size + w_right.size < LONG:
        return W_Str(w_left.text() + w_right.text())
    return W_Str(joined([w_left.text(), w_right.text()], w_left.size + w_right.size))
