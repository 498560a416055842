"""Holds every escape to the bar: python3 tests/limits/measure.py [--limit SECONDS] [--only TEXT]

Each program runs in a process of its own, under a timeout and until a SIGINT; the best of three
counts, so that other work on the machine does not. Prints how late each limit was, in milliseconds;
the exit status is 1 if one was later than the bar allows.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import multiprocessing
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.limits.escapes import ESCAPES, Escape  # noqa: E402 - needs the path
from tests.limits.limits import Outcome, bar, load, with_instructions, with_interrupt, with_timeout  # noqa: E402

ROUNDS = 3


def _measure(which: int, limit: float) -> list[Outcome]:
    escape = ESCAPES[which]
    program = load(escape.source)
    outcomes = []
    for kind in (with_timeout, with_interrupt):
        rounds = []
        for _ in range(ROUNDS):
            rounds.append(kind(escape, program, limit))
            if rounds[-1].late <= bar(limit):
                break
        outcomes.append(min(rounds, key=lambda outcome: outcome.late))
    outcomes.append(with_instructions(escape, program) if escape.instructions else Outcome("", 0.0))
    return outcomes


def _row(escape: Escape, outcomes: list[Outcome], limit: float) -> tuple[str, bool]:
    timeout, interrupt, instructions = outcomes
    too_late = any(
        outcome.late > bar(limit) or not outcome.error for outcome in (timeout, interrupt)
    )
    remark = ", ".join(
        sorted(
            {
                outcome.error
                for outcome in outcomes
                if "Timeout" not in outcome.error
                and "KeyboardInterrupt" not in outcome.error
                and "Instruction limit" not in outcome.error
            }
        )
    )
    cells = [f"{1000 * outcome.late:8.1f}" for outcome in (timeout, interrupt)] + [
        f"{instructions.late:8.2f}"
    ]
    return f"{escape.name:45}" + "".join(cells) + ("  TOO LATE" if too_late else "") + (
        f"  {remark}" if remark else ""
    ), too_late


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--limit", type=float, default=0.5, help="the timeout, in seconds (default: 0.5)"
    )
    parser.add_argument("--only", default="", help="only programs with this in their names")
    options = parser.parse_args()
    print(
        f"the bar: {1000 * bar(options.limit):.0f} ms after {options.limit} s\n"
        f"{'':45}{'timeout':>8}{'SIGINT':>8}{'instr., s':>10}",
        flush=True,
    )
    failures = 0
    context = multiprocessing.get_context("spawn")
    for which, escape in enumerate(ESCAPES):
        if options.only in escape.name:
            with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as pool:
                row, too_late = _row(
                    escape, pool.submit(_measure, which, options.limit).result(), options.limit
                )
            print(row, flush=True)
            failures += too_late
    print(f"{failures} too late")
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
