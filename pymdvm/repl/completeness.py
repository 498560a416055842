"""When an input is complete, so that Enter runs it instead of beginning another line."""

from __future__ import annotations

import re

COMMAND = ":"

_FUNCTION = re.compile(r"#{1,6}\s*\**(actions?|interactions?|utility)\b", re.IGNORECASE)
_FRONTMATTER = "---"
# What is written over lines, with what ends it.
_OVER_LINES = (('"""', '"""'), ("'''", "'''"), ("```", "```"), ("<!--", "-->"))
# How a line begins that is no statement.
_NO_STATEMENT = ("#", "<", "|", _FRONTMATTER)


def is_complete(text: str) -> bool:
    """Whether Enter at the end of the text runs it.

    A statement is complete at the end of its line. A block, a list and an if with its else end with
    an empty line, a function, in which there are empty lines, with two. What is written over lines,
    and a front matter, end with their own mark.
    """
    lines = [line.strip() for line in text.split("\n")]
    while lines and not lines[0]:
        del lines[0]
    if not lines or lines[0].startswith(COMMAND):
        return True
    if lines[0] == _FRONTMATTER:
        return _FRONTMATTER in lines[1:]
    if _is_open(text):
        return False
    if _FUNCTION.match(lines[0]):
        return len(lines) > 2 and not lines[-1] and not lines[-2]
    return not lines[-1] or not any(_goes_on(line) for line in lines)


def _is_open(text: str) -> bool:
    """Whether a text over lines, a fence or a comment has no end yet."""
    place = 0
    while True:
        begun = [(text.find(mark, place), mark, end) for mark, end in _OVER_LINES]
        begun = [each for each in begun if each[0] >= 0]
        if not begun:
            return False
        first, mark, end = min(begun)
        place = text.find(end, first + len(mark))
        if place < 0:
            return True
        place += len(end)


def _goes_on(line: str) -> bool:
    """Whether the line belongs to something that takes several lines."""
    return line.startswith((">", "- ")) or line.endswith(":") or line.partition(".")[0].isdigit()


def with_period(text: str) -> str:
    """The text of one line with the period that its statement needs."""
    line = text.strip()
    if "\n" in line or not line or line.endswith((".", ":")) or line.startswith(_NO_STATEMENT):
        return text
    return line + "."
