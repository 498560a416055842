"""The targets of mdvm's speed, and whether a run of the suite meets them. Only the full sizes
count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench import contestants as who
from bench.experiments import BASELINE, GROWTH, MAIN, PUBLISHED, SHORT
from bench.results import Results, geometric_mean
from bench.suite import BENCHMARKS, COMPILED, HAND

MET = "met"
MISSED = "missed"
UNKNOWN = "not measured"

WAYS = {HAND: who.MDVM, COMPILED: who.MDVM_COMPILED}
OFF = {HAND: who.MDVM_OFF, COMPILED: who.MDVM_OFF_COMPILED}

MEAN_TO_LUAJIT = 0.7
SLOWER_THAN_LUAJIT = 2  # programs at most
TIMES_PUBLISHED = 100
TIMES_PUBLISHED_OFF = 4
OFF_TO_LUA = 1.0
HELLO = 1.5
SHORT_FACTOR = 1.1
SHORT_SECONDS = 0.005


@dataclass(frozen=True)
class Verdict:
    """One target.

    limit, figure: as text; figure is empty where nothing was measured
    """

    target: str
    limit: str
    figure: str
    verdict: str


def verdicts(results: Results) -> list[Verdict]:
    """All targets, in the order of the report."""
    return [
        *_to_c(results),
        *_to_peers(results),
        *_to_luajit(results),
        *_to_published(results),
        *_off_to_lua(results),
        *_growth(results),
        *_hello(results),
        *_short(results),
    ]


def _at_most(target: str, limit: float, figure: float | None, form: str = ".2f") -> Verdict:
    if figure is None:
        return Verdict(target, f"at most {limit:g}", "", UNKNOWN)
    return Verdict(
        target, f"at most {limit:g}", format(figure, form), MET if figure <= limit else MISSED
    )


def _at_least(target: str, limit: float, figure: float | None) -> Verdict:
    if figure is None:
        return Verdict(target, f"at least {limit:g}", "", UNKNOWN)
    return Verdict(
        target, f"at least {limit:g}", f"{figure:.1f}", MET if figure >= limit else MISSED
    )


def _to_c(results: Results) -> Iterator[Verdict]:
    for benchmark in BENCHMARKS:
        if benchmark.targets:
            for (shape, way), limit in zip(WAYS.items(), benchmark.targets):
                ratio = results.ratio(MAIN, benchmark.name, way, who.C, benchmark.size)
                yield _at_most(f"{benchmark.title}, {shape}: times C", limit, ratio)


def _compared(results: Results, way: str, peer: str) -> dict[str, float]:
    """Of each program but the start-up: how many times as long mdvm-c takes as a peer."""
    ratios: dict[str, float] = {}
    for benchmark in BENCHMARKS:
        ratio = results.ratio(MAIN, benchmark.name, way, peer, benchmark.size)
        if ratio is not None and benchmark.size:
            ratios[benchmark.title] = ratio
    return ratios


def _to_peers(results: Results) -> Iterator[Verdict]:
    for peer in (who.PYPY, who.NODE):
        for shape, way in WAYS.items():
            ratios = _compared(results, way, peer)
            slower = {title: ratio for title, ratio in ratios.items() if ratio > 1}
            figure = ", ".join(f"{title} {ratio:.2f}" for title, ratio in slower.items()) or "none"
            verdict = UNKNOWN if not ratios else MISSED if slower else MET
            yield Verdict(f"slower than {peer}, {shape}", "none", figure if ratios else "", verdict)


def _to_luajit(results: Results) -> Iterator[Verdict]:
    for shape, way in WAYS.items():
        ratios = _compared(results, way, who.LUAJIT)
        slower = {title: ratio for title, ratio in ratios.items() if ratio > 1}
        figure = ", ".join(f"{title} {ratio:.2f}" for title, ratio in slower.items()) or "none"
        verdict = UNKNOWN if not ratios else MET if len(slower) <= SLOWER_THAN_LUAJIT else MISSED
        yield Verdict(
            f"slower than LuaJIT, {shape}",
            f"at most {SLOWER_THAN_LUAJIT}",
            figure if ratios else "",
            verdict,
        )
        mean = geometric_mean(list(ratios.values()))
        yield _at_most(f"geometric mean to LuaJIT, {shape}", MEAN_TO_LUAJIT, mean)


def _to_published(results: Results) -> Iterator[Verdict]:
    for name, ways, limit in (
        ("", WAYS, TIMES_PUBLISHED),
        (" with the JIT off", OFF, TIMES_PUBLISHED_OFF),
    ):
        for shape, way in ways.items():
            ratios = [
                results.ratio(PUBLISHED, program, who.PUBLISHED, way)
                for program in results.programs(PUBLISHED)
            ]
            yield _at_least(
                f"times as fast as the published VM{name}, {shape}", limit, geometric_mean(ratios)
            )


def _off_to_lua(results: Results) -> Iterator[Verdict]:
    for shape, way in OFF.items():
        ratios = [
            results.ratio(PUBLISHED, program, way, who.LUA)
            for program in results.programs(PUBLISHED)
        ]
        yield _at_most(
            f"geometric mean to PUC Lua with the JIT off, {shape}",
            OFF_TO_LUA,
            geometric_mean(ratios),
        )


def _growth(results: Results) -> Iterator[Verdict]:
    for benchmark in BENCHMARKS:
        if not benchmark.growth:
            continue
        sizes = results.sizes(GROWTH, benchmark.name)
        for shape, way in WAYS.items():
            times = [results.seconds(GROWTH, benchmark.name, way, size) for size in sizes]
            steps = [
                later / earlier for earlier, later in zip(times, times[1:]) if earlier and later
            ]
            given_up = any(
                f"{GROWTH}/{benchmark.name}/{way}/" in key for key in results.setting.too_slow
            )
            target = f"{benchmark.title}, {shape}: what doubling multiplies by"
            if given_up:
                yield Verdict(target, f"at most {benchmark.growth:g}", "given up", MISSED)
            else:
                yield _at_most(target, benchmark.growth, max(steps, default=None))


def _hello(results: Results) -> Iterator[Verdict]:
    ours, before = results.wall(MAIN, "hello", who.MDVM), results.wall(MAIN, "hello", BASELINE)
    yield _at_most(
        "start-up: times the baseline's", HELLO, ours / before if ours and before else None
    )


def _short(results: Results) -> Iterator[Verdict]:
    """10,000 iterations must not take much longer with the JIT than without."""
    for shape, way in WAYS.items():
        worst: tuple[float, str] | None = None
        for program in results.programs(SHORT):
            on, off = (
                results.seconds(SHORT, program, way),
                results.seconds(SHORT, program, OFF[shape]),
            )
            if on is not None and off is not None:
                excess = (
                    on - SHORT_FACTOR * off,
                    f"{program}: {on * 1000:.1f} ms, {off * 1000:.1f} ms with the JIT off",
                )
                worst = max(worst or excess, excess)
        limit = (
            f"{SHORT_FACTOR:g} times what it takes with the JIT off, and "
            f"{SHORT_SECONDS * 1000:g} ms"
        )
        target = f"10,000 iterations, {shape}: the worst"
        if worst is None:
            yield Verdict(target, limit, "", UNKNOWN)
        else:
            yield Verdict(target, limit, worst[1], MET if worst[0] <= SHORT_SECONDS else MISSED)
