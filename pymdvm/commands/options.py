"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def seconds_option(what_then: str) -> Callable[[Command], Command]:
    """How long a program that is watched may run.  what_then: what becomes of what was seen."""
    return click.option(
        "--seconds",
        metavar="N",
        default=10.0,
        show_default=True,
        type=click.FloatRange(0, min_open=True),
        help=f"End the program after this time; {what_then}.",
    )


show_output_option = click.option(
    "--show-output", is_flag=True, help="Show what the program prints."
)
