"""Programs that a test needs and that not every machine has."""

from __future__ import annotations

import shutil

import pytest


def installed(*names: str) -> str:
    """Where the first of these programs is that is there; without any the test is skipped."""
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    pytest.skip(f"{' or '.join(names)} is not installed")
