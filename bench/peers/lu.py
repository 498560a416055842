"""The LU decomposition, with row pivots, of n rows; the sum of the diagonal, in thousandths."""

from __future__ import annotations

import sys


def decompose(n: int) -> int:
    random = 42
    m: list[list[float]] = []
    for _ in range(n):
        row: list[float] = []
        for _ in range(n):
            random = random * 16807 % 2147483647
            row.append((random % 2001 - 1000) / 100.0)
        m.append(row)
    for k in range(n):
        pivot, best = k, -1.0
        for i in range(k, n):
            x = abs(m[i][k])
            if best < x:
                pivot, best = i, x
        m[k], m[pivot] = m[pivot], m[k]
        for i in range(k + 1, n):
            top, row = m[k], m[i]
            factor = row[k] / top[k]
            for j in range(k, n):
                row[j] -= top[j] * factor
    total = 0.0
    for i in range(n):
        total += abs(m[i][i])
    return int(total * 1000)


print(decompose(int(sys.argv[1])))
