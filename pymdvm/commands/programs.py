"""The PROGRAM of a command: from the path on the command line to the bytes and the module, whatever
kind of file it is.

What goes wrong becomes an error of click's, which names the file. The VM's modules are imported
where they are used: `mdvm run` on the native engine does without them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import click

from pymdvm import exit_status
from pymdvm.input_files import read_input, shown_path
from pymdvm.output_files import STANDARD
from pymdvm.vm_text import bytes_from_vm, bytes_to_vm, from_vm

# How a bytecode file begins.
_MAGIC = b"MDBC"

program_argument = click.argument("program", type=click.Path())


@dataclass(frozen=True)
class ProgramFile:
    """A program that loads.

    path: str, as the user wrote it
    data: bytes, the content of the .mdbc file
    lines: for each instruction its line in the source, empty where that is not known
    metadata: bytes, the content of an .mdbm file, empty without one
    """

    path: str
    data: bytes
    lines: tuple[int, ...] = ()
    metadata: bytes = b""

    @cached_property
    def module(self) -> Any:
        """The loaded mdvm.loading.module.Module."""
        from mdvm.loading.loader import load_module

        return load_module(bytes_to_vm(self.data))

    @cached_property
    def described(self) -> Any:
        """The mdvm.loading.metadata.Metadata, None without one; says on standard error if it is
        of no use.
        """
        from mdvm.loading.metadata import MetadataError, read_metadata

        if not self.metadata:
            return None
        try:
            return read_metadata(bytes_to_vm(self.metadata), bytes_to_vm(self.data))
        except MetadataError as error:
            click.echo(
                f"{self.path}: the .mdbm file beside the program is of no use: {error.text}",
                err=True,
            )
            return None


def program_file(path: str) -> ProgramFile:
    """The program at this path.  Raises click.ClickException if it cannot be read, assembled or
    loaded.
    """
    from mdvm.errors import LoadError
    from mdvm.loading.program_file import read_program_file

    source = source_file(path)
    if source is not None:
        return source
    try:
        read = read_program_file(bytes_to_vm(os.fsencode(path)))
        file = ProgramFile(path, bytes_from_vm(read.data), metadata=bytes_from_vm(read.metadata))
        assert file.module
        return file
    except LoadError as error:
        raise click.ClickException(
            f"{shown_path(path)}: Failed to load bytecode: {from_vm(error.text)}"
        ) from None


def files_read(path: str) -> list[str]:
    """The files that `program_file` reads, or would, for this path: what no command may write
    over.
    """
    from mdvm.loading.paths import bytecode_path, metadata_path

    if os.path.splitext(path)[1] in SOURCES:
        return [path]
    bytecode = bytecode_path(path)
    return [path, bytecode, metadata_path(bytecode)]


def source_file(path: str) -> ProgramFile | None:
    """The program made from a source file; None if the path names none.  Raises
    click.ClickException.
    """
    if path == STANDARD:
        return _from_standard_input()
    make_program = SOURCES.get(os.path.splitext(path)[1])
    return None if make_program is None else make_program(path)


def _assembled(path: str) -> ProgramFile:
    from pymdvm.assembler.parser import assemble_with_lines
    from pymdvm.assembler.problems import AssemblyError, decode
    from pymdvm.bytecode.codec import write

    try:
        program, lines = assemble_with_lines(decode(read_input(path)))
        return ProgramFile(path, write(program), lines)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from None
    except AssemblyError as error:
        raise click.ClickException("the program does not assemble\n" + error.report(path)) from None


def _compiled(path: str) -> ProgramFile:
    from pymdvm.commands.sources import compiled_text, read_source

    program = compiled_text(read_source(path, exit_status.FAILED), path)
    return ProgramFile(path, program.bytecode, program.described.lines(), program.metadata)


def _from_standard_input() -> ProgramFile:
    """Bytecode, or a document."""
    from pymdvm.commands.sources import compiled_text

    data = sys.stdin.buffer.read()
    if data.startswith(_MAGIC):
        return ProgramFile(STANDARD, data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"-: byte {error.start} is not UTF-8") from None
    program = compiled_text(text, STANDARD)
    return ProgramFile(STANDARD, program.bytecode, program.described.lines(), program.metadata)


# How each kind of source, by the extension of its file, becomes a program.
SOURCES: dict[str, Callable[[str], ProgramFile]] = {
    ".mdasm": _assembled,
    ".md": _compiled,
    ".markdown": _compiled,
}
