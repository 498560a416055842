"""`mdvm info`: what a file holds, in numbers."""

from __future__ import annotations

import dataclasses
import json

import click

from pymdvm.commands.console import Column, Output, standard_output
from pymdvm.commands.programs import program_argument, program_file
from pymdvm.inspection.instruction_locations import shown_name
from pymdvm.inspection.summary import Summary, summarize

MOST_CONSTANTS = 40  # the text shows no more; --json shows all


@click.command("info")
@program_argument
@click.option("--json", "as_json", is_flag=True, help="Print everything as one JSON object.")
def command(program: str, as_json: bool) -> None:
    """Show the header of a program, its sections and their sizes, its constants and functions.

    \b
    Example:
      mdvm info examples/fibonacci.mdasm
    """
    summary = summarize(program_file(program).data)
    if as_json:
        click.echo(json.dumps({"file": program, **dataclasses.asdict(summary)}, indent=2))
    else:
        show(program, summary, standard_output())


def show(path: str, summary: Summary, output: Output) -> None:
    """Print the summary.  path: what to call the file."""
    output.line(
        f"{path}: {summary.size} bytes, {summary.name!r}, version {summary.version}, flags "
        f"{summary.flags}",
        "heading",
    )
    output.line()
    output.table(
        [
            Column("section"),
            Column("offset", right=True),
            Column("bytes", right=True),
            Column("entries", right=True),
        ],
        [
            [section.name, str(section.offset), str(section.size), _entries(section.name, summary)]
            for section in summary.sections
        ],
    )
    if summary.functions:
        output.line()
        output.table(
            [
                Column("function"),
                Column("begins at", right=True),
                Column("instructions", right=True),
                Column("registers", right=True),
            ],
            [
                [
                    function.name,
                    str(function.target),
                    str(function.instructions),
                    str(function.registers),
                ]
                for function in summary.functions
            ],
        )
    if summary.constants:
        output.line()
        output.table(
            [Column("constant", right=True), Column("kind"), Column("value", code=True)],
            [
                [f"#{index}", constant.kind, constant.literal]
                for index, constant in enumerate(summary.constants[:MOST_CONSTANTS])
            ],
        )
        if len(summary.constants) > MOST_CONSTANTS:
            output.line(f"and {len(summary.constants) - MOST_CONSTANTS} more", "quiet")
    if summary.required_functions:
        output.line()
        names = ", ".join([shown_name(name) for name in summary.required_functions])
        output.line(f"calls functions of the host: {names}")
    if summary.opcodes:
        output.line()
        output.table(
            [Column("opcode", code=True), Column("times", right=True)],
            [[name, str(count)] for name, count in summary.opcodes.items()],
        )


def _entries(section: str, summary: Summary) -> str:
    counts = {
        "constants": len(summary.constants),
        "functions": len(summary.functions),
        "instructions": summary.instructions,
    }
    return str(counts[section]) if section in counts else ""
