"""Which engine runs programs in this process."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

from pymdvm.engines.base import CHOICE, NATIVE, PYTHON, Engine, EngineError


def make_engine() -> Engine:
    library = _native_library()
    if library is not None:
        from pymdvm.engines.native import NativeEngine

        return NativeEngine(library)
    if os.environ.get(CHOICE) != PYTHON:
        warnings.warn(
            "there is no libmdvm here: programs run on the VM untranslated, which is very slow",
            RuntimeWarning,
            stacklevel=4,
        )
    from pymdvm.engines.untranslated import PythonEngine

    return PythonEngine()


def _native_library() -> Path | None:
    """The library that is to be used, None for the Python engine."""
    choice = os.environ.get(CHOICE, "")
    if choice not in ("", NATIVE, PYTHON):
        raise EngineError(f"{CHOICE} must be `{NATIVE}` or `{PYTHON}`, not {choice!r}")
    if choice == PYTHON:
        return None
    try:
        from pymdvm.engines.native import find_library
    except ImportError as error:  # ctypes, in an interpreter of a kind that it does not support
        raise EngineError(f"libmdvm cannot be used here: {error}") from None

    library = find_library()
    if library is None and choice == NATIVE:
        raise EngineError(f"{CHOICE} is `{NATIVE}`, but there is no libmdvm here")
    return library


def private_engine(max_memory: int) -> Engine:
    """One that is a VM of its own, which may hold so many bytes; 0 for as many as there are. Raises
    EngineError.
    """
    library = _native_library()
    if library is None:
        raise EngineError("a VM of its own takes the native engine, which is not used here")
    from pymdvm.engines.native import NativeEngine

    return NativeEngine(library, max_memory)
