"""Which registers have been written where: a forward data-flow problem over blocks, across calls.

Two sets of registers go through the program: those that some path has written, and those that every
path has. A callee begins with the sets of its callers and its arguments, as its frame does with
their values (docs/differences.md). A function that nothing in the program calls may be given any
arguments, so there every register counts as written.

The sets are ints used as bit sets. The first only grows and the second only shrinks, so a work list
ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pymdvm.inspection.calls import Call

ALL = (1 << 256) - 1


@dataclass(frozen=True)
class Written:
    """The registers that some path (perhaps) and that every path (surely) has written, as bit
    sets.
    """

    perhaps: int
    surely: int

    def joined(self, other: Written) -> Written:
        """What holds where two paths meet."""
        return Written(self.perhaps | other.perhaps, self.surely & other.surely)

    def after(self, perhaps: int, surely: int) -> Written:
        """What holds when these registers have been written too."""
        return Written(self.perhaps | perhaps, self.surely | surely)


class WrittenRegisters:
    """The solution for one program.

    analysis: mdvm.analysis.liveness.Analysis
    calls: the known CALLs
    start: int, the instruction where the program begins
    """

    def __init__(self, analysis: Any, calls: list[Call], start: int) -> None:
        self._analysis = analysis
        self._blocks = analysis.blocks
        self._calls = {call.instruction: call for call in calls}
        self._before: dict[int, Written] = {}
        self._solve(start)

    def before_instructions(self) -> Iterator[tuple[int, Written]]:
        """Each instruction that can be reached, and what has been written before it."""
        for block in sorted(self._before):
            written = self._before[block]
            for instruction in range(self._blocks.firsts[block], self._blocks.firsts[block + 1]):
                yield instruction, written
                written = self._after(instruction, written)

    def _solve(self, start: int) -> None:
        self._flow_from(self._blocks.entry(start), Written(0, 0))
        for function in self._analysis.module.module.functions:
            entry = self._blocks.entry(function.target_index)
            if entry not in self._before:
                self._flow_from(entry, Written(ALL, ALL))

    def _flow_from(self, entry: int, written: Written) -> None:
        work: list[int] = []
        self._join(entry, written, work)
        while work:
            block = work.pop()
            written = self._before[block]
            for instruction in range(self._blocks.firsts[block], self._blocks.firsts[block + 1]):
                call = self._calls.get(instruction)
                if call is not None and call.function is not None:
                    arguments = (1 << call.arguments) - 1
                    self._join(
                        self._analysis.entry_block(call.function),
                        written.after(arguments, arguments),
                        work,
                    )
                written = self._after(instruction, written)
            for successor in self._blocks.successors[block]:
                self._join(successor, written, work)

    def _join(self, block: int, written: Written, work: list[int]) -> None:
        """Add what holds on one path into a block; block: -1 for one outside the program."""
        if block < 0:
            return
        known = self._before.get(block)
        joined = written if known is None else known.joined(written)
        if joined != known:
            self._before[block] = joined
            work.append(block)

    def _after(self, instruction: int, written: Written) -> Written:
        registers = self._analysis.registers[instruction]
        surely = sum(1 << register for register in set(registers.writes))
        if registers.tagged >= 0:
            surely |= 1 << registers.tagged
        perhaps = surely
        if registers.may_write >= 0:
            perhaps |= 1 << registers.may_write
            if not self._is_known_to_return_nothing(instruction):
                surely = perhaps
        return written.after(perhaps, surely)

    def _is_known_to_return_nothing(self, instruction: int) -> bool:
        """Whether this is a CALL of a known function that may return without a value."""
        call = self._calls.get(instruction)
        if call is None or call.function is None:
            return False
        entry = self._analysis.entry_block(call.function)
        return entry >= 0 and bool(self._analysis.returns_nothing[entry])
