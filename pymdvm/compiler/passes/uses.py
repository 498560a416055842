"""The uses of each value of a function, and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.mir.model import Branch, Instruction, MirFunction, Operand, Phi, Return, Value

User = Union[Phi, Instruction, Branch, Return]


@dataclass
class Use:
    """A use of a value.

    label: of the block where it happens, for a phi that of the predecessor
    phi_in: for a phi the label of its own block, else None
    """

    user: User
    label: str
    phi_in: str | None = None


class Uses:
    """The uses of all values of a function."""

    def __init__(self, function: MirFunction) -> None:
        self._of: dict[Value, list[Use]] = {}
        for block in function.blocks.values():
            for phi in block.phis:
                for label, operand in phi.operands.items():
                    self._note(operand, Use(phi, label, block.label))
            for instruction in block.instructions:
                for operand in instruction.operands:
                    self._note(operand, Use(instruction, block.label))
            if isinstance(block.terminator, Branch):
                self._note(block.terminator.condition, Use(block.terminator, block.label))
            elif isinstance(block.terminator, Return):
                self._note(block.terminator.value, Use(block.terminator, block.label))

    def of(self, value: Value) -> list[Use]:
        """The uses of a value."""
        return self._of.get(value, [])

    def move(self, instruction: Instruction, label: str) -> None:
        """Says that an instruction stands in the block with the label now."""
        for operand in instruction.operands:
            if not isinstance(operand, Constant):
                for use in self.of(operand):
                    if use.user is instruction:
                        use.label = label

    def _note(self, operand: Operand, use: Use) -> None:
        if not isinstance(operand, Constant):
            self._of.setdefault(operand, []).append(use)
