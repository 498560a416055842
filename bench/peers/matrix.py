"""The product of two matrices of n times n floats, each one flat list."""

from __future__ import annotations

import sys


def matrix(n: int, factor: int) -> list[float]:
    return [float(i * factor % 11) for i in range(n * n)]


def multiply(left: list[float], right: list[float], n: int) -> list[float]:
    product = [0.0] * (n * n)
    row = 0
    while row < n:
        column = 0
        while column < n:
            total = 0.0
            in_left = row * n
            in_right = column
            k = 0
            while k < n:
                total += left[in_left] * right[in_right]
                in_left += 1
                in_right += n
                k += 1
            product[row * n + column] = total
            column += 1
        row += 1
    return product


def main(n: int) -> int:
    return int(sum(multiply(matrix(n, 3), matrix(n, 5), n)))


print(main(int(sys.argv[1])))
