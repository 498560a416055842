"""`mdvm build` shows how far it is, but only to a person."""

from __future__ import annotations

import sys
from pathlib import Path

from .terminal import Terminal
from .test_driver import large_source


def test_a_bar_at_a_terminal(tmp_path: Path) -> None:
    source = tmp_path / "large.md"
    source.write_text(large_source(400))
    with Terminal([sys.executable, "-m", "pymdvm", "build", str(source)], {}) as running:
        running.wait_for("analysis")
        running.wait_for("%")
        assert running.wait() == 0
    assert source.with_suffix(".mdbc").exists()
