"""The front of the compiler: from source text to a resolved program, with all findings.

analysis = analyse(source, "file.md")
analysis.findings       # errors and warnings, in the order of the source
analysis.resolution     # None if one of them is an error
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pymdvm.compiler.frontend.findings import Finding, SourceError, has_errors, in_order
from pymdvm.compiler.frontend.names import Resolution, resolve
from pymdvm.compiler.frontend.reference_parameters import share
from pymdvm.compiler.frontend.scopes import Known
from pymdvm.compiler.frontend.syntax import Program
from pymdvm.compiler.frontend.types import check_kinds

INSTALL_COMMAND = "pip install 'pymdvm[compiler]'"


class ParserMissing(Exception):
    """The package with the parser is not installed; the text says how to install it."""

    def __init__(self) -> None:
        super().__init__(f"compiling needs the package machine-dialect: {INSTALL_COMMAND}")


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


def analyse(source: str, file: str, known: Known | None = None) -> Analysis:
    """Parses a program and checks its names and kinds.

    source: the text; file: how findings name it; known: what earlier programs have defined (the
    REPL's inputs). Raises ParserMissing.
    """
    try:
        from pymdvm.compiler.frontend.parser import parse
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "machine_dialect":
            raise
        raise ParserMissing() from None
    program, syntax_findings = parse(source, file)
    if program is None:
        return Analysis(source, None, None, tuple(syntax_findings))
    resolution = resolve(program, file, known)
    if not has_errors(resolution.findings):
        resolution = replace(resolution, program=share(resolution.program, resolution.variables))
    findings = in_order([*syntax_findings, *resolution.findings, *check_kinds(resolution, file)])
    return Analysis(source, program, None if has_errors(findings) else resolution, tuple(findings))
