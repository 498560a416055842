"""Where the native VM's program is."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "MDVM_BINARY"
NAME = "mdvm-c"

_PACKAGE = Path(__file__).resolve().parents[1]


class NoBinaryError(Exception):
    """There is no native VM to run."""


def find_mdvm_c() -> Path:
    """The path of mdvm-c: what MDVM_BINARY says, else the one in this package, else the one built
    beside it.  Raises NoBinaryError.
    """
    asked = os.environ.get(VARIABLE)
    if asked:
        if not Path(asked).is_file():
            raise NoBinaryError(f"{VARIABLE}={asked} is no file")
        return Path(asked).resolve()
    for candidate in (_PACKAGE / NAME, _PACKAGE.parent / NAME):
        if candidate.is_file():
            return candidate
    raise NoBinaryError(
        f"this takes the native VM, {NAME}, which this package does not carry: install a "
        "platform wheel, "
        f"or build it with `make`, or name one in {VARIABLE}"
    )
