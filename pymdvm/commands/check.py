"""`mdvm check`: what is wrong with a source file, without compiling it."""

from __future__ import annotations

import json
import sys

import click

from pymdvm import exit_status
from pymdvm.commands.sources import read_source, show_findings, source_argument
from pymdvm.compiler.frontend.findings import has_errors
from pymdvm.compiler.frontend.front import analyse
from pymdvm.wording import counted


@click.command("check")
@source_argument
@click.option("--json", "as_json", is_flag=True, help="Print the findings as one JSON object.")
def command(source: str, as_json: bool) -> None:
    """Tell the errors and warnings in a program, and where they are.

    The exit status is 1 if there is an error, 2 if the file cannot be read.

    \b
    Example:
      mdvm check examples/fibonacci.md
    """
    text = read_source(source)
    findings = analyse(text, source).findings
    errors = sum(has_errors([finding]) for finding in findings)
    if as_json:
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
    sys.exit(exit_status.FAILED if errors else exit_status.SUCCESS)
