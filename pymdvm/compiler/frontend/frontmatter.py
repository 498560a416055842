"""The frontmatter of a source file: any text at its beginning between two lines with nothing but
three dashes.
"""

from __future__ import annotations

from pymdvm.compiler.frontend.findings import source_lines

MARK = "---"


class FrontmatterOpen(Exception):
    """The second line is missing. `line` is the number of the first, from 1."""

    def __init__(self, line: int) -> None:
        super().__init__("the frontmatter has no end")
        self.line = line


def without_frontmatter(source: str) -> str:
    """The source with blank lines for its frontmatter, so that all places stay what they are.
    Raises FrontmatterOpen.
    """
    lines = source_lines(source)
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None or lines[first].strip() != MARK:
        return source
    for number in range(first + 1, len(lines)):
        if lines[number].strip() == MARK:
            return "\n" * (number + 1) + "\n".join(source.split("\n")[number + 1 :])
    raise FrontmatterOpen(first + 1)
