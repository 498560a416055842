"""`mdvm asm`: assembler text to an .mdbc file."""

from __future__ import annotations

import sys

import click

from pymdvm.assembler.command import main


@click.command("asm")
@click.argument("source", metavar="IN.mdasm", type=click.Path(allow_dash=True))
@click.option(
    "-o",
    "--output",
    metavar="OUT.mdbc",
    type=click.Path(allow_dash=True),
    help="The file to write, - for standard output. Without it: IN with the extension .mdbc, "
    "- for -.",
)
def command(source: str, output: str | None) -> None:
    """Assemble a text, - for standard input, to a .mdbc file.

    docs/assembler.md describes the language. The exit status is 1 if the text is wrong, 2 if a file
    cannot be used.

    \b
    Example:
      mdvm asm examples/hello.mdasm -o hello.mdbc
    """
    sys.exit(main([source] if output is None else [source, "-o", output]))
