"""How many programs the published parser and the compiler's own read differently.

    .toolchain/development/bin/python -m tests.compiler.compare_with_published [--generated N]
                                                                               [--mutated N] [--seed S]

Generated programs are whole, as random_programs makes them; mutated ones are the constructs' cases,
damaged. Only what the published parser accepts is compared. Differences are counted under the
layouts that test_published_parser names; the exit status is 1 if there is one without a name, or
one at all in a generated program.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from hypothesis import HealthCheck, Phase, given, seed, settings

from pymdvm.compiler.frontend import syntax

from .constructs import ALL_CASES
from .printer import print_program
from .random_programs import programs
from .test_damaged_sources import _damaged
from .test_published_parser import _layout, _read_by_both

UNNAMED = "without a name"


def _generated(count: int, number: int) -> list[str]:
    sources: list[str] = []

    @seed(number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(programs())
    def collect(program: syntax.Program) -> None:
        sources.append(print_program(program))

    collect()
    return sources


def _mutated(count: int, number: int) -> Iterator[str]:
    chance = random.Random(number)
    cases = [case for case in ALL_CASES if not str(case).startswith("documents")]
    for _ in range(count):
        yield _damaged(chance.choice(cases).source, chance)


def _compare(what: str, sources: Iterable[str]) -> Counter[str]:
    made = compared = 0
    differing: Counter[str] = Counter()
    for source in sources:
        made += 1
        read = _read_by_both(source)
        if read is None:
            continue
        compared += 1
        theirs, ours, _ = read
        if ours != theirs:
            name = _layout(source) or UNNAMED
            differing[name] += 1
            if name == UNNAMED:
                print(f"--- {UNNAMED}:\n{source}")
    total = sum(differing.values())
    print(f"{what}: {made} programs, {compared} read by both, {total} differently")
    for name, count in differing.most_common():
        print(f"  {count:5}  {name}")
    return differing


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generated", type=int, default=10_000)
    parser.add_argument("--mutated", type=int, default=40_000)
    parser.add_argument("--seed", type=int, default=1)
    given_ = parser.parse_args(arguments)
    whole = _compare("generated", _generated(given_.generated, given_.seed))
    damaged = _compare("mutated", _mutated(given_.mutated, given_.seed))
    return 1 if whole or damaged[UNNAMED] else 0


if __name__ == "__main__":
    sys.exit(main())
