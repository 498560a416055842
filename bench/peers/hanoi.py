"""The towers of Hanoi with n discs: a call of four ints twice in itself.

The result weighs each move by its rods.
"""

from __future__ import annotations

import sys

SIZE = int(sys.argv[1])


def hanoi(n: int, a: int, b: int, c: int) -> int:
    if n == 0:
        return 0
    return hanoi(n - 1, a, c, b) + a * 3 + b + hanoi(n - 1, c, b, a)


def main() -> int:
    return hanoi(SIZE, 1, 2, 3)


print(main())
