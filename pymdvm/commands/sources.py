"""Source files of the compiler on the command line: reading them, compiling them, showing what is
wrong with them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from pymdvm import exit_status
from pymdvm.commands.failures import failure, wrong_usage
from pymdvm.compiler.frontend.findings import Finding, SourceError, has_errors, show, source_lines
from pymdvm.input_files import read_input, shown_path
from pymdvm.output_files import STANDARD

if TYPE_CHECKING:
    from pymdvm.compiler.driver import CompiledProgram, CompilerOptions, Watcher

source_argument = click.argument("source", metavar="FILE.md", type=click.Path())


# What is no document, whatever it says, by the extension of its file: what it is, and the command
# for it.
_OTHER_KINDS = {
    ".mdasm": "assembler text; mdvm asm makes bytecode of it",
    ".mdbc": "bytecode; mdvm dis lists it",
}


def read_document(path: str) -> str:
    """The text of a source file for a command that takes nothing else, - for standard input.  Ends
    the command if it cannot be read or is something else: any text is a document, and one without
    statements an empty program.
    """
    other = _OTHER_KINDS.get(os.path.splitext(path)[1])
    if other is not None:
        raise wrong_usage(f"{path}: this is {other}")
    return read_source(path, exit_status.WRONG_USAGE)


def read_source(path: str, status: int) -> str:
    """The text of a source file, - for standard input.  Ends the command with this status if it
    cannot be read.
    """
    try:
        data = sys.stdin.buffer.read() if path == STANDARD else read_input(path)
        return data.decode("utf-8")
    except OSError as error:
        problem = str(error.strerror)
    except UnicodeDecodeError as error:
        problem = f"byte {error.start} is not UTF-8"
    raise failure(f"{shown_path(path)}: {problem}", status)


def compiled(
    path: str, options: CompilerOptions | None = None, watcher: Watcher | None = None
) -> CompiledProgram:
    """The program of a source file, its warnings shown.  Shows the errors and ends the command if
    there are any.
    """
    source = read_document(path)
    return compiled_text(source, path, options, watcher)


def compiled_text(
    source: str, path: str, options: CompilerOptions | None = None, watcher: Watcher | None = None
) -> CompiledProgram:
    """The same of a text. path: what findings call it."""
    # Checking and formatting a source need nothing of what comes behind the front.
    from pymdvm.compiler.driver import compile_source

    try:
        program = compile_source(source, path, options, watcher)
    except SourceError as error:
        show_findings(error.findings, source)
        sys.exit(exit_status.FAILED)
    show_findings(program.findings, source)
    return program


def show_findings(findings: Iterable[Finding], source: str) -> None:
    """Findings on standard error, in colour where a person looks."""
    findings = list(findings)
    if not findings:
        return
    if not sys.stderr.isatty():
        click.echo(show(findings, source), err=True)
        return
    lines = source_lines(source)
    for finding in findings:
        colour = "red" if has_errors([finding]) else "yellow"
        header, *rest = finding.text(lines).split("\n")
        click.echo("\n".join([click.style(header, fg=colour, bold=True), *rest]), err=True)
