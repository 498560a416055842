"""The shortest ways between all of n places, by rows; the sum of the lengths of all ways."""

from __future__ import annotations

import sys


def shorten(n: int) -> int:
    random = 42
    ways: list[list[int]] = []
    for _ in range(n):
        row: list[int] = []
        for _ in range(n):
            random = random * 16807 % 2147483647
            row.append(random % 10000)
        ways.append(row)
    for k in range(n):
        by = ways[k]
        for row in ways:
            there = row[k]
            for j in range(n):
                way = by[j] + there
                if way < row[j]:
                    row[j] = way
    return sum(sum(row) for row in ways)


print(shorten(int(sys.argv[1])))
