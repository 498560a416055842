"""A RunHandle ends each program that tries to escape, whatever it is amid, and whoever ends it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.limits.escapes import ESCAPES, Escape
from tests.limits.handle_situations import SITUATIONS
from tests.limits.limits import BAR_SECONDS, Outcome, bar, load, with_handle

LIMIT = 0.25
PATIENCE = 0.25
ROUNDS = 4
ENDED = "LimitError: Ended by its handle"


@pytest.mark.parametrize("escape", ESCAPES, ids=lambda escape: escape.name)
def test_a_handle_is_in_time(escape: Escape) -> None:
    program = load(escape.source)
    outcomes = []
    for _ in range(ROUNDS):
        outcomes.append(with_handle(escape, program, LIMIT))
        if outcomes[-1].late < bar(LIMIT):
            break
    best = min(outcomes, key=lambda outcome: outcome.late)
    assert best.error in (ENDED, "RunError: Out of memory")
    assert best.late < bar(LIMIT) + PATIENCE
    assert load("LOAD_CONST r0, 42\nRETURN r0").run() == 42


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.__name__)
def test_a_handle_is_heard(situation: Callable[[], Outcome]) -> None:
    outcomes = []
    for _ in range(ROUNDS):
        outcomes.append(situation())
        if outcomes[-1].late < BAR_SECONDS:
            break
    best = min(outcomes, key=lambda outcome: outcome.late)
    assert best.error == ENDED
    assert best.late < BAR_SECONDS + PATIENCE
