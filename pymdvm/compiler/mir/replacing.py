"""Replacing values of a function by others, everywhere at once."""

from __future__ import annotations

from collections.abc import Mapping

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.mir.model import Branch, MirFunction, Operand, Return, Value


def final_operand(operand: Operand, replacements: Mapping[Value, Operand]) -> Operand:
    """What an operand becomes when replacements of replacements are followed to their end."""
    while not isinstance(operand, Constant) and operand in replacements:
        operand = replacements[operand]
    return operand


def final_replacements(replacements: Mapping[Value, Operand]) -> dict[Value, Operand]:
    """The same replacements, of which none is itself replaced."""
    return {value: final_operand(value, replacements) for value in replacements}


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
