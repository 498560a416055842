"""Where in a nested value something stands, as messages have it."""

from __future__ import annotations

from collections.abc import Iterable

_MOST_SHOWN = 40  # characters of a key


def path(keys: Iterable[object]) -> str:
    """The indices and keys that lead to a value, outermost first, as Python writes them."""
    return "".join([f"[{_shown(key)}]" for key in keys])


def _shown(key: object) -> str:
    text = repr(key)
    return text if len(text) <= _MOST_SHOWN else text[:_MOST_SHOWN] + "..."
