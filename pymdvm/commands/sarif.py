"""Findings as a SARIF 2.1.0 log."""

from __future__ import annotations

from collections.abc import Iterable

from mdvm.version import VERSION
from pymdvm.compiler.frontend.explanations import EXPLANATIONS
from pymdvm.compiler.frontend.findings import Finding
from pymdvm.compiler.frontend.syntax import Place

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_sarif(findings: Iterable[Finding]) -> dict[str, object]:
    """The log, as JSON types."""
    results = list(findings)
    codes = sorted({finding.code for finding in results})
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "mdvm",
                        "version": VERSION,
                        "rules": [
                            {"id": code, "fullDescription": {"text": EXPLANATIONS[code].text}}
                            for code in codes
                        ],
                    }
                },
                "results": [_result(finding, codes) for finding in results],
                "columnKind": "unicodeCodePoints",
            }
        ],
    }


def _result(finding: Finding, codes: list[str]) -> dict[str, object]:
    text = finding.message + (f"; {finding.expected}" if finding.expected else "")
    location = {"uri": finding.file}
    made: dict[str, object] = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": finding.severity.value,
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": location,
                    "region": _region(finding.place, finding.end),
                }
            }
        ],
    }
    if finding.fix is not None:
        replacement = {
            "deletedRegion": _region(finding.fix.start, finding.fix.end),
            "insertedContent": {"text": finding.fix.text},
        }
        made["fixes"] = [
            {"artifactChanges": [{"artifactLocation": location, "replacements": [replacement]}]}
        ]
    return made


def _region(start: Place, end: Place) -> dict[str, int]:
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }
