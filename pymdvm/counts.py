"""Whether what a caller passes as a count, of bytes, instructions or VMs, is one."""

from __future__ import annotations


def not_negative(name: str, value: object) -> int:
    """The value of the parameter of that name.  Raises TypeError and ValueError, naming it."""
    count = _whole(name, value)
    if count < 0:
        raise ValueError(f"{name} must not be negative, as {count} is")
    return count


def positive(name: str, value: object) -> int:
    """The same for a count that has to be 1 at least."""
    count = _whole(name, value)
    if count <= 0:
        raise ValueError(f"{name} must be positive, which {count} is not")
    return count


def _whole(name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    return value
