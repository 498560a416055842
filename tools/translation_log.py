"""Reads RPython's log as it grows, and tells which phase the translation is in.

The raw log has thousands of lines. What a user wants of them: the line that opens each phase, and
the end of the log when the translation failed.
"""

from __future__ import annotations

import re

# The title that RPython prints when a phase begins, and what it is called here. Order as they
# happen.
PHASES = {
    "Annotating&simplifying": "annotate",
    "RTyping": "rtype",
    "JIT compiler generation": "make the JIT compiler",
    "test of the JIT on the llgraph backend": "test the JIT",
    "lltype back-end optimisations": "optimise",
    "inserting stack checks": "insert stack checks",
    "Creating database for generating c source": "lay out the data",
    "Generating c source": "write C",
    "Compiling c source": "compile C",
    "LLInterpreting": "interpret",
}
PHASE_LINE = re.compile(r"^\[translation(?::info)?\] (.+)\.\.\.$")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def phase_of(line: str) -> str | None:
    """The name of the phase that this line of the log opens, or None."""
    match = PHASE_LINE.match(COLOUR.sub("", line).strip())
    return PHASES.get(match.group(1)) if match else None


# Lines that translation/changes.py writes.
OWN_LINE = "[mdvm] "


def own_lines(log: str) -> list[str]:
    """What the project itself says in a log: the corrections of RPython that were left out."""
    lines = log.splitlines()
    return [line.removeprefix(OWN_LINE) for line in lines if line.startswith(OWN_LINE)]


class PhaseReader:
    """Takes the log in whatever pieces it arrives; gives the phases that began in each."""

    def __init__(self) -> None:
        self._unfinished = ""

    def feed(self, piece: str) -> list[str]:
        *lines, self._unfinished = (self._unfinished + piece).split("\n")
        phases = (phase_of(line) for line in lines)
        return [phase for phase in phases if phase]


def tail(text: str, count: int = 40) -> str:
    """The last `count` lines of a log, without colours."""
    return "\n".join(COLOUR.sub("", text).rstrip().splitlines()[-count:])
