"""The command `mdvm`: one module in this folder for each of its commands.

A command's module is imported only when it is used, so that `mdvm run` does not wait for what only `mdvm trace` needs.  Each has
a click command called `command`.
"""

from __future__ import annotations

import importlib
from typing import Any

import click

EXIT_INTERRUPTED = 130

# The commands in the order of `mdvm --help`: name, module in this folder.
COMMANDS = {
    "run": "run",
    "build": "build",
    "check": "check",
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
            context.exit(EXIT_INTERRUPTED)


def _print_version(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from mdvm.options import VERSION

        click.echo(f"mdvm {VERSION}")
        context.exit()


@click.command(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print the version.")
def mdvm() -> None:
    """Run, inspect and measure programs of Machine Dialect bytecode.

    A PROGRAM is a .mdbc file, or a .md or a .mdasm file, which is compiled or assembled on the way.
    """


def main() -> None:
    """The entry point of the command `mdvm`."""
    mdvm(prog_name="mdvm")
