"""`mdvm profile`: where a program spends its time."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pymdvm import exit_status
from pymdvm.commands.console import Column, Output, standard_output
from pymdvm.commands.engine_warnings import print_warnings_plainly
from pymdvm.commands.options import seconds_option, show_output_option
from pymdvm.commands.output_files import check_output, write_text
from pymdvm.commands.programs import ProgramFile, files_read, program_argument, program_file
from pymdvm.engines.base import EngineError
from pymdvm.inspection.instruction_locations import FunctionNames, InstructionLocations
from pymdvm.inspection.listing import LineKind, listing_lines
from pymdvm.profiling.flame_graph import flame_graph
from pymdvm.profiling.report import function_shares, instruction_shares, line_shares
from pymdvm.profiling.sampler import DEFAULT_INTERVAL, Profile, profile
from pymdvm.profiling.source_lines import FunctionLines, SourceLines
from pymdvm.profiling.stack_files import folded, speedscope
from pymdvm.program import loads
from pymdvm.sinks import Destination
from pymdvm.wording import counted

MOST_INSTRUCTIONS = 40  # a longer listing is shown only around what has samples
AROUND = 2
MOST_LINES = 30  # and no more instructions that copied something

_OWN = (Column("own", right=True), Column("%", right=True))
_TOTAL = (Column("total", right=True), Column("%", right=True))


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
    "--lines",
    "by_line",
    is_flag=True,
    help="Tell source lines apart in these, not only functions.",
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
    by_line: bool,
    interval: float,
    seconds: float,
    show_output: bool,
) -> None:
    """Run a program and show where it spends its time, by function, line and instruction, and what
    it copies.

    Samples are taken at equal intervals of time, in machine code too. `own` counts those that found
    the function, line or instruction being executed, `total` those that found the function or line
    among the calls going on. The time of an instruction that was optimised away counts for the one
    before it. Source lines are known of a program in source and of one that `mdvm build` made.

    A container that a second name holds too is copied before it is changed. All such copies are
    counted, with their elements, not sampled.

    \b
    Examples:
      mdvm profile examples/mandelbrot.mdasm
      mdvm profile -o flames.svg examples/fibonacci.mdasm
      mdvm profile --lines --speedscope scope.json examples/primes.md
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
    source = _source_of(file)
    names: FunctionNames = locations
    if by_line:
        if source is None:
            click.echo(f"{program}: its source lines are not known.", err=True)
        else:
            names = FunctionLines(locations, source)
    title = f"{program}: {result.samples} samples"
    if graph is not None:
        write_text(graph, flame_graph(result.stacks, names, title), files_read(program))
    if folded_to is not None:
        write_text(folded_to, folded(result.stacks, names), files_read(program))
    if speedscope_to is not None:
        text = speedscope(result.stacks, names, title, result.interval, source)
        write_text(speedscope_to, text, files_read(program))
    show(file, result, locations, source, standard_output())
    if result.error is not None:
        click.echo(f"Runtime error: {result.error.text}", err=True)
        sys.exit(exit_status.FAILED)


def _source_of(file: ProgramFile) -> SourceLines | None:
    """What is known of the program's source; its text only where the program was made of it just
    now.
    """
    if file.described is None:
        return None
    if not file.lines:
        return SourceLines(file.described)
    try:
        text = Path(file.path).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):  # such as that of standard input
        text = []
    return SourceLines(file.described, text)


def show(
    file: ProgramFile,
    result: Profile,
    locations: InstructionLocations,
    source: SourceLines | None,
    output: Output,
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
    else:
        output.line()
        _show_functions(result, locations, output)
        if source is not None:
            output.line()
            _show_lines(result, source, output)
        output.line()
        _show_listing(file, result, source, output)
    if result.copies:
        output.line()
        _show_copies(result, locations, source, output)


def _show_functions(result: Profile, locations: InstructionLocations, output: Output) -> None:
    output.table(
        [*_OWN, *_TOTAL, Column("function")],
        [
            [*_shown(share.own, result), *_shown(share.total, result), share.name]
            for share in function_shares(result.stacks, locations)
        ],
    )


def _show_lines(result: Profile, source: SourceLines, output: Output) -> None:
    shares = line_shares(result.stacks, source)
    output.table(
        [*_OWN, *_TOTAL, Column("line", right=True), Column(source.path)],
        [
            [
                *_shown(share.own, result),
                *_shown(share.total, result),
                str(share.line or "?"),
                source.text_of(share.line),
            ]
            for share in shares[:MOST_LINES]
        ],
    )
    if len(shares) > MOST_LINES:
        output.line(f"and {counted(len(shares) - MOST_LINES, 'more line')}", "quiet")


def _show_listing(
    file: ProgramFile, result: Profile, source: SourceLines | None, output: Output
) -> None:
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
    last = ""
    for line in listing_lines(file.module):
        if line.kind in (LineKind.FUNCTION, LineKind.LABEL):
            heads.append(["", "", "", line.text])
        elif line.kind is LineKind.INSTRUCTION and line.index in shown:
            if skipped:
                rows.append(["", "", "", "; ..."])
            rows.extend(heads)
            samples = own.get(line.index, 0)
            place = "" if source is None else source.place_of(line.index)
            rows.append(
                [
                    *(_shown(samples, result) if samples else ("", "")),
                    "" if place == last else place,
                    line.text,
                ]
            )
            last = place
            heads, skipped = [], False
        elif line.kind is LineKind.INSTRUCTION:
            heads, skipped = [head for head in heads if head[3].startswith(".")], True
    columns = [*_OWN, Column("place", right=True), Column("instruction", code=True)]
    if source is None:
        del columns[2]
        for row in rows:
            del row[2]
    output.table(columns, rows)


def _show_copies(
    result: Profile,
    locations: InstructionLocations,
    source: SourceLines | None,
    output: Output,
) -> None:
    containers = sum(each for each, _ in result.copies.values())
    elements = sum(each for _, each in result.copies.values())
    output.line(
        f"copied because shared: {counted(containers, 'container')} "
        f"of {counted(elements, 'element')}",
        "heading",
    )
    found = sorted(result.copies.items(), key=lambda item: (-item[1][1], -item[1][0], item[0]))
    rows = [
        [
            str(copied[1]),
            str(copied[0]),
            "" if source is None else source.place_of(instruction),
            f"{at.text}  ; {at.function} {instruction}",
            "" if source is None else source.text_of(source.line_of(instruction)),
        ]
        for instruction, copied in found[:MOST_LINES]
        for at in [locations.location(instruction)]
    ]
    columns = [
        Column("elements", right=True),
        Column("containers", right=True),
        Column("place", right=True),
        Column("instruction", code=True),
        Column("" if source is None else source.path),
    ]
    if source is None:
        del columns[2], columns[-1]
        for row in rows:
            del row[2], row[-1]
    output.table(columns, rows)
    if len(found) > MOST_LINES:
        output.line(f"and {counted(len(found) - MOST_LINES, 'more instruction')}", "quiet")


def _shown(samples: int, result: Profile) -> tuple[str, str]:
    return str(samples), f"{100 * samples / result.samples:.1f}"


def _discard(text: str) -> None:
    """The stdout of a program whose output nobody wants to see."""
