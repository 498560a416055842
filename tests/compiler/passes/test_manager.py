"""The levels of optimisation and the switches; random modules do the same after every pass."""

from __future__ import annotations

from random import Random

import pytest

from pymdvm.compiler.mir.checker import check_module
from pymdvm.compiler.mir.model import MirModule
from pymdvm.compiler.mir.parsing import parse_module
from pymdvm.compiler.mir.printing import print_module
from pymdvm.compiler.passes.manager import LEVELS, MAX_LEVEL, PASSES, optimise

from ..mir_machine import TooLong, run_module
from ..random_mir import random_module
from .test_tails import GCD

RANDOM_MODULES = 120


def test_level_0_changes_nothing() -> None:
    module = parse_module(GCD)
    assert optimise(module, 0) == []
    assert print_module(module) == GCD.replace('function "gcd"', '\nfunction "gcd"')


def test_a_pass_that_is_switched_off_does_not_run() -> None:
    seen: list[str] = []
    timings = optimise(
        parse_module(GCD),
        2,
        disabled={"tail-calls"},
        observe=lambda name, module: seen.append(name),
    )
    assert seen == [name for name in LEVELS[2] if name != "tail-calls"]
    assert {timing.name for timing in timings} == set(LEVELS[2]) - {"tail-calls"}
    assert sum(timing.runs for timing in timings) == len(seen)
    assert all(timing.seconds >= 0 for timing in timings)


def test_names_and_levels_that_do_not_exist() -> None:
    with pytest.raises(ValueError, match="there is no pass 'frob'"):
        optimise(parse_module(GCD), 1, disabled={"frob"})
    with pytest.raises(ValueError, match="the level 3 is not in 0..2"):
        optimise(parse_module(GCD), 3)


def test_every_pass_runs_at_the_highest_level() -> None:
    assert set(LEVELS[MAX_LEVEL]) == set(PASSES)


@pytest.mark.parametrize("level", [1, 2])
def test_random_modules_do_the_same_after_every_pass(level: int) -> None:
    steps = {0: 0, level: 0}
    for seed in range(RANDOM_MODULES):
        text = print_module(random_module(Random(seed)))
        try:
            expected = run_module(parse_module(text))
        except TooLong:
            continue

        def judge(name: str, module: MirModule) -> None:
            check_module(module)
            assert run_module(module) == expected, (seed, name)  # noqa: B023

        module = parse_module(text)
        optimise(module, level, observe=judge)
        steps[0] += expected.steps
        steps[level] += run_module(module).steps
    assert steps[level] < 0.7 * steps[0]
