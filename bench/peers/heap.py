"""A binary heap of n keys: an array that two functions get, change and give back.

The result depends on the order in which the keys come out.
"""

from __future__ import annotations

import sys

SIZE = int(sys.argv[1])


def push(h: list[int], size: int, x: int) -> list[int]:
    i = size
    while i > 0:
        p = (i - 1) // 2
        if h[p] <= x:
            break
        h[i] = h[p]
        i = p
    h[i] = x
    return h


def pop(h: list[int], size: int) -> list[int]:
    last = size - 1
    x = h[last]
    i = 0
    while True:
        c = 2 * i + 1
        if c >= last:
            break
        if c + 1 < last and h[c + 1] < h[c]:
            c += 1
        if x <= h[c]:
            break
        h[i] = h[c]
        i = c
    h[i] = x
    return h


def main() -> int:
    h = [0] * SIZE
    seed = 42
    for i in range(SIZE):
        seed = seed * 16807 % 2147483647
        h = push(h, i, seed)
    total = 0
    for i in range(SIZE):
        total = (total * 31 + h[0]) % 1000000007
        h = pop(h, SIZE - i)
    return total


print(main())
