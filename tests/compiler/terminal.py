"""A program in a pseudo-terminal, driven as a person would."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Sequence

_CONTROL_SEQUENCES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r")
_CURSOR_QUESTION = b"\x1b[6n"


class Terminal:
    """A running command.  Use it in a `with` block, which ends the command."""

    def __init__(self, command: Sequence[str], environment: dict[str, str]) -> None:
        self._descriptor, inside = pty.openpty()
        self._process = subprocess.Popen(
            command,
            stdin=inside,
            stdout=inside,
            stderr=inside,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm", **environment},
            preexec_fn=_take_terminal,
        )
        os.close(inside)
        self._seen = ""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._descriptor)

    def type(self, keys: str) -> None:
        """Press keys; "\\r" is Enter, "\\x03" Ctrl-C."""
        os.write(self._descriptor, keys.encode())

    def wait_for(self, text: str, seconds: float = 15.0) -> str:
        """What came up to and with the text, since the last call.  Fails if it does not come in
        time.
        """
        deadline = time.monotonic() + seconds
        while text not in self._seen:
            remaining = deadline - time.monotonic()
            ready, _, _ = select.select([self._descriptor], [], [], max(0.0, remaining))
            assert ready, f"{text!r} did not come; what came: {self._seen[-2000:]!r}"
            self._take()
        before, _, self._seen = self._seen.partition(text)
        return before + text

    def _take(self) -> None:
        try:
            data = os.read(self._descriptor, 65536)
        except OSError:
            data = b""
        assert data, f"the command ended; what came: {self._seen[-2000:]!r}"
        if _CURSOR_QUESTION in data:
            os.write(self._descriptor, b"\x1b[1;1R")
        self._seen += _CONTROL_SEQUENCES.sub("", data.decode("utf-8", "replace"))

    def wait(self, seconds: float = 30.0) -> int:
        """The exit status of the command."""
        return self._process.wait(seconds)

    def interrupt(self) -> None:
        """What Ctrl-C does while no prompt takes it."""
        os.killpg(self._process.pid, signal.SIGINT)


def _take_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
