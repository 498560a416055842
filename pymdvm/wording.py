"""Words that messages are made of."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """How many there are: "1 error", "2 errors", "0 errors"."""
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"
