"""Skips everything here where the compiler's parser is missing: the published package takes a newer
Python than the project.
"""

from __future__ import annotations

import importlib.util
import warnings

import pytest

# The Python engine warns once that it is slow, which the tests know.
warnings.filterwarnings("ignore", message="there is no libmdvm here")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if importlib.util.find_spec("machine_dialect") is None:
        for item in items:
            item.add_marker(
                pytest.mark.skip(
                    reason="the package machine-dialect, which has the parser, is not installed"
                )
            )
