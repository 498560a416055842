"""`mdvm completion`: the script that teaches a shell to complete the command line."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

VARIABLE = "_MDVM_COMPLETE"  # where click looks for a request to complete


@click.command("completion")
@click.argument("shell", metavar="{bash|zsh|fish}", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the script that completes commands, options and files in a shell.

    \b
    Examples:
      eval "$(mdvm completion bash)"                                  # in ~/.bashrc
      eval "$(mdvm completion zsh)"                                   # in ~/.zshrc
      mdvm completion fish > ~/.config/fish/completions/mdvm.fish
    """
    completion = get_completion_class(shell)
    assert completion is not None
    click.echo(completion(context.find_root().command, {}, "mdvm", VARIABLE).source())
