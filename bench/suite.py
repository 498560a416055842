"""The benchmarks: what there is, in which sizes it is run, and what mdvm is meant to reach.

A benchmark is a program in bench/programs/ and the same algorithm in bench/peers/ in C, Python,
JavaScript and Lua, or is written out by bench/straight_line.py. It depends on one number, N in the
program and the only argument of a peer, and prints one int. bench/workshop.py turns both into
something that runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Benchmark:
    """One program in all its languages.

    size: the size of the comparison
    quick: for one quick look
    small: for the tests, which may run it untranslated
    published: one that the published VM finishes in a few seconds, with its containers that copy at
        each store; 0 if it gets something else, since it copies a call's arguments one by one
    short: the size at which the busiest loop takes about 10,000 iterations, or the busiest function
        is called so often
    answer: what the program prints at `size`; at other sizes the C program's answer counts
    targets: what the time may be in multiples of C's, for the hand-written and the compiler's shape
    growth: what doubling the size may multiply the time by; 0 where nothing is asked
    steady: whether the work is proportional to the size, so that the time until full speed can be
        told
    """

    name: str
    title: str
    size: int
    quick: int
    small: int
    published: int
    short: int
    answer: int
    targets: tuple[float, float] | None = None
    growth: float = 0.0
    steady: bool = False


BENCHMARKS: Sequence[Benchmark] = (
    Benchmark("fib", "recursive fib", 35, 27, 15, 31, 19, 9227465, (1.8, 1.8)),
    Benchmark(
        "count",
        "counting loop",
        100_000_000,
        10_000_000,
        1000,
        100_000_000,
        10_000,
        5000000050000000,
        (1.6, 1.8),
        steady=True,
    ),
    Benchmark("mandelbrot", "mandelbrot", 1200, 300, 20, 1200, 20, 572232, (1.25, 1.3)),
    Benchmark("collatz", "collatz", 1_000_000, 100_000, 300, 500_000, 150, 837799, (1.35, 1.4)),
    Benchmark(
        "sieve", "sieve", 5_000_000, 500_000, 1000, 30_000, 5000, 348513, (6.0, 6.0), growth=2.2
    ),
    Benchmark(
        "bubble_sort",
        "bubble sort",
        10_000,
        2000,
        30,
        1500,
        150,
        4718506155439,
        (2.5, 2.5),
        growth=4.4,
    ),
    Benchmark("matrix", "matrix product", 300, 100, 6, 150, 22, 674996132, (2.0, 2.2)),
    Benchmark(
        "dict",
        "dict updates",
        10_000_000,
        1_000_000,
        2000,
        100_000,
        10_000,
        4995000000,
        (2.0, 2.2),
        growth=2.2,
        steady=True,
    ),
    Benchmark(
        "strings",
        "string appends",
        100_000,
        20_000,
        100,
        100_000,
        10_000,
        200000,
        (0.1, 0.1),
        growth=2.2,
    ),
    Benchmark("nbody", "n-body", 500_000, 50_000, 50, 500_000, 1000, 36216252, steady=True),
    Benchmark("trees", "binary trees", 16, 12, 5, 13, 6, 14723759),
    Benchmark(
        "nested",
        "nested arrays",
        5_000_000,
        500_000,
        300,
        2_000_000,
        10_000,
        247500000,
        steady=True,
    ),
    Benchmark(
        "search_tree",
        "search tree in globals",
        300_000,
        50_000,
        200,
        2000,
        1000,
        6851824,
        # what C's time grows by, as the arrays leave the processor's caches
        growth=3.6,
    ),
    Benchmark("edit_distance", "edit distance", 2000, 600, 20, 100, 100, 1040, growth=4.4),
    Benchmark("mutual", "mutual recursion", 100, 60, 12, 60, 25, 3076),
    Benchmark(
        "calls",
        "array through calls",
        2_000_000,
        200_000,
        300,
        40_000,
        10_000,
        3999998000000,
        growth=2.2,
    ),
    Benchmark("lu", "LU with row swaps", 800, 200, 8, 100, 22, 88456477),
    Benchmark(
        "particles", "records in an array", 300_000, 30_000, 20, 2000, 50, 199211, steady=True
    ),
    Benchmark(
        "events", "event queue", 1_000_000, 100_000, 300, 1000, 1000, 125077287286237, steady=True
    ),
    Benchmark("records", "search tree of records", 300_000, 50_000, 200, 1000, 1000, 5969416),
    Benchmark("linked_list", "linked list", 10_000, 1000, 3, 5, 10, 28300837500000, steady=True),
    Benchmark("floyd", "shortest ways by rows", 600, 200, 10, 60, 22, 39782092),
    Benchmark(
        "globals",
        "loop over globals",
        100_000_000,
        10_000_000,
        1000,
        5_000_000,
        10_000,
        299999995,
        steady=True,
    ),
    Benchmark("tak", "recursive tak", 27, 21, 9, 0, 15, 18),
    Benchmark(
        "dict_records",
        "dicts as objects",
        1_000_000,
        100_000,
        30,
        20_000,
        1000,
        182332638,
        steady=True,
    ),
    Benchmark("hanoi", "towers of Hanoi", 25, 18, 8, 0, 13, 268435421),
    Benchmark("ackermann", "Ackermann", 9, 7, 2, 6, 4, 4093),
    Benchmark("queens", "queens", 11, 8, 4, 7, 6, 2680),
    Benchmark("sudoku", "sudoku", 10, 1, 1, 1, 1, 4457782010),
    Benchmark("parser", "recursive-descent parser", 300_000, 30_000, 50, 3000, 300, 19018373),
    Benchmark("tree_calls", "recursive search tree", 200_000, 20_000, 50, 3000, 500, 40200000),
    Benchmark("heap", "heap through functions", 500_000, 50_000, 50, 5000, 700, 742099254),
    Benchmark("quicksort", "quicksort", 500_000, 50_000, 50, 5000, 700, 742099254),
    Benchmark("big_dict", "large dict", 500_000, 50_000, 50, 5000, 3000, 124980776848),
    Benchmark("planets", "pairs of dicts", 200_000, 20_000, 20, 30_000, 300, 98623454, steady=True),
    Benchmark(
        "float_texts", "floats as texts", 500_000, 50_000, 50, 300_000, 5000, 8565171, steady=True
    ),
    Benchmark("straight", "straight-line code", 20_000, 1000, 3, 50_000, 2, 7573613),
    Benchmark("machine", "state machine", 3000, 300, 1, 20, 1, 3142123533000, steady=True),
    Benchmark("hello", "start-up", 0, 0, 0, 0, 0, 0),
)

# A shape is how the program for the VM is written.
HAND = "hand-written"
COMPILED = "compiler-shaped"
SHAPES = (HAND, COMPILED)


class UnknownBenchmark(Exception):
    """There is no benchmark of that name. The text says which there are."""


def named(names: Sequence[str]) -> list[Benchmark]:
    """The benchmarks of these names, in the order of the suite; all for no names. Raises
    UnknownBenchmark.
    """
    known = {benchmark.name for benchmark in BENCHMARKS}
    for name in names:
        if name not in known:
            raise UnknownBenchmark(
                f"there is no benchmark {name!r}; there are {', '.join(sorted(known))}"
            )
    return [benchmark for benchmark in BENCHMARKS if not names or benchmark.name in names]
