"""How the speed of a contestant comes up, told from how long it takes at growing sizes of a program
of proportional work.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

FIRST = 0.1  # seconds: the stretch at the start that is looked at
LAST_STRETCHES = 3  # are looked at for the steady speed
NEARLY = 0.8  # of the steady speed: counts as having reached it


@dataclass(frozen=True)
class WarmUp:
    """How a contestant starts.

    lost: the seconds that the start costs over running at steady speed from the beginning
    reached: after how many seconds its speed is near the steady one
    share: how much of what steady speed would do in the first 100 ms is done in them
    """

    lost: float
    reached: float
    share: float


def warm_up(points: Sequence[tuple[int, float]]) -> WarmUp | None:
    """From (size, wall seconds), at least three. None where they do not tell a steady speed: it
    must take longer for more.
    """
    points = sorted(points)
    if len(points) < 3:
        return None
    speed = _steady_speed(points)
    if speed is None:
        return None
    full, full_time = points[-1]
    return WarmUp(
        max(0.0, full_time - full / speed),
        _reached(points, speed),
        min(1.0, _done(points, speed) / (speed * FIRST)),
    )


def _steady_speed(points: Sequence[tuple[int, float]]) -> float | None:
    """The speed of the last stretches; the middle one of up to three, since other processes disturb
    some.
    """
    stretches = list(zip(points, points[1:]))[-LAST_STRETCHES:]
    speeds = [
        (size - before) / (time - earlier)
        for (before, earlier), (size, time) in stretches
        if time > earlier
    ]
    return statistics.median_low(speeds) if len(speeds) == len(stretches) else None


def _reached(points: Sequence[tuple[int, float]], speed: float) -> float:
    """The time of the last point before which the speed was not near the steady one; all the later
    stretches are near it.
    """
    reached = points[-2][1]
    for (size, time), (next_size, next_time) in reversed(list(zip(points, points[1:]))):
        stretch = next_time - time
        if stretch > 0 and (next_size - size) / stretch < NEARLY * speed:
            break
        reached = time
    return reached


def _done(points: Sequence[tuple[int, float]], speed: float) -> float:
    """The size that takes 100 ms, between the points or beyond the last."""
    if points[0][1] >= FIRST:
        return points[0][0] * FIRST / points[0][1]
    for (size, time), (next_size, next_time) in zip(points, points[1:]):
        if time <= FIRST < next_time:
            return size + (next_size - size) * (FIRST - time) / (next_time - time)
    size, time = points[-1]
    return size + (FIRST - time) * speed
