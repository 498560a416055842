"""What the system knows of other threads of this process: mdvm/system/thread_states.c in Python,
for the engine without that.
"""

from __future__ import annotations

import sys
import threading
import time

_FUTEX = {"x86_64": "202", "aarch64": "98"}
_LOOK_EVERY = 0.1  # seconds
_PATIENCE = 2.0


def wait_for_thread(thread: int) -> str:
    """A description of the wait that a thread is in, without a limit of time, for another thread of
    this process. Empty if it is in none, or the system does not tell. thread: its native id.
    """
    try:
        with open(f"/proc/self/task/{thread}/syscall", encoding="ascii") as file:
            call = file.read()
        with open(f"/proc/self/task/{thread}/status", encoding="utf-8", errors="replace") as file:
            status = file.read()
    except OSError:
        return ""
    words = call.split()
    # The number of the system call and its arguments; the fourth of futex is its timeout.
    if len(words) < 5 or words[0] not in _FUTEX.values() or words[4] != "0x0":
        return ""
    return call + status.partition("\nvoluntary_ctxt_switches:")[2]


class StuckThread(threading.local):
    """Whether a thread that others wait for does nothing but wait for a thread itself, as one of
    them sees it.
    """

    def __init__(self) -> None:
        self._seen = ""
        self._since = 0.0
        self._looked_at = 0.0

    def is_stuck(self, thread: int) -> bool:
        """To be called again and again while waiting: it must have been one wait for a while.
        thread: a native id.
        """
        now = time.monotonic()
        if now - self._looked_at < _LOOK_EVERY:
            return False
        self._looked_at = now
        seen = wait_for_thread(thread) if sys.platform == "linux" else ""
        if not seen or seen != self._seen:
            self._seen = seen
            self._since = now
            return False
        return now - self._since >= _PATIENCE
