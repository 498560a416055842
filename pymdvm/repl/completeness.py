"""When an input is complete, so that Enter runs it instead of beginning another line."""

from __future__ import annotations

_FUNCTION = "###"
COMMAND = ":"


def is_complete(text: str) -> bool:
    """Whether Enter at the end of the text runs it.

    A statement is complete at the end of its line. A block, a list and an if with its else end with
    an empty line, a function, in which there are empty lines, with two.
    """
    lines = [line.strip() for line in text.split("\n")]
    while lines and not lines[0]:
        del lines[0]
    if not lines or lines[0].startswith(COMMAND):
        return True
    if lines[0].startswith(_FUNCTION):
        return len(lines) > 2 and not lines[-1] and not lines[-2]
    return not lines[-1] or not any(_goes_on(line) for line in lines)


def _goes_on(line: str) -> bool:
    """Whether the line belongs to something that takes several lines."""
    return line.startswith((">", "- ")) or line.endswith(":") or line.partition(".")[0].isdigit()


def with_period(text: str) -> str:
    """The text of one line with the period that its statement needs."""
    line = text.strip()
    return text if "\n" in line or not line or line.endswith((".", ":")) else line + "."
