"""How a program is run: parameters of the JIT, instructions counted or not; and the process that it
is run in.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass

# Names for `--without`; one that a VM does not know is left out there.
SWITCHES = (
    "dead-registers",
    "unboxed-loops",
    "last-uses",
    "copies",
    "small-frames",
    "takes",
    "borrows",
    "fused-branches",
    "storages",
    "unboxed-tier",
    "unboxed-globals",
    "known-items",
    "irregular-recursion",
    "large-pages",
    "ropes",
)
NURSERIES = ("", "", "64K", "128K", "1M")

WITHOUT_VARIABLE = "MDVM_WITHOUT"
NURSERY_VARIABLE = "PYPY_GC_NURSERY"


@dataclass(frozen=True)
class Setting:
    """One way of running a program.

    jit: parameters, "default" or "off". counting: whether instructions are counted. max_depth:
    nested calls at most, None for no limit of the program's own.
    """

    jit: str = "default"
    counting: bool = False
    max_depth: int | None = None

    def __str__(self) -> str:
        counted = ", counting" if self.counting else ""
        depth = "" if self.max_depth is None else f", max_depth={self.max_depth}"
        return f"jit={self.jit}{counted}{depth}"


@dataclass(frozen=True)
class Surroundings:
    """What a worker process is started with.  without: optimisations that are off; nursery: "" for
    the usual size.
    """

    without: tuple[str, ...] = ()
    nursery: str = ""

    def environment(self) -> dict[str, str]:
        own = {
            name: value
            for name, value in os.environ.items()
            if name not in (WITHOUT_VARIABLE, NURSERY_VARIABLE)
        }
        if self.without:
            own[WITHOUT_VARIABLE] = ",".join(self.without)
        if self.nursery:
            own[NURSERY_VARIABLE] = self.nursery
        return own

    def __str__(self) -> str:
        return f"without={','.join(self.without) or 'nothing'}, nursery={self.nursery or 'default'}"


DEFAULT = Setting()
OFF = Setting("off")
EAGER = Setting("threshold=3,function_threshold=3,trace_eagerness=2")


def random_eager(rng: random.Random) -> Setting:
    """Parameters with which a loop of some ten iterations is compiled."""
    parameters = {
        "threshold": rng.choice((2, 3, 3, 5, 8, 13)),
        "function_threshold": rng.choice((2, 3, 5, 9, 20)),
        "trace_eagerness": rng.choice((1, 1, 2, 3, 5)),
    }
    for name, values, chance in (
        ("retrace_limit", (0, 1, 2, 5, 10, 50), 0.5),
        ("max_retrace_guards", (0, 3, 15, 100), 0.2),
        ("max_unroll_recursion", (0, 1, 2, 3, 7, 14), 0.3),
        ("max_unroll_loops", (0, 1, 4), 0.1),
        ("trace_limit", (100, 300, 1000, 3000, 80000), 0.3),
        ("disable_unrolling", (0, 20, 100, 300, 5000), 0.3),
        ("inlining", (0, 1), 0.1),
        ("loop_longevity", (1, 2, 1000), 0.1),
        ("decay", (0, 40, 1000), 0.1),
    ):
        if rng.random() < chance:
            parameters[name] = rng.choice(values)
    return Setting(
        ",".join(f"{name}={value}" for name, value in parameters.items()),
        counting=rng.random() < 0.25,
    )


def random_surroundings(rng: random.Random) -> Surroundings:
    """Half of the time the usual ones."""
    without: tuple[str, ...] = ()
    if rng.random() < 0.5:
        without = tuple(sorted(rng.sample(SWITCHES, rng.randint(1, len(SWITCHES)))))
    return Surroundings(without, rng.choice(NURSERIES))
