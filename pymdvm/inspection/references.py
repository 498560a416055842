"""Cross references: from where each instruction is jumped to and each function is called."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from mdvm import opcodes
from mdvm.analysis.blocks import flow_of, jump_target
from mdvm.analysis.survey import analyse
from pymdvm.inspection.calls import KnownConstants, known_calls


class References:
    """The jumps and calls of one module (a loaded mdvm.loading.module.Module).

    jumps_to: from the index of an instruction, or the number of instructions for the end, to the
        jumps that go there
    calls_to: from the index of a function in the table to the CALLs that are known to reach it
    callee_of: the same backwards, from the CALL to the function
    """

    def __init__(self, module: Any) -> None:
        self.jumps_to: dict[int, list[int]] = defaultdict(list)
        self.calls_to: dict[int, list[int]] = defaultdict(list)
        self.callee_of: dict[int, int] = {}
        analysis = analyse(module)
        code = analysis.module
        for instruction in range(module.instruction_count()):
            if flow_of(code, instruction) in (opcodes.ALWAYS_JUMPS, opcodes.MAY_JUMP):
                self.jumps_to[jump_target(code, instruction)].append(instruction)
        for call in known_calls(analysis, KnownConstants(analysis)):
            if call.function is not None:
                self.calls_to[call.function].append(call.instruction)
                self.callee_of[call.instruction] = call.function
