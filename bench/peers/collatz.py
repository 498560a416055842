"""Which start below n has the longest Collatz sequence."""

import sys


def collatz(n: int) -> int:
    longest = best = 0
    start = 1
    while start < n:
        value = start
        steps = 0
        while value > 1:
            steps += 1
            value = value * 3 + 1 if value % 2 else value // 2
        if steps > longest:
            longest = steps
            best = start
        start += 1
    return best


print(collatz(int(sys.argv[1])))
