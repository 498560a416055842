import sys


def main(n: int) -> int:
    text = "eight ch," * 1111111
    separator, other = ",", ";"
    parts = []
    for _ in range(n):
        parts = text.split(separator)
        text = other.join(parts)
        separator, other = other, separator
    return len(text.encode()) + len(parts)


print(main(int(sys.argv[1])))
