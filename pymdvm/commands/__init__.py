"""The command `mdvm`: one module in this folder for each of its commands.

A command's module is imported only when it is used, so that `mdvm run` does not wait for what only
`mdvm trace` needs. Each has a click command called `command`.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import os
import sys
from typing import Any

import click

from pymdvm import exit_status

# The commands in the order of `mdvm --help`: name, module in this folder.
COMMANDS = {
    "run": "run",
    "build": "build",
    "check": "check",
    "explain": "explain",
    "format": "format",
    "repl": "repl",
    "asm": "assemble",
    "dis": "disassemble",
    "info": "info",
    "verify": "verify",
    "trace": "trace",
    "profile": "profile",
    "bench": "bench",
    "machine-dialect": "machine_dialect",
    "completion": "completion",
}


class _LazyGroup(click.Group):
    """The group of COMMANDS."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command = importlib.import_module(f"{__name__}.{COMMANDS[name]}").command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            context.exit(exit_status.INTERRUPTED)


def _print_version(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from mdvm.version import VERSION

        click.echo(f"mdvm {VERSION}")
        context.exit()


@click.command(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version.",
)
def mdvm() -> None:
    """Run, inspect and measure programs of Machine Dialect bytecode.

    A PROGRAM is a .mdbc file, or a .md or a .mdasm file, which is compiled or assembled on the way;
    - is standard input, with bytecode or a document.
    """


def main() -> None:
    """The entry point of the command `mdvm`."""
    _take_free_descriptors()
    try:
        try:
            mdvm(prog_name="mdvm")
        finally:
            sys.stdout.flush()
    except OSError as error:
        # Files of a name are the commands' own business: this is standard output.
        if error.filename is not None:
            raise
        _give_up_output(error)
        sys.exit(exit_status.FAILED)


def _take_free_descriptors() -> None:
    """Where the process was given no standard streams, have writing and reading them fail, whatever
    else is opened later: no file must become standard output by chance.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            # It gets the lowest free one, which this is. Nothing can be read from 0 and nothing
            # written to 1 then.
            os.open(os.devnull, os.O_RDONLY if descriptor == 1 else os.O_WRONLY)
    sys.stdin = sys.stdin or os.fdopen(0, closefd=False)
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False)


def _give_up_output(error: OSError) -> None:
    """Tell that standard output takes no more, unless its reader has closed it and knows."""
    from pymdvm.output_files import discard_standard_output

    discard_standard_output()
    if error.errno != errno.EPIPE:
        with contextlib.suppress(OSError):
            click.echo(f"mdvm: cannot write to standard output: {error.strerror}", err=True)
