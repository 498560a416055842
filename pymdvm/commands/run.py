"""`mdvm run`: run a program, with the output, the messages and the exit status of mdvm-c."""

from __future__ import annotations

import os
import re
import sys
from typing import Any

import click

from mdvm import opcodes
from mdvm.embedding import protocol
from pymdvm import exit_status
from pymdvm.commands.console_functions import console_functions
from pymdvm.commands.engine_warnings import print_warnings_plainly
from pymdvm.commands.failing_values import NOTHING, counted_from_one, failing_values
from pymdvm.commands.programs import program_argument, source_file
from pymdvm.commands.source_stack import with_source_lines
from pymdvm.engines.base import EngineError
from pymdvm.errors import LimitError, LoadError, RunError
from pymdvm.program import Program, load, loads
from pymdvm.run_options import RunOptions, run_options


class _Size(click.ParamType):
    """A number of bytes as mdvm-c takes it: 4096, 512K, 32M or 1G."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        match = re.fullmatch("([0-9]{1,9})([KMG]?)", str(value), re.ASCII)
        if match is None or int(match[1]) == 0:
            self.fail(f"{value!r} is not a size such as 512K or 32M.", param, ctx)
        return int(match[1]) << {"": 0, "K": 10, "M": 20, "G": 30}[match[2]]


@click.command("run")
@program_argument
@click.option("-q", "--quiet", is_flag=True, help="No `Result:` line.")
@click.option("--debug", is_flag=True, help="Print every instruction before it is executed.")
@click.option(
    "--stats",
    is_flag=True,
    help="Tell afterwards what was executed, copied, made and compiled, the time and the memory.",
)
@click.option(
    "--jit",
    metavar="OPTIONS",
    help="Parameters of the JIT, or `off`; `mdvm-c --jit help` explains them.",
)
@click.option(
    "--max-depth",
    metavar="N",
    type=click.IntRange(0),
    help="`Stack overflow` beyond N nested calls.",
)
@click.option(
    "--max-instructions",
    metavar="N",
    type=click.IntRange(0),
    help="End with an error after N instructions.",
)
@click.option(
    "--max-memory",
    metavar="SIZE",
    type=_Size(),
    help="`Out of memory` beyond so much, such as 512K or 32M.",
)
@click.option(
    "--max-output",
    metavar="SIZE",
    type=_Size(),
    help="End with an error rather than print more than this.",
)
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(0, min_open=True),
    help="End with an error after this time.",
)
@click.option(
    "--argument",
    metavar="TEXT",
    multiple=True,
    help="One of the texts that the function `arguments` gives.",
)
@click.option(
    "--seed",
    metavar="N",
    type=click.IntRange(0, 10**18),
    help="The function `random` gives the same numbers each time.",
)
def command(
    program: str,
    quiet: bool,
    debug: bool,
    stats: bool,
    jit: str | None,
    max_depth: int | None,
    max_instructions: int | None,
    max_memory: int | None,
    max_output: int | None,
    timeout: float | None,
    argument: tuple[str, ...],
    seed: int | None,
) -> None:
    """Run a program: its output, then `Result: VALUE` if it ends with a value.

    The exit status is 1 if the program cannot be loaded or fails, 130 when it is interrupted.

    \b
    Examples:
      mdvm run examples/fibonacci.md
      mdvm run examples/fibonacci.mdasm
      mdvm run --timeout 5 --stats program.mdbc
    """
    print_warnings_plainly()
    mode = protocol.DEBUG_FORM | (protocol.DEBUG if debug else 0)
    try:
        loaded = _loaded(program)
        # A file of another version does what it does on the published VM, whatever it calls.
        functions = console_functions(argument, seed) if loaded.version == opcodes.LATEST else None
        options = run_options(
            None,
            max_instructions,
            max_depth,
            timeout,
            jit,
            mode,
            max_memory,
            max_output,
            functions=functions,
            count=stats,
        )
        try:
            status = _run(loaded, options, quiet)
        except RunError as error:
            stack = loaded.describe(error)
            if program.endswith((".md", ".markdown")):
                stack = _in_source(program, stack, error)
            click.echo("\n".join([f"Runtime error: {error.text}", *stack]), err=True)
            status = exit_status.FAILED
        if stats:
            click.echo(_statistics(loaded), err=True)
    except (EngineError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    sys.exit(status)


def _in_source(path: str, stack: list[str], error: RunError) -> list[str]:
    """The lines that tell where the error happened, with those of the source, with the values of
    the names in the statement that failed, and with the arguments of the calls.
    """
    values = NOTHING if isinstance(error, LimitError) else failing_values(path, stack, error.text)
    arguments = [each and f"called with: {each}" for each in values.arguments]
    if arguments and values.arguments[0] in values.names:
        arguments[0] = ""
    first = [counted_from_one(error.text), values.names, *arguments[:1]]
    notes = ["; ".join(filter(None, first)), *arguments[1:]]
    return with_source_lines(path, stack, notes)


def _loaded(path: str) -> Program:
    source = source_file(path)
    try:
        return load(path) if source is None else loads(source.data, source.metadata)
    except LoadError as error:
        click.echo(f"Failed to load bytecode: {error.text}", err=True)
        sys.exit(exit_status.FAILED)


def _run(program: Program, options: RunOptions, quiet: bool) -> int:
    """Run the program and print its result.  The exit status.  Raises RunError."""
    try:
        result = program.run_with(options)
        if result is not None and not quiet:
            _print(f"Result: {result}")
    except BrokenPipeError:
        # The reader that closed the pipe knows.  Python must not try to write there again when it
        # ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return exit_status.FAILED
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        click.echo(f"mdvm: cannot write to standard output: {error.strerror}", err=True)
        return exit_status.FAILED
    return exit_status.SUCCESS


def _print(text: str) -> None:
    """Through the bytes below, for the program's text is UTF-8 wherever it goes."""
    sys.stdout.flush()
    stream = click.get_binary_stream("stdout")
    stream.write(text.encode("utf-8") + b"\n")
    stream.flush()


def _statistics(program: Program) -> str:
    stats = program.stats
    lines = [
        f"instructions: {stats.instructions}",
        f"copied because shared: {stats.copied_containers} containers "
        f"of {stats.copied_elements} elements",
        f"loops compiled: {stats.loops_compiled}",
        f"bridges compiled: {stats.bridges_compiled}",
        f"time: {int(stats.seconds * 1000)} ms",
        f"peak memory: {stats.peak_memory} KiB",
    ]
    if stats.made is not None:
        ints, floats, frames, memory = stats.made
        made = f"{ints} ints, {floats} floats, {frames} frames; {memory >> 10} KiB in all"
        lines.insert(2, f"made in memory: {made}")
    return "\n".join(lines)
