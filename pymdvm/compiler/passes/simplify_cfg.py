"""Keeping a function well formed when its edges change: small parts that several passes use."""

from __future__ import annotations

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.mir.dominators import reverse_postorder
from pymdvm.compiler.mir.loops import Loop
from pymdvm.compiler.mir.model import Block, Branch, Jump, MirFunction, Operand, Phi


def remove_edge(source: Block, target: Block) -> None:
    """The target's phis forget the source."""
    for phi in target.phis:
        phi.operands.pop(source.label, None)


def remove_unreachable_blocks(function: MirFunction) -> None:
    """Removes the blocks that no path from the entry reaches."""
    reached = set(reverse_postorder(function))
    if len(reached) == len(function.blocks):
        return
    for label, block in function.blocks.items():
        if label not in reached:
            for successor in block.successors():
                remove_edge(block, function.blocks[successor])
    function.blocks = {label: block for label, block in function.blocks.items() if label in reached}


def replace_target(block: Block, old: str, new: str) -> None:
    """Makes the edge from the block to `old` lead to `new`; a branch whose targets become the same
    is a jump.
    """
    terminator = block.terminator
    if isinstance(terminator, Jump) and terminator.target == old:
        terminator.target = new
    elif isinstance(terminator, Branch):
        if terminator.then == old:
            terminator.then = new
        if terminator.otherwise == old:
            terminator.otherwise = new
        if terminator.then == terminator.otherwise:
            block.terminator = Jump(new, terminator.place)


def split_edge(
    function: MirFunction,
    source: Block,
    target: str,
    predecessors: dict[str, list[str]] | None = None,
) -> Block:
    """A new block on the edge from source to the block with the label target.

    predecessors: of all blocks, kept up to date.
    """
    between = function.new_block()
    between.terminator = Jump(target, source.terminator.place)
    replace_target(source, target, between.label)
    for phi in function.blocks[target].phis:
        phi.operands[between.label] = phi.operands.pop(source.label)
    if predecessors is not None:
        predecessors[between.label] = [source.label]
        predecessors[target] = [
            between.label if label == source.label else label for label in predecessors[target]
        ]
    return between


def single_operand(phi: Phi) -> Operand | None:
    """The one operand that a phi has besides itself, None if there are several."""
    found: Operand | None = None
    for operand in phi.operands.values():
        is_itself = not isinstance(operand, Constant) and operand == phi.result
        if is_itself or operand == found:
            continue
        if found is not None:
            return None
        found = operand
    return found


def preheader(function: MirFunction, loop: Loop, predecessors: dict[str, list[str]]) -> Block:
    """The block that is executed right before a loop and leads nowhere else; made if there is none.

    predecessors: of all blocks, kept up to date.
    """
    header = function.blocks[loop.header]
    outside = [
        function.blocks[label] for label in predecessors[header.label] if label not in loop.body
    ]
    if len(outside) == 1 and isinstance(outside[0].terminator, Jump):
        return outside[0]
    before = function.new_block()
    before.terminator = Jump(header.label)
    for phi in header.phis:
        operands = {block.label: phi.operands.pop(block.label) for block in outside}
        merged = Phi(phi.result, operands)
        operand = single_operand(merged)
        if operand is None:
            merged.result = function.new_value()
            before.phis.append(merged)
            operand = merged.result
        phi.operands[before.label] = operand
    for block in outside:
        replace_target(block, header.label, before.label)
    predecessors[before.label] = [block.label for block in outside]
    predecessors[header.label] = [
        label for label in predecessors[header.label] if label in loop.body
    ] + [before.label]
    return before
