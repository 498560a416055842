"""Bubble sort of n pseudo-random ints."""

from __future__ import annotations

import sys


def random_ints(n: int) -> list[int]:
    array = [0] * n
    number = 42
    for i in range(n):
        number = (number * 3877 + 29573) % 139968
        array[i] = number
    return array


def sort(array: list[int]) -> list[int]:
    last = len(array) - 1
    while last > 0:
        i = 0
        while i < last:
            following = i + 1
            left = array[i]
            right = array[following]
            if left > right:
                array[i] = right
                array[following] = left
            i = following
        last -= 1
    return array


print(sum(value * i for i, value in enumerate(sort(random_ints(int(sys.argv[1]))))))
