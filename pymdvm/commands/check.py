"""`mdvm check`: what is wrong with a source file, without compiling it."""

from __future__ import annotations

import gc
import json
import sys

import click

from pymdvm import exit_status
from pymdvm.commands.output_files import write_bytes
from pymdvm.commands.sarif import as_sarif
from pymdvm.commands.sources import read_document, show_findings, source_argument
from pymdvm.compiler.frontend.findings import Finding, has_errors
from pymdvm.compiler.frontend.fixes import apply_fixes
from pymdvm.compiler.frontend.front import check
from pymdvm.wording import counted


@click.command("check")
@source_argument
@click.option("--json", "as_json", is_flag=True, help="Print the findings as one JSON object.")
@click.option("--sarif", is_flag=True, help="Print them as a SARIF log, as code hosts read it.")
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.option("--fix", is_flag=True, help="Mend the file where a finding says how.")
def command(source: str, as_json: bool, sarif: bool, strict: bool, fix: bool) -> None:
    """Tell the errors and warnings in a program, and where they are.

    The exit status is 1 if there is an error, or with --strict a warning, and 2 if the file cannot
    be read. A comment <!-- mdvm: allow CODE --> keeps a warning back.

    \b
    Example:
      mdvm check examples/fibonacci.md
    """
    gc.disable()  # there is hardly any cyclic garbage, and the process ends soon
    text = read_document(source)
    findings = check(text, source)
    if fix:
        text, findings = _fixed(source, text, findings)
    errors = sum(has_errors([finding]) for finding in findings)
    if sarif:
        click.echo(json.dumps(as_sarif(findings), indent=2))
    elif as_json:
        click.echo(
            json.dumps(
                {
                    "file": source,
                    "errors": errors,
                    "warnings": len(findings) - errors,
                    "findings": [finding.as_dict() for finding in findings],
                },
                indent=2,
            )
        )
    else:
        show_findings(findings, text)
        click.echo(
            f"{source}: {counted(errors, 'error')}, {counted(len(findings) - errors, 'warning')}"
        )
    failed = bool(findings) if strict else bool(errors)
    sys.exit(exit_status.FAILED if failed else exit_status.SUCCESS)


def _fixed(source: str, text: str, findings: list[Finding]) -> tuple[str, list[Finding]]:
    """Write the file with the fixes, if there are any; the text and what is left to tell."""
    fixes = [finding.fix for finding in findings if finding.fix is not None]
    mended, count = apply_fixes(text, fixes)
    if not count:
        return text, findings
    write_bytes(source, mended.encode("utf-8"), ())
    fixes_word = "1 fix" if count == 1 else f"{count} fixes"
    click.echo(f"{source}: {fixes_word}", err=True)
    return mended, check(mended, source)
