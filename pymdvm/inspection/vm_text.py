"""Text on its way between the VM, whose strings hold one byte of UTF-8 a character, and Python."""

from __future__ import annotations


def from_vm(text: str) -> str:
    """The VM's string as Python has it."""
    return text.encode("latin-1").decode("utf-8", "replace")


def to_vm(text: str) -> str:
    """The Python string as the VM has it."""
    return text.encode("utf-8").decode("latin-1")
