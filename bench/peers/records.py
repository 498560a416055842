"""A search tree whose nodes are arrays of a key, a count and two nodes; the sum of depths."""

from __future__ import annotations

import sys


def insert_all(n: int) -> int:
    random, total = 42, 0
    nodes: list[list[int]] = []
    for _ in range(n):
        random = random * 16807 % 2147483647
        key, at = random % 100000, 0
        found = False
        while nodes:
            node = nodes[at]
            if key == node[0]:
                node[1] += 1
                found = True
                break
            total += 1
            side = 2 if key < node[0] else 3
            if node[side] == -1:
                node[side] = len(nodes)
                break
            at = node[side]
        if not found:
            nodes.append([key, 1, -1, -1])
    return total


print(insert_all(int(sys.argv[1])))
