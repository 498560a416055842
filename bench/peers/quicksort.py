"""Quicksort of n keys in a global array, recursive for the shorter part.

The result depends on their order.
"""

from __future__ import annotations

import sys

SIZE = int(sys.argv[1])
a: list[int]


def sort(lo: int, hi: int) -> int:
    while lo < hi:
        p = a[(lo + hi) // 2]
        i = lo
        j = hi
        while i <= j:
            while a[i] < p:
                i += 1
            while a[j] > p:
                j -= 1
            if i <= j:
                t = a[i]
                a[i] = a[j]
                a[j] = t
                i += 1
                j -= 1
        if j - lo < hi - i:
            sort(lo, j)
            lo = i
        else:
            sort(i, hi)
            hi = j
    return 0


def main() -> int:
    global a
    a = [0] * SIZE
    seed = 42
    for i in range(SIZE):
        seed = seed * 16807 % 2147483647
        a[i] = seed
    sort(0, SIZE - 1)
    s = 0
    for i in range(SIZE):
        s = (s * 31 + a[i]) % 1000000007
    return s


print(main())
