"""Common subexpressions: what has been computed with the same operands on every path to an
instruction is not computed again.

Two counters that begin with the same value and take the same step in each iteration of a loop are
one.

The blocks are walked down the dominator tree with one table of what is known; leaving a subtree
takes its entries back. An operation that may fail counts too: where the first one has succeeded, so
would the second.
"""

from __future__ import annotations

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.mir.dominators import DominatorTree
from pymdvm.compiler.mir.effects import COMMUTATIVE, EFFECTS
from pymdvm.compiler.mir.model import Block, Instruction, MirFunction, Operand, Phi, Value
from pymdvm.compiler.mir.replacing import replace_values

_Key = tuple[object, ...]

# Two of these must stay two: the results are stored into, and one that is still needed would have
# to be copied first.
_FRESH = frozenset(("NEW_ARRAY", "DICT_NEW"))


def eliminate_common_subexpressions(function: MirFunction) -> None:
    """Replaces the later of two equal instructions, and of two equal phis in a block, by the
    earlier one.
    """
    tree = DominatorTree(function)
    steps = _find_steps(function)
    replacements: dict[Value, Operand] = {}
    known: dict[_Key, Value] = {}
    added: list[_Key] = []
    # A label stands for entering its subtree, a number for leaving one: how many entries were known
    # before.
    stack: list[str | int] = [tree.order[0]]
    while stack:
        step = stack.pop()
        if isinstance(step, int):
            while len(added) > step:
                del known[added.pop()]
            continue
        stack.append(len(added))
        _walk_block(function.blocks[step], known, added, replacements, steps)
        stack.extend(reversed(tree.children[step]))
    replace_values(function, replacements)


def _find_steps(function: MirFunction) -> dict[Value, Instruction]:
    """By result, the instructions that compute something from one value and constants."""
    if not any(len(block.phis) > 1 for block in function.blocks.values()):
        return {}
    return {
        instruction.result: instruction
        for instruction in function.instructions()
        if instruction.result is not None
        and _key(instruction) is not None
        and sum(not isinstance(operand, Constant) for operand in instruction.operands) == 1
    }


def _walk_block(
    block: Block,
    known: dict[_Key, Value],
    added: list[_Key],
    replacements: dict[Value, Operand],
    steps: dict[Value, Instruction],
) -> None:
    def replaced(operand: Operand) -> Operand:
        return operand if isinstance(operand, Constant) else replacements.get(operand, operand)

    block.phis = [
        phi
        for phi in block.phis
        if not _is_known(phi.result, _phi_key(phi, block, steps), known, added, replacements)
    ]
    kept = []
    for instruction in block.instructions:
        instruction.operands = [replaced(operand) for operand in instruction.operands]
        key = _key(instruction)
        if (
            key is None
            or instruction.result is None
            or not _is_known(instruction.result, key, known, added, replacements)
        ):
            kept.append(instruction)
    block.instructions = kept


def _is_known(
    result: Value,
    key: _Key,
    known: dict[_Key, Value],
    added: list[_Key],
    replacements: dict[Value, Operand],
) -> bool:
    earlier = known.get(key)
    if earlier is None:
        known[key] = result
        added.append(key)
        return False
    replacements[result] = earlier
    return True


def _phi_key(phi: Phi, block: Block, steps: dict[Value, Instruction]) -> _Key:
    """What phis have in common that are always equal; None stands for the phi itself."""
    key: list[object] = ["phi", block.label]
    for label in sorted(phi.operands):
        operand = phi.operands[label]
        step = None if isinstance(operand, Constant) else steps.get(operand)
        if step is not None and phi.result in step.operands:
            # Made of this phi alone, in the same way as the other one of that.
            key += [
                label,
                step.opcode,
                step.detail,
                *[None if part == phi.result else part for part in step.operands],
            ]
        else:
            key += [label, operand]
    return tuple(key)


def _key(instruction: Instruction) -> _Key | None:
    """What two equal instructions have in common, None if they would still differ."""
    if (
        not EFFECTS[instruction.opcode].is_repeatable
        or instruction.opcode in _FRESH
        or EFFECTS[instruction.opcode].tied
    ):
        return None
    operands = instruction.operands
    if instruction.opcode in COMMUTATIVE:
        operands = sorted(operands, key=_rank)
    return (instruction.opcode, instruction.detail, *operands)


def _rank(operand: Operand) -> tuple[bool, str, int]:
    if isinstance(operand, Constant):
        return True, f"{operand.kind} {operand.payload!r}", 0
    return False, "", operand
