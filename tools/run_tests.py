"""Runs the test suites one after the other and adds up what they came to.

    python3 tools/run_tests.py [SUITE ...]

Without names it runs every suite that has tests. The last line is `N passed, N failed`, with `, N
skipped` after it if any were. The exit status is 0 only if nothing failed, crashed, or ran no tests
though asked to. Environment: PYTEST_OPTIONS (for example "-k loop").
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from layout import ToolchainError, run_tool
from outcomes import Outcome
from suites import ASKED_FOR, SUITES, Interrupted, Suite


def chosen(names: Sequence[str]) -> list[Suite]:
    known = {suite.name: suite for suite in (*SUITES, *ASKED_FOR)}
    for name in names:
        if name not in known:
            raise ToolchainError(f"there is no suite {name!r}; there are {', '.join(known)}")
    return [known[name] for name in names] or list(SUITES)


def run_suite(suite: Suite) -> Outcome:
    """Run one suite. One whose tools cannot be had has failed, and the others still run."""
    try:
        return suite.run()
    except ToolchainError as error:
        print(f"error: {error}", flush=True)
        return Outcome(failed=1, problem="its tools could not be had")
    except Interrupted:
        raise
    except Exception as error:
        return Outcome(failed=1, problem=f"crashed ({error!r})")


def run_all(suites: Sequence[Suite]) -> list[tuple[str, Outcome, float]]:
    """What each suite came to, and its seconds. An interruption ends the one that runs, whose
    results are kept, and leaves out the others.
    """
    results = []
    for suite in suites:
        reason = suite.reason_to_leave_out()
        if reason:
            print(f"== {suite.name}: left out, {reason}", flush=True)
            continue
        print(f"== {suite.name}: {suite.about}", flush=True)
        started = time.monotonic()
        try:
            outcome = run_suite(suite)
        except Interrupted as interruption:
            results.append((suite.name, interruption.outcome, time.monotonic() - started))
            break
        results.append((suite.name, outcome, time.monotonic() - started))
    return results


def total_line(outcome: Outcome) -> str:
    line = f"{outcome.passed} passed, {outcome.failed} failed"
    return line + (f", {outcome.skipped} skipped" if outcome.skipped else "")


def report(results: Sequence[tuple[str, Outcome, float]]) -> int:
    """Print a line for each suite and the sum of all; the exit status."""
    total = Outcome()
    print()
    for name, outcome, seconds in results:
        note = f"  ({outcome.problem})" if outcome.problem else ""
        if outcome.passed_alone:
            note += f"  ({outcome.passed_alone} of them only when run once more, alone)"
        print(f"{name:<14}{seconds:6.0f} s  {total_line(outcome)}{note}")
        total += outcome
    print(total_line(total), flush=True)
    return 1 if total.failed or total.problem or total == Outcome() else 0


def main() -> int:
    suites = chosen(sys.argv[1:])
    results = run_all(suites)
    if not results and all(suite.optional for suite in suites):
        return 0
    return report(results)


if __name__ == "__main__":
    sys.exit(run_tool(main))
