"""n steps of five bodies that attract each other; the force falls with the distance."""

from __future__ import annotations

import sys

BODIES = 5


def spread(count: int, factor: int) -> list[float]:
    return [(i + 1) * (i + 1) * factor % 11 * 0.5 for i in range(count)]


def simulate(n: int) -> int:
    x, y, z = spread(BODIES, 3), spread(BODIES, 5), spread(BODIES, 7)
    vx, vy, vz = spread(BODIES, 0), spread(BODIES, 0), spread(BODIES, 0)
    mass = spread(BODIES, 2)
    time = 0.001
    for _ in range(n):
        i = 0
        while i < BODIES:
            j = i + 1
            while j < BODIES:
                dx = x[i] - x[j]
                dy = y[i] - y[j]
                dz = z[i] - z[j]
                force = time / (dx * dx + dy * dy + dz * dz + 0.01)
                on_i = mass[j] * force
                on_j = mass[i] * force
                vx[i] = vx[i] - dx * on_i
                vy[i] = vy[i] - dy * on_i
                vz[i] = vz[i] - dz * on_i
                vx[j] = vx[j] + dx * on_j
                vy[j] = vy[j] + dy * on_j
                vz[j] = vz[j] + dz * on_j
                j += 1
            i += 1
        i = 0
        while i < BODIES:
            x[i] = x[i] + vx[i] * time
            y[i] = y[i] + vy[i] * time
            z[i] = z[i] + vz[i] * time
            i += 1
    total = 0.0
    for i in range(BODIES):
        total += x[i]
        total += y[i]
        total += z[i]
    return int(total * 1000000.0)


print(simulate(int(sys.argv[1])))
