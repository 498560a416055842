"""max_size: what is larger is refused before it is read or parsed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import pymdvm
from tests.api.samples import IDENTITY, content


def test_bytes_of_just_the_size_are_loaded_and_one_more_is_refused() -> None:
    data = content(IDENTITY)
    assert pymdvm.loads(data, max_size=len(data)).content == data
    with pytest.raises(
        pymdvm.LoadError,
        match=f"File too large: {len(data)} bytes, at most {len(data) - 1} are allowed",
    ):
        pymdvm.loads(data, max_size=len(data) - 1)


def test_what_is_refused_is_not_parsed() -> None:
    with pytest.raises(pymdvm.LoadError, match="File too large"):
        pymdvm.loads(b"no program at all, and too long", max_size=4)
    with pytest.raises(pymdvm.LoadError, match="File too large"):
        # bytes are counted, not items
        pymdvm.loads(memoryview(bytearray(20)).cast("i"), max_size=19)


def test_metadata_counts_for_itself() -> None:
    data = content(IDENTITY)
    with pytest.raises(pymdvm.LoadError, match="File too large: 5000 bytes"):
        pymdvm.loads(data, b"x" * 5000, max_size=4999)


def test_files_are_looked_at_before_they_are_read(tmp_path: Path) -> None:
    data = content(IDENTITY)
    path = tmp_path / "p.mdbc"
    path.write_bytes(data)
    assert pymdvm.load(path, max_size=len(data)).content == data
    # the extension is replaced as ever
    assert pymdvm.load(tmp_path / "p.md", max_size=len(data)).content == data
    with pytest.raises(pymdvm.LoadError, match=f"File too large: {len(data)} bytes"):
        pymdvm.load(path, max_size=len(data) - 1)
    with open(tmp_path / "big.mdbc", "wb") as large:
        large.truncate(1 << 40)  # a terabyte of nothing: reading it would end in tears
    with pytest.raises(pymdvm.LoadError, match="File too large: 1099511627776 bytes"):
        pymdvm.load(tmp_path / "big.mdbc", max_size=1 << 20)
    (tmp_path / "p.mdbm").write_bytes(b"m" * 5000)
    with pytest.raises(pymdvm.LoadError, match="File too large: 5000 bytes"):
        pymdvm.load(path, max_size=4999)


def test_what_has_no_size_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mdbc")
    with pytest.raises(pymdvm.LoadError, match="has no size"):
        pymdvm.load(tmp_path / "pipe.mdbc", max_size=1 << 20)  # opening it would wait for ever


def test_other_errors_are_the_same_with_a_limit(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.mdbc", tmp_path):
        with pytest.raises(pymdvm.LoadError) as without:
            pymdvm.load(path)
        with pytest.raises(pymdvm.LoadError) as limited:
            pymdvm.load(path, max_size=1 << 20)
        assert str(limited.value) == str(without.value)


@pytest.mark.parametrize(
    "wrong, kind", [("1", TypeError), (True, TypeError), (1.5, TypeError), (-1, ValueError)]
)
def test_a_wrong_limit_is_named(wrong: object, kind: type[Exception]) -> None:
    with pytest.raises(kind, match="max_size"):
        pymdvm.loads(b"", max_size=wrong)  # type: ignore[arg-type]
    with pytest.raises(kind, match="max_size"):
        pymdvm.load("x.mdbc", max_size=wrong)  # type: ignore[arg-type]
