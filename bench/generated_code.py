"""How good the compiler's code is.

    python3 -m bench.generated_code [--mdvm ./mdvm-c] [--rounds 9]

It needs a built mdvm-c.

* The programs of bench/generated/, compiled with -O2, beside those that a person has written in
  assembler: bench/programs/ where the same program is there, else the one in bench/generated/.
* How many instructions examples/*.md execute at each level, and how long all of them take.

The exit status is 1 if a bar is missed: 1.1 times the time of the assembler program, 60 % of the
instructions of -O0.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.timing import Contestant, measure, run_command
from bench.workshop import BENCH, FOLDER, TOP
from pymdvm.assembler import assemble
from pymdvm.bytecode.codec import write
from pymdvm.compiler.driver import LEVELS, CompilerOptions, compile_source

SOURCES = BENCH / "generated"
SLOWEST = 1.1  # times the assembler program
MOST_INSTRUCTIONS = 0.6  # of those of level 0
BY_HAND = "assembler"
GENERATED = "generated"


@dataclass(frozen=True)
class Comparison:
    """A program in both forms, in seconds of processor time."""

    name: str
    by_hand: float
    generated: float

    @property
    def ratio(self) -> float:
        """How much longer the generated program takes."""
        return self.generated / self.by_hand


@dataclass(frozen=True)
class Counts:
    """The instructions that an example executes at each level."""

    name: str
    instructions: tuple[int, ...]

    @property
    def share(self) -> float:
        """How many of the lowest level's are left at the highest."""
        return self.instructions[-1] / self.instructions[0]


def compiled(source: Path, level: int) -> Path:
    """The .mdbc file of a source file at a level."""
    path = FOLDER / f"{source.stem}-O{level}.mdbc"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        compile_source(source.read_text(), str(source), CompilerOptions(level)).bytecode
    )
    return path


def by_hand(name: str) -> Path:
    """The .mdbc file of the assembler program."""
    own = SOURCES / f"{name}.mdasm"
    source = own if own.exists() else BENCH / "programs" / f"{name}.mdasm"
    path = FOLDER / f"{name}-by-hand.mdbc"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(write(assemble(source.read_text())))
    return path


def compare(mdvm: str, source: Path, rounds: int) -> Comparison:
    """Run both forms in turn.  Raises WrongAnswer if they differ."""
    programs = {BY_HAND: by_hand(source.stem), GENERATED: compiled(source, LEVELS[-1])}
    answer = run_command([mdvm, str(programs[BY_HAND])])[0]
    contestants = [Contestant(name, [mdvm, str(path)], answer) for name, path in programs.items()]
    measure(contestants, rounds)
    return Comparison(source.stem, *[contestant.median() for contestant in contestants])


def count(mdvm: str, source: Path) -> Counts:
    """Count the instructions of an example at every level."""
    return Counts(source.stem, tuple(_executed(mdvm, compiled(source, level)) for level in LEVELS))


def _executed(mdvm: str, path: Path) -> int:
    done = subprocess.run([mdvm, "--stats", str(path)], capture_output=True, text=True, check=False)
    match = re.search(r"^instructions: ([0-9]+)$", done.stderr, re.MULTILINE)
    if match is None:
        sys.exit(f"{path.name} gave no statistics: {done.stderr}")
    return int(match.group(1))


def time_levels(mdvm: str, sources: Iterable[Path], rounds: int) -> dict[int, float]:
    """By level, the processor time of all examples together."""
    contestants = {
        level: [_timed(mdvm, compiled(source, level)) for source in sources] for level in LEVELS
    }
    measure([each for level in LEVELS for each in contestants[level]], rounds)
    return {level: sum(each.median() for each in contestants[level]) for level in LEVELS}


def _timed(mdvm: str, path: Path) -> Contestant:
    return Contestant(path.name, [mdvm, str(path)], run_command([mdvm, str(path)])[0])


def report(
    comparisons: Sequence[Comparison], counts: Sequence[Counts], times: dict[int, float]
) -> bool:
    """Print the figures.  Whether all bars are met."""
    print(f"| program | {BY_HAND} | {GENERATED} | ratio |\n|---|---|---|---|")
    for each in comparisons:
        print(f"| {each.name} | {each.by_hand:.4f} s | {each.generated:.4f} s | {each.ratio:.2f} |")
    print(
        "\n| example | "
        + " | ".join(f"-O{level}" for level in LEVELS)
        + " | left |\n|---|"
        + "---|" * (len(LEVELS) + 1)
    )
    totals = Counts(
        "all", tuple(sum(column) for column in zip(*[each.instructions for each in counts]))
    )
    for counted in [*counts, totals] if counts else []:
        print(
            f"| {counted.name} | "
            + " | ".join(map(str, counted.instructions))
            + f" | {counted.share:.0%} |"
        )
    print(
        "\nall examples: "
        + ", ".join(f"{seconds:.3f} s at -O{level}" for level, seconds in times.items())
    )
    return all(each.ratio <= SLOWEST for each in comparisons) and (
        not counts or totals.share <= MOST_INSTRUCTIONS
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="bench.generated_code",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--mdvm", default=str(TOP / "mdvm-c"), help="the mdvm-c to run (./mdvm-c)")
    parser.add_argument("--rounds", type=int, default=9, help="how often everything is run (9)")
    options = parser.parse_args(arguments)
    examples = sorted((TOP / "examples").glob("*.md"))
    comparisons = [
        compare(options.mdvm, source, options.rounds) for source in sorted(SOURCES.glob("*.md"))
    ]
    counts = [count(options.mdvm, source) for source in examples]
    times = time_levels(options.mdvm, examples, options.rounds)
    return 0 if report(comparisons, counts, times) else 1


if __name__ == "__main__":
    sys.exit(main())
