"""n times two characters are appended to a string."""

import sys


def append(n: int) -> int:
    text = ""
    i = 0
    while i < n:
        text = text + "ab"
        i += 1
    return len(text)


print(append(int(sys.argv[1])))
