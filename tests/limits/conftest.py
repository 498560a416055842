"""These tests are of the native engine: the Python engine obeys the same limits, but is too slow to
be measured.
"""

from __future__ import annotations

import pytest

import pymdvm


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if pymdvm.engine_name() != "native":
        for item in items:
            item.add_marker(pytest.mark.skip(reason="libmdvm.so is not built; run make"))
