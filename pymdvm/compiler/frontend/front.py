"""The front of the compiler: from source text to a resolved program, with all findings.

analysis = analyse(source, "file.md")
analysis.findings       # errors and warnings, in the order of the source
analysis.resolution     # None if one of them is an error
"""

from __future__ import annotations

from dataclasses import dataclass

from pymdvm.compiler.frontend.allowances import not_allowed
from pymdvm.compiler.frontend.faults import A_STATEMENT
from pymdvm.compiler.frontend.findings import (
    Finding,
    Severity,
    SourceError,
    has_errors,
    in_order,
)
from pymdvm.compiler.frontend.first_values import begin_with_values
from pymdvm.compiler.frontend.lints import lint
from pymdvm.compiler.frontend.list_lengths import missing_positions
from pymdvm.compiler.frontend.names import Resolution, resolve
from pymdvm.compiler.frontend.parser import parse
from pymdvm.compiler.frontend.scopes import Known
from pymdvm.compiler.frontend.syntax import Place, Program
from pymdvm.compiler.frontend.targets import PUBLISHED, not_published
from pymdvm.compiler.frontend.types import check_kinds


@dataclass(frozen=True)
class Analysis:
    """program: as parsed, None after a syntax error; resolution: None after any error."""

    source: str
    program: Program | None
    resolution: Resolution | None
    findings: tuple[Finding, ...]

    def resolved(self) -> Resolution:
        """The resolution; raises SourceError if there is an error among the findings."""
        if self.resolution is None:
            raise SourceError(self.findings, self.source)
        return self.resolution


def analyse(source: str, file: str, known: Known | None = None, target: str = "") -> Analysis:
    """Parses a program and checks its names and kinds.

    source: the text; file: how findings name it; known: what earlier programs have defined (the
    REPL's inputs); target: the VM that the program is for, if it is not any.
    """
    names = known.variables if known else ()
    program, syntax_findings = parse(source, file, names, known is not None)
    if known is not None and program is not None and _is_prose(program, source):
        message, expected = "this is prose, and nothing to run", f"{A_STATEMENT}, or a value"
        finding = Finding(Severity.ERROR, "syntax", file, Place(1, 1), message, expected)
        program, syntax_findings = None, [finding]
    if program is None:
        return Analysis(source, None, None, tuple(syntax_findings))
    resolution = resolve(program, file, known)
    findings = [*syntax_findings, *resolution.findings, *check_kinds(resolution, file)]
    if not has_errors(findings):
        findings += missing_positions(resolution, file)
        resolution, about_values = begin_with_values(resolution, file, known)
        findings += about_values
        if target == PUBLISHED:
            findings += not_published(resolution, file)
    findings = in_order(findings)
    return Analysis(source, program, None if has_errors(findings) else resolution, tuple(findings))


def check(source: str, file: str) -> list[Finding]:
    """What `mdvm check` tells: the findings, without those that the document allows; and if there
    are none, what runs but is hardly meant.
    """
    analysis = analyse(source, file)
    findings = list(analysis.findings)
    if not findings and analysis.resolution is not None and analysis.program is not None:
        findings = in_order(lint(analysis.resolution, analysis.program, file))
    return not_allowed(findings, source)


def _is_prose(program: Program, source: str) -> bool:
    """Whether the text of an input is neither code nor a comment."""
    return (
        not program.body and not program.functions and source.strip()[:1] not in ("", "#", "<", "-")
    )
