"""`mdvm build`: a source file to an .mdbc file, with its metadata beside it."""

from __future__ import annotations

import os

import click

from mdvm.loading.metadata import MAGIC
from mdvm.loading.paths import METADATA, with_extension
from pymdvm import exit_status
from pymdvm.commands.failures import wrong_usage
from pymdvm.commands.output_files import STANDARD, write_files
from pymdvm.commands.progress import ProgressWatcher
from pymdvm.commands.sources import compiled, source_argument
from pymdvm.compiler.driver import (
    DEFAULT_LEVEL,
    DEFAULT_TARGET,
    LEVELS,
    TARGETS,
    CompiledProgram,
    CompilerOptions,
    Watcher,
    stage_names,
)
from pymdvm.compiler.mir.model import MirModule
from pymdvm.compiler.mir.printing import print_module
from pymdvm.compiler.passes.manager import PASSES
from pymdvm.output_files import is_special

# Other compilers have a level more; here it means the highest.
_MORE = LEVELS[-1] + 1
CFG = "cfg"
MIR = "mir"
ASSEMBLY = "asm"


@click.command("build")
@source_argument
@click.option(
    "-o",
    "--output",
    metavar="OUT.mdbc",
    type=click.Path(allow_dash=True),
    help="The file to write, - for standard output. Without it: FILE with the extension .mdbc.",
)
@click.option(
    "-O",
    "level",
    type=click.Choice([str(level) for level in (*LEVELS, _MORE)]),
    default=str(DEFAULT_LEVEL),
    show_default=True,
    help="How much to optimise; 3 means 2.",
)
@click.option(
    "--target",
    type=click.Choice(TARGETS),
    default=DEFAULT_TARGET,
    show_default=True,
    help="The VM to run on: the published one, or only mdvm.",
)
@click.option(
    "--without",
    metavar="PASS",
    multiple=True,
    type=click.Choice(list(PASSES)),
    help="Leave out a pass; may be given again.",
)
@click.option(
    "--show",
    type=click.Choice([CFG, MIR, ASSEMBLY]),
    help="Print the control-flow graph for Graphviz, the MIR or the listing, and write a "
    "file only with -o.",
)
@click.option(
    "--dump-mir",
    metavar="PASS",
    help="Print the MIR after this pass, or after `lowering`, on standard error.",
)
@click.option(
    "--time-passes", is_flag=True, help="Tell on standard error how long each pass takes."
)
def command(
    source: str,
    output: str | None,
    level: str,
    target: str,
    without: tuple[str, ...],
    show: str | None,
    dump_mir: str | None,
    time_passes: bool,
) -> None:
    """Compile a program to bytecode, with metadata for error messages and listings beside it
    (OUT.mdbm).

    No metadata are written beside standard output or a device. The exit status is 1 if there are
    errors in the program, 2 if a file cannot be used.

    \b
    Examples:
      mdvm build examples/fibonacci.md -o fibonacci.mdbc
      mdvm build -O0 --show mir examples/fibonacci.md
    """
    options = CompilerOptions(min(int(level), LEVELS[-1]), target, without)
    dumpable = dict.fromkeys(stage_names(options.level, without)[1:-2])
    if dump_mir is not None and dump_mir not in dumpable:
        raise click.UsageError(f"-O{level} has no pass {dump_mir!r}; it has {', '.join(dumpable)}")
    if show is not None and output == STANDARD:
        raise click.UsageError("--show and -o - would both print")
    watcher = _BuildWatcher(dump_mir)
    with watcher.progress:
        program = compiled(source, options, watcher)
    if time_passes:
        watcher.show_times()
    if show is not None:
        _show(source, program, show)
    if show is None or output is not None:
        _write(program, source, os.path.splitext(source)[0] + ".mdbc" if output is None else output)


class _BuildWatcher(Watcher):
    """Shows progress, keeps times, and prints the MIR where that is wanted."""

    def __init__(self, dumped: str | None) -> None:
        self.progress = ProgressWatcher()
        self._dumped = dumped
        self._times: list[tuple[str, float]] = []

    def begin(self, stages: list[str]) -> None:
        self.progress.begin(stages)

    def done(self, stage: str, seconds: float, module: MirModule | None) -> None:
        self.progress.done(stage, seconds, module)
        self._times.append((stage, seconds))
        if stage == self._dumped and module is not None:
            click.echo(f"; MIR after {stage}\n{print_module(module)}", err=True, nl=False)

    def show_times(self) -> None:
        """The time of each stage, those that ran more than once in a line each."""
        for stage, seconds in self._times:
            click.echo(f"{seconds * 1000:10.2f} ms  {stage}", err=True)
        click.echo(f"{sum(seconds for _, seconds in self._times) * 1000:10.2f} ms  all", err=True)


def _show(path: str, program: CompiledProgram, what: str) -> None:
    if what == MIR:
        click.echo(print_module(program.module), nl=False)
        return
    from pymdvm.commands.programs import ProgramFile

    file = ProgramFile(path, program.bytecode, metadata=program.metadata)
    if what == CFG:
        from pymdvm.inspection.control_flow_graph import control_flow_graph

        click.echo(control_flow_graph(file.module), nl=False)
        return
    from pymdvm.commands.console import standard_output
    from pymdvm.inspection.listing import listing_lines

    output = standard_output()
    for line in listing_lines(file.module, metadata=file.described):
        output.assembly(line.text)


def _write(program: CompiledProgram, source: str, path: str) -> None:
    """The bytecode, and its metadata where there is a file for them to be beside of."""
    files = [(path, program.bytecode)]
    if not is_special(path):
        metadata = with_extension(path, METADATA)
        _check_metadata_path(path, metadata)
        files.append((metadata, program.metadata))
    write_files(files, [source], exit_status.WRONG_USAGE)


def _check_metadata_path(path: str, metadata: str) -> None:
    """Nobody has named the file of metadata: it must not replace anything but metadata.
    Raises click.ClickException.
    """
    if metadata == path:
        raise wrong_usage(f"{path} is where the program's metadata go; choose another extension")
    try:
        with open(metadata, "rb") as file:
            there = file.read(len(MAGIC))
    except (OSError, ValueError):
        return  # nothing is there, or writing will tell
    if there and there != MAGIC.encode("ascii"):
        raise wrong_usage(
            f"{metadata}, where the program's metadata go, is something else; choose another "
            "name with -o"
        )
