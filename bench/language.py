"""How long the language's own tools let a person wait: checking a source, and inputs of the REPL.

    python3 -m bench.language [--statements N] [--inputs N] [--rounds N]

Times are the processor's. `mdvm check` is a process of its own, start-up included; an input of the
REPL is one that changes a function or a variable, in a session that has had many before.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pymdvm.repl.session import ReplSession

TOP = Path(__file__).resolve().parent.parent

CHECK_BOUND = 1.0  # seconds for 10,000 statements
INPUT_BOUND = 0.05  # seconds from Enter to the answer

_FUNCTION = """\
Utility `scaled {number}` with `n` as Whole Number:
> Define `product` as Whole Number.
> Set `product` to `n` * {factor}.
> Give back `product` if `n` is more than {number} else `n`.
"""


def source_of(statements: int) -> str:
    """A program of so many statements, a quarter of them conditional."""
    lines = ["Define `x` as Whole Number (default: 1).", "Define `y` as Whole Number (default: 1)."]
    for number in range(0, statements - 2, 5):
        lines += [
            f"Set `x` to `x` + {number}.",
            "Say `x`.",
            f"If `x` is more than {number}:",
            f"> Set `y` to `x` * {number}.",
            "",
            "Set `y` to `y` - `x`.",
        ]
    return "\n".join(lines) + "\n"


def seconds_of_check(source: str, rounds: int) -> float:
    """The fewest that `mdvm check` takes for it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.md"
        path.write_text(source, encoding="utf-8")
        taken = []
        for _ in range(rounds):
            before = _of_children()
            command = [sys.executable, "-m", "pymdvm", "check", str(path)]
            subprocess.run(command, cwd=TOP, check=True, capture_output=True)
            taken.append(_of_children() - before)
    return min(taken)


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def seconds_of_inputs(inputs: int) -> list[float]:
    """Of changing functions and variables in a session that has so many functions and variables."""
    session = ReplSession()
    for number in range(inputs):
        session.run(_FUNCTION.format(number=number, factor=2))
        session.run(f"Define `v{number}` as Whole Number (default: {number}).")
    taken = []
    for number in range(inputs):
        for edit in (
            _FUNCTION.format(number=number, factor=3),
            f"Set `v{number}` to (`scaled {number}` with `v{number}` + 7).",
            f"`v{number}` + (`scaled 0` with {number})",
        ):
            taken.append(_seconds(lambda edit=edit: session.run(edit)))  # type: ignore[misc]
    return taken


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.language", description=__doc__)
    parser.add_argument("--statements", type=int, default=10_000)
    parser.add_argument("--inputs", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args(arguments)
    start_up = seconds_of_check("Say 1.\n", given.rounds)
    check = seconds_of_check(source_of(given.statements), given.rounds)
    inputs = seconds_of_inputs(given.inputs)
    worst, usual = max(inputs), statistics.median(inputs)
    print(f"mdvm check, one statement:           {start_up * 1000:7.0f} ms")
    print(f"mdvm check, {given.statements:,} statements:       {check * 1000:7.0f} ms")
    print(f"an edit in the REPL, the usual one:  {usual * 1000:7.1f} ms")
    print(f"an edit in the REPL, the slowest:    {worst * 1000:7.1f} ms")
    met = check <= CHECK_BOUND * given.statements / 10_000 + start_up and worst <= INPUT_BOUND
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
