"""Skips everything here while there is no program to test."""

from __future__ import annotations

import shutil

import pytest

from tests.binary.binary import COMMAND


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without the program every test would fail in its own way; one reason says more."""
    if shutil.which(COMMAND[0]) is None:
        for item in items:
            item.add_marker(
                pytest.mark.skip(reason=f"{COMMAND[0]} is not built; run make, or set MDVM_BINARY")
            )
