"""How a command ends that cannot do what it was asked to."""

from __future__ import annotations

import click

from pymdvm import exit_status


def failure(text: str, status: int = exit_status.FAILED) -> click.ClickException:
    """The error that ends a command with one line on standard error and this exit status."""
    error = click.ClickException(text)
    error.exit_code = status
    return error


def wrong_usage(text: str) -> click.ClickException:
    """The same for what the command line should not have asked."""
    return failure(text, exit_status.WRONG_USAGE)
