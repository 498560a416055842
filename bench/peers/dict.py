"""n updates of a dict with 1,000 keys, which are strings."""

import sys

KEYS = 1000


def update(n: int) -> int:
    table = {}
    keys = []
    for i in range(KEYS):
        key = "key" + str(i)
        keys.append(key)
        table[key] = 0
    which = 0
    i = 0
    while i < n:
        key = keys[which]
        table[key] = table[key] + 1
        which += 1
        if which >= KEYS:
            which = 0
        i += 1
    return sum(table[keys[i]] * i for i in range(KEYS))


print(update(int(sys.argv[1])))
