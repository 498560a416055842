"""The table of languages embedded in Python: what is not installed is left out, and the chapter
stands in the place of an earlier one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench import embedding_peers, kept_chapter
from bench.embedded_peers import Mdvm, Peer
from bench.report import SWEEP_MARK, with_sweep


class Missing(Peer):
    """One that is not installed: there is no such class in the module that is run."""

    name = "nothing"


def test_what_is_not_installed_is_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert embedding_peers.measured(Missing) is None
    assert capsys.readouterr().err.startswith("nothing: ")

    def measured(peer: Any) -> dict[str, float | None] | None:
        return {"call": 1.5, "late": None} if peer is Mdvm else None

    monkeypatch.setattr(embedding_peers, "measured", measured)
    text = embedding_peers.chapter()
    assert "|  | mdvm |\n" in text
    assert "| a call with an int, µs | 1.50 |\n" in text
    assert "| an endless program ended too late by, ms | – |\n" in text


def test_the_rows_in_which_it_is_behind_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = {"Mdvm": 2.0, "Lua": 1.0, "QuickJs": 1.5}

    def measured(peer: Any) -> dict[str, float | None] | None:
        call = calls.get(peer.__name__)
        return None if call is None else {"call": call, "parallel": 1.9, "late": call}

    monkeypatch.setattr(embedding_peers, "measured", measured)
    end = embedding_peers.chapter().strip().rpartition("\n")[2]
    assert (
        end
        == "mdvm is not among the first two in: a call with an int; an endless program ended too late by."
    )
    calls["Mdvm"] = 1.4
    end = embedding_peers.chapter().strip().rpartition("\n")[2]
    assert end == "mdvm is among the first two in each row."


def test_the_chapter_takes_the_place_of_an_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "performance.md"
    page.write_text("# Performance\n\n## Sweep\n")
    monkeypatch.setattr(kept_chapter, "KEPT", page)
    title = embedding_peers.TITLE
    for text in ("first", "second"):
        kept_chapter.keep(title, f"{title}\n\n{text}\n")
        assert page.read_text() == f"# Performance\n\n## Sweep\n\n{title}\n\n{text}\n"
    page.write_text(page.read_text() + "\n## Other\n")
    kept_chapter.keep(title, f"{title}\n\nthird\n")
    assert page.read_text() == f"# Performance\n\n## Sweep\n\n{title}\n\nthird\n\n## Other\n"


def test_a_sweep_keeps_the_chapters_behind_it() -> None:
    earlier = f"# Report\n\n{SWEEP_MARK}\n\n## Parameters\n\nold\n\n## Inside\n\ntable\n"
    assert with_sweep(earlier, "## Parameters\n\nnew\n") == (
        f"# Report\n\n{SWEEP_MARK}\n\n## Parameters\n\nnew\n\n## Inside\n\ntable\n"
    )
