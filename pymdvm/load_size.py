"""The size of what is to be loaded, checked before any of it is read."""

from __future__ import annotations

import os
import stat

from mdvm.loading.paths import bytecode_path, metadata_path
from pymdvm.counts import not_negative
from pymdvm.errors import LoadError


def check_max_size(max_size: object) -> int | None:
    """max_size: bytes, None for no limit -> the same.  Raises TypeError and ValueError."""
    return None if max_size is None else not_negative("max_size", max_size)


def refuse_larger(size: int, max_size: int | None) -> None:
    """Raises LoadError if size, in bytes, is above max_size."""
    if max_size is not None and size > max_size:
        raise LoadError(f"File too large: {size} bytes, at most {max_size} are allowed")


def refuse_larger_files(path: str, max_size: int | None) -> None:
    """The same for the files that loading path would read: the program's, and that of its metadata
    if there is one.

    What has no size to be known beforehand, as a pipe, is refused. What cannot be looked at is left
    to the VM, which says why.
    """
    if max_size is None or "\0" in path:
        return
    program = bytecode_path(path)
    for name in (program, metadata_path(program)):
        try:
            status = os.stat(name)
        except OSError:
            continue
        if stat.S_ISREG(status.st_mode):
            refuse_larger(status.st_size, max_size)
        elif not stat.S_ISDIR(status.st_mode):
            raise LoadError(
                f"File too large: {name} has no size, at most {max_size} bytes are allowed"
            )
