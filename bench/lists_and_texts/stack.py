import sys


def main(n: int) -> int:
    numbers = []
    for i in range(n):
        numbers.append(i)
    total = 0
    while len(numbers) > 0:
        total += numbers.pop()
    return total


print(main(int(sys.argv[1])))
