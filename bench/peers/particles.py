"""n steps of 200 particles in a box, each a record; the sum of the places, in thousandths."""

from __future__ import annotations

import sys

COUNT = 200


def simulate(n: int) -> int:
    random = 42
    particles: list[list[float]] = []
    for _ in range(COUNT):
        record: list[float] = []
        for _ in range(4):
            random = random * 16807 % 2147483647
            record.append(random / 2147483647.0)
        particles.append(record)
    for _ in range(n):
        for record in particles:
            x, speed = record[0], record[2]
            x += speed * 0.001
            if x < 0.0 or x > 1.0:
                record[2] = 0.0 - speed
            record[0] = x
            y, speed = record[1], record[3]
            y += speed * 0.001
            if y < 0.0 or y > 1.0:
                record[3] = 0.0 - speed
            record[1] = y
    total = 0.0
    for record in particles:
        total += record[0]
        total += record[1]
    return int(total * 1000)


print(simulate(int(sys.argv[1])))
