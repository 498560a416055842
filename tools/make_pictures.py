"""Makes the pictures in docs/command-line.md with the commands themselves.

    python3 tools/make_pictures.py

They show one run on one machine, so unlike the other generated documents they are made anew only
when the pictures are to change. It takes the built VM.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from rich.console import Console

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))

from pymdvm.commands import profile as profile_command  # noqa: E402
from pymdvm.commands import trace as trace_command  # noqa: E402
from pymdvm.commands.console import RichOutput  # noqa: E402
from pymdvm.commands.programs import ProgramFile, program_file  # noqa: E402
from pymdvm.engines.executable import find_mdvm_c  # noqa: E402
from pymdvm.inspection.instruction_locations import InstructionLocations  # noqa: E402
from pymdvm.profiling.flame_graph import flame_graph  # noqa: E402
from pymdvm.profiling.sampler import profile  # noqa: E402
from pymdvm.program import loads  # noqa: E402
from pymdvm.tracing.recorder import record  # noqa: E402

DOCS = TOP / "docs"
TRACED = "bench/programs/sieve.mdasm"
PROFILED = "bench/programs/nbody.mdasm"
FLAMES_OF = "bench/programs/trees.mdasm"
COLUMNS = 100


def main() -> None:
    """Writes the pictures."""
    file = _program(TRACED)
    console = _console()
    trace_command.show(file, record(find_mdvm_c(), file.data), 1, False, RichOutput(console))
    _save(console, "trace.svg", f"mdvm trace --loops 1 {TRACED}")

    file = _program(PROFILED)
    console = _console()
    result = profile(loads(file.data), stdout=_discard)
    profile_command.show(file, result, InstructionLocations(file.module), None, RichOutput(console))
    _save(console, "profile.svg", f"mdvm profile {PROFILED}")

    file = _program(FLAMES_OF)
    result = profile(loads(file.data), stdout=_discard)
    title = f"{FLAMES_OF}: {result.samples} samples"
    (DOCS / "flame-graph.svg").write_text(
        flame_graph(result.stacks, InstructionLocations(file.module), title), encoding="utf-8"
    )


def _program(path: str) -> ProgramFile:
    return ProgramFile(path, program_file(str(TOP / path)).data)


def _console() -> Console:
    return Console(
        record=True,
        width=COLUMNS,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
    )


def _save(console: Console, name: str, title: str) -> None:
    picture = console.export_svg(title=title, unique_id=name.partition(".")[0])
    # A document should not fetch anything, fonts neither.
    (DOCS / name).write_text(
        re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL), encoding="utf-8"
    )


def _discard(text: str) -> None:
    """The stdout of the programs."""


if __name__ == "__main__":
    main()
