"""Takeuchi's function of n, 2 n / 3 and n / 3."""

from __future__ import annotations

import sys


def tak(x: int, y: int, z: int) -> int:
    if y >= x:
        return z
    return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))


third = int(sys.argv[1]) // 3
print(tak(int(sys.argv[1]), third * 2, third))
