"""The ways to place n queens on a board.

A recursive function that changes three arrays which are its arguments.
"""

from __future__ import annotations

import sys

SIZE = int(sys.argv[1])


def place(row: int, n: int, cols: list[int], up: list[int], down: list[int]) -> int:
    if row == n:
        return 1
    count = 0
    for c in range(n):
        if cols[c] == 0 and up[row + c] == 0 and (down[row - c + n] == 0):
            cols[c] = 1
            up[row + c] = 1
            down[row - c + n] = 1
            count += place(row + 1, n, cols, up, down)
            cols[c] = 0
            up[row + c] = 0
            down[row - c + n] = 0
    return count


def zeros(n: int) -> list[int]:
    a = [0] * n
    for i in range(n):
        a[i] = 0
    return a


def main() -> int:
    return place(0, SIZE, zeros(SIZE), zeros(2 * SIZE), zeros(2 * SIZE + 1))


print(main())
