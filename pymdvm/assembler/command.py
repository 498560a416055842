"""The command of the assembler.

python3 -m pymdvm.assembler PROGRAM.mdasm [-o PROGRAM.mdbc]
"""

from __future__ import annotations

import argparse
import errno
import os
import sys

from pymdvm import exit_status
from pymdvm.assembler.parser import assemble
from pymdvm.assembler.problems import AssemblyError, decode
from pymdvm.bytecode.codec import write
from pymdvm.input_files import read_input, shown_path
from pymdvm.output_files import STANDARD, OutputError, write_output

OUTPUT_SUFFIX = ".mdbc"


def main(arguments: list[str] | None = None) -> int:
    """The command line.  Returns the exit status: 0 assembled, 1 the text is wrong, 2 wrong usage
    or a file cannot be used.
    """
    options = _parse_arguments(arguments)
    output = _default_output(options.input) if options.output is None else options.output
    try:
        data = _read_standard_input() if options.input == STANDARD else read_input(options.input)
    except OSError as error:
        return _trouble(f"cannot read {shown_path(options.input)}: {error.strerror}")
    try:
        assembled = write(assemble(decode(data)))
    except AssemblyError as error:
        print(
            error.report("<stdin>" if options.input == STANDARD else options.input), file=sys.stderr
        )
        return exit_status.FAILED
    try:
        write_output(output, assembled, [options.input])
    except OutputError as error:
        return _trouble(str(error))
    return exit_status.SUCCESS


def _parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m pymdvm.assembler", description="Assemble a program to a .mdbc file."
    )
    parser.add_argument(
        "input", metavar="IN.mdasm", help="the text to assemble; - for standard input"
    )
    parser.add_argument(
        "-o",
        dest="output",
        metavar="OUT.mdbc",
        help="the file to write; - for standard output (default: IN with the extension "
        ".mdbc, - for -)",
    )
    return parser.parse_args(arguments)


def _default_output(source: str) -> str:
    return STANDARD if source == STANDARD else os.path.splitext(source)[0] + OUTPUT_SUFFIX


def _read_standard_input() -> bytes:
    if sys.stdin is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    return sys.stdin.buffer.read()


def _trouble(message: str) -> int:
    print(f"assembler: {message}", file=sys.stderr)
    return exit_status.WRONG_USAGE
