"""`mdvm trace`: what the JIT compiled, beside the program, with counts."""

from __future__ import annotations

import sys
from collections import defaultdict

import click

from pymdvm import exit_status
from pymdvm.commands.console import Column, Output, standard_output
from pymdvm.commands.options import seconds_option, show_output_option
from pymdvm.commands.programs import ProgramFile, program_argument, program_file
from pymdvm.engines.executable import NoBinaryError, find_mdvm_c
from pymdvm.inspection.instruction_locations import START, InstructionLocations
from pymdvm.inspection.listing import LineKind, listing_lines
from pymdvm.tracing.jit_log import Trace, instruction_runs
from pymdvm.tracing.recorder import Recording, record
from pymdvm.wording import counted

MOST_NUMBERS = 4  # of traces, beside one instruction
INDENT_OF_INLINED = "    "
# What mdvm-c says to wrong options, and the system where it does not start.
WRONG_START = (2, 126, 127)


@click.command("trace")
@program_argument
@click.option(
    "--loops",
    "most",
    default=3,
    show_default=True,
    metavar="N",
    type=click.IntRange(0),
    help="How many of the hottest traces to show.",
)
@click.option(
    "--operations", is_flag=True, help="Show the machine-independent operations of those, too."
)
@click.option(
    "--jit", metavar="OPTIONS", help="Parameters for the JIT, as `mdvm-c --jit` takes them."
)
@seconds_option("its traces are then shown without counts")
@show_output_option
def command(
    program: str, most: int, operations: bool, jit: str | None, seconds: float, show_output: bool
) -> None:
    """Run a program in the native VM and show the machine code that the JIT made of it.

    First all traces: loops, and bridges, which go on where a guard of another trace fails. Then the
    listing, with how often machine code reached each instruction. Then the hottest traces,
    instruction by instruction; those inside of inlined calls are indented. Instructions without
    operations of their own have vanished into others.

    \b
    Example:
      mdvm trace examples/sieve.mdasm
    """
    file = program_file(program)
    try:
        mdvm_c = find_mdvm_c()
    except NoBinaryError as error:
        raise click.ClickException(str(error)) from None
    try:
        recording = record(mdvm_c, file.data, ["--jit", jit] if jit else [], show_output, seconds)
    except OSError as error:
        raise click.ClickException(f"cannot run {mdvm_c}: {error.strerror}") from None
    if recording.status in WRONG_START:
        raise click.ClickException(f"cannot run the program\n{recording.error.strip()}")
    show(file, recording, most, operations, standard_output())
    if recording.status and not recording.stopped:
        click.echo(recording.error, err=True, nl=False)
        sys.exit(recording.status if recording.status > 0 else exit_status.FAILED)


def show(
    file: ProgramFile, recording: Recording, most: int, operations: bool, output: Output
) -> None:
    """Print what was recorded.  most: how many traces in detail."""
    traces = sorted(recording.traces, key=lambda trace: trace.runs, reverse=True)
    loops = sum(trace.guard is None for trace in traces)
    ended = ", ended because its time was over" if recording.stopped else ""
    output.line(
        f"{file.path}: {counted(loops, 'loop')} and {counted(len(traces) - loops, 'bridge')} "
        f"compiled{ended}",
        "heading",
    )
    if not traces:
        output.line("Nothing ran often enough to be compiled.")
        return
    output.line()
    _show_overview(traces, output)
    output.line()
    _show_listing(traces, file, output)
    locations = InstructionLocations(file.module)
    for trace in traces[:most]:
        output.line()
        _show_trace(trace, locations, operations, output)


def _show_overview(traces: list[Trace], output: Output) -> None:
    output.table(
        [
            Column("trace"),
            Column("begins at"),
            Column("runs", right=True),
            Column("instructions", right=True),
            Column("operations", right=True),
        ],
        [
            [
                _name(trace),
                _beginning(trace),
                _number(trace.runs),
                str(len(trace.steps)),
                str(trace.size),
            ]
            for trace in traces
        ],
    )


def _show_listing(traces: list[Trace], file: ProgramFile, output: Output) -> None:
    runs = instruction_runs(traces)
    numbers_of: dict[int, set[int]] = defaultdict(set)
    for trace in traces:
        for step in trace.steps:
            if not step.is_jump:
                numbers_of[step.instruction].add(trace.number)
    rows = []
    for line in listing_lines(file.module):
        if line.kind is LineKind.INSTRUCTION:
            numbers = sorted(numbers_of[line.index])
            shown = ", ".join(
                [str(number) for number in numbers[:MOST_NUMBERS]]
                + ["..."] * (len(numbers) > MOST_NUMBERS)
            )
            rows.append([_number(runs.get(line.index, 0)), shown, line.text])
        elif line.kind in (LineKind.LABEL, LineKind.FUNCTION, LineKind.BLANK) and (
            rows or line.text
        ):
            rows.append(["", "", line.text])
    output.table(
        [Column("runs", right=True), Column("in traces"), Column("instruction", code=True)], rows
    )


def _show_trace(
    trace: Trace, locations: InstructionLocations, operations: bool, output: Output
) -> None:
    output.line(_name(trace) + (f": {_number(trace.runs)} runs" if trace.runs else ""), "heading")
    rows = []
    segments = [segment for segment in trace.segments if segment.steps]
    for segment in segments:
        if len(segments) > 1:
            rows.append(
                [
                    _number(segment.runs),
                    "",
                    "; the loop" if segment is segments[-1] else "; before the loop",
                ]
            )
        for step in segment.steps:
            text = locations.text_of(step.instruction)
            shown = (
                f"; jump to {step.instruction}"
                if step.is_jump
                else f"{text}  ; {step.function or START} {step.instruction}"
            )
            rows.append(
                [
                    _number(segment.runs),
                    str(len(step.operations)),
                    INDENT_OF_INLINED * step.depth + shown,
                ]
            )
            if operations:
                rows.extend([["", "", "; " + operation] for operation in step.operations])
    output.table(
        [
            Column("runs", right=True),
            Column("operations", right=True),
            Column("instruction", code=True),
        ],
        rows,
    )


def _name(trace: Trace) -> str:
    if trace.guard is None:
        return f"{trace.number} {trace.kind}"
    return f"{trace.number} bridge" + (f" of {trace.parent.number}" if trace.parent else "")


def _beginning(trace: Trace) -> str:
    return f"{trace.first.function or START} {trace.first.instruction}" if trace.first else ""


def _number(count: int) -> str:
    """Nothing for what has not been counted."""
    return f"{count:,}" if count else ""
