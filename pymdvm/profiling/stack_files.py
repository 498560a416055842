"""The stacks of a profile as other tools read them: folded, a line for each stack, for
flamegraph.pl, inferno and others; and the JSON of speedscope.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

from pymdvm.inspection.instruction_locations import FunctionNames
from pymdvm.profiling.source_lines import SourceLines

_SCHEMA = "https://www.speedscope.app/file-format-schema.json"
_BETWEEN_FRAMES = ";"


def folded(stacks: Mapping[tuple[int, ...], int], locations: FunctionNames) -> str:
    """The functions of each stack, outermost first, with semicolons between them, and how many
    samples found it. A semicolon within a name is written as a comma.

    stacks: as in pymdvm.profiling.sampler.Profile; locations: what names the functions of the same
    program.
    """
    counts = _by_functions(stacks, locations)
    return "".join(
        f"{_BETWEEN_FRAMES.join(map(_without_semicolons, names))} {counts[names]}\n"
        for names in sorted(counts)
    )


def speedscope(
    stacks: Mapping[tuple[int, ...], int],
    locations: FunctionNames,
    title: str,
    interval: float,
    source: SourceLines | None = None,
) -> str:
    """The same as a sampled profile of https://www.speedscope.app, in milliseconds.  interval: the
    seconds that a sample stands for; source: what tells the first line that was found of each
    frame, if anything does.
    """
    counts = _by_functions(stacks, locations)
    lines = {} if source is None else _first_lines(stacks, locations, source)
    path = "" if source is None else source.path
    frames: dict[str, int] = {}
    samples = [[frames.setdefault(name, len(frames)) for name in names] for names in sorted(counts)]
    weights = [counts[names] * interval * 1000 for names in sorted(counts)]
    return json.dumps(
        {
            "$schema": _SCHEMA,
            "exporter": "mdvm",
            "name": title,
            "shared": {"frames": [_frame(name, path, lines.get(name, 0)) for name in frames]},
            "profiles": [
                {
                    "type": "sampled",
                    "name": title,
                    "unit": "milliseconds",
                    "startValue": 0,
                    "endValue": sum(weights),
                    "samples": samples,
                    "weights": weights,
                }
            ],
        },
        ensure_ascii=False,
    )


def _frame(name: str, path: str, line: int) -> dict[str, str | int]:
    return {"name": name, "file": path, "line": line} if line else {"name": name}


def _first_lines(
    stacks: Mapping[tuple[int, ...], int], locations: FunctionNames, source: SourceLines
) -> dict[str, int]:
    """The smallest line of each name that samples have found, as far as one is known."""
    lines: dict[str, int] = {}
    for instruction in {each for stack in stacks for each in stack}:
        name, line = locations.function_of(instruction), source.line_of(instruction)
        if line:
            lines[name] = min(line, lines.get(name, line))
    return lines


def _by_functions(
    stacks: Mapping[tuple[int, ...], int], locations: FunctionNames
) -> Counter[tuple[str, ...]]:
    counts: Counter[tuple[str, ...]] = Counter()
    for stack, count in stacks.items():
        counts[tuple(locations.function_of(instruction) for instruction in stack)] += count
    return counts


def _without_semicolons(name: str) -> str:
    return name.replace(_BETWEEN_FRAMES, ",")
