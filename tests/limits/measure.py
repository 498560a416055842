"""Holds every escape to the bar: python3 tests/limits/measure.py [--limit SECONDS] [--memory MIB]
[--output BYTES] [--only TEXT]

Each program runs in a process of its own. Prints how late each limit was; the best of three counts,
so that other work on the machine does not. The exit status is 1 if a limit was later than the bar
allows, or did not hold.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import multiprocessing
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.limits.escapes import ESCAPES  # noqa: E402 - needs the path
from tests.limits.handle_situations import SITUATIONS  # noqa: E402
from tests.limits.limits import (  # noqa: E402
    BAR_SECONDS,
    MIB,
    MemoryOutcome,
    Outcome,
    OutputOutcome,
    bar,
    load,
    most_memory,
    with_handle,
    with_instructions,
    with_interrupt,
    with_memory,
    with_output,
    with_timeout,
)
from tests.limits.memory_escapes import MEMORY_ESCAPES  # noqa: E402
from tests.limits.output_escapes import ONE_PRINT, OUTPUT_ESCAPES  # noqa: E402

ROUNDS = 3
ENDS = ("LimitError: Timeout", "KeyboardInterrupt", "LimitError: Ended by its handle")
SPAWN = multiprocessing.get_context("spawn")

Answer = TypeVar("Answer")


def _alone(function: Callable[..., Answer], *arguments: object) -> Answer:
    """What the function returns in a process of its own."""
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
        return pool.submit(function, *arguments).result()


def _best(run: Callable[[], Outcome], most: float) -> Outcome:
    rounds: list[Outcome] = []
    while len(rounds) < ROUNDS and not (rounds and rounds[-1].late <= most):
        rounds.append(run())
    return min(rounds, key=lambda outcome: outcome.late)


def _row(name: str, cells: str, failed: bool, remark: str = "") -> bool:
    print(
        f"{name:45}{cells}" + ("  TOO LATE" if failed else "") + (f"  {remark}" if remark else ""),
        flush=True,
    )
    return failed


# ____________________________________________________________ time


def _time_of(which: int, limit: float) -> list[Outcome]:
    escape = ESCAPES[which]
    program = load(escape.source)
    outcomes = [
        _best(lambda kind=kind: kind(escape, program, limit), bar(limit))  # type: ignore[misc]
        for kind in (with_timeout, with_interrupt, with_handle)
    ]
    outcomes.append(with_instructions(escape, program) if escape.instructions else Outcome("", 0.0))
    return outcomes


def _times(limit: float, only: str) -> int:
    print(
        f"time: {1000 * limit:.0f} ms, and the bar {1000 * bar(limit):.0f} ms after that\n"
        f"{'':45}{'timeout':>8}{'SIGINT':>8}{'handle':>8}  ms{'instructions':>14}, s",
        flush=True,
    )
    failures = 0
    for which, escape in enumerate(ESCAPES):
        if only in escape.name:
            *timed, instructions = _alone(_time_of, which, limit)
            others = {outcome.error for outcome in timed if not outcome.error.startswith(ENDS)}
            if "Instruction limit" not in instructions.error:
                others.add(instructions.error)
            failures += _row(
                escape.name,
                "".join(f"{1000 * outcome.late:8.1f}" for outcome in timed)
                + f"{instructions.late:18.2f}",
                any(outcome.late > bar(limit) or not outcome.error for outcome in timed),
                ", ".join(sorted(filter(None, others))),
            )
    return failures


def _situation(which: int) -> Outcome:
    return _best(SITUATIONS[which], BAR_SECONDS)


def _handles(only: str) -> int:
    print(f"\nhandle: the bar is {1000 * BAR_SECONDS:.0f} ms\n{'':45}{'ms':>8}", flush=True)
    failures = 0
    for which, situation in enumerate(SITUATIONS):
        name = situation.__name__.replace("_", " ")
        if only in name:
            outcome = _alone(_situation, which)
            failures += _row(
                name, f"{1000 * outcome.late:8.1f}", outcome.late > BAR_SECONDS or not outcome.error
            )
    return failures


# ____________________________________________________________ memory and output


def _memory_of(which: int, limit: int) -> MemoryOutcome:
    escape = MEMORY_ESCAPES[which]
    return with_memory(escape, load(escape.source), limit)


def _memory(limit: int, only: str) -> int:
    print(
        f"\nmemory: {limit / MIB:.0f} MiB, and the bar {most_memory(limit) / MIB:.0f} MiB resident\n{'':45}{'MiB':>8}",
        flush=True,
    )
    failures = 0
    for which, escape in enumerate(MEMORY_ESCAPES):
        if only in escape.name:
            outcome = _alone(_memory_of, which, limit)
            held = outcome.error == "LimitError: Out of memory"
            failures += _row(
                escape.name,
                f"{outcome.peak / MIB:8.1f}",
                outcome.peak > most_memory(limit) or not held,
                "" if held else outcome.error or "no error",
            )
    return failures


def _output_of(which: int, limit: int) -> OutputOutcome:
    escape = OUTPUT_ESCAPES[which]
    program = load(escape.source)
    outcomes = [with_output(escape, program, limit) for _ in range(ROUNDS)]
    return min(outcomes, key=lambda outcome: outcome.took)


def _output(limit: int, only: str) -> int:
    print(
        f"\noutput: {limit} bytes, not one more; where it is one print, {1000 * BAR_SECONDS:.0f} ms\n"
        f"{'':45}{'bytes':>8}{'ms':>8}",
        flush=True,
    )
    failures = 0
    for which, escape in enumerate(OUTPUT_ESCAPES):
        if only in escape.name:
            outcome = _alone(_output_of, which, limit)
            held = outcome.error == f"LimitError: Output limit exceeded: {limit}"
            late = escape in ONE_PRINT and outcome.took > BAR_SECONDS
            failures += _row(
                escape.name,
                f"{outcome.printed:8}{1000 * outcome.took:8.1f}",
                late or not held or outcome.printed > limit or not outcome.whole,
                "" if held else outcome.error or "no error",
            )
    return failures


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--limit", type=float, default=0.5, help="the timeout, in seconds (default: 0.5)"
    )
    parser.add_argument("--memory", type=int, default=200, help="max_memory, in MiB (default: 200)")
    parser.add_argument(
        "--output", type=int, default=100_000, help="max_output, in bytes (default: 100000)"
    )
    parser.add_argument("--only", default="", help="only programs with this in their names")
    options = parser.parse_args()
    failures = (
        _times(options.limit, options.only)
        + _handles(options.only)
        + _memory(options.memory * MIB, options.only)
        + _output(options.output, options.only)
    )
    print(f"\n{failures} too late")
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
