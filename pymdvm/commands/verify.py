"""`mdvm verify`: what is wrong with a program, told without running it."""

from __future__ import annotations

import json
import sys

import click

from pymdvm import exit_status
from pymdvm.commands.console import Column, Output, standard_output
from pymdvm.commands.programs import ProgramFile, program_argument, program_file
from pymdvm.inspection.rules import RULES, Severity, Violation
from pymdvm.inspection.verifier import verify
from pymdvm.wording import counted

# In JSON, what there is to say about a file that does not even load.
NOT_LOADED = "does-not-load"
NOWHERE: dict[str, object] = {
    "severity": Severity.ERROR.value,
    "function": None,
    "instruction": None,
    "line": None,
    "text": "",
}


def _print_rules(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        standard_output().table(
            [Column("code"), Column("severity"), Column("meaning")],
            [
                [rule.code, rule.severity.value if rule.severity else "both", rule.meaning]
                for rule in RULES.values()
            ],
        )
        context.exit()


@click.command("verify")
@program_argument
@click.option("--json", "as_json", is_flag=True, help="Print the findings as one JSON object.")
@click.option(
    "--rules",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_rules,
    help="List what is looked for.",
)
def command(program: str, as_json: bool) -> None:
    """Tell what is wrong or odd about a program, and where, without running it.

    An error fails, or does what nobody can have meant, when its instruction is executed; a warning
    runs but is worth a look. The exit status is 1 if there is an error.

    \b
    Example:
      mdvm verify examples/fibonacci.mdasm
    """
    try:
        file = program_file(program)
    except click.ClickException as problem:
        if not as_json:
            raise
        _print_json(program, [{**NOWHERE, "code": NOT_LOADED, "message": problem.message}])
        sys.exit(exit_status.FAILED)
    findings = verify(file.module)
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    if as_json:
        _print_json(program, [_as_json(finding, file) for finding in findings])
    else:
        show(file, findings, standard_output())
    sys.exit(exit_status.FAILED if errors else exit_status.SUCCESS)


def show(file: ProgramFile, findings: list[Violation], output: Output) -> None:
    """Print the findings and how many there are."""
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    if findings:
        output.table(
            [
                Column("severity"),
                Column("where"),
                *([Column("line", right=True)] if file.lines else []),
                Column("instruction", code=True),
                Column("finding"),
                Column("code"),
            ],
            [
                [
                    finding.severity.value,
                    finding.location,
                    *([str(_line(finding, file) or "")] if file.lines else []),
                    finding.text,
                    finding.message,
                    finding.code,
                ]
                for finding in findings
            ],
        )
        output.line()
    style = "error" if errors else "warning" if findings else "good"
    output.line(
        f"{file.path}: {counted(errors, 'error')}, {counted(len(findings) - errors, 'warning')}",
        style,
    )


def _print_json(path: str, findings: list[dict[str, object]]) -> None:
    errors = sum(finding["severity"] == Severity.ERROR.value for finding in findings)
    click.echo(
        json.dumps(
            {
                "file": path,
                "errors": errors,
                "warnings": len(findings) - errors,
                "findings": findings,
            },
            indent=2,
        )
    )


def _line(finding: Violation, file: ProgramFile) -> int | None:
    """The line of the source that it is about."""
    return (
        file.lines[finding.instruction] if file.lines and finding.instruction is not None else None
    )


def _as_json(finding: Violation, file: ProgramFile) -> dict[str, object]:
    return {
        "severity": finding.severity.value,
        "code": finding.code,
        "message": finding.message,
        "function": finding.function,
        "instruction": finding.instruction,
        "line": _line(finding, file),
        "text": finding.text,
    }
