"""Makes what is run: bytecode of a benchmark in either shape, and the peers' programs. Everything
goes to build/bench/.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from bench.compiler_shape import compiler_shaped
from bench.straight_line import source as straight_line_source
from bench.suite import COMPILED, HAND
from pymdvm.assembler import assemble
from pymdvm.bytecode import Program, write

TOP = Path(__file__).resolve().parent.parent
BENCH = TOP / "bench"
FOLDER = TOP / "build" / "bench"

GENERATED = "straight"  # the one benchmark that bench/straight_line.py writes out
C_OPTIONS = ("-O2", "-std=gnu11", f"-I{BENCH / 'peers'}")


class CannotBuild(Exception):
    """A program of the suite cannot be made. The text says which and why."""


def source(name: str, language: str) -> str:
    """The text of a benchmark in a language: "mdasm", "c", "py", "js" or "lua"."""
    if name == GENERATED:
        return straight_line_source(language)
    return (
        BENCH / ("programs" if language == "mdasm" else "peers") / f"{name}.{language}"
    ).read_text()


def program(name: str, size: int, shape: str = HAND) -> Program:
    """The program for the VM at a size."""
    text, found = re.subn(r"(?m)^\.const N .*$", f".const N {size}", source(name, "mdasm"))
    if found != 1:
        raise CannotBuild(f"{name}.mdasm does not have one `.const N`")
    made = assemble(text)
    return compiler_shaped(made) if shape == COMPILED else made


def bytecode(name: str, size: int, shape: str = HAND) -> Path:
    """The .mdbc file of a benchmark."""
    path = FOLDER / f"{name}-{size}{'.compiled' if shape == COMPILED else ''}.mdbc"
    _write(path, write(program(name, size, shape)))
    return path


def script(name: str, language: str) -> Path:
    """The file of a peer that is run from its source."""
    if name != GENERATED:
        return BENCH / "peers" / f"{name}.{language}"
    path = FOLDER / f"{name}.{language}"
    _write(path, source(name, language).encode())
    return path


def compiled_c(name: str, text: str | None = None) -> Path:
    """The built C program of a benchmark, or of the text given; built again only if its source
    changed.
    """
    text = source(name, "c") if text is None else text
    path = FOLDER / f"{name}-c"
    written = FOLDER / f"{name}.c"
    header = (BENCH / "peers" / "checked.h").read_bytes()
    stamp = FOLDER / f"{name}-c.header"
    if path.exists() and _holds(written, text.encode()) and _holds(stamp, header):
        return path
    _write(written, text.encode())
    built = subprocess.run(
        ["gcc", *C_OPTIONS, "-o", str(path), str(written), "-lm"], capture_output=True, text=True
    )
    if built.returncode:
        raise CannotBuild(f"gcc does not compile {name}.c:\n{built.stderr}")
    _write(stamp, header)
    return path


def launcher() -> Path:
    """The program that runs a command and tells what it took."""
    return compiled_c("launch", (BENCH / "launch.c").read_text())


def _holds(path: Path, content: bytes) -> bool:
    return path.exists() and path.read_bytes() == content


def _write(path: Path, content: bytes) -> None:
    """Only where it changes something, so that what is being run is not replaced under it."""
    if not _holds(path, content):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
