"""Collecting findings about one file."""

from __future__ import annotations

from pymdvm.compiler.frontend.findings import Finding, Severity
from pymdvm.compiler.frontend.fixes import Fix
from pymdvm.compiler.frontend.syntax import Place


class Reporter:
    """Collects findings about one file."""

    def __init__(self, file: str) -> None:
        self.findings: list[Finding] = []
        self._file = file

    def error(
        self, code: str, place: Place, message: str, expected: str = "", fix: Fix | None = None
    ) -> None:
        """Adds one."""
        self.findings.append(
            Finding(Severity.ERROR, code, self._file, place, message, expected, fix)
        )

    def warning(
        self, code: str, place: Place, message: str, expected: str = "", fix: Fix | None = None
    ) -> None:
        """Adds one."""
        self.findings.append(
            Finding(Severity.WARNING, code, self._file, place, message, expected, fix)
        )
