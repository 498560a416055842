"""A list of n ints is passed to a function and back n times, and the function stores one
element.
"""

from __future__ import annotations

import sys


def store(array: list[int], index: int) -> list[int]:
    array[index] = index + index
    return array


def main(n: int) -> int:
    array = [0] * n
    i = 0
    while i < n:
        array = store(array, i)
        i += 1
    total = 0
    i = 0
    while i < n:
        total += array[i]
        i += 1
    return total


print(main(int(sys.argv[1])))
