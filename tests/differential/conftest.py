"""What every differential test needs: both VMs, started once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .comparison import Comparison
from .oracle import reason_there_is_none


@pytest.fixture(scope="session")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Comparison]:
    """Both VMs; the test is skipped where the published one is not at hand."""
    if reason_there_is_none():
        pytest.skip(reason_there_is_none())
    both = Comparison(tmp_path_factory.mktemp("programs"))
    yield both
    both.close()
