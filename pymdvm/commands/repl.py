"""`mdvm repl`: statements and expressions, one after the other."""

from __future__ import annotations

import sys

import click

from pymdvm import exit_status
from pymdvm.commands.engine_warnings import print_warnings_plainly
from pymdvm.engines.base import EngineError


@click.command("repl")
def command() -> None:
    """Run statements and expressions as they are typed, or as they come through a pipe.

    Variables and functions stay from one input to the next; `:help` lists what else there is. The
    exit status is 1 if input from a pipe fails.

    \b
    Examples:
      mdvm repl
      echo '_6_ * _7_' | mdvm repl
    """
    from pymdvm.commands.console_functions import PythonInput, console_functions
    from pymdvm.repl.session import ReplSession
    from pymdvm.repl.shell import run_shell

    print_warnings_plainly()
    try:
        functions = console_functions(lines=PythonInput())
        succeeded = run_shell(ReplSession(lambda text: click.echo(text, err=True), functions))
    except EngineError as error:
        raise click.ClickException(str(error)) from None
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "prompt_toolkit":
            raise
        raise click.ClickException(
            "at a terminal this needs the package prompt_toolkit: pip install 'pymdvm[repl]'"
        ) from None
    fine = succeeded or sys.stdin.isatty()
    sys.exit(exit_status.SUCCESS if fine else exit_status.FAILED)
