"""A loop of n iterations whose variables are all global."""

from __future__ import annotations

import sys

i, total, n = 0, 0, int(sys.argv[1])
while True:
    total += i % 7
    i += 1
    if i >= n:
        break
print(total)
