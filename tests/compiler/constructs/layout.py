"""Programs whose very characters matter: line ends, tabs, and what stands before the first line and
after the last.
"""

from __future__ import annotations

from .case import Case

CASES: tuple[Case, ...] = (
    Case("layout: an empty file", ""),
    Case("layout: nothing but white space", " \n\t\n"),
    Case("layout: blank lines before the frontmatter", "\n\n---\nname: x\n---\nSay _1_.\n", "1\n"),
    Case("layout: no line end at the end", "Give back _1_", value="Int(1)"),
    Case("layout: indented", "  Say _1_.\n\tSay _2_.\n", "1\n2\n"),
    Case(
        "layout: line ends of other systems",
        "If _Yes_:\r\n> Say _1_.\r\n\r\nSay _2_.\r\n",
        "1\n2\n",
    ),
)
