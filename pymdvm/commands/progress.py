"""A bar that shows how far the compiler has got, where a person watches and it takes long enough to
wonder.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pymdvm.compiler.driver import Watcher
from pymdvm.compiler.mir.model import MirModule

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class ProgressWatcher(Watcher):
    """A bar on standard error while the `with` block lasts; nothing where that is no terminal."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._stages: list[str] = []

    def __enter__(self) -> ProgressWatcher:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress

            self._progress = Progress(console=Console(stderr=True), transient=True)
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    def begin(self, stages: list[str]) -> None:
        """See Watcher."""
        self._stages = list(stages)
        if self._progress is not None:
            self._task = self._progress.add_task(stages[0], total=len(stages))

    def done(self, stage: str, seconds: float, module: MirModule | None) -> None:
        """See Watcher."""
        if self._progress is not None and self._task is not None:
            position = self._stages.index(stage) + 1 if stage in self._stages else 0
            following = self._stages[position] if position < len(self._stages) else stage
            self._progress.update(self._task, description=following, completed=position)
