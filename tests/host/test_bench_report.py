"""The report of the benchmarks, made from a file with fixed results."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import contestants as who
from bench.experiments import GROWTH, MAIN, PUBLISHED, SHORT, WARM_UP
from bench.report import SWEEP_MARK, report, with_kept_sweep, with_sweep
from bench.results import Key, Results, geometric_mean, load
from bench.suite import HAND, named
from bench.sweep import DEFAULTS, WITHOUT, contestant, variants
from bench.targets import MET, MISSED, UNKNOWN, verdicts
from bench.warm_up import warm_up


def benchmark(key: str, *seconds: float, memory: int = 2**20) -> dict[str, object]:
    """One benchmark as it stands in pyperf's JSON, which puts what all runs share beside them."""
    runs = [{"values": [value], "metadata": {"wall_time": value + 0.001}} for value in seconds]
    return {"metadata": {"name": key, "mem_max_rss": memory}, "runs": runs}


@pytest.fixture
def results(tmp_path: Path) -> Results:
    setting = {
        "machine": {"processor": "Abacus 9000", "memory": "4 GiB"},
        "versions": {"mdvm-c": "0.1", "C": "gcc 12"},
        "missing": ["node"],
        "too_slow": ["growth/dict/mdvm-c/20000000"],
    }
    benchmarks = [
        benchmark("main/fib/C/35", 0.05, 0.04, 0.06),
        benchmark("main/fib/mdvm-c/35", 0.08, 0.07, 0.2, memory=6 * 2**20),
        benchmark("main/fib/LuaJIT/35", 0.1),
        benchmark("main/sieve/C/5000000", 0.01),
        benchmark("main/sieve/mdvm-c/5000000", 0.09),
        benchmark("main/hello/C/0", 0.001),
        benchmark("main/hello/mdvm-c/0", 0.002),
        benchmark("main/hello/baseline/0", 0.001),
        benchmark("published/fib/published VM/28", 0.9),
        benchmark("published/fib/mdvm-c/28", 0.006),
        benchmark("published/fib/mdvm-c --jit off/28", 0.09),
        benchmark("published/fib/PUC Lua/28", 0.1),
        benchmark("short/fib/mdvm-c/19", 0.004),
        benchmark("short/fib/mdvm-c --jit off/19", 0.003),
        *[
            benchmark(f"growth/sieve/mdvm-c/{size}", seconds)
            for size, seconds in ((25, 0.1), (50, 0.2), (100, 0.5))
        ],
        *[
            benchmark(f"warm-up/count/mdvm-c/{size}", seconds)
            for size, seconds in ((1000, 0.03), (2000, 0.04), (4000, 0.06))
        ],
    ]
    path = tmp_path / "results.json"
    path.write_text(
        json.dumps(
            {
                "benchmarks": benchmarks,
                "metadata": {"bench_setting": json.dumps(setting), "unit": "second"},
                "version": "1.0",
            }
        )
    )
    return load(path)


def test_the_worst_are_told_first(results: Results) -> None:
    text = report(results)
    start = text.index("### The worst 2\n")
    rows = text[start:].split("\n## ")[0].splitlines()[4:6]
    assert [row.split(" | ")[0].strip("| ") for row in rows] == ["sieve", "recursive fib"]
    assert [row.split(" | ")[2].strip("| ") for row in rows] == ["9.00", "1.60"]


def test_results_are_read(results: Results) -> None:
    assert results.setting.machine["processor"] == "Abacus 9000"
    assert results.seconds(MAIN, "fib", who.C) == 0.05
    assert results.seconds(MAIN, "fib", who.MDVM, 35) == 0.08
    assert results.wall(MAIN, "fib", who.C) == pytest.approx(0.041)
    assert results.memory(MAIN, "fib", who.MDVM) == 6 * 2**20
    assert results.ratio(MAIN, "fib", who.MDVM, who.C) == pytest.approx(1.6)
    assert results.ratio(MAIN, "fib", who.MDVM, who.NODE) is None
    assert results.sizes(GROWTH, "sieve") == [25, 50, 100]
    assert Key.parse("main/fib/C/35") == Key(MAIN, "fib", "C", 35)


def test_the_geometric_mean_leaves_out_what_is_missing() -> None:
    assert geometric_mean([2.0, None, 8.0]) == pytest.approx(4)
    assert geometric_mean([None]) is None


def test_the_report(results: Results) -> None:
    lines = report(results).splitlines()
    assert "![Time of each program in multiples of C's](performance.png)" in lines
    assert "The machine: processor Abacus 9000, memory 4 GiB." in lines
    assert "The contestants: mdvm-c (0.1); C (gcc 12)." in lines
    assert "Not installed, so left out: node. `make bench-peers` installs what Debian has." in lines
    assert "Given up because they took too long: growth/dict/mdvm-c/20000000." in lines
    assert "| program | C | mdvm-c | LuaJIT | baseline |" in lines
    assert "| recursive fib 35 | 0.050 | 0.080 | 0.100 | – |" in lines
    assert "| recursive fib | 1.60 | 2.00 | – |" in lines
    assert "| **geometric mean** | **3.79** | **2.00** | **–** |" in lines
    assert "| recursive fib 28 | 0.900 | 0.006 | 0.090 | 0.100 |" in lines
    assert "| **geometric mean** | **150** | **10.0** |" in lines
    assert "| recursive fib 35 | 1.0 | 6.0 | 1.0 | – |" in lines
    assert "| recursive fib 19 | 4.0 | 3.0 |" in lines
    assert "| sieve 50 | 0.100, 0.200, 0.500 (2.00, 2.50) |" in lines
    assert "| recursive fib, hand-written: times C | at most 1.8 | 1.60 | met |" in lines
    assert not any(UNKNOWN in line for line in lines)


def test_a_report_of_nothing_is_short() -> None:
    assert "##" not in report(Results())
    assert "![" not in report(Results())


def test_the_targets(results: Results) -> None:
    found = {verdict.target: (verdict.figure, verdict.verdict) for verdict in verdicts(results)}
    assert found["recursive fib, hand-written: times C"] == ("1.60", MET)
    assert found["sieve, hand-written: times C"] == ("9.00", MISSED)
    assert found["mandelbrot, hand-written: times C"] == ("", UNKNOWN)
    assert found["slower than LuaJIT, hand-written"] == ("none", MET)
    assert found["geometric mean to LuaJIT, hand-written"] == ("0.80", MISSED)
    assert found["slower than node, hand-written"] == ("", UNKNOWN)
    assert found["times as fast as the published VM, hand-written"] == ("150.0", MET)
    assert found["geometric mean to PUC Lua with the JIT off, hand-written"] == ("0.90", MET)
    assert found["sieve, hand-written: what doubling multiplies by"] == ("2.50", MISSED)
    assert found["dict updates, hand-written: what doubling multiplies by"] == ("given up", MISSED)
    assert found["start-up: times the baseline's"] == ("1.50", MET)
    assert found["10,000 iterations, hand-written: the worst"] == (
        "fib: 4.0 ms, 3.0 ms with the JIT off",
        MET,
    )


def test_sections_have_the_names_of_the_files() -> None:
    assert (MAIN, PUBLISHED, SHORT, WARM_UP, GROWTH) == (
        "main",
        "published",
        "short",
        "warm-up",
        "growth",
    )


def test_warm_up_is_what_the_start_costs_over_steady_speed() -> None:
    # 20 ms of starting, then 100 a millisecond
    found = warm_up([(size, 0.02 + size / 100_000) for size in (100, 1000, 2000, 10_000, 20_000)])
    assert found is not None
    assert found.lost == pytest.approx(0.02)
    assert found.reached == pytest.approx(0.021)
    assert found.share == pytest.approx(0.8)


def test_warm_up_sees_a_slow_beginning() -> None:
    # a tenth of the speed for the first 40 ms
    points = [
        (size, size / 1000 if size <= 40 else 0.04 + (size - 40) / 10_000)
        for size in (10, 40, 100, 1000, 2000)
    ]
    found = warm_up(points)
    assert found is not None
    assert found.lost == pytest.approx(0.036)
    assert found.reached == pytest.approx(0.04)
    assert found.share == pytest.approx(0.64)


def test_warm_up_is_unknown_without_a_steady_speed() -> None:
    assert warm_up([(1, 0.1), (2, 0.2)]) is None
    assert warm_up([(1, 0.1), (2, 0.2), (4, 0.2)]) is None


def test_the_table_of_the_sweep_is_kept() -> None:
    swept = with_sweep("# Old\n", "## Parameters\n")
    assert swept == f"# Old\n\n{SWEEP_MARK}\n\n## Parameters\n"
    renewed = with_kept_sweep("# New\n", swept)
    assert renewed == f"# New\n\n{SWEEP_MARK}\n\n## Parameters\n"
    assert with_sweep(renewed, "## Other\n") == f"# New\n\n{SWEEP_MARK}\n\n## Other\n"
    assert with_kept_sweep("# New\n", "") == "# New\n"


def test_a_sweep_changes_one_parameter_at_a_time() -> None:
    assert list(variants({"a": ["1", "2"], "nursery": ["4M"]})) == [
        DEFAULTS,
        "a=1",
        "a=2",
        "nursery=4M",
    ]


def test_a_sweep_turns_an_optimisation_off() -> None:
    (count,) = named(["count"])
    assert contestant(count, 10, HAND, WITHOUT, "copies").command[1:-1] == ["--without", "copies"]
    assert contestant(count, 10, HAND, "threshold", "7").command[1:-1] == ["--jit", "threshold=7"]
    assert len(contestant(count, 10, HAND, "", "").command) == 2
