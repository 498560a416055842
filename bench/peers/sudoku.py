"""One sudoku that is solved n times by trying: a recursive function that changes a global array.
The result tells how often a digit was tried.
"""

from __future__ import annotations

import sys

SIZE = int(sys.argv[1])
grid: list[int]
tries: int


def allowed(cell: int, v: int) -> bool:
    r = cell // 9
    c = cell % 9
    for i in range(9):
        if grid[r * 9 + i] == v:
            return False
        if grid[i * 9 + c] == v:
            return False
    r0 = r // 3 * 3
    c0 = c // 3 * 3
    for i in range(3):
        for j in range(3):
            if grid[(r0 + i) * 9 + c0 + j] == v:
                return False
    return True


def solve(cell: int) -> bool:
    global tries
    while cell < 81 and grid[cell] != 0:
        cell += 1
    if cell == 81:
        return True
    for v in range(1, 10):
        tries += 1
        if allowed(cell, v):
            grid[cell] = v
            if solve(cell + 1):
                return True
            grid[cell] = 0
    return False


def main() -> int:
    global grid, tries
    tries = 0
    total = 0
    for _ in range(SIZE):
        grid = [0] * 81
        for i in range(81):
            grid[i] = 0
        grid[0] = 8
        grid[11] = 3
        grid[12] = 6
        grid[19] = 7
        grid[22] = 9
        grid[24] = 2
        grid[28] = 5
        grid[32] = 7
        grid[40] = 4
        grid[41] = 5
        grid[42] = 7
        grid[48] = 1
        grid[52] = 3
        grid[56] = 1
        grid[61] = 6
        grid[62] = 8
        grid[65] = 8
        grid[66] = 5
        grid[70] = 1
        grid[73] = 9
        grid[78] = 4
        solve(0)
        total += grid[80] * 100 + grid[1]
    return tries * 1000 + total


print(main())
