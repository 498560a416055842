"""Two functions that call each other: Hofstadter's female and male sequences."""

import sys


def female(n: int) -> int:
    if not n:
        return 1
    return n - male(female(n - 1))


def male(n: int) -> int:
    if not n:
        return 0
    return n - female(male(n - 1))


print(sum(female(i) for i in range(int(sys.argv[1]))))
