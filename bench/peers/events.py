"""A queue of 1,000 events, a heap of arrays, from which n times the first is taken."""

from __future__ import annotations

import sys

COUNT = 1000


def run(n: int) -> int:
    random, total = 42, 0
    events = [[i, i] for i in range(COUNT)]
    for _ in range(n):
        time, number = events[0]
        total += time * number
        random = random * 16807 % 2147483647
        time += random % 1000 + 1
        at = 0
        while True:
            child = at * 2 + 1
            if child >= COUNT:
                break
            if child + 1 < COUNT and events[child + 1][0] < events[child][0]:
                child += 1
            if events[child][0] >= time:
                break
            events[at] = events[child]
            at = child
        events[at] = [time, number]
    return total


print(run(int(sys.argv[1])))
