"""Which passes run at which level, in which order, and how long each takes.

    timings = optimise(module, level=2, disabled={"inlining"}, observe=lambda name, module: ...)

Level 0 runs none.  A pass has one name wherever it runs; a switch turns it off everywhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from pymdvm.compiler.mir.model import Function, Module
from pymdvm.compiler.passes.common import eliminate_common_subexpressions
from pymdvm.compiler.passes.copies import propagate_copies
from pymdvm.compiler.passes.dead import remove_dead_code, remove_dead_functions
from pymdvm.compiler.passes.folding import fold_constants
from pymdvm.compiler.passes.inlining import inline_small_functions
from pymdvm.compiler.passes.invariants import move_invariants
from pymdvm.compiler.passes.inversion import invert_loops
from pymdvm.compiler.passes.tails import turn_tail_calls_into_loops
from pymdvm.compiler.passes.threading import thread_jumps

MAX_LEVEL = 2


@dataclass(frozen=True)
class Pass:
    """name: as in switches and timings; about: one line for a help text; run: changes the module."""

    name: str
    about: str
    run: Callable[[Module], None]


@dataclass
class Timing:
    """name: of a pass; seconds: that it took; runs: how often it ran."""

    name: str
    seconds: float = 0.0
    runs: int = 0


def _on_functions(run: Callable[[Function], None]) -> Callable[[Module], None]:
    def run_on_all(module: Module) -> None:
        for function in module.functions:
            run(function)
    return run_on_all


PASSES = {row.name: row for row in (
    Pass("folding", "what is known at compile time is computed then", _on_functions(fold_constants)),
    Pass("copies", "uses of a copy become uses of what it copies", _on_functions(propagate_copies)),
    Pass("common", "what is known already is not computed again", _on_functions(eliminate_common_subexpressions)),
    Pass("dead-code", "what nobody needs is removed", _on_functions(remove_dead_code)),
    Pass("dead-functions", "what nobody can call is removed", remove_dead_functions),
    Pass("threading", "jumps lead where they end up, blocks in a row are one", _on_functions(thread_jumps)),
    Pass("inlining", "calls of small functions become their bodies", inline_small_functions),
    Pass("tail-calls", "a function that ends with a call of itself is a loop", _on_functions(turn_tail_calls_into_loops)),
    Pass("inversion", "loops test at their ends", _on_functions(invert_loops)),
    Pass("invariants", "what is the same in every turn is computed before the loop", _on_functions(move_invariants)),
)}

_SIMPLIFY = ("copies", "folding", "common", "copies", "dead-code", "threading")

LEVELS: tuple[tuple[str, ...], ...] = (
    (),
    ("dead-functions", *_SIMPLIFY),
    ("dead-functions", *_SIMPLIFY, "inlining", "dead-functions", "tail-calls", *_SIMPLIFY, "inversion", "invariants", *_SIMPLIFY),
)


def optimise(module: Module, level: int, disabled: Collection[str] = (),
             observe: Callable[[str, Module], None] | None = None) -> list[Timing]:
    """Runs the passes of a level.

    level: 0, 1 or 2.  disabled: names of passes that are left out.  observe: is given the name of each pass and the module
    after it.  Returns the passes in the order of their first run, with their times.  Raises ValueError for a name or a level
    that does not exist.
    """
    unknown = sorted(set(disabled) - set(PASSES))
    if unknown:
        raise ValueError(f"there is no pass {unknown[0]!r}; there are {', '.join(PASSES)}")
    if not 0 <= level <= MAX_LEVEL:
        raise ValueError(f"the level {level} is not in 0..{MAX_LEVEL}")
    timings: dict[str, Timing] = {}
    for name in LEVELS[level]:
        if name in disabled:
            continue
        started = time.perf_counter()
        PASSES[name].run(module)
        timing = timings.setdefault(name, Timing(name))
        timing.seconds += time.perf_counter() - started
        timing.runs += 1
        if observe is not None:
            observe(name, module)
    return list(timings.values())
