"""The report of a run: Markdown from Results."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bench import contestants as who
from bench.experiments import BASELINE, GROWTH, MAIN, PUBLISHED, SHORT, WARM_UP
from bench.results import Results, geometric_mean
from bench.suite import BENCHMARKS
from bench.targets import UNKNOWN, Verdict, verdicts
from bench.warm_up import WarmUp, warm_up

PICTURE = "performance.png"

# What comes after this line is not part of the report: the sweep's table, which the next report
# keeps.
SWEEP_MARK = "<!-- The sweep's table; python3 -m bench.sweep writes it. -->"

_TITLES = {benchmark.name: benchmark.title for benchmark in BENCHMARKS}
_SIZES = {benchmark.name: benchmark.size for benchmark in BENCHMARKS}
_NOTHING = "–"


_WORST = 10  # programs of the table of the worst


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first column is text, the others are figures."""
    lines = [f"| {' | '.join(header)} |", "|---|" + "---:|" * (len(header) - 1)]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines)


def seconds(value: float | None) -> str:
    """Three digits that count."""
    if value is None:
        return _NOTHING
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def times(value: float | None) -> str:
    if value is None:
        return _NOTHING
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def milliseconds(value: float | None) -> str:
    if value is None:
        return _NOTHING
    return f"{value * 1000:.1f}" if value < 0.01 else f"{value * 1000:.0f}"


def mebibytes(value: int | None) -> str:
    return _NOTHING if value is None else f"{value / 2**20:.1f}"


def report(results: Results) -> str:
    """The whole report: a title, what was measured how and where, and a chapter for each section
    that was run.
    """
    chapters = [
        "# Performance",
        _introduction(results),
        *(
            [f"![Time of each program in multiples of C's]({PICTURE})"]
            if has_picture(results)
            else []
        ),
        *_main(results),
        *_targets(results),
        *_published(results),
        *_warm_up(results),
        *_short(results),
        *_memory(results),
        *_growth(results),
    ]
    return "\n\n".join(chapters) + "\n"


def has_picture(results: Results) -> bool:
    """Whether there is something to compare in a picture."""
    return who.C in results.contestants(MAIN) and bool(_rows(results, MAIN))


def _introduction(results: Results) -> str:
    setting = results.setting
    machine = ", ".join(f"{name} {value}" for name, value in setting.machine.items())
    lines = [
        "Written by `make bench KEEP=1`. User + system seconds, medians; the contestants took turns, so that a machine that",
        "becomes slower or faster does so for all of them. Every answer was checked. C is `gcc -O2` with arithmetic that checks",
        "for overflow and arrays that check their bounds. *Compiler-shaped* is the same program as a compiler without",
        "optimisation writes it: `bench/compiler_shape.py` tells how.",
        "",
        f"The machine: {machine or 'unknown'}.",
    ]
    if setting.versions:
        lines += [
            "",
            "The contestants: "
            + "; ".join(f"{name} ({version})" for name, version in setting.versions.items())
            + ".",
        ]
    if setting.missing:
        lines += [
            "",
            f"Not installed, so left out: {', '.join(setting.missing)}. `make bench-peers` installs what Debian has.",
        ]
    if setting.too_slow:
        lines += ["", f"Given up because they took too long: {', '.join(setting.too_slow)}."]
    return "\n".join(lines)


def _rows(results: Results, section: str) -> list[str]:
    """The programs of a section but the start-up, which has no work to compare."""
    return [program for program in results.programs(section) if _SIZES.get(program, 1)]


def _label(program: str, size: int) -> str:
    return f"{_TITLES.get(program, program)} {size:,}"


def _main(results: Results) -> Iterator[str]:
    programs, names = _rows(results, MAIN), results.contestants(MAIN)
    if not programs:
        return
    yield "## Seconds"
    rows = []
    for program in results.programs(MAIN):
        figures = [results.seconds(MAIN, program, name) for name in names]
        rows.append([_label(program, results.sizes(MAIN, program)[0]), *map(seconds, figures)])
    yield table(["program", *names], rows)
    if who.C in names:
        yield "## In multiples of C"
        others = [name for name in names if name != who.C]
        yield _ratio_table(results, programs, {name: (name, who.C) for name in others})
        yield from _worst(results, programs)
    ours = [name for name in (who.MDVM, who.MDVM_COMPILED) if name in names]
    compared = (who.LUAJIT, who.LUA, who.PYPY, who.NODE, who.CPYTHON, BASELINE)
    peers = [name for name in names if name in compared]
    for our in ours:
        if peers:
            yield f"## {our}: its time in multiples of each peer's"
            yield _ratio_table(results, programs, {peer: (our, peer) for peer in peers})


def _worst(results: Results, programs: Sequence[str]) -> Iterator[str]:
    """The programs, in either shape, that take longest in multiples of C, so that no mean hides
    them.
    """
    ratios = sorted(
        (
            (ratio, program, name)
            for program in programs
            for name in (who.MDVM, who.MDVM_COMPILED)
            if (ratio := results.ratio(MAIN, program, name, who.C)) is not None
        ),
        reverse=True,
    )
    if ratios:
        yield f"### The worst {min(len(ratios), _WORST)}"
        yield table(
            ["program", "", "times C"],
            [
                [_TITLES.get(program, program), name, times(ratio)]
                for ratio, program, name in ratios[:_WORST]
            ],
        )


def _ratio_table(
    results: Results, programs: Sequence[str], columns: dict[str, tuple[str, str]]
) -> str:
    """How many times as long one contestant took as another, with the geometric means.

    columns: by heading, the one and the other.
    """
    rows = [
        [
            _TITLES.get(program, program),
            *[times(results.ratio(MAIN, program, *pair)) for pair in columns.values()],
        ]
        for program in programs
    ]
    means = [
        geometric_mean([results.ratio(MAIN, program, *pair) for program in programs])
        for pair in columns.values()
    ]
    return table(
        ["program", *columns],
        [*rows, ["**geometric mean**", *[f"**{times(mean)}**" for mean in means]]],
    )


def _targets(results: Results) -> Iterator[str]:
    measured = [verdict for verdict in verdicts(results) if verdict.verdict != UNKNOWN]
    if measured:
        yield "## Targets"
        yield targets_table(measured)


def targets_table(found: Sequence[Verdict]) -> str:
    """The targets, with what was measured."""
    return table(
        ["target", "limit", "measured", ""],
        [[one.target, one.limit, one.figure, one.verdict] for one in found],
    )


def _published(results: Results) -> Iterator[str]:
    programs, names = _rows(results, PUBLISHED), results.contestants(PUBLISHED)
    if not programs:
        return
    yield "## Beside the published VM, and with the JIT off"
    yield (
        "At sizes that the published VM finishes; it copies an array or a dict at each store. These are short for "
        "`mdvm-c`, so its times are with its start and its compiling."
    )
    ways = [name for name in names if name in who.WAYS]
    rows = []
    for program in programs:
        figures = [seconds(results.seconds(PUBLISHED, program, name)) for name in names]
        ratios = [times(results.ratio(PUBLISHED, program, who.PUBLISHED, way)) for way in ways]
        rows.append([_label(program, results.sizes(PUBLISHED, program)[0]), *figures, *ratios])
    if who.PUBLISHED not in names:
        yield table(["seconds", *names], [row[: len(names) + 1] for row in rows])
        return
    means = [
        geometric_mean(
            [results.ratio(PUBLISHED, program, who.PUBLISHED, way) for program in programs]
        )
        for way in ways
    ]
    yield table(["seconds", *names], [row[: len(names) + 1] for row in rows])
    yield "How many times as fast as the published VM:"
    yield table(
        ["program", *ways],
        [
            *[[row[0], *row[len(names) + 1 :]] for row in rows],
            ["**geometric mean**", *[f"**{times(mean)}**" for mean in means]],
        ],
    )


def _warm_up(results: Results) -> Iterator[str]:
    programs, names = _rows(results, WARM_UP), results.contestants(WARM_UP)
    if not programs:
        return
    yield "## Warm-up"
    yield (
        "From the wall times at growing sizes. *Lost*: the milliseconds that the start costs over steady speed from the "
        "beginning. *Reached*: after how many milliseconds the speed is within a fifth of the steady one. *First 100 ms*: "
        "how much of what steady speed would do in them gets done."
    )
    found = {
        (program, name): _warm_up_of(results, program, name)
        for program in programs
        for name in names
    }
    for title, show in _WARM_UP_TABLES.items():
        rows = []
        for program in programs:
            each = [found[program, name] for name in names]
            rows.append(
                [_TITLES.get(program, program), *[show(one) if one else _NOTHING for one in each]]
            )
        yield table([title, *names], rows)


_WARM_UP_TABLES: dict[str, Callable[[WarmUp], str]] = {
    "lost, ms": lambda found: milliseconds(found.lost),
    "reached, ms": lambda found: milliseconds(found.reached),
    "first 100 ms": lambda found: f"{found.share * 100:.0f}%",
}


def _warm_up_of(results: Results, program: str, name: str) -> WarmUp | None:
    points = [
        (size, results.wall(WARM_UP, program, name, size))
        for size in results.sizes(WARM_UP, program)
    ]
    return warm_up([(size, wall) for size, wall in points if wall is not None])


def _short(results: Results) -> Iterator[str]:
    programs, names = _rows(results, SHORT), results.contestants(SHORT)
    if not programs:
        return
    yield "## Short programs: about 10,000 iterations, in milliseconds"
    rows = [
        [
            _label(program, results.sizes(SHORT, program)[0]),
            *[milliseconds(results.seconds(SHORT, program, name)) for name in names],
        ]
        for program in programs
    ]
    yield table(["program", *names], rows)


def _memory(results: Results) -> Iterator[str]:
    names = results.contestants(MAIN)
    if not results.programs(MAIN):
        return
    yield "## Peak memory in MiB"
    rows = [
        [
            _label(program, results.sizes(MAIN, program)[0]),
            *[mebibytes(results.memory(MAIN, program, name)) for name in names],
        ]
        for program in results.programs(MAIN)
    ]
    yield table(["program", *names], rows)


def _growth(results: Results) -> Iterator[str]:
    programs, names = _rows(results, GROWTH), results.contestants(GROWTH)
    if not programs:
        return
    yield "## Growth: seconds at half the size, the size and twice the size, and what each doubling multiplies them by"
    rows = []
    for program in programs:
        sizes = results.sizes(GROWTH, program)
        cells = []
        for name in names:
            figures = [results.seconds(GROWTH, program, name, size) for size in sizes]
            steps = [
                times(later / earlier) if earlier and later else _NOTHING
                for earlier, later in zip(figures, figures[1:])
            ]
            cells.append(f"{', '.join(map(seconds, figures))} ({', '.join(steps)})")
        rows.append([_label(program, sizes[len(sizes) // 2]), *cells])
    yield table(["program", *names], rows)


def with_kept_sweep(text: str, earlier: str) -> str:
    """The report, followed by the sweep's table that stood behind an earlier one."""
    _, mark, sweep = earlier.partition(SWEEP_MARK)
    return f"{text}\n{mark}{sweep}" if mark else text


def with_sweep(earlier: str, sweep: str) -> str:
    """A report with another table of the sweep; the chapters that follow it stay."""
    before, _, after = earlier.partition(SWEEP_MARK)
    others = "".join(f"\n## {chapter}" for chapter in after.split("\n## ")[2:])
    return f"{before.rstrip()}\n\n{SWEEP_MARK}\n\n{sweep}{others}"
