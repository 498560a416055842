"""The pages on Python: the examples of each run, in their order, as one script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.api.samples import TOP, only_native, python

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("python.md", 10),
        pytest.param("embedding.md", 5, marks=only_native),
        pytest.param("async.md", 4, marks=only_native),
        ("replay.md", 2),
    ],
)
def test_every_example_runs(tmp_path: Path, name: str, least: int) -> None:
    text = (TOP / "docs" / name).read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    assert len(blocks) == text.count("```python") >= least
    script = f"import os\nos.chdir({str(tmp_path)!r})\n" + "\n".join(blocks)
    done = python(script)
    assert (done.returncode, done.stderr) == (0, "")
    printed = re.findall(r"# prints: (.*)", script)
    assert done.stdout == "".join(f"{line}\n" for line in printed)


@pytest.mark.parametrize(
    "name", ["bytecode-writer.md", "command-line.md", "assembler.md", "differences.md"]
)
def test_the_documents_that_it_refers_to_exist(name: str) -> None:
    assert (TOP / "docs" / name).exists()
