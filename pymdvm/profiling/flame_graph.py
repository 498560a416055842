"""Flame graphs: one SVG file that a browser shows, without anything from elsewhere.

After Brendan Gregg's flame graphs: a box for each function on the stack, the callers below their
callees, as wide as its share of the samples. A click widens a box to the whole picture, a click at
the ground takes it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from zlib import crc32

from pymdvm.inspection.instruction_locations import FunctionNames

WIDTH = 1200
ROW_HEIGHT = 18
MARGIN = 10
TITLE_HEIGHT = 34
CHARACTER_WIDTH = 6.6
NARROWEST = 0.3  # boxes of less width, in pixels, are left out
DEEPEST = 200  # rows; what is above them belongs to the last
EVERYTHING = "all"

_STYLE = """\
text { font: 11px monospace; fill: #1a1a1a; pointer-events: none }
.title { font-size: 15px }
g.box:hover rect { stroke: #1a1a1a }
g.box { cursor: pointer }
"""

# Zooming: every box knows its share of the width; the chosen box becomes the whole width.
_SCRIPT = """\
const width = %d, margin = %d, characterWidth = %s;
const boxes = [...document.querySelectorAll("g.box")];
function zoom(left, right) {
  for (const box of boxes) {
    const from = Math.max(left, +box.dataset.from), to = Math.min(right, +box.dataset.to);
    box.style.display = to > from ? "" : "none";
    if (to <= from) continue;
    const scale = (width - 2 * margin) / (right - left);
    const rect = box.querySelector("rect"), text = box.querySelector("text");
    rect.setAttribute("x", margin + (from - left) * scale);
    rect.setAttribute("width", Math.max((to - from) * scale - 0.5, 0.2));
    text.setAttribute("x", margin + (from - left) * scale + 3);
    const room = Math.floor(((to - from) * scale - 6) / characterWidth), name = box.dataset.name;
    text.textContent = room < 3 ? "" : name.length <= room ? name : name.slice(0, room - 2) + "..";
  }
}
for (const box of boxes) {
  box.addEventListener("click", () => zoom(+box.dataset.from, +box.dataset.to));
}
"""


@dataclass
class _Box:
    """A function at one depth of one stack.

    samples: int, those that found it there
    """

    name: str
    samples: int = 0
    callees: dict[str, _Box] = field(default_factory=dict)

    def depth(self) -> int:
        deepest, level = 0, [self]
        while level:
            deepest += 1
            level = [callee for box in level for callee in box.callees.values()]
        return deepest


def flame_graph(stacks: Mapping[tuple[int, ...], int], locations: FunctionNames, title: str) -> str:
    """The SVG text.  stacks: as in pymdvm.profiling.sampler.Profile; locations: what names the
    functions of the same program.
    """
    root = _tree(stacks, locations)
    height = TITLE_HEIGHT + root.depth() * ROW_HEIGHT + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}">',
        f"<style>{_STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fffdf7"/>',
        f'<text class="title" x="{MARGIN}" y="22">{escape(title)}</text>',
    ]
    parts.extend(_boxes(root, height))
    script = _SCRIPT % (WIDTH, MARGIN, CHARACTER_WIDTH)
    parts.append(f"<script><![CDATA[\n{script}]]></script>\n</svg>\n")
    return "\n".join(parts)


def _tree(stacks: Mapping[tuple[int, ...], int], locations: FunctionNames) -> _Box:
    root = _Box(EVERYTHING)
    for stack, count in stacks.items():
        root.samples += count
        box = root
        for instruction in stack[:DEEPEST]:
            name = locations.function_of(instruction)
            box = box.callees.setdefault(name, _Box(name))
            box.samples += count
    return root


def _boxes(root: _Box, height: int) -> list[str]:
    """The boxes from the ground up; those of one level from left to right by name, so that equal
    profiles look the same.
    """
    scale = (WIDTH - 2 * MARGIN) / max(root.samples, 1)
    parts: list[str] = []
    level: list[tuple[_Box, int]] = [(root, 0)]
    row = 0
    while level:
        above: list[tuple[_Box, int]] = []
        for box, first in level:
            parts.append(
                _box(box, first, root.samples, scale, height - MARGIN - (row + 1) * ROW_HEIGHT)
            )
            for callee in sorted(box.callees.values(), key=lambda callee: callee.name):
                if callee.samples * scale >= NARROWEST:
                    above.append((callee, first))
                first += callee.samples
        level = above
        row += 1
    return parts


def _box(box: _Box, first: int, all_samples: int, scale: float, top: int) -> str:
    left, width = MARGIN + first * scale, box.samples * scale
    room = int((width - 6) / CHARACTER_WIDTH)
    shown = "" if room < 3 else box.name if len(box.name) <= room else box.name[: room - 2] + ".."
    share = 100 * box.samples / max(all_samples, 1)
    return (
        f'<g class="box" data-from="{first}" data-to="{first + box.samples}" '
        f'data-name="{escape(box.name)}">'
        f"<title>{escape(box.name)}: {box.samples} samples, {share:.1f}%</title>"
        f'<rect x="{left:.1f}" y="{top}" width="{max(width - 0.5, 0.2):.1f}" '
        f'height="{ROW_HEIGHT - 1}" rx="2" '
        f'fill="{_colour(box.name)}"/>'
        f'<text x="{left + 3:.1f}" y="{top + 13}">{escape(shown)}</text></g>'
    )


def _colour(name: str) -> str:
    """A warm colour, always the same for a name."""
    if name == EVERYTHING:
        return "#e3dfd5"
    number = crc32(name.encode("utf-8", "replace"))
    return f"hsl({10 + number % 45}, {70 + number // 45 % 25}%, {62 + number // 1125 % 14}%)"
