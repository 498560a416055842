"""The listings of a few programs, with the lines of the source, are the ones in golden/.

    MDVM_REWRITE_GOLDEN=1 pytest tests/compiler/test_golden_listings.py

writes the files anew; look at the differences before committing them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mdvm.loading.loader import load_module
from mdvm.loading.metadata import read_metadata
from pymdvm.assembler import assemble
from pymdvm.bytecode.codec import write
from pymdvm.compiler.driver import CompilerOptions, compile_source
from pymdvm.inspection.listing import listing_lines

GOLDEN = Path(__file__).parent / "golden"
REWRITE = os.environ.get("MDVM_REWRITE_GOLDEN") == "1"
PROGRAMS = sorted(path.stem for path in GOLDEN.glob("*.md"))


@pytest.mark.parametrize(("level", "target"), [(0, "mdvm"), (2, "published")])
@pytest.mark.parametrize("name", PROGRAMS)
def test_golden_listing(name: str, level: int, target: str) -> None:
    source = (GOLDEN / f"{name}.md").read_text("utf-8")
    compiled = compile_source(source, f"{name}.md", CompilerOptions(level, target))
    data = compiled.bytecode.decode("latin-1")
    lines = listing_lines(
        load_module(data), metadata=read_metadata(compiled.metadata.decode("latin-1"), data)
    )
    text = "".join(line.text + "\n" for line in lines)
    golden = GOLDEN / f"{name}.O{level}.{target}.mdasm"
    if REWRITE:
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")
    assert write(assemble(text)) == compiled.bytecode
