"""Which registers a function reads before it has written them: its arguments, as far as a file
tells.

A backward data-flow problem, liveness as mdvm.analysis.liveness solves it, but for what people mean
and not for what can happen: a CALL writes its dst, and a PHI too, though both may leave it as it
was.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pymdvm.inspection.calls import Call


class ExpectedArguments:
    """The solution for one program.

    analysis: mdvm.analysis.liveness.Analysis
    calls: the known CALLs
    """

    def __init__(self, analysis: Any, calls: list[Call]) -> None:
        self._analysis = analysis
        self._blocks = analysis.blocks
        self._calls = {call.instruction: call for call in calls if call.function is not None}
        # by block: the registers read from there on before they are written
        self._live = [0] * self._blocks.count()
        self._solve()

    def of_function(self, function: int) -> list[int]:
        """The registers that the function reads first, ascending.  function: int, its index in
        the table.
        """
        entry = self._analysis.entry_block(function)
        live = self._live[entry] if entry >= 0 else 0
        return [register for register in range(live.bit_length()) if live >> register & 1]

    def _solve(self) -> None:
        dependents: dict[int, list[int]] = defaultdict(list)
        for block, predecessors in enumerate(self._blocks.predecessors):
            dependents[block].extend(predecessors)
        for call in self._calls.values():
            dependents[self._analysis.entry_block(call.function)].append(
                self._blocks.block_of[call.instruction]
            )
        work = list(range(self._blocks.count()))
        while work:
            block = work.pop()
            live = self._live_before(block)
            if live != self._live[block]:
                self._live[block] = live
                work.extend(dependents[block])

    def _live_before(self, block: int) -> int:
        live = 0
        for successor in self._blocks.successors[block]:
            live |= self._live[successor]
        for instruction in range(
            self._blocks.firsts[block + 1] - 1, self._blocks.firsts[block] - 1, -1
        ):
            registers = self._analysis.registers[instruction]
            for register in (*registers.writes, registers.may_write):
                if register >= 0:
                    live &= ~(1 << register)
            call = self._calls.get(instruction)
            if call is not None:
                entry = self._analysis.entry_block(call.function)
                live |= (self._live[entry] if entry >= 0 else 0) >> call.arguments << call.arguments
            for register in registers.reads:
                live |= 1 << register
        return live
