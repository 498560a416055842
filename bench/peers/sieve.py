"""How many primes there are below n, by the sieve of Eratosthenes."""

import sys


def sieve(n: int) -> int:
    crossed_out = [False] * n
    primes = 0
    candidate = 2
    while candidate < n:
        if not crossed_out[candidate]:
            primes += 1
            multiple = candidate * candidate
            while multiple < n:
                crossed_out[multiple] = True
                multiple += candidate
        candidate += 1
    return primes


print(sieve(int(sys.argv[1])))
