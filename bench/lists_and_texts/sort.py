import sys


def main(n: int) -> int:
    numbers = []
    seed = 42
    for _ in range(n):
        seed = seed * 16807 % 2147483647
        numbers.append(seed)
    numbers = sorted(numbers)
    total = 0
    for i in range(n):
        total = (total + numbers[i] * i) % 2147483647
    return total


print(main(int(sys.argv[1])))
