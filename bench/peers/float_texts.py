"""The lengths of n floats that are written with as many digits as it takes to read them back."""

from __future__ import annotations

import sys

SIZE = int(sys.argv[1])


def main() -> int:
    x = 0.5
    total = 0
    for _ in range(SIZE):
        x = x * 3.9 * (1.0 - x)
        total += len(str(x * 1000.0).removesuffix(".0"))
    return total


print(main())
