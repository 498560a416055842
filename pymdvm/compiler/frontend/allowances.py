"""Comments that allow a finding: `<!-- mdvm: allow CODE -->`.

One on a line of its own holds for the lines up to the next empty one, one behind a statement for
its line, and one with `everywhere` behind the codes for the whole document. Errors cannot be
allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pymdvm.compiler.frontend.findings import Finding, Severity, source_lines

_ALLOW = re.compile(r"<!--\s*mdvm:\s*allow\s+([\w\s,-]+?)\s*-->")
_EVERYWHERE = "everywhere"


def not_allowed(findings: Iterable[Finding], source: str) -> list[Finding]:
    """The findings that no comment allows."""
    if "mdvm:" not in source:
        return list(findings)
    everywhere, by_line = _allowed(source_lines(source))
    return [
        finding
        for finding in findings
        if finding.severity is Severity.ERROR
        or finding.code not in everywhere | by_line.get(finding.place.line, frozenset())
    ]


def _allowed(lines: list[str]) -> tuple[frozenset[str], dict[int, frozenset[str]]]:
    everywhere: set[str] = set()
    by_line: dict[int, frozenset[str]] = {}
    going_on: frozenset[str] = frozenset()
    for number, line in enumerate(lines, 1):
        if not line.strip(" >\t"):
            going_on = frozenset()
            continue
        here = going_on
        for comment in _ALLOW.finditer(line):
            codes = frozenset(comment.group(1).replace(",", " ").split())
            if _EVERYWHERE in codes:
                everywhere |= codes
            elif line.strip(" >\t") == comment.group():
                going_on |= codes
            here |= codes
        by_line[number] = here
    return frozenset(everywhere), by_line
