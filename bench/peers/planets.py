"""n steps of five bodies that pull at each other, each a record of seven floats; two of them are
changed at a time. The result is a sum of their places, in millionths.
"""

from __future__ import annotations

import sys

SIZE = int(sys.argv[1])


def main() -> int:
    bodies: list[dict[str, float]] = []
    for i in range(5):
        f = float(i)
        bodies.append(
            {
                "x": f * 2.5 - 3.0,
                "y": 1.0 + f * f,
                "z": 0.5 * f,
                "vx": 0.1 * f,
                "vy": 0.2 - 0.1 * f,
                "vz": 0.01 * f,
                "mass": 1.0 + 3.0 * f,
            }
        )
    for _ in range(SIZE):
        for i in range(5):
            for j in range(i + 1, 5):
                a = bodies[i]
                b = bodies[j]
                dx = a["x"] - b["x"]
                dy = a["y"] - b["y"]
                dz = a["z"] - b["z"]
                d2 = dx * dx + dy * dy + dz * dz + 0.01
                mag = 0.0001 / (d2 * d2)
                bm = b["mass"] * mag
                am = a["mass"] * mag
                a["vx"] = a["vx"] - dx * bm
                a["vy"] = a["vy"] - dy * bm
                a["vz"] = a["vz"] - dz * bm
                b["vx"] = b["vx"] + dx * am
                b["vy"] = b["vy"] + dy * am
                b["vz"] = b["vz"] + dz * am
                bodies[i] = a
                bodies[j] = b
        for i in range(5):
            b = bodies[i]
            b["x"] = b["x"] + 0.0001 * b["vx"]
            b["y"] = b["y"] + 0.0001 * b["vy"]
            b["z"] = b["z"] + 0.0001 * b["vz"]
            bodies[i] = b
    e = 0.0
    for i in range(5):
        b = bodies[i]
        e = e + b["x"] + b["y"] * b["z"]
    e = e * 1000000.0
    count = 0
    while e >= 1000000.0:
        e = e - 1000000.0
        count += 1000000
    while e >= 1.0:
        e = e - 1.0
        count += 1
    return count


print(main())
