"""What a run of the suite measures: one section for each table of the report.

main       every program at its size, mdvm-c in both shapes and the peers
published  at sizes that the published VM can finish, and with the JIT off
short      at sizes of about 10,000 iterations, where compiling must cost no more than it brings
warm-up    from short to long, so that the report can tell how the speed comes up
growth     at half the size, the size, and twice the size
"""

from __future__ import annotations

import platform
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from bench import contestants as who
from bench.contestants import contestant, is_there
from bench.results import Key, Results, Setting
from bench.suite import Benchmark
from bench.timing import Contestant, measure

MAIN = "main"
PUBLISHED = "published"
SHORT = "short"
WARM_UP = "warm-up"
GROWTH = "growth"
SECTIONS = (MAIN, PUBLISHED, SHORT, WARM_UP, GROWTH)

BASELINE = "baseline"  # another build of mdvm-c to compare with

# The contestants of a section, and in how many of its rounds at most; a slow one is not run more
# often than it is worth.
_ALWAYS = 1_000_000
CONTESTANTS: dict[str, dict[str, int]] = {
    MAIN: {
        who.C: _ALWAYS, who.MDVM: _ALWAYS, who.MDVM_COMPILED: _ALWAYS,
        who.LUAJIT: _ALWAYS, who.LUA: 3, who.PYPY: _ALWAYS, who.NODE: _ALWAYS, who.CPYTHON: 1,
    },
    PUBLISHED: {
        who.MDVM: _ALWAYS, who.MDVM_COMPILED: _ALWAYS,
        who.MDVM_OFF: _ALWAYS, who.MDVM_OFF_COMPILED: _ALWAYS,
        who.LUA: 3, who.CPYTHON: 1, who.PUBLISHED: 2,
    },
    SHORT: {
        who.MDVM: _ALWAYS, who.MDVM_OFF: _ALWAYS,
        who.MDVM_COMPILED: _ALWAYS, who.MDVM_OFF_COMPILED: _ALWAYS,
    },
    WARM_UP: {
        who.C: 3, who.MDVM: 3, who.MDVM_COMPILED: 3, who.LUAJIT: 3, who.PYPY: 3, who.NODE: 3,
    },
    GROWTH: {who.C: 5, who.MDVM: _ALWAYS, who.MDVM_COMPILED: _ALWAYS},
}  # fmt: skip

# A short run is mostly starting and ending, which vary more than what is looked for; and where
# times are compared, a busy neighbour for a few seconds must not decide.
_MORE_ROUNDS = {MAIN: 2, SHORT: 3, GROWTH: 3}

_WARM_UP_STEPS = 13


def sizes(section: str, benchmark: Benchmark, quick: bool) -> list[int]:
    """The sizes at which a section runs a benchmark; none if it is no matter of that section."""
    size = benchmark.quick if quick else benchmark.size
    if section == MAIN:
        return [size]
    if benchmark.size == 0:
        return []
    if section == PUBLISHED:
        return [benchmark.published] if benchmark.published else []
    if section == SHORT:
        return [benchmark.short]
    if section == GROWTH:
        return [size // 2, size, size * 2] if benchmark.growth else []
    return (
        sorted({max(1, size >> step) for step in range(_WARM_UP_STEPS)}) if benchmark.steady else []
    )


def run(
    benchmarks: Sequence[Benchmark],
    sections: Sequence[str],
    rounds: int,
    quick: bool,
    longest: int,
    say: Callable[[str], None],
    baseline: Path | None = None,
) -> Iterator[Results]:
    """Measure, and give the results anew after each program, so that nothing is lost. Raises
    WrongAnswer.
    """
    results = Results(setting_of(section_contestants(sections)))
    for section in sections:
        for benchmark in benchmarks:
            entries: dict[Key, Contestant] = {}
            for size in sizes(section, benchmark, quick):
                for name, most in CONTESTANTS[section].items():
                    if is_there(name):
                        entries[Key(section, benchmark.name, name, size)] = contestant(
                            name, benchmark, size, most
                        )
                if baseline and section == MAIN:
                    entries[Key(section, benchmark.name, BASELINE, size)] = _baseline(
                        baseline, benchmark, size
                    )
            if not entries:
                continue
            say(f"{section}: {benchmark.title}")
            measure(list(entries.values()), rounds * _MORE_ROUNDS.get(section, 1), longest, say)
            for key, entry in entries.items():
                results.add(key, entry.samples)
                if entry.too_slow:
                    results.setting.too_slow.append(str(key))
            yield results


def _baseline(binary: Path, benchmark: Benchmark, size: int) -> Contestant:
    made = contestant(who.MDVM, benchmark, size)
    made.command = [str(binary), *made.command[1:]]
    made.name = BASELINE
    return made


def section_contestants(sections: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for section in sections for name in CONTESTANTS[section]))


def setting_of(names: Sequence[str]) -> Setting:
    """The machine by its processor and memory, and the versions of the contestants. No name of the
    machine.
    """
    peers = [name for name in names if name in who.PEERS]
    there = [name for name in peers if is_there(name)]
    versions = {name: who.version(name) for name in [who.MDVM, *there]}
    return Setting(machine_description(), versions, [name for name in peers if not is_there(name)])


def machine_description() -> dict[str, str]:
    """Processor, number of processors, memory and kind of system."""
    described = {
        "processor": platform.processor() or platform.machine(),
        "system": f"{platform.system()} {platform.machine()}",
    }
    cpuinfo, meminfo = Path("/proc/cpuinfo"), Path("/proc/meminfo")
    if cpuinfo.exists():
        text = cpuinfo.read_text()
        model = re.search(r"model name\s*: (.*)", text)
        described["processor"] = model.group(1) if model else described["processor"]
        described["processors"] = str(len(re.findall(r"(?m)^processor\s*:", text)))
    if meminfo.exists():
        total = re.search(r"MemTotal:\s*(\d+) kB", meminfo.read_text())
        if total:
            described["memory"] = f"{round(int(total.group(1)) / 2**20)} GiB"
    return described
