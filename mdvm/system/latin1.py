"""A str of the VM has one byte a character.  That is Python 2's str; for Python 3 it is latin-1."""

from mdvm.system.language import we_are_translated


def from_bytes(data):
    """data: what os.read gave -> str with one byte a character."""
    if we_are_translated() or str is bytes:
        return data
    return data.decode("latin-1")


def to_bytes(text):
    """text: str with one byte a character -> what os.write and os.open take."""
    if we_are_translated() or str is bytes:
        return text
    return text.encode("latin-1")
