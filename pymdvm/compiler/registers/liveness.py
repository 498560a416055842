"""Liveness: which registers hold a value that is still needed, block by block as sets and then
point by point as live ranges.
"""

from __future__ import annotations

from pymdvm.compiler.registers.live_range import LiveRange
from pymdvm.compiler.registers.machine import (
    NO_REGISTER,
    Copies,
    MachineBlock,
    MachineFunction,
    Operation,
    Register,
    Step,
)

# What may be removed when what it writes is not read.
_REMOVABLE = ("LOAD_CONST", "MOVE", "NOT")


class LiveRanges:
    """The live ranges of a function.

    of: by register
    calls: the points where CALLs read their arguments, ascending
    """

    def __init__(self, function: MachineFunction) -> None:
        self.of: dict[Register, LiveRange] = {}
        self.calls: list[int] = []
        live_after = _live_after_blocks(function)
        number = 0
        for label, block in function.blocks.items():
            self._scan(block, number, live_after[label])
            number += len(block.steps) + 1

    def _scan(self, block: MachineBlock, first: int, live: list[Register]) -> None:
        """Find the segments in a block, from its end to its beginning; first: the number of its
        first step.
        """
        number = first + len(block.steps)
        end = dict.fromkeys(live, 2 * number + 2)  # of each live register's segment
        for register in block.terminator.reads:
            end.setdefault(register, 2 * number + 1)
        segments: list[tuple[Register, int, int]] = []
        calls: list[int] = []
        for step in reversed(block.steps):
            number -= 1
            for register in written_by(step):
                # What is not read is written all the same, so the register is taken there.
                segments.append((register, 2 * number + 1, end.pop(register, 2 * number + 2)))
            if isinstance(step, Copies):
                segments.extend((register, 2 * number, 2 * number + 2) for register in step.scratch)
            for register in read_by(step):
                if register not in end:
                    end[register] = 2 * number + 1
            if isinstance(step, Operation) and step.opcode == "CALL":
                calls.append(2 * number)
        segments.extend((register, 2 * first, last) for register, last in end.items())
        for register, start, last in reversed(segments):
            live_range = self.of.get(register)
            if live_range is None:
                live_range = self.of[register] = LiveRange()
            live_range.add(start, last)
        self.calls.extend(reversed(calls))


def written_by(step: Step) -> list[Register]:
    """The registers that a step writes."""
    if isinstance(step, Copies):
        return [target for target, _ in step.pairs if isinstance(target, int)]
    return [] if step.written == NO_REGISTER else [step.written]


def read_by(step: Step) -> list[Register]:
    """The registers that a step reads."""
    if isinstance(step, Copies):
        sources = [source for _, source in step.pairs if isinstance(source, int)]
        return sources if step.spilled == NO_REGISTER else [*sources, step.spilled]
    return step.reads


def remove_unread(function: MachineFunction) -> None:
    """Remove what only writes a register that nobody reads anywhere, and what is unread then."""
    counts: dict[Register, int] = {}
    for block in function.blocks.values():
        for register in block.terminator.reads:
            counts[register] = counts.get(register, 0) + 1
        for step in block.steps:
            for register in read_by(step):
                counts[register] = counts.get(register, 0) + 1
    for block in function.blocks.values():
        kept: list[Step] = []
        for step in reversed(block.steps):
            if (
                isinstance(step, Operation)
                and step.opcode in _REMOVABLE
                and not counts.get(step.written)
            ):
                for register in step.reads:
                    counts[register] -= 1
            else:
                kept.append(step)
        kept.reverse()
        block.steps = kept


def _live_after_blocks(function: MachineFunction) -> dict[str, list[Register]]:
    """By label, the registers that are live at the end of the block.

    The usual backward data-flow problem, on bits: only registers that some block reads before it
    writes them have one.
    """
    bits: dict[Register, int] = {}
    exposed: dict[str, int] = {}
    for label, block in function.blocks.items():
        found = 0
        for register in _exposed_registers(block):
            found |= 1 << bits.setdefault(register, len(bits))
        exposed[label] = found
    written = {label: _written_bits(block, bits) for label, block in function.blocks.items()}
    before = dict(exposed)
    after = dict.fromkeys(function.blocks, 0)
    predecessors: dict[str, list[str]] = {label: [] for label in function.blocks}
    for label, block in function.blocks.items():
        for target in block.terminator.targets:
            predecessors[target].append(label)
    work = dict.fromkeys(function.blocks)
    while work:
        label, _ = work.popitem()
        live = 0
        for target in function.blocks[label].terminator.targets:
            live |= before[target]
        after[label] = live
        live = exposed[label] | (live & ~written[label])
        if live != before[label]:
            before[label] = live
            for predecessor in predecessors[label]:
                work[predecessor] = None
    registers = list(bits)
    return {label: _members(live, registers) for label, live in after.items()}


def _exposed_registers(block: MachineBlock) -> list[Register]:
    """The registers that a block reads before it writes them, each once, in an order that depends
    on the block alone.
    """
    exposed: dict[Register, None] = {}
    written: set[Register] = set()
    for step in block.steps:
        for register in read_by(step):
            if register not in written:
                exposed[register] = None
        written.update(written_by(step))
    for register in block.terminator.reads:
        if register not in written:
            exposed[register] = None
    return list(exposed)


def _written_bits(block: MachineBlock, bits: dict[Register, int]) -> int:
    found = 0
    for step in block.steps:
        for register in written_by(step):
            bit = bits.get(register)
            if bit is not None:
                found |= 1 << bit
    return found


def _members(live: int, registers: list[Register]) -> list[Register]:
    """The registers whose bits are set."""
    members: list[Register] = []
    while live:
        lowest = live & -live
        members.append(registers[lowest.bit_length() - 1])
        live ^= lowest
    return members
