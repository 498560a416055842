"""The stacks of a profile as other tools read them: folded, a line for each stack, for
flamegraph.pl, inferno and others; and the JSON of speedscope.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

from pymdvm.inspection.instruction_locations import InstructionLocations

_SCHEMA = "https://www.speedscope.app/file-format-schema.json"
_BETWEEN_FRAMES = ";"


def folded(stacks: Mapping[tuple[int, ...], int], locations: InstructionLocations) -> str:
    """The functions of each stack, outermost first, with semicolons between them, and how many
    samples found it. A semicolon within a name is written as a comma.

    stacks: as in pymdvm.profiling.sampler.Profile; locations: of the same program.
    """
    counts = _by_functions(stacks, locations)
    return "".join(
        f"{_BETWEEN_FRAMES.join(map(_without_semicolons, names))} {counts[names]}\n"
        for names in sorted(counts)
    )


def speedscope(
    stacks: Mapping[tuple[int, ...], int],
    locations: InstructionLocations,
    title: str,
    interval: float,
) -> str:
    """The same as a sampled profile of https://www.speedscope.app, in milliseconds.  interval: the
    seconds that a sample stands for.
    """
    counts = _by_functions(stacks, locations)
    frames: dict[str, int] = {}
    samples = [[frames.setdefault(name, len(frames)) for name in names] for names in sorted(counts)]
    weights = [counts[names] * interval * 1000 for names in sorted(counts)]
    return json.dumps(
        {
            "$schema": _SCHEMA,
            "exporter": "mdvm",
            "name": title,
            "shared": {"frames": [{"name": name} for name in frames]},
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


def _by_functions(
    stacks: Mapping[tuple[int, ...], int], locations: InstructionLocations
) -> Counter[tuple[str, ...]]:
    counts: Counter[tuple[str, ...]] = Counter()
    for stack, count in stacks.items():
        counts[tuple(locations.function_of(instruction) for instruction in stack)] += count
    return counts


def _without_semicolons(name: str) -> str:
    return name.replace(_BETWEEN_FRAMES, ",")
