"""Run-time errors in terms of the source: below each call its line, a caret, and what is known of
the values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from pathlib import Path

_AT = re.compile(r"  at .* \((?P<file>.+):(?P<line>\d+):(?P<column>\d+)\)\Z")


def with_source_lines(path: str, stack: Iterable[str], notes: Sequence[str]) -> list[str]:
    """The lines that tell where an error happened, with those of the source file at path, and the
    note for each of them, as far as there is one that is not empty.
    """
    from pymdvm.compiler.frontend.findings import pointed_out, source_lines
    from pymdvm.compiler.frontend.syntax import Place

    try:
        lines = source_lines(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return list(stack)
    made = []
    for call, note in zip_longest(stack, notes, fillvalue=""):
        made.append(call)
        at = _AT.match(call)
        if at is not None and at["file"] == path:
            place = Place(int(at["line"]), int(at["column"]))
            made.extend(f"      {line}" for line in pointed_out(lines, place))
        if note:
            made.append(f"      {note}")
    return made
