"""Replacing values of a function by others, everywhere at once."""

from __future__ import annotations

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.mir.model import Branch, MirFunction, Operand, Return, Value


def replace_values(function: MirFunction, replacements: dict[Value, Operand]) -> None:
    """Replaces every use of v by replacements[v]; no replacement is itself replaced.

    A variable's name goes over to a value that has none.
    """
    if not replacements:
        return
    for value, replacement in replacements.items():
        name = function.variables.pop(value, None)
        if name is not None and not isinstance(replacement, Constant):
            function.variables.setdefault(replacement, name)

    def replaced(operand: Operand) -> Operand:
        return operand if isinstance(operand, Constant) else replacements.get(operand, operand)

    for block in function.blocks.values():
        for phi in block.phis:
            phi.operands = {label: replaced(operand) for label, operand in phi.operands.items()}
        for instruction in block.instructions:
            instruction.operands = [replaced(operand) for operand in instruction.operands]
        terminator = block.terminator
        if isinstance(terminator, Branch):
            terminator.condition = replaced(terminator.condition)
        elif isinstance(terminator, Return):
            terminator.value = replaced(terminator.value)
