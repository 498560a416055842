"""`mdvm profile`: where a program spends its time."""

from __future__ import annotations

import sys

import click

from pymdvm import exit_status
from pymdvm.commands.console import Column, Output, standard_output
from pymdvm.commands.engine_warnings import print_warnings_plainly
from pymdvm.commands.options import seconds_option, show_output_option
from pymdvm.commands.output_files import check_output, write_text
from pymdvm.commands.programs import ProgramFile, files_read, program_argument, program_file
from pymdvm.engines.base import EngineError
from pymdvm.inspection.instruction_locations import InstructionLocations
from pymdvm.inspection.listing import LineKind, listing_lines
from pymdvm.profiling.flame_graph import flame_graph
from pymdvm.profiling.report import function_shares, instruction_shares
from pymdvm.profiling.sampler import DEFAULT_INTERVAL, Profile, profile
from pymdvm.profiling.stack_files import folded, speedscope
from pymdvm.program import loads
from pymdvm.sinks import Destination

MOST_INSTRUCTIONS = 40  # a longer listing is shown only around what has samples
AROUND = 2


@click.command("profile")
@program_argument
@click.option(
    "-o",
    "--flame-graph",
    "graph",
    metavar="OUT.svg",
    type=click.Path(),
    help="Write a flame graph, which a browser shows; a click widens a box.",
)
@click.option(
    "--folded",
    "folded_to",
    metavar="OUT.txt",
    type=click.Path(),
    help="Write a line for each stack, as flamegraph.pl and other tools read them.",
)
@click.option(
    "--speedscope",
    "speedscope_to",
    metavar="OUT.json",
    type=click.Path(),
    help="Write the profile for speedscope.",
)
@click.option(
    "--interval",
    metavar="MILLISECONDS",
    default=DEFAULT_INTERVAL * 1000,
    show_default=True,
    type=click.FloatRange(0.1, 1000),
    help="The time between samples.",
)
@seconds_option("what has been seen until then is shown")
@show_output_option
def command(
    program: str,
    graph: str | None,
    folded_to: str | None,
    speedscope_to: str | None,
    interval: float,
    seconds: float,
    show_output: bool,
) -> None:
    """Run a program and show where it spends its time, by function and by instruction.

    Samples are taken at equal intervals of time, in machine code too. `own` counts those that found
    the function or instruction being executed, `total` those that found the function among the
    calls going on. The time of an instruction that was optimised away counts for the one before it.

    \b
    Examples:
      mdvm profile examples/mandelbrot.mdasm
      mdvm profile -o flames.svg examples/fibonacci.mdasm
    """
    print_warnings_plainly()
    for path in (graph, folded_to, speedscope_to):
        if path is not None:
            check_output(path, files_read(program))
    file = program_file(program)
    stdout: Destination | None = None if show_output else _discard
    try:
        result = profile(loads(file.data), interval=interval / 1000, seconds=seconds, stdout=stdout)
    except EngineError as error:
        raise click.ClickException(str(error)) from None
    locations = InstructionLocations(file.module)
    title = f"{program}: {result.samples} samples"
    if graph is not None:
        write_text(graph, flame_graph(result.stacks, locations, title), files_read(program))
    if folded_to is not None:
        write_text(folded_to, folded(result.stacks, locations), files_read(program))
    if speedscope_to is not None:
        text = speedscope(result.stacks, locations, title, result.interval)
        write_text(speedscope_to, text, files_read(program))
    show(file, result, locations, standard_output())
    if result.error is not None:
        click.echo(f"Runtime error: {result.error.text}", err=True)
        sys.exit(exit_status.FAILED)


def show(
    file: ProgramFile, result: Profile, locations: InstructionLocations, output: Output
) -> None:
    """Print the profile of a program."""
    ended = ", ended because its time was over" if result.stopped else ""
    output.line(
        f"{file.path}: {result.samples} samples, one every {result.interval * 1000:g} ms, "
        f"{result.engine} engine{ended}",
        "heading",
    )
    if not result.samples:
        output.line("It ended before the first sample was taken.")
        return
    output.line()
    output.table(
        [
            Column("own", right=True),
            Column("%", right=True),
            Column("total", right=True),
            Column("%", right=True),
            Column("function"),
        ],
        [
            [
                str(share.own),
                _percent(share.own, result),
                str(share.total),
                _percent(share.total, result),
                share.name,
            ]
            for share in function_shares(result.stacks, locations)
        ],
    )
    output.line()
    _show_listing(file, result, output)


def _show_listing(file: ProgramFile, result: Profile, output: Output) -> None:
    own = instruction_shares(result.stacks)
    count = file.module.instruction_count()
    shown = (
        set(range(count))
        if count <= MOST_INSTRUCTIONS
        else {near for found in own for near in range(found - AROUND, found + AROUND + 1)}
    )
    rows: list[list[str]] = []
    heads: list[list[str]] = []  # the labels and functions before an instruction, shown if it is
    skipped = False
    for line in listing_lines(file.module):
        if line.kind in (LineKind.FUNCTION, LineKind.LABEL):
            heads.append(["", "", line.text])
        elif line.kind is LineKind.INSTRUCTION and line.index in shown:
            if skipped:
                rows.append(["", "", "; ..."])
            rows.extend(heads)
            samples = own.get(line.index, 0)
            rows.append(
                [
                    str(samples) if samples else "",
                    _percent(samples, result) if samples else "",
                    line.text,
                ]
            )
            heads, skipped = [], False
        elif line.kind is LineKind.INSTRUCTION:
            heads, skipped = [head for head in heads if head[2].startswith(".")], True
    output.table(
        [Column("own", right=True), Column("%", right=True), Column("instruction", code=True)], rows
    )


def _percent(samples: int, result: Profile) -> str:
    return f"{100 * samples / result.samples:.1f}"


def _discard(text: str) -> None:
    """The stdout of a program whose output nobody wants to see."""
