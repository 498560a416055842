"""Cutting a failing program down: delta debugging over its lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .source import Item, Line

MOST_TRIES = 2_000


def shrunk(items: Sequence[Item], still_fails: Callable[[list[Item]], bool]) -> list[Item]:
    """The lines that are needed for still_fails to hold; labels stay, so that every jump keeps its
    place.
    """
    current = list(items)
    tries = 0
    size = max(1, _lines(current) // 2)
    while size:
        start = 0
        while start < len(current) and tries < MOST_TRIES:
            candidate = _without(current, start, size)
            tries += 1
            if len(candidate) < len(current) and still_fails(candidate):
                current = candidate
            else:
                start += size
        size //= 2
    return current


def _lines(items: Sequence[Item]) -> int:
    return sum(isinstance(item, Line) for item in items)


def _without(items: Sequence[Item], start: int, size: int) -> list[Item]:
    """The items but for the lines among the `size` from `start`."""
    removed = range(start, start + size)
    return [
        item
        for position, item in enumerate(items)
        if position not in removed or not isinstance(item, Line)
    ]
