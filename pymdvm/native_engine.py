"""The engine that is libmdvm, the translated VM, through ctypes."""

from __future__ import annotations

import os
from pathlib import Path

from pymdvm.engine import Engine

LIBRARY = "libmdvm.so"


def find_library() -> Path | None:
    """libmdvm where the package has it, or where a checkout has built it; None if there is none."""
    package = Path(__file__).resolve().parent
    for folder in (package, package.parent):
        if (folder / LIBRARY).exists():
            return folder / LIBRARY
    return None


def NativeEngine(library: Path) -> Engine:  # noqa: N802
    raise NotImplementedError(os.fspath(library))
