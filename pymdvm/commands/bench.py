"""`mdvm bench`: how long a program takes, measured with pyperf."""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from pymdvm.commands.console import Output, standard_output
from pymdvm.commands.output_files import check_output, write_bytes
from pymdvm.commands.programs import files_read, program_argument, program_file
from pymdvm.engines.executable import NoBinaryError, find_mdvm_c


@click.command("bench")
@program_argument
@click.option("--fast", is_flag=True, help="Fewer runs, for a quick look.")
@click.option(
    "--jit",
    metavar="OPTIONS",
    help="Parameters of the JIT, or `off`, as `mdvm-c --jit` takes them.",
)
@click.option(
    "-o",
    "--output",
    "kept",
    metavar="OUT.json",
    type=click.Path(),
    help="Keep pyperf's file, for `pyperf compare_to`.",
)
def command(program: str, fast: bool, jit: str | None, kept: str | None) -> None:
    """Measure how long a program takes in the native VM, from the start of the process to its end.

    pyperf, which has to be installed, runs it again and again in processes of their own.

    \b
    Example:
      mdvm bench --fast examples/sieve.mdasm
    """
    pyperf = _pyperf()
    if kept is not None:
        check_output(kept, files_read(program))
    file = program_file(program)
    try:
        mdvm_c = find_mdvm_c()
    except NoBinaryError as error:
        raise click.ClickException(str(error)) from None
    with tempfile.TemporaryDirectory(prefix="mdvm-bench-") as folder:
        path = Path(folder, "program.mdbc")
        path.write_bytes(file.data)
        run = [str(mdvm_c), *(["--jit", jit] if jit else []), str(path)]
        _try_once(run, program)
        results = Path(folder, "results.json")
        _measure(
            [
                *(["--fast"] if fast else []),
                "--name",
                Path(program).stem,
                "-o",
                str(results),
                "--",
                *run,
            ]
        )
        benchmark = pyperf.Benchmark.load(str(results))
        if kept is not None:
            write_bytes(kept, results.read_bytes(), files_read(program))
    show(program, benchmark, standard_output())


def show(path: str, benchmark: Any, output: Output) -> None:
    """Print a pyperf.Benchmark.  path: what to call the program."""
    output.line(f"{path}: {_time(benchmark.median())} +- {_time(benchmark.stdev())}", "heading")
    values = benchmark.get_values()
    output.line(
        f"median and standard deviation of {len(values)} runs, from {_time(min(values))} to "
        f"{_time(max(values))}"
    )


def _pyperf() -> Any:
    try:
        return importlib.import_module("pyperf")
    except ImportError:
        raise click.ClickException(
            "this takes pyperf, which is not installed: pip install pyperf"
        ) from None


def _try_once(run: list[str], program: str) -> None:
    """A program that fails is not worth measuring."""
    result = subprocess.run(run, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    if result.returncode:
        message = (
            result.stderr.decode("utf-8", "replace").strip()
            or f"ended with exit status {result.returncode}"
        )
        raise click.ClickException(f"{program}: {message}")


def _measure(arguments: list[str]) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "pyperf", "command", "--quiet", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if result.returncode:
        raise click.ClickException(
            f"pyperf failed\n{result.stderr.decode('utf-8', 'replace').strip()}"
        )


def _time(seconds: float) -> str:
    """With three digits, in a unit that suits."""
    for factor, unit in ((1, "s"), (1e3, "ms")):
        if seconds * factor >= 1:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e6:.3g} us"
