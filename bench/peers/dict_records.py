"""n steps of eight bodies on a line that pull at their neighbours; the places in millionths."""

from __future__ import annotations

import sys

COUNT = 8


def simulate(n: int) -> int:
    bodies = [{"place": float(i * i), "speed": 0.0, "mass": float(i + 1)} for i in range(COUNT)]
    for _ in range(n):
        for i in range(COUNT):
            one, other = bodies[i], bodies[(i + 1) % COUNT]
            pull = (other["place"] - one["place"]) * other["mass"] * 0.001
            one["speed"] = one["speed"] * 0.5 + pull
            one["place"] += one["speed"] * 0.001
    total = 0.0
    for body in bodies:
        total += body["place"]
    return int(total * 1000000)


print(simulate(int(sys.argv[1])))
