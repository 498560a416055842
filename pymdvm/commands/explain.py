"""The command `mdvm explain`: what the code of a finding means."""

from __future__ import annotations

import difflib
import textwrap

import click

from pymdvm.compiler.frontend.explanations import EXPLANATIONS


@click.command("explain")
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Explain the CODE of a finding, or list the codes.

    \b
    Example:
      mdvm explain no-value
    """
    if code is None:
        for name, explanation in EXPLANATIONS.items():
            click.echo(f"{name}: {explanation.text.partition('. ')[0].rstrip('.')}.")
        return
    if code not in EXPLANATIONS:
        close = difflib.get_close_matches(code, EXPLANATIONS, 1)
        hint = f"; did you mean {close[0]}?" if close else "; `mdvm explain` lists them"
        raise click.ClickException(f"no finding has the code {code}{hint}")
    explanation = EXPLANATIONS[code]
    kind = "error" if explanation.is_error else "warning"
    click.echo(f"{code} ({kind})\n")
    click.echo(textwrap.fill(explanation.text, 80))
