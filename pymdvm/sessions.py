"""The sessions that there are: the one of this process, with the choice of its engine, and those of
VMs of their own.
"""

from __future__ import annotations

import threading

from pymdvm.engines.choice import make_engine, private_engine
from pymdvm.session import Session

_session: Session | None = None
_session_lock = threading.Lock()


def session() -> Session:
    """The session of this process, begun at the first call.

    The environment variable PYMDVM_ENGINE chooses the engine: `native`, the built library, or
    `python`, the same VM untranslated. Without it that is the library where there is one. Raises
    EngineError.
    """
    global _session
    if _session is None:
        with _session_lock:
            if _session is None:
                _session = Session(make_engine())
    return _session


def engine_name() -> str:
    """`native` or `python`, the engine that runs programs in this process."""
    return session().engine.name


def new_session(max_memory: int) -> Session:
    """One with a VM of its own, which may hold so many bytes; 0 for as many as there are.  Raises
    EngineError.
    """
    made = Session(private_engine(max_memory))
    made.has_memory_of_its_own = max_memory > 0
    return made
