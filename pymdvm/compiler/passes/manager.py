"""Which passes run at which level, in which order, and how long each takes.

    timings = optimise(module, level=2, disabled={"inlining"}, observe=lambda name, module: ...)

Level 0 runs none.  A pass has one name wherever it runs; a switch turns it off everywhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from pymdvm.compiler.mir.model import MirFunction, MirModule
from pymdvm.compiler.passes.copies import propagate_copies
from pymdvm.compiler.passes.cse import eliminate_common_subexpressions
from pymdvm.compiler.passes.dce import remove_dead_code, remove_dead_functions
from pymdvm.compiler.passes.folding import fold_constants
from pymdvm.compiler.passes.growth import keep_room_for_growth
from pymdvm.compiler.passes.idioms import recognise_idioms
from pymdvm.compiler.passes.inlining import inline_small_functions
from pymdvm.compiler.passes.jump_threading import thread_jumps
from pymdvm.compiler.passes.licm import move_invariants
from pymdvm.compiler.passes.loop_rotation import rotate_loops
from pymdvm.compiler.passes.sinking import sink
from pymdvm.compiler.passes.tails import turn_tail_calls_into_loops

MAX_LEVEL = 2


@dataclass(frozen=True)
class Pass:
    """A pass, by its name.

    name: as in switches and timings
    about: one line for a help text
    run: changes the functions of the module of whose names it is given a set, and returns the names
        of those that others have to look at again because their blocks or calls have changed
    """

    name: str
    about: str
    run: Callable[[MirModule, set[str]], set[str]]


@dataclass
class Timing:
    """The time that a pass took in all its runs.

    name: of a pass
    seconds: that it took
    runs: how often it ran
    """

    name: str
    seconds: float = 0.0
    runs: int = 0


def _simplifying(run: Callable[[MirFunction], None]) -> Callable[[MirModule, set[str]], set[str]]:
    """A pass that works on what others have left to do."""

    def run_where_needed(module: MirModule, stale: set[str]) -> set[str]:
        for function in module.functions:
            if function.name in stale:
                run(function)
        return set()

    return run_where_needed


def _restructuring(run: Callable[[MirFunction], bool]) -> Callable[[MirModule, set[str]], set[str]]:
    """A pass that makes work for others."""

    def run_on_all(module: MirModule, stale: set[str]) -> set[str]:
        return {function.name for function in module.functions if run(function)}

    return run_on_all


def _remove_dead_functions(module: MirModule, stale: set[str]) -> set[str]:
    remove_dead_functions(module)
    return set()


PASSES = {
    row.name: row
    for row in (
        Pass(
            "folding",
            "what is known at compile time is computed then",
            _simplifying(fold_constants),
        ),
        Pass(
            "copies", "uses of a copy become uses of what it copies", _simplifying(propagate_copies)
        ),
        Pass(
            "common",
            "what is known already is not computed again",
            _simplifying(eliminate_common_subexpressions),
        ),
        Pass(
            "idioms",
            "remainders and squares that are written out are single instructions",
            _simplifying(recognise_idioms),
        ),
        Pass("dead-code", "what nobody needs is removed", _simplifying(remove_dead_code)),
        Pass("dead-functions", "what nobody calls is removed", _remove_dead_functions),
        Pass(
            "threading",
            "jumps lead where they end up, blocks in a row are one",
            _simplifying(thread_jumps),
        ),
        Pass(
            "inlining",
            "calls of small functions become their bodies",
            lambda module, stale: inline_small_functions(module),
        ),
        Pass(
            "tail-calls",
            "a function that ends with a call of itself is a loop",
            _restructuring(turn_tail_calls_into_loops),
        ),
        Pass(
            "growth",
            "lists that grow in a loop keep room for more",
            lambda module, stale: keep_room_for_growth(module),
        ),
        Pass("inversion", "loops test at their ends", _restructuring(rotate_loops)),
        Pass(
            "invariants",
            "what is the same in every iteration is computed before the loop",
            _restructuring(move_invariants),
        ),
        Pass(
            "sinking",
            "what only one side of a branch needs is computed there",
            _restructuring(sink),
        ),
    )
}

_SIMPLIFY = ("copies", "idioms", "folding", "common", "copies", "dead-code", "threading")

LEVELS: tuple[tuple[str, ...], ...] = (
    (),
    ("dead-functions", *_SIMPLIFY),
    (
        "dead-functions",
        *_SIMPLIFY,
        "growth",
        "inlining",
        "dead-functions",
        "tail-calls",
        *_SIMPLIFY,
        "inversion",
        "invariants",
        *_SIMPLIFY,
        "sinking",
        "threading",
    ),
)

# After the last of these in a row, nothing is left to do in the functions that they have worked on.
_LAST_TO_SIMPLIFY = _SIMPLIFY[-1]


def optimise(
    module: MirModule,
    level: int,
    disabled: Collection[str] = (),
    observe: Callable[[str, MirModule], None] | None = None,
) -> list[Timing]:
    """Runs the passes of a level.

    level: 0, 1 or 2. disabled: names of passes that are left out. observe: is given the name of
    each pass and the module after it. Returns the passes in the order of their first run, with
    their times. Raises ValueError for a name or a level that does not exist.
    """
    unknown = sorted(set(disabled) - set(PASSES))
    if unknown:
        raise ValueError(f"there is no pass {unknown[0]!r}; there are {', '.join(PASSES)}")
    if not 0 <= level <= MAX_LEVEL:
        raise ValueError(f"the level {level} is not in 0..{MAX_LEVEL}")
    timings: dict[str, Timing] = {}
    stale = {function.name for function in module.functions}
    for name in LEVELS[level]:
        if name not in disabled:
            started = time.perf_counter()
            stale |= PASSES[name].run(module, stale)
            timing = timings.setdefault(name, Timing(name))
            timing.seconds += time.perf_counter() - started
            timing.runs += 1
            if observe is not None:
                observe(name, module)
        if name == _LAST_TO_SIMPLIFY:
            stale = set()
    return list(timings.values())
