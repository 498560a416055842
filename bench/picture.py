"""The picture of a run: for each program, how many times as long as C everybody takes. Needs
matplotlib.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from bench import contestants as who
from bench.experiments import MAIN
from bench.results import Results, geometric_mean
from bench.suite import BENCHMARKS

# How each contestant is drawn: colour, marker, size. mdvm-c is to be seen first.
_LOOKS = {
    who.MDVM: ("#d62728", "o", 110),
    who.MDVM_COMPILED: ("#ff9896", "o", 70),
    who.LUAJIT: ("#1f77b4", "D", 40),
    who.LUA: ("#8c564b", "v", 40),
    who.PYPY: ("#2ca02c", "s", 40),
    who.NODE: ("#9467bd", "^", 48),
    who.CPYTHON: ("#7f7f7f", "x", 40),
}
_MEAN = "geometric mean"


def draw(results: Results, path: Path) -> None:
    """Write the PNG."""
    matplotlib: Any = importlib.import_module("matplotlib")
    matplotlib.use("Agg")
    pyplot: Any = importlib.import_module("matplotlib.pyplot")
    titles = {benchmark.name: benchmark.title for benchmark in BENCHMARKS if benchmark.size}
    programs = [program for program in results.programs(MAIN) if program in titles]
    labels = [_MEAN, *[titles[program] for program in programs]]
    figure, axes = pyplot.subplots(figsize=(10, 0.42 * len(labels) + 1.6))
    places = list(range(len(labels)))
    axes.grid(axis="y", color="#eeeeee", linewidth=1.5)
    axes.set_axisbelow(True)
    axes.axvline(1, color="black", linewidth=1.2, zorder=1)
    axes.annotate(
        "C",
        (1, len(labels) - 0.6),
        (4, 0),
        textcoords="offset points",
        fontsize=9,
        fontweight="bold",
    )
    for name in reversed([name for name in _LOOKS if name in results.contestants(MAIN)]):
        colour, marker, area = _LOOKS[name]
        ratios = [results.ratio(MAIN, program, name, who.C) for program in programs]
        points = [
            (ratio, place)
            for ratio, place in zip([geometric_mean(ratios), *ratios], places)
            if ratio
        ]
        axes.scatter(
            [ratio for ratio, _ in points],
            [place for _, place in points],
            s=area,
            c=colour,
            marker=marker,
            label=name,
            zorder=4 if name in who.WAYS else 3,
        )
        if name == who.MDVM:
            for ratio, place in points:
                axes.annotate(
                    f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}",
                    (ratio, place),
                    (0, 8),
                    fontsize=7,
                    ha="center",
                    textcoords="offset points",
                    color=colour,
                )
    axes.axhline(0.5, color="#bbbbbb", linewidth=0.8)
    axes.set_yticks(places, labels)
    axes.get_yticklabels()[0].set_fontweight("bold")
    axes.invert_yaxis()
    axes.set_xscale("log")
    _set_limits(axes, results, programs)
    axes.xaxis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_xlabel("time in multiples of C's (gcc -O2, checked); further left is faster")
    handles, names = axes.get_legend_handles_labels()
    axes.legend(
        handles[::-1],
        names[::-1],
        loc="upper center",
        bbox_to_anchor=(0.45, 1.0 + 0.9 / len(labels) + 0.02),
        ncol=len(names),
        frameon=False,
        fontsize=8,
        handletextpad=0.1,
        columnspacing=1.0,
    )
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120, metadata={"Software": None})
    pyplot.close(figure)


def _set_limits(axes: Any, results: Results, programs: list[str]) -> None:
    ratios = [results.ratio(MAIN, program, name, who.C) for program in programs for name in _LOOKS]
    there = [ratio for ratio in ratios if ratio] or [1.0]
    axes.set_xlim(min(0.5, min(there)) / 1.3, max(2.0, max(there)) * 1.3)
