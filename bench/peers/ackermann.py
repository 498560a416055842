"""Ackermann's function of 3 and n: calls as arguments of calls, thousands deep."""

from __future__ import annotations

import sys

SIZE = int(sys.argv[1])

sys.setrecursionlimit(1000000)


def ack(m: int, n: int) -> int:
    if m == 0:
        return n + 1
    if n == 0:
        return ack(m - 1, 1)
    return ack(m - 1, ack(m, n - 1))


def main() -> int:
    return ack(3, SIZE)


print(main())
