"""Random programs of all families against the evaluator, in many settings; what differs is cut down
and kept.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from tests.differential.shrinking import shrunk
from tests.differential.source import Item, assemble, listing

from .description import Indistinguishable, TooLong, describe
from .families import FAMILIES, program_of
from .messages import BROKEN, INDISTINGUISHABLE, VALUE, Outcome
from .reference import OUT_OF_BUDGET, TOO_DEEP, Judgement, decode, evaluate
from .reference.machine import RUN_ERROR
from .runner import Runner, Subject
from .settings import DEFAULT, OFF, Setting, Surroundings, random_eager, random_surroundings

BUDGET = 2_000_000
SHORT = (12, 20, 30, 30, 50, 80)
LONG = (2500, 3000, 4000)
# How many programs are run before the worker is started anew with other surroundings.
SAME_SURROUNDINGS = 300
SECONDS_WHEN_SHRINKING = 10.0
# Families of nested calls, of which some run with a limit of the depth.
NESTING = ("recursion", "deep_calls", "endless_recursion")
# A family that never ends by itself.
ENDLESS = "endless_recursion"
STACK_OVERFLOW = "Stack overflow"
SHRINKING_SECONDS = 180.0


@dataclass(frozen=True)
class Case:
    """One program of a campaign and how it is run, all from a seed and a number.  max_depth: the
    same in all settings.
    """

    seed: object
    number: int
    family: str
    length: int
    settings: tuple[Setting, ...]
    max_depth: int | None = None

    def items(self) -> list[Item]:
        return program_of(self.family, f"{self.seed}/{self.number}", self.length)


@dataclass(frozen=True)
class Finding:
    """A program that does not do what it must.  items: cut down, if that was possible."""

    case: Case
    setting: Setting
    surroundings: Surroundings
    items: list[Item]
    expected: Outcome
    got: Outcome

    def report(self) -> str:
        """All that is needed to look at it again; the program itself is `listing`."""
        case = self.case
        return (
            f"seed {case.seed}, program {case.number}, family {case.family}, {case.length} iterations\n"
            f"{self.setting}; {self.surroundings}\n"
            f"expected {shown(self.expected, self.got)}\ngot      {shown(self.got, self.expected)}\n"
        )

    def listing(self) -> str:
        return listing(self.items)


@dataclass
class Tally:
    """What a campaign has done so far."""

    programs: int = 0
    runs: int = 0
    unjudged: int = 0
    instructions: int = 0
    by_family: Counter[str] = field(default_factory=Counter)


def case_of(
    seed: object, number: int, families: Sequence[str] = (), length: int | None = None
) -> Case:
    """The case that a seed and a number stand for.  length: iterations, where that is not left to
    chance.
    """
    rng = random.Random(f"case {seed}/{number}")
    family = rng.choice(sorted(families or FAMILIES))
    if length is None:
        length = rng.choice(SHORT) if rng.random() < 0.85 else rng.choice(LONG)
    if length in LONG:
        settings = [replace(DEFAULT, counting=rng.random() < 0.2), random_eager(rng)]
    else:
        settings = [random_eager(rng), random_eager(rng)]
    settings.append(replace(OFF, counting=rng.random() < 0.5))
    max_depth = None
    if family in NESTING and rng.random() < 0.5:
        max_depth = rng.choice((0, 1, 2, 10, 50, 300, 2000))
        settings = [replace(setting, max_depth=max_depth) for setting in settings]
    return Case(seed, number, family, length, tuple(settings), max_depth)


def expected_outcome(
    data: bytes, budget: int = BUDGET, max_depth: int | None = None
) -> Outcome | None:
    """What a file must do; None if that takes too long to find out.  Raises
    reference.LoadFailure.
    """
    judgement = evaluate(decode(data), budget, max_depth)
    return None if judgement.ending in (OUT_OF_BUDGET, TOO_DEEP) else outcome_of(judgement)


def expected_of_nesting(data: bytes, family: str) -> Outcome | None:
    """What is to be said of a program that calls more functions, one in the other, than the
    evaluator follows; None if it is none, or takes too long.
    """
    judgement = evaluate(decode(data), BUDGET)
    if judgement.ending != TOO_DEEP:
        return None
    error = STACK_OVERFLOW if family == ENDLESS else ""
    return Outcome(TOO_DEEP, error=error, output=judgement.output, count=judgement.count)


def outcome_of(judgement: Judgement) -> Outcome | None:
    """The judgement as an outcome to compare; None if the value is too large for that."""
    if judgement.ending == RUN_ERROR:
        return Outcome(
            RUN_ERROR, "", judgement.error, judgement.stack, judgement.output, judgement.count
        )
    try:
        return Outcome(
            judgement.ending, describe(judgement.value), "", (), judgement.output, judgement.count
        )
    except TooLong:
        return None
    except Indistinguishable:
        return Outcome(BROKEN, "", INDISTINGUISHABLE, (), judgement.output, judgement.count)


def agree(expected: Outcome, got: Outcome) -> bool:
    """Whether a run did what it must.  Instructions are compared where they were counted."""
    if expected.ending == TOO_DEEP:
        ends_well = got.ending == RUN_ERROR or (got.ending == VALUE and not expected.error)
        return (
            ends_well
            and (not expected.error or got.error == expected.error)
            and got.output.startswith(expected.output)
        )
    counts = got.count in (-1, expected.count)
    return counts and replace(expected, count=-1) == replace(got, count=-1)


def shown(outcome: Outcome, other: Outcome) -> str:
    """A few lines about an outcome; of what it printed, the first line that differs from the
    other's.
    """
    lines, others = outcome.output.split("\n"), other.output.split("\n")
    place = next(
        (number for number, pair in enumerate(zip(lines, others)) if pair[0] != pair[1]),
        min(len(lines), len(others)),
    )
    line = lines[place][:300] if place < len(lines) else "(nothing)"
    printed = (
        "" if outcome.output == other.output else f"; line {place + 1} of the output: {line!r}"
    )
    detail = outcome.value if outcome.ending == "value" else outcome.error
    stack = f", stack {outcome.stack[:5]}" if outcome.stack and outcome.stack != other.stack else ""
    return f"{outcome.ending}: {detail[:600]}{stack}, count {outcome.count}{printed}"


class Campaign:
    """Runs cases in one worker.  fixed: surroundings to keep to; otherwise they change every
    SAME_SURROUNDINGS programs.
    """

    def __init__(
        self,
        subject: Subject,
        seconds: float = 60.0,
        fixed: Surroundings | None = None,
        shrinking: bool = True,
    ) -> None:
        self.subject = subject
        self.fixed = fixed
        self.shrinking = shrinking
        self.tally = Tally()
        self.current: Case | None = None
        self._runner = Runner(subject, fixed or Surroundings(), seconds)

    def run(self, cases: Iterable[Case]) -> Generator[Finding, None, None]:
        """What does not do what it must, as it is found."""
        try:
            for case in cases:
                if self.fixed is None and case.number % SAME_SURROUNDINGS == 0:
                    rng = random.Random(f"surroundings {case.seed}/{case.number}")
                    self._runner.restart_with(random_surroundings(rng))
                self.current = case
                yield from self._try(case)
        finally:
            self._runner.close()

    def _try(self, case: Case) -> Iterator[Finding]:
        items = case.items()
        data = assemble(items)
        expected = expected_outcome(data, max_depth=case.max_depth)
        if expected is None and not self.subject.untranslated:
            expected = expected_of_nesting(data, case.family)
        self.tally.programs += 1
        self.tally.by_family[case.family] += 1
        if expected is None:
            self.tally.unjudged += 1
            return
        self.tally.instructions += expected.count
        outcomes = self._runner.run(data, case.settings)
        self.tally.runs += len(outcomes)
        for setting, got in zip(case.settings, outcomes):
            if not agree(expected, got):
                yield self._finding(case, setting, items, expected, got)
                break

    def _finding(
        self, case: Case, setting: Setting, items: list[Item], expected: Outcome, got: Outcome
    ) -> Finding:
        surroundings = self._runner.surroundings
        found = Finding(case, setting, surroundings, items, expected, got)
        if not self.shrinking or expected.ending == TOO_DEEP:
            return found
        seconds = min(SECONDS_WHEN_SHRINKING, self._runner.seconds)
        hurried = Runner(self.subject, surroundings, seconds)
        end = time.monotonic() + SHRINKING_SECONDS
        budget = max(100_000, 2 * expected.count)
        smallest = [found]

        def still_fails(candidate: list[Item]) -> bool:
            if time.monotonic() > end:
                return False
            data = assemble(candidate)
            wanted = expected_outcome(data, budget, case.max_depth)
            if wanted is None:
                return False
            outcome = hurried.run(data, (setting,))[0]
            if agree(wanted, outcome) or outcome.ending != got.ending:
                return False
            smallest[0] = Finding(case, setting, surroundings, candidate, wanted, outcome)
            return True

        try:
            if still_fails(items):
                shrunk(items, still_fails)
        finally:
            hurried.close()
        return smallest[0]
