"""A linked list of 1,000 cells, n times built, reversed and added up."""

from __future__ import annotations

import sys
from typing import Any


def run(n: int) -> int:
    total = 0
    for turn in range(n):
        rest: Any = None
        for i in range(1000):
            rest = [i + turn, rest]
        backward: Any = None
        while rest:
            backward = [rest[0], backward]
            rest = rest[1]
        i = 0
        while backward:
            total += backward[0] * i
            i += 1
            backward = backward[1]
    return total


print(run(int(sys.argv[1])))
