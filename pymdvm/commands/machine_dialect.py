"""`mdvm machine-dialect`: the published command line, running its programs on this VM."""

from __future__ import annotations

import importlib

import click

from pymdvm.commands.engine_warnings import print_warnings_plainly


@click.command(
    "machine-dialect",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Run the command line of the published package machine-dialect, which has to be installed, on
    this VM.

    ARGUMENTS are those of `machine-dialect`: compile, run, shell and so on. Without any it shows
    its own help.

    \b
    Examples:
      mdvm machine-dialect compile fibonacci.md
      mdvm machine-dialect run fibonacci.mdbc
    """
    print_warnings_plainly()
    from pymdvm.drop_in import install_as_machine_dialect_vm

    install_as_machine_dialect_vm()
    try:
        cli = importlib.import_module("machine_dialect.__main__").cli
    except ImportError as error:
        raise click.ClickException(
            f"the package machine-dialect is not there as a whole ({error}): "
            "pip install machine-dialect==0.1.0a2"
        ) from None
    cli.main(args=list(arguments), prog_name="mdvm machine-dialect")
