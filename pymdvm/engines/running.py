"""The engines that there are in this process, for what is to reach a run wherever it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import ref

if TYPE_CHECKING:
    from pymdvm.engines.base import Engine

# Replaced, never changed: a signal's handler may come amid everything.
_engines: tuple[ref[Engine], ...] = ()


def add_engine(engine: Engine) -> None:
    """To be called when an engine begins to work."""
    global _engines
    _engines = (*[each for each in _engines if each() is not None], ref(engine))


def running_engines() -> list[Engine]:
    """Those that have begun to work and are still used by someone."""
    return [engine for each in _engines if (engine := each()) is not None]
