"""The files that commands write where the user says so."""

from __future__ import annotations

from pathlib import Path

import click

from pymdvm.output import use_utf8


def write_text(path: str, text: str) -> None:
    """Write the text, UTF-8, to the file, - for standard output.  Raises click.ClickException."""
    if path == "-":
        use_utf8()
        click.echo(text, nl=False)
    else:
        write_bytes(path, text.encode("utf-8", "surrogateescape"))


def write_bytes(path: str, data: bytes) -> None:
    """The same for bytes, but only to a file."""
    try:
        Path(path).write_bytes(data)
    except OSError as error:
        raise click.ClickException(f"cannot write {path}: {error.strerror}") from None
