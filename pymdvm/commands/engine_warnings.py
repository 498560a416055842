"""The engine's warning that it is the slow one, as a line that a user of a command can read."""

from __future__ import annotations

import warnings

import click


def print_warnings_plainly() -> None:
    """From now on warnings are one line on standard error, without the source location."""
    warnings.showwarning = _show


def _show(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: object = None,
    line: str | None = None,
) -> None:
    click.echo(f"Warning: {message}", err=True)
