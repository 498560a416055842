"""The VM that is tried: the one built in this checkout, whatever PYMDVM_ENGINE says."""

from __future__ import annotations

import pytest

from .runner import TOP

BUILT = TOP / "libmdvm.so"


@pytest.fixture(scope="session")
def built() -> None:
    """Skips where no VM is built."""
    if not BUILT.exists():
        pytest.skip("there is no libmdvm here")
