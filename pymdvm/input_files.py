"""The files that commands read where the user says so, and what messages call them."""

from __future__ import annotations

NO_NAME = "a file without a name"


def read_input(path: str) -> bytes:
    """What is in a file.  Raises OSError, also for no name, which to pathlib is a folder."""
    with open(path, "rb") as file:
        return file.read()


def shown_path(path: str) -> str:
    """The path as a message has it."""
    return path or NO_NAME
