"""Binary trees up to a depth of n, built, counted and dropped again; a node is a list of two."""

from __future__ import annotations

import sys
from typing import Any

Node = list[Any]


def build(depth: int) -> Node:
    node: Node = [None, None]
    if depth:
        node[0] = build(depth - 1)
        node[1] = build(depth - 1)
    return node


def count(node: Node) -> int:
    if node[0] is None:
        return 1
    return count(node[0]) + count(node[1]) + 1


def main(n: int) -> int:
    lasting = build(n)
    total = 0
    for depth in range(4, n + 1, 2):
        for _ in range(2 ** (n - depth + 4)):
            total += count(build(depth))
    return total + count(lasting)


print(main(int(sys.argv[1])))
