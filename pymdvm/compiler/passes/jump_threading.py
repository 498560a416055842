"""Jump threading: fewer jumps.

A jump to a block that does nothing but go on goes there at once; so does one to a block that
decides by a phi, where the phi is a constant on that edge; a block with one successor that has no
other predecessor takes it in.
"""

from __future__ import annotations

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.mir.dominators import reverse_postorder
from pymdvm.compiler.mir.model import Block, Branch, Jump, MirFunction, Operand, Value
from pymdvm.compiler.mir.replacing import final_replacements, replace_values
from pymdvm.compiler.mir.uses import count_uses
from pymdvm.compiler.passes.evaluation import to_value
from pymdvm.compiler.passes.simplify_cfg import (
    remove_edge,
    remove_unreachable_blocks,
    replace_target,
    single_operand,
)


def thread_jumps(function: MirFunction) -> None:
    """Redirects and merges until nothing changes."""
    remove_unreachable_blocks(function)
    threader = _Threader(function)
    threader.thread_decisions()
    threader.skip_empty_blocks()
    remove_unreachable_blocks(function)
    merge_blocks(function)


class _Threader:
    def __init__(self, function: MirFunction) -> None:
        self._function = function
        self._blocks = function.blocks
        self._predecessors = {
            label: dict.fromkeys(labels) for label, labels in function.predecessors().items()
        }

    def _redirect(self, source: Block, old: str, new: str) -> None:
        """Makes the edge from source to old lead to new, where the phis of new know what to do
        with it.
        """
        replace_target(source, old, new)
        self._predecessors[old].pop(source.label, None)
        self._predecessors[new][source.label] = None
        remove_edge(source, self._blocks[old])

    # ________________________________________________________ decisions by a phi

    def thread_decisions(self) -> None:
        """Where a block has phis of its own only to branch on one of them, constant operands decide
        at once.
        """
        uses = count_uses(self._function)
        for block in list(self._blocks.values()):
            branch = block.terminator
            if (
                isinstance(branch, Branch)
                and not block.instructions
                and len(block.phis) == 1
                and branch.condition == block.phis[0].result
                and uses.get(block.phis[0].result, 0) == 1
            ):
                self._thread_block(block, branch)

    def _thread_block(self, block: Block, branch: Branch) -> None:
        for source, operand in list(block.phis[0].operands.items()):
            if not isinstance(operand, Constant):
                continue
            target = self._blocks[
                branch.then if to_value(operand).is_truthy() else branch.otherwise
            ]
            if source not in self._predecessors[target.label] and target is not block:
                self._copy_phi_operands(block.label, source, target)
                self._redirect(self._blocks[source], block.label, target.label)

    def _copy_phi_operands(self, old: str, new: str, target: Block) -> None:
        """The target's phis have the same operand for the new predecessor as for the old one."""
        for phi in target.phis:
            phi.operands[new] = phi.operands[old]

    # ________________________________________________________ empty blocks

    def skip_empty_blocks(self) -> None:
        order = {label: number for number, label in enumerate(reverse_postorder(self._function))}
        headers = {
            target
            for label in order
            for target in self._blocks[label].successors()
            if order[target] <= order[label]
        }
        entry = self._function.entry.label
        for block in list(self._blocks.values()):
            if (
                block.label != entry
                and not block.phis
                and not block.instructions
                and isinstance(block.terminator, Jump)
            ):
                target = block.terminator.target
                # A loop keeps the block before it: without, the loop and one around it could come
                # to share their header.
                if target not in headers or order[block.label] >= order[target]:
                    self._skip(block, target)

    def _skip(self, block: Block, target: str) -> None:
        for source in list(self._predecessors[block.label]):
            if self._can_go_to(source, block.label, target):
                self._copy_phi_operands(block.label, source, self._blocks[target])
                self._redirect(self._blocks[source], block.label, target)
        if not self._predecessors[block.label]:
            self._predecessors[target].pop(block.label, None)
            remove_edge(block, self._blocks[target])
            del self._blocks[block.label]

    def _can_go_to(self, source: str, through: str, target: str) -> bool:
        """Not if the source goes there already and the two edges mean different values: phis know
        predecessors, not edges.
        """
        if source not in self._predecessors[target]:
            return True
        return all(
            phi.operands[source] == phi.operands[through] for phi in self._blocks[target].phis
        )


def merge_blocks(function: MirFunction) -> None:
    """A block that jumps to one with no other predecessor takes it in."""
    blocks = function.blocks
    predecessors = function.predecessors()
    entry = function.entry.label
    replacements: dict[Value, Operand] = {}
    for label in list(blocks):
        block = blocks.get(label)
        while block is not None and isinstance(block.terminator, Jump):
            follower = blocks[block.terminator.target]
            if (
                follower is block
                or follower.label == entry
                or len(predecessors[follower.label]) != 1
            ):
                break
            _drop_phis(follower, replacements)
            block.instructions.extend(follower.instructions)
            block.terminator = follower.terminator
            del blocks[follower.label]
            for successor in follower.successors():
                predecessors[successor] = [
                    label if source == follower.label else source
                    for source in predecessors[successor]
                ]
                for phi in blocks[successor].phis:
                    phi.operands = {
                        label if source == follower.label else source: operand
                        for source, operand in phi.operands.items()
                    }
    for label, block in blocks.items():
        if len(predecessors[label]) == 1:
            _drop_phis(block, replacements)
    replace_values(function, final_replacements(replacements))


def _drop_phis(block: Block, replacements: dict[Value, Operand]) -> None:
    """The phis of a block with one predecessor are their operands."""
    for phi in block.phis:
        operand = single_operand(phi)
        assert operand is not None
        replacements[phi.result] = operand
    block.phis = []
