"""Programs with what running them comes to, and the files that hold them.

A file holds case after case, each in this form, in which everything but the first line may be left
out:

    %% a few words
    the program
    %prints
    its output
    %gives Int(5)
    %fails Division by zero

`gives` is the debug form of the value that the program gives back, `fails` the text of the error
that ends it. Empty lines at the end of the program do not count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

_START = "%% "
_PRINTS = "%prints"
_GIVES = "%gives "
_FAILS = "%fails "


@dataclass(frozen=True)
class Case:
    """name: a few words; source: the program; stdout: what it prints; value: the debug form of what
    it gives back (`Empty` for nothing); error: the text of the run-time error that ends it.
    """

    name: str
    source: str
    stdout: str = ""
    value: str = "Empty"
    error: str = ""

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


def read_cases(path: Path) -> list[Case]:
    """The cases of a file; their names begin with the file's."""
    topic = path.stem.replace("_", " ")
    _, *parts = ("\n" + path.read_text(encoding="utf-8")).split("\n" + _START)
    return [_case(f"{topic}: {part}") for part in parts]


def _case(text: str) -> Case:
    name, *lines = text.rstrip("\n").split("\n")
    case = Case(name, "")
    printing = False
    source: list[str] = []
    output: list[str] = []
    for line in lines:
        if line == _PRINTS:
            printing = True
        elif line.startswith(_GIVES):
            case = replace(case, value=line[len(_GIVES) :])
        elif line.startswith(_FAILS):
            case = replace(case, error=line[len(_FAILS) :])
        else:
            (output if printing else source).append(line)
    return replace(case, source=_lines(source).strip("\n") + "\n", stdout=_lines(output))


def _lines(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
