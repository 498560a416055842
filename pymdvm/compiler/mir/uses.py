"""How often the values of a function are used."""

from __future__ import annotations

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.mir.model import Branch, MirFunction, Operand, Return


def count_uses(function: MirFunction) -> dict[Operand, int]:
    """The number of uses of each value that has any."""
    uses: dict[Operand, int] = {}
    for block in function.blocks.values():
        operands = [operand for phi in block.phis for operand in phi.operands.values()]
        operands += [
            operand for instruction in block.instructions for operand in instruction.operands
        ]
        if isinstance(block.terminator, Branch):
            operands.append(block.terminator.condition)
        elif isinstance(block.terminator, Return):
            operands.append(block.terminator.value)
        for operand in operands:
            if not isinstance(operand, Constant):
                uses[operand] = uses.get(operand, 0) + 1
    return uses
