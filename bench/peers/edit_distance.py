"""The edit distance of two pseudo-random words of n letters, in a table that is a list of rows."""

import sys


def word(n: int, seed: int) -> list[int]:
    letters = [0] * n
    i = 0
    while i < n:
        seed = seed * 16807 % 2147483647
        letters[i] = seed // 536870912
        i += 1
    return letters


def distance(first: list[int], second: list[int]) -> int:
    height = len(first) + 1
    width = len(second) + 1
    table: list[list[int]] = []
    for i in range(height):
        table.append([0] * width)
        table[i][0] = i
        for j in range(1, width):
            best = j
            if i > 0:
                best = table[i - 1][j - 1]
                if first[i - 1] != second[j - 1]:
                    above = table[i - 1][j]
                    beside = table[i][j - 1]
                    if above < best:
                        best = above
                    if beside < best:
                        best = beside
                    best += 1
            table[i][j] = best
    return table[height - 1][width - 1]


N = int(sys.argv[1])
print(distance(word(N, 42), word(N, 7)))
