"""What a profile says about functions, source lines and instructions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pymdvm.inspection.instruction_locations import InstructionLocations
from pymdvm.profiling.source_lines import SourceLines


@dataclass(frozen=True)
class FunctionShare:
    """One function.

    own: samples that found it executing
    total: those that found it on the stack, each counted once
    """

    name: str
    own: int
    total: int


def function_shares(
    stacks: Mapping[tuple[int, ...], int], locations: InstructionLocations
) -> list[FunctionShare]:
    """All functions that samples found, those with the most of their own first.  stacks: as in
    Profile.
    """
    own: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for stack, count in stacks.items():
        functions = [locations.function_of(instruction) for instruction in stack]
        own[functions[-1]] += count
        for function in set(functions):
            total[function] += count
    shares = [FunctionShare(name, own[name], total[name]) for name in total]
    return sorted(shares, key=lambda share: (-share.own, -share.total, share.name))


@dataclass(frozen=True)
class LineShare:
    """One line of the source.

    line: counted from 1; 0 for all instructions of which none is known
    own: samples that found an instruction of it being executed
    total: those that found one among the calls going on too, each counted once
    """

    line: int
    own: int
    total: int


def line_shares(stacks: Mapping[tuple[int, ...], int], source: SourceLines) -> list[LineShare]:
    """All lines that samples found, those with the most of their own first."""
    own: Counter[int] = Counter()
    total: Counter[int] = Counter()
    for stack, count in stacks.items():
        lines = [source.line_of(instruction) for instruction in stack]
        own[lines[-1]] += count
        for line in set(lines):
            total[line] += count
    shares = [LineShare(line, own[line], total[line]) for line in total]
    return sorted(shares, key=lambda share: (-share.own, -share.total, share.line))


def instruction_shares(stacks: Mapping[tuple[int, ...], int]) -> dict[int, int]:
    """From an instruction to how many samples found it being executed."""
    own: Counter[int] = Counter()
    for stack, count in stacks.items():
        own[stack[-1]] += count
    return dict(own)
