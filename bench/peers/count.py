"""The sum of 1 to n, counted up one by one, in plain Python."""

import sys


def count(n: int) -> int:
    i = 0
    total = 0
    while i < n:
        i += 1
        total += i
    return total


print(count(int(sys.argv[1])))
