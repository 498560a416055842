"""The files that commands write where the user says so: pymdvm.output_files, with errors as click
shows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from pymdvm import exit_status, output_files
from pymdvm.commands.failures import failure
from pymdvm.output_files import STANDARD, OutputError, OverInputError


def check_output(path: str, inputs: Iterable[str]) -> None:
    """Refuse a path that cannot be written to, or is one of the inputs, before there is anything to
    write. Raises click.ClickException.
    """
    with _shown_errors(exit_status.FAILED):
        output_files.check_output(path, inputs)


def write_text(path: str, text: str, inputs: Iterable[str]) -> None:
    """Write the text, UTF-8, to the file, - for standard output. inputs: what may not be written
    over. Raises click.ClickException.
    """
    write_bytes(path, text.encode("utf-8", "surrogateescape"), inputs)


def write_bytes(path: str, data: bytes, inputs: Iterable[str]) -> None:
    """The same for bytes."""
    write_files([(path, data)], inputs)


def write_files(
    files: Sequence[tuple[str, bytes]], inputs: Iterable[str], exit_failed: int = exit_status.FAILED
) -> None:
    """The same for several files, all or none of them.  exit_failed: the exit status when they
    cannot be written.
    """
    with _shown_errors(exit_failed):
        output_files.write_outputs(files, inputs)


@contextmanager
def _shown_errors(exit_failed: int) -> Iterator[None]:
    try:
        yield
    except OutputError as error:
        status = exit_status.WRONG_USAGE if isinstance(error, OverInputError) else exit_failed
        raise failure(str(error), status) from None


__all__ = [
    "STANDARD",
    "check_output",
    "write_bytes",
    "write_files",
    "write_text",
]
