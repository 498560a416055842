"""Where the toolchain and the build live, and the one kind of error that the tools report in plain
words.

Everything fetched goes under `.toolchain/`, everything built under `build/`; git ignores both, and
removing them is always safe.
"""

from __future__ import annotations

import contextlib
import fcntl
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
TOOLCHAIN = TOP / ".toolchain"
BUILD = TOP / "build"
REQUIREMENTS = TOP / "tools" / "requirements"


class ToolchainError(Exception):
    """Something outside this project is missing or failed. Its text says what, and what to do
    about it.
    """


def say(text: str) -> None:
    """Tell the user what is going on. stderr, so that a tool's stdout stays free for answers."""
    print(text, file=sys.stderr, flush=True)


def run_tool(main: Callable[[], int]) -> int:
    """Run a tool's main function; expected trouble becomes a few plain lines instead of a
    traceback.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up as after Ctrl-C
    try:
        return main()
    except ToolchainError as error:
        say(f"error: {error}")
        return 1
    except KeyboardInterrupt:
        say("interrupted; nothing half-made was kept")
        return 130


@contextlib.contextmanager
def only_one(folder: Path, doing: str) -> Iterator[None]:
    """Let one process at a time work on `folder`: two builds started together must not mix their
    files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another process that is {doing} here")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
