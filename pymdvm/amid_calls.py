"""Whether a thread is amid a call of the VM, as its stack of Python calls tells.

Only the engine knows who is in the VM, and a call may have been interrupted before it could leave,
by what the handler of a signal has raised.
"""

from __future__ import annotations

import sys
from types import FrameType

# The functions that enter the VM and leave it, by their modules. Other copies of this package use
# the same VM.
_CALLS = frozenset(
    (
        ("pymdvm.session", "run"),
        ("pymdvm.session", "_load"),
        ("pymdvm.session", "_request"),
        ("pymdvm.session", "_send"),
        ("pymdvm.session", "globals_of"),
        ("pymdvm.session", "close"),
        ("pymdvm.program", "_end_call"),
        ("pymdvm.instance", "_end_call"),
    )
)


def is_amid_call() -> bool:
    """Whether the call of the VM that asks is within another one."""
    found = 0
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        found += (frame.f_globals.get("__name__"), frame.f_code.co_name) in _CALLS
        if found > 1:
            return True
        frame = frame.f_back
    return False
