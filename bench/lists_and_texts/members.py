import sys


def main(n: int) -> int:
    members = set()
    for i in range(1000):
        members.add(i * 3)
    total = 0
    for i in range(n):
        number = i % 3001
        if number in members:
            total += number
    return total


print(main(int(sys.argv[1])))
