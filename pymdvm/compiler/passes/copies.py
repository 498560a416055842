"""Copy propagation: a MOVE, a loaded constant and a phi of one single value are that value."""

from __future__ import annotations

from pymdvm.compiler.mir.dominators import reverse_postorder
from pymdvm.compiler.mir.model import Block, MirFunction, Operand, Value
from pymdvm.compiler.mir.replacing import final_operand, final_replacements, replace_values
from pymdvm.compiler.passes.simplify_cfg import single_operand

_COPIES = frozenset(("MOVE", "LOAD_CONST"))


def propagate_copies(function: MirFunction) -> None:
    """Uses of copies become uses of what they copy."""
    replacements: dict[Value, Operand] = {}

    order = [function.blocks[label] for label in reverse_postorder(function)]
    for block in order:
        _find_moves(block, replacements)
    with_phis = [block for block in order if block.phis]
    changed = True
    while changed:
        # A phi that goes may leave another one, earlier in a loop, with one operand.
        changed = False
        for block in with_phis:
            kept = []
            for phi in block.phis:
                if replacements:
                    phi.operands = {
                        source: final_operand(operand, replacements)
                        for source, operand in phi.operands.items()
                    }
                operand = single_operand(phi)
                if operand is None:
                    kept.append(phi)
                else:
                    replacements[phi.result] = operand
                    changed = True
            block.phis = kept
    replace_values(function, final_replacements(replacements))


def _find_moves(block: Block, replacements: dict[Value, Operand]) -> None:
    if not any(instruction.opcode in _COPIES for instruction in block.instructions):
        return
    kept = []
    for instruction in block.instructions:
        if instruction.opcode in _COPIES and instruction.result is not None:
            replacements[instruction.result] = instruction.operands[0]
        else:
            kept.append(instruction)
    block.instructions = kept
