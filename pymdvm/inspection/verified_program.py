"""A program as the verifier's checks look at it: the module, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from mdvm import opcodes
from mdvm.analysis.survey import analyse
from pymdvm.inspection.calls import KnownConstants, known_calls
from pymdvm.inspection.expected_arguments import ExpectedArguments
from pymdvm.inspection.instruction_locations import InstructionLocations, shown_name
from pymdvm.inspection.rules import RULES, Severity, Violation
from pymdvm.inspection.written_registers import WrittenRegisters
from pymdvm.vm_text import from_vm


class VerifiedProgram:
    """What the checks look at: the module and what follows from it."""

    def __init__(self, module: Any) -> None:
        self.module = module
        self.analysis = analyse(module)
        self.code = self.analysis.module
        self.blocks = self.analysis.blocks
        self.constants = KnownConstants(self.analysis)
        self.calls = list(known_calls(self.analysis, self.constants))
        self.expected_arguments = ExpectedArguments(self.analysis, self.calls)
        self.locations = InstructionLocations(module)
        main = self.analysis.function_numbers.get("main")
        self.start = 0 if main is None else module.functions[main].target_index
        self.reached = self._reachable_blocks(
            [self.start, *[function.target_index for function in module.functions]]
        )
        self.written = list(
            WrittenRegisters(self.analysis, self.calls, self.start).before_instructions()
        )

    def _reachable_blocks(self, entries: Iterable[int]) -> set[int]:
        reached: set[int] = set()
        work = [self.blocks.entry(entry) for entry in entries]
        while work:
            block = work.pop()
            if block >= 0 and block not in reached:
                reached.add(block)
                work.extend(self.blocks.successors[block])
        return reached

    def blocks_of_function(self, function: int) -> set[int]:
        """The blocks that a call of this function can reach without another call."""
        return self._reachable_blocks([self.module.functions[function].target_index])

    def is_reached(self, instruction: int) -> bool:
        return self.blocks.block_of[instruction] in self.reached

    def opcode(self, instruction: int) -> Any:
        """The row of the opcode table."""
        return opcodes.OPCODES[self.module.opcode(instruction)]

    def named(self, *names: str) -> Iterator[int]:
        """The instructions with one of these opcodes."""
        return (
            instruction
            for instruction in self.instructions()
            if self.opcode(instruction).name in names
        )

    def operand(self, instruction: int, name: str) -> int:
        """The first field of the operand with this name; for most operands that is all of it."""
        names = [operand.name for operand in self.opcode(instruction).operands]
        return int(self.module.fields(instruction)[1 + names.index(name)])

    def operands(self, instruction: int) -> Iterator[tuple[int, int]]:
        """Kind and first field of each operand, which for most is its value; a RANGE, which has
        fields only sometimes, is left out.
        """
        fields = self.module.fields(instruction)
        for position, operand in enumerate(self.opcode(instruction).operands):
            if operand.kind != opcodes.RANGE:
                yield operand.kind, fields[1 + position]

    def function_name(self, function: int) -> str:
        return shown_name(from_vm(self.module.functions[function].name))

    def at(
        self, instruction: int, code: str, message: str, severity: Severity | None = None
    ) -> Violation:
        """The finding about an instruction.  Its severity is the rule's unless another is given."""
        location = self.locations.location(instruction)
        found = severity or RULES[code].severity
        assert found is not None
        finding = Violation(found, code, message, location.function, instruction, location.text)
        return (
            finding if self.is_reached(instruction) else replace(finding, severity=Severity.WARNING)
        )

    def instructions(self) -> range:
        return range(self.module.instruction_count())
