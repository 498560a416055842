"""A recursive-descent parser.

Four functions that call each other read a text of about n characters, an array of their codes, 20
times from the beginning and compute what it says.
"""

from __future__ import annotations

import sys

SIZE = int(sys.argv[1])
at: int
seed: int
source: list[int]


def factor() -> int:
    global at
    c = source[at]
    if c == 40:
        at += 1
        v = expr()
        at += 1
        return v
    if c == 45:
        at += 1
        return (1000003 - factor()) % 1000003
    v = 0
    while c >= 48 and c <= 57:
        v = v * 10 + c - 48
        at += 1
        c = source[at]
    return v


def term() -> int:
    global at
    v = factor()
    while True:
        c = source[at]
        if c == 42:
            at += 1
            v = v * factor() % 1000003
        elif c == 47:
            at += 1
            v = v // (factor() * factor() % 7 + 8)
        else:
            return v


def expr() -> int:
    global at
    v = term()
    while True:
        c = source[at]
        if c == 43:
            at += 1
            v = (v + term()) % 1000003
        elif c == 45:
            at += 1
            v = (v + 1000003 - term()) % 1000003
        else:
            return v


def gen(depth: int) -> int:
    global seed, at
    seed = seed * 16807 % 2147483647
    k = seed // 8 % 8
    if depth == 0 or k == 0:
        source[at] = 49 + seed // 64 % 9
        at += 1
        if k < 4:
            source[at] = 48 + seed // 64 % 10
            at += 1
        return 0
    if k == 1:
        source[at] = 45
        at += 1
        return gen(depth - 1)
    if k < 5:
        source[at] = 40
        at += 1
    gen(depth - 1)
    if k % 2 == 0:
        source[at] = 43
    elif k == 3:
        source[at] = 45
    else:
        source[at] = 42
    at += 1
    gen(depth - 1)
    if k < 5:
        source[at] = 41
        at += 1
    return 0


def main() -> int:
    global source, at, seed
    source = [0] * (SIZE + 3000)
    at = 0
    seed = 42
    while at < SIZE:
        gen(9)
        source[at] = 43
        at += 1
    source[at] = 49
    at += 1
    source[at] = 0
    total = at
    for _ in range(20):
        at = 0
        total = total + expr()
    return total


print(main())
