"""Judging mdvm's answers by the published VM's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .differences import DICT_ORDER, may_order_dicts, not_comparable, without_dict_order
from .oracle import Oracle
from .outcome import PLAIN, Outcome
from .runner import SECONDS_FOR_A_FILE, Pool
from .source import Item, listing, write_file
from .subject import make_subject

# How often the published VM is asked again where a dict's random order may be all that differs.
RETRIES = 200


@dataclass(frozen=True)
class Mismatch:
    """A program that the two VMs run differently."""

    items: tuple[Item, ...]
    wheel: Outcome
    mdvm: Outcome

    def show(self) -> str:
        """Everything needed to look into it."""
        return f"{listing(self.items)}\n  the published VM:\n{self.wheel.show()}  mdvm:\n{self.mdvm.show()}"


class Comparison:
    """Both VMs, a folder for files, and counts of what was compared."""

    def __init__(self, folder: Path, seconds: float = SECONDS_FOR_A_FILE) -> None:
        self.folder = folder
        self.oracle = Pool(lambda: Oracle(seconds))
        self.subject = Pool(make_subject)
        self.set_aside: Counter[str] = Counter()
        self.compared: Counter[str] = Counter()

    def mismatches(
        self, programs: Sequence[Sequence[Item]], mode: str = PLAIN
    ) -> list[tuple[int, Mismatch]]:
        """The programs that differ, by their position."""
        paths = [
            write_file(self.folder, f"p{number}", items) for number, items in enumerate(programs)
        ]
        wheel = self.oracle.run_all(paths, mode)
        # Where the published VM gives up, the program may well be one that would exhaust any VM.
        judged = [number for number, outcome in enumerate(wheel) if not self._set_aside(outcome)]
        answers = self.subject.run_all([paths[number] for number in judged], mode)
        found = []
        for number, answer in zip(judged, answers):
            self.compared[wheel[number].ending] += 1
            if not self.agree(paths[number], programs[number], wheel[number], answer, mode):
                found.append((number, Mismatch(tuple(programs[number]), wheel[number], answer)))
        return found

    def mismatch(self, items: Sequence[Item], mode: str = PLAIN) -> Mismatch | None:
        """How one program differs, if it does."""
        found = self.mismatches([items], mode)
        return found[0][1] if found else None

    def _set_aside(self, outcome: Outcome) -> bool:
        reason = not_comparable(outcome)
        if reason:
            self.set_aside[reason] += 1
        return bool(reason)

    def agree(
        self, path: Path, items: Sequence[Item], wheel: Outcome, answer: Outcome, mode: str
    ) -> bool:
        if wheel == answer:
            return True
        if not may_order_dicts(list(items)):
            return False
        wanted = without_dict_order(answer)
        for _ in range(RETRIES):
            if without_dict_order(wheel) == wanted:
                self.set_aside[DICT_ORDER.name] += 1
                return True
            wheel = self.oracle.run(path, mode)
        return False

    def close(self) -> None:
        """End the workers."""
        self.oracle.close()
        self.subject.close()
