"""Translates targetmdvm.py with RPython into ./mdvm-c and ./libmdvm.so, showing only the phases and
the time.

    python3 tools/translate.py

What RPython prints goes to build/translate.log; its end is shown if the translation fails. All
options that RPython gets on its command line are in `rpython_options` below; those of the GC and
the JIT are in targetmdvm.py. Environment: PYTHON2, RPYTHON (see bootstrap.py), CC,
TRANSLATE_OPTIONS (more options for RPython, such as "--lldebug"), STOCK (1: without the corrections
of RPython that are for speed only), PROCESSOR (another one than this machine's, which
translate_for.py sets); CFLAGS, options of the C compiler after ours (compiler_flags.py).
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

import older_glibc
from bootstrap import NOT_FOR_RPYTHON, Translator, translator
from compiler_flags import compiler_flags
from layout import BUILD, TOP, ToolchainError, only_one, run_tool, say
from translation_log import PhaseReader, own_lines, tail

# RPython derives the library's name from the program's: `mdvm` gives libmdvm.so. It also makes a
# program, but ours has mdvm/system/launcher.c in it, which gives the VM its stack.
LIBRARY = "libmdvm.so"
PROGRAM = "mdvm-c"
MAKE_JOBS = 2
POLL_SECONDS = 0.25


def rpython_options(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Every option of the translation; the later ones win, so TRANSLATE_OPTIONS can override.

    RPython takes the level once only: `--opt=2` there makes a VM without the JIT.
    """
    options = ["--batch", "--shared", "--output=mdvm", f"--make-jobs={MAKE_JOBS}"]
    own = shlex.split(environment.get("TRANSLATE_OPTIONS", ""))
    if not any(option.startswith("--opt=") for option in own):
        options.append("--opt=jit")
    return options + own


def target_options(environment: Mapping[str, str] = os.environ) -> list[str]:
    """What targetmdvm.py is told."""
    options = ["--stock"] if environment.get("STOCK") else []
    if environment.get("PROCESSOR"):
        options.append(f"--processor={environment['PROCESSOR']}")
    return options


def recorded_settings(environment: Mapping[str, str] = os.environ) -> str:
    """What the Makefile compares to see that a translation with other options was asked for. Same
    text there.
    """
    names = ("RPYTHON", "TRANSLATE_OPTIONS", "STOCK")
    return " ".join(environment.get(name, "") for name in names)


class Progress:
    """Shows the phase and the seconds since the start: one line that counts on a terminal, else one
    line a phase.
    """

    def __init__(self, stream: TextIO, started: float) -> None:
        self._stream = stream
        self._started = started
        self._terminal = stream.isatty()
        self._phase = ""

    def begin(self, phase: str) -> None:
        if self._terminal and self._phase:
            self._stream.write("\n")
        self._phase = phase
        self._write("" if self._terminal else "\n")

    def tick(self) -> None:
        if self._terminal and self._phase:
            self._write("")

    def end(self) -> None:
        if self._terminal and self._phase:
            self._stream.write("\n")
            self._stream.flush()
        self._phase = ""

    def _write(self, end: str) -> None:
        seconds = time.monotonic() - self._started
        start = "\r" if self._terminal else ""
        self._stream.write(f"{start}[{seconds:4.0f} s] {self._phase}{end}")
        self._stream.flush()


def run_rpython(
    tools: Translator, target: Path, folder: Path, log: Path, progress: Progress
) -> int:
    """Run the translation in `folder` with its output in `log`; the exit status."""
    command = [str(tools.python2), *tools.start, *rpython_options(), str(target)]
    command += target_options()
    with open(log, "w") as out, open(log, errors="replace") as reader:
        out.write(f"{shlex.join(command)}\n")
        out.flush()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**tools.environment(scratch=folder), "CFLAGS": compiler_flags()},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            # so that an interrupt can end it together with the compilers it started
            start_new_session=True,
        )
        try:
            return _follow(process, reader, progress)
        finally:
            _end(process)
            progress.end()


def _follow(process: subprocess.Popen[bytes], reader: TextIO, progress: Progress) -> int:
    phases = PhaseReader()
    while True:
        status = process.poll()
        for phase in phases.feed(reader.read()):
            progress.begin(phase)
        if status is not None:
            return status
        progress.tick()
        time.sleep(POLL_SECONDS)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def failure_report(log: Path, status: int, count: int = 40) -> str:
    """What to show when the translation failed: the end of the log, and where all of it is."""
    text = log.read_text(errors="replace") if log.exists() else ""
    end = tail(text, count)
    return (
        f"the translation failed (exit status {status}). The end of its log:\n\n{end}\n\n"
        f"All of it: {log}"
    )


# Read after RPython's own Makefile, which knows the objects of the VM and the libraries that they
# need.
_RULES = """
include Makefile
.PHONY: program library
library:
	$(CC_LINK) $(LDFLAGSEXTRA) -o $(LIBRARY) $(OBJECTS) $(OLDER_GLIBC) \\
		$(LIBDIRS) $(LIBS) $(LINKFILES) $(LDFLAGS)
program:
	$(CC_LINK) -O2 -Wall -no-pie -pthread -o $(PROGRAM) $(LAUNCHER) $(LDFLAGSEXTRA) \\
		$(OBJECTS) $(LIBDIRS) $(LIBS)
"""


def link_program(source: Path, folder: Path) -> None:
    """Link the launcher with the VM's objects rather than with the library, whose relocation took
    half of the time of a start.

    source: launcher.c. folder: where RPython has translated. Raises ToolchainError.
    """
    if not (folder / LIBRARY).exists():
        raise ToolchainError(f"the translation ended well but left no {LIBRARY} in {folder}")
    _link(folder, "program", [f"PROGRAM={folder / PROGRAM}", f"LAUNCHER={source}"])


def link_library(folder: Path, processor: str) -> None:
    """Link the library once more, so that it runs with older versions of glibc than the one here.
    Where that cannot be done it stays as it is, and that is said.

    processor: as older_glibc.processor_here has it.

    The program is not: it takes a library more, and that 3 % of the time of a start.
    """
    options = older_glibc.link_options(folder, processor)
    if not options:
        return
    linked = folder / f"{LIBRARY}.linked"
    try:
        _link(folder, "library", [f"LIBRARY={linked}", f"OLDER_GLIBC={shlex.join(options)}"])
    except ToolchainError as problem:
        linked.unlink(missing_ok=True)
        say(f"{LIBRARY} needs a glibc as new as the one here: {problem}")
        return
    os.replace(linked, folder / LIBRARY)


def _link(folder: Path, product: str, values: list[str]) -> None:
    """Make one of _RULES where RPython has translated, with these values of make's variables.
    Raises ToolchainError.
    """
    makefiles = sorted(
        path
        for path in folder.glob("usession-*/testing_1/Makefile")
        if not path.parents[1].is_symlink()
    )
    if not makefiles:
        raise ToolchainError(f"the translation ended well but left no Makefile under {folder}")
    command = ["make", "-s", "-C", str(makefiles[-1].parent), "-f", "-", product, *values]
    own = {name: value for name, value in os.environ.items() if name not in NOT_FOR_RPYTHON}
    linked = subprocess.run(command, input=_RULES, capture_output=True, text=True, env=own)
    if linked.returncode:
        raise ToolchainError(
            f"the {product} could not be linked:\n{tail(linked.stdout + linked.stderr, 20)}"
        )


def install(folder: Path, top: Path, started: float) -> None:
    """Put the products at the top level, each in one step, dated at the start of the translation.

    The date makes a source file that was edited while the translation ran newer than its products.
    """
    for product in (LIBRARY, PROGRAM):
        draft = top / f"{product}.new"
        shutil.copy(folder / product, draft)
        os.utime(draft, (started, started))
        os.replace(draft, top / product)


def translate(
    top: Path = TOP,
    build: Path = BUILD,
    elsewhere: Path | None = None,
    glibc_for: str | None = None,
) -> None:
    """The whole translation: tools, RPython, products at the top level.

    elsewhere: where the products go instead, if they are for another machine. glibc_for: its
    processor, as older_glibc.processor_here has it.
    """
    target = top / "targetmdvm.py"
    if not target.exists():
        raise ToolchainError(f"there is no {target}")
    tools = translator()
    with only_one(build, "translating"):
        folder, log = build / "translation", build / "translate.log"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        say(f"translating {target.name} (5 to 10 minutes; the log is {_shown(log)})")
        started, clock = time.time(), time.monotonic()
        status = run_rpython(tools, target, folder, log, Progress(sys.stderr, clock))
        if status:
            raise ToolchainError(failure_report(log, status))
        for line in own_lines(log.read_text(errors="replace")):
            say(line)
        link_program(top / "mdvm" / "system" / "launcher.c", folder)
        link_library(folder, older_glibc.processor_here() if glibc_for is None else glibc_for)
        install(folder, elsewhere or top, started)
        (build / "settings").write_text(recorded_settings())
        say(f"[{time.monotonic() - clock:4.0f} s] done: {PROGRAM} and {LIBRARY}")


def _shown(path: Path) -> str:
    """A path as the user would type it."""
    return os.path.relpath(path)


def main() -> int:
    translate()
    return 0


if __name__ == "__main__":
    sys.exit(run_tool(main))
