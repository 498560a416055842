"""Text and bytes on their way between Python and the VM's own modules, whose strings hold one byte
a character; text is UTF-8 there.
"""

from __future__ import annotations


def from_vm(text: str) -> str:
    """The VM's text as Python has it."""
    return text.encode("latin-1").decode("utf-8", "replace")


def to_vm(text: str) -> str:
    """Python's text as the VM has it."""
    return text.encode("utf-8").decode("latin-1")


def bytes_from_vm(text: str) -> bytes:
    """The bytes of a VM's string."""
    return text.encode("latin-1")


def bytes_to_vm(data: bytes) -> str:
    """Bytes as the VM has them."""
    return data.decode("latin-1")
