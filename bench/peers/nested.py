"""n updates of single elements of a matrix of 100 times 100 ints, a list of lists."""

import sys

SIDE = 100


def update(n: int) -> int:
    matrix = [[0] * SIDE for _ in range(SIDE)]
    iteration = 0
    while iteration < n:
        i = iteration * 7 % SIDE
        j = iteration * 13 // SIDE % SIDE
        row = matrix[i]
        row[j] = row[j] + 1
        matrix[i] = row
        iteration += 1
    return sum(value * j for row in matrix for j, value in enumerate(row))


print(update(int(sys.argv[1])))
