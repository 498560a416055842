"""A binary search tree in three global lists; the result is the sum of the depths at which n keys
arrive.
"""

import sys

N = int(sys.argv[1])
key = [0] * N
left = [0] * N
right = [0] * N


def insert(value: int, node: int) -> int:
    key[node] = value
    left[node] = -1
    right[node] = -1
    depth = 0
    at = 0
    if node == 0:
        return depth
    while True:
        side = left if value < key[at] else right
        next_node = side[at]
        depth += 1
        if next_node == -1:
            side[at] = node
            return depth
        at = next_node


value = 42
total = 0
for node in range(N):
    value = value * 16807 % 2147483647
    total += insert(value, node)
print(total)
