"""What a run of the suite found, and the file that keeps it.

The file is pyperf's JSON, so that `python -m pyperf` can show, check and compare what is in it;
pyperf writes it. Each of its benchmarks is named SECTION/PROGRAM/CONTESTANT/SIZE, a value is the
user + system seconds of one run, and the run's metadata has the wall time and the peak memory.
Reading needs no pyperf.
"""

from __future__ import annotations

import importlib
import json
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.timing import Sample

_SETTING = "bench_setting"


@dataclass(frozen=True)
class Key:
    """Which measurement: of which table, of which program, by whom, at which size."""

    section: str
    program: str
    contestant: str
    size: int

    def __str__(self) -> str:
        return f"{self.section}/{self.program}/{self.contestant}/{self.size}"

    @classmethod
    def parse(cls, text: str) -> Key:
        section, program, contestant, size = text.split("/")
        return cls(section, program, contestant, int(size))


@dataclass
class Setting:
    """Where and with what it was measured.

    too_slow: the keys of what was given up, as text
    """

    machine: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    too_slow: list[str] = field(default_factory=list)


class Results:
    """All samples, by key, in the order in which they were first added."""

    def __init__(self, setting: Setting | None = None) -> None:
        self.setting = setting or Setting()
        self.samples: dict[Key, list[Sample]] = {}

    def add(self, key: Key, samples: Iterable[Sample]) -> None:
        self.samples.setdefault(key, []).extend(samples)

    def of(
        self, section: str, program: str, contestant: str, size: int | None = None
    ) -> list[Sample]:
        """The samples; without a size, those of the only or the first size. Empty if there are
        none.
        """
        for key, samples in self.samples.items():
            same = (key.section, key.program, key.contestant) == (section, program, contestant)
            if same and size in (None, key.size):
                return samples
        return []

    def seconds(
        self, section: str, program: str, contestant: str, size: int | None = None
    ) -> float | None:
        """The median of user + system seconds; None if there are none."""
        samples = self.of(section, program, contestant, size)
        return statistics.median(sample.cpu for sample in samples) if samples else None

    def wall(
        self, section: str, program: str, contestant: str, size: int | None = None
    ) -> float | None:
        """The shortest wall time, the one with the least of other processes in it; None if there
        are none.
        """
        return min(
            (sample.wall for sample in self.of(section, program, contestant, size)), default=None
        )

    def memory(
        self, section: str, program: str, contestant: str, size: int | None = None
    ) -> int | None:
        """The median of the peak memory in bytes; None if there are none."""
        samples = self.of(section, program, contestant, size)
        return int(statistics.median(sample.memory for sample in samples)) if samples else None

    def ratio(
        self, section: str, program: str, contestant: str, to: str, size: int | None = None
    ) -> float | None:
        """How many times as long one took as another; None unless both are there."""
        ours, theirs = (
            self.seconds(section, program, contestant, size),
            self.seconds(section, program, to, size),
        )
        return ours / theirs if ours is not None and theirs else None

    def sizes(self, section: str, program: str) -> list[int]:
        """The sizes of a program in a section, in ascending order."""
        return sorted(
            {key.size for key in self.samples if (key.section, key.program) == (section, program)}
        )

    def programs(self, section: str) -> list[str]:
        """The programs of a section, in the order of the measurements."""
        return list(dict.fromkeys(key.program for key in self.samples if key.section == section))

    def contestants(self, section: str) -> list[str]:
        """The contestants of a section, in the order of the measurements."""
        return list(dict.fromkeys(key.contestant for key in self.samples if key.section == section))


def geometric_mean(ratios: Sequence[float | None]) -> float | None:
    """The geometric mean of the ratios that are there; None for none."""
    there = [ratio for ratio in ratios if ratio]
    return math.exp(sum(math.log(ratio) for ratio in there) / len(there)) if there else None


def load(path: Path) -> Results:
    """Read a file that `save` wrote."""
    data = json.loads(path.read_text())
    common = data.get("metadata", {})
    results = Results(Setting(**json.loads(common.get(_SETTING, "{}"))))
    for benchmark in data["benchmarks"]:
        shared = {**common, **benchmark.get("metadata", {})}
        if _SETTING in shared and not results.setting.versions:
            results.setting = Setting(**json.loads(shared[_SETTING]))
        key = Key.parse(shared["name"])
        for run in benchmark["runs"]:
            metadata: dict[str, Any] = {**shared, **run.get("metadata", {})}
            samples = [
                Sample(value, metadata["wall_time"], metadata["mem_max_rss"])
                for value in run["values"]
            ]
            results.add(key, samples)
    return results


def save(results: Results, path: Path) -> None:
    """Write pyperf's JSON. Needs pyperf."""
    pyperf = importlib.import_module("pyperf")
    setting = json.dumps(vars(results.setting), sort_keys=True)
    benchmarks = []
    for key, samples in results.samples.items():
        runs = []
        for sample in samples:
            metadata = {
                "name": str(key),
                "unit": "second",
                "wall_time": sample.wall,
                "mem_max_rss": max(sample.memory, 1),
                _SETTING: setting,
            }
            # The clock of the kernel can say that nothing was used; pyperf takes only times above
            # zero.
            runs.append(
                pyperf.Run([max(sample.cpu, 1e-6)], metadata=metadata, collect_metadata=False)
            )
        if runs:
            benchmarks.append(pyperf.Benchmark(runs))
    path.parent.mkdir(parents=True, exist_ok=True)
    pyperf.BenchmarkSuite(benchmarks).dump(str(path), replace=True)
