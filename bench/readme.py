"""The quick tables of README.md: mdvm-c beside the published VM and CPython, with nothing but
Python 3 and gcc.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench import contestants as who
from bench.contestants import contestant, is_there
from bench.suite import Benchmark, named
from bench.timing import Contestant, measure


def _contestants(benchmark: Benchmark, sizes: dict[str, int]) -> list[Contestant]:
    """The contestants that are there; one with a smaller size than the first is scaled up, the work
    being proportional.
    """
    made = []
    full = next(iter(sizes.values()))
    for name, size in sizes.items():
        if is_there(name):
            entry = contestant(name, benchmark, size)
            entry.scale = full / size if benchmark.steady else 1.0
            made.append(entry)
    return made


def table(title: str, contestants: Sequence[Contestant]) -> str:
    """A Markdown table: seconds, and how many times faster mdvm-c is."""
    first = contestants[0].median()
    lines = [f"| {title} | seconds | mdvm-c is faster by |", "|---|---|---|"]
    for entry in contestants:
        factor = "" if entry is contestants[0] else f"{entry.median() / first:.1f}"
        lines.append(f"| {entry.name} | {entry.median():.3f} | {factor} |")
    return "\n".join(lines)


def run(rounds: int, write: Callable[[str], None]) -> None:
    """Measure and write the tables. Raises WrongAnswer."""
    fib, count, hello = named(["fib", "count", "hello"])
    fibonacci = _contestants(
        fib, {who.MDVM: 30, who.MDVM_OFF: 30, who.CPYTHON: 30, who.PUBLISHED: 30}
    )
    counting = _contestants(
        count,
        {
            who.MDVM: 100_000_000,
            who.MDVM_OFF: 10_000_000,
            who.CPYTHON: 10_000_000,
            who.PUBLISHED: 1_000_000,
        },
    )
    for title, contestants in (("fib(30)", fibonacci), ("count to 1e8", counting)):
        measure(contestants, rounds)
        write(table(title, contestants) + "\n")
    start = contestant(who.MDVM, hello, hello.size)
    measure([start], 4 * rounds)
    wall = min(sample.wall for sample in start.samples)
    memory = max(sample.memory for sample in start.samples)
    write(f"hello: {wall * 1000:.1f} ms at best, peak memory {memory / 2**20:.1f} MB")
