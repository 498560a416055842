"""The command `mdvm format`: documents in the house style."""

from __future__ import annotations

import sys

import click

from pymdvm import exit_status
from pymdvm.commands.sources import read_document, show_findings
from pymdvm.compiler.frontend.formatter import NotFormatted, formatted
from pymdvm.output_files import OutputError, write_output


@click.command("format")
@click.argument("sources", metavar="FILE.md...", nargs=-1, required=True, type=click.Path())
@click.option("--check", is_flag=True, help="Write nothing; tell which files would change.")
def command(sources: tuple[str, ...], check: bool) -> None:
    """Lay documents out in the house style, in place.

    What a document means stays as it is, and so does its prose.

    The exit status is 1 if a document has errors, or with --check if one would change, and 2 if a
    file cannot be read.

    \b
    Example:
      mdvm format --check examples/fibonacci.md
    """
    failed = [source for source in sources if not _format(source, check)]
    sys.exit(exit_status.FAILED if failed else 0)


def _format(source: str, check: bool) -> bool:
    """Format one file.  Whether nothing is wrong with it."""
    text = read_document(source)
    try:
        made = formatted(text, source)
    except NotFormatted as error:
        show_findings(error.findings, text)
        click.echo(f"{source}: not formatted: {error}", err=True)
        return False
    if check:
        if made != text:
            click.echo(f"{source}: would change")
        return made == text
    if made != text:
        try:
            write_output(source, made.encode("utf-8"), ())
        except OutputError as error:
            raise click.ClickException(str(error)) from None
    return True
