"""A control group of the system with a limit of memory, for one process at a time."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
GROUPS = Path("/proc/self/cgroup")


class NoControlGroup(Exception):
    """This machine gives none; the text says why."""


def _folder_of_this_process() -> tuple[Path, str]:
    """Where the memory of this process is accounted, and the name of the limit's file there."""
    own = (
        [line.split(":", 2) for line in GROUPS.read_text().splitlines()] if GROUPS.exists() else []
    )
    for _, controllers, path in own:
        if "memory" in controllers.split(","):
            return ROOT / "memory" / path.lstrip("/"), "memory.limit_in_bytes"
    for number, _, path in own:
        folder = ROOT / path.lstrip("/")
        if number == "0" and (folder / "cgroup.controllers").exists():
            return folder, "memory.max"
    raise NoControlGroup("this system has no control groups for memory")


@contextmanager
def control_group(limit: int) -> Iterator[Path]:
    """A new group whose processes may have so many bytes; what is written into its cgroup.procs
    joins it.  Raises NoControlGroup.
    """
    folder, name = _folder_of_this_process()
    try:
        group = Path(tempfile.mkdtemp(prefix="mdvm-test-", dir=folder))
    except OSError as error:
        raise NoControlGroup(f"no control group can be made here: {error}") from None
    try:
        try:
            (group / name).write_text(str(limit))
        except OSError as error:
            raise NoControlGroup(f"no control group can be limited here: {error}") from None
        yield group
    finally:
        with suppress(OSError):
            group.rmdir()


def join(group: Path) -> None:
    """Moves this process there, for preexec_fn."""
    (group / "cgroup.procs").write_text(str(os.getpid()))
