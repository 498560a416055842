"""One table of n entries whose keys are strings, and n look-ups of keys that are made anew."""

from __future__ import annotations

import sys

SIZE = int(sys.argv[1])


def main() -> int:
    d: dict[str, int] = {}
    for i in range(SIZE):
        key = "k" + str(i)
        d[key] = i
    seed = 42
    total = 0
    for _ in range(SIZE):
        seed = seed * 16807 % 2147483647
        key = "k" + str(seed % SIZE)
        total += d[key]
    return total


print(main())
