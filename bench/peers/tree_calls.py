"""A binary search tree in three global arrays, into which n keys are inserted by a recursive
function. The result is its depth and how many keys there are.
"""

from __future__ import annotations

import sys

SIZE = int(sys.argv[1])
count: int
key: list[int]
left: list[int]
right: list[int]

sys.setrecursionlimit(1000000)


def insert(at: int, k: int) -> int:
    global count
    if at == -1:
        key[count] = k
        left[count] = -1
        right[count] = -1
        count += 1
        return count - 1
    if k < key[at]:
        left[at] = insert(left[at], k)
    elif k > key[at]:
        right[at] = insert(right[at], k)
    return at


def depth(at: int) -> int:
    if at == -1:
        return 0
    return max(depth(left[at]), depth(right[at])) + 1


def main() -> int:
    global key, left, right, count
    key = [0] * SIZE
    left = [0] * SIZE
    right = [0] * SIZE
    count = 0
    root = -1
    seed = 42
    for _ in range(SIZE):
        seed = seed * 16807 % 2147483647
        root = insert(root, seed)
    return depth(root) * 1000000 + count


print(main())
