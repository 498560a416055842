"""Loop-closed SSA form: what a loop's header defines and code after the loop uses goes through a
phi in the block after the loop.

A pass that gives such a value a second definition then finds its uses near the loop.
"""

from __future__ import annotations

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.mir.dominators import DominatorTree
from pymdvm.compiler.mir.loops import Loop
from pymdvm.compiler.mir.model import Block, Branch, MirFunction, Operand, Phi, Return, Value
from pymdvm.compiler.passes.simplify_cfg import split_edge


def split_exits(function: MirFunction, loop: Loop, predecessors: dict[str, list[str]]) -> None:
    """Gives the loop a block of its own behind each edge from its header to the code after it.

    predecessors: of all blocks, kept up to date.
    """
    header = function.blocks[loop.header]
    for label in header.successors():
        if label not in loop.body and len(predecessors[label]) > 1:
            split_edge(function, header, label, predecessors)


def close_loops(function: MirFunction, loops: list[Loop], tree: DominatorTree) -> None:
    """Closes those of the loops that are left from their header to a block that nothing else
    leads to.
    """
    closer = _Closer(function, tree)
    for loop in loops:
        closer.note(loop)
    for block in function.blocks.values():
        closer.close_uses(block)


class _Closer:
    def __init__(self, function: MirFunction, tree: DominatorTree) -> None:
        self._function = function
        self._tree = tree
        self._loops: dict[Value, tuple[Loop, str]] = {}
        self._closed: dict[Value, Value] = {}

    def note(self, loop: Loop) -> None:
        """Remembers what the header defines."""
        header = self._function.blocks[loop.header]
        exits = [label for label in header.successors() if label not in loop.body]
        if len(exits) != 1 or self._tree.predecessors[exits[0]] != [loop.header]:
            return
        for phi in header.phis:
            self._loops[phi.result] = loop, exits[0]
        for instruction in header.instructions:
            if instruction.result is not None:
                self._loops[instruction.result] = loop, exits[0]

    def close_uses(self, block: Block) -> None:
        """Makes uses in the block go through phis."""
        for phi in block.phis:
            for label, operand in phi.operands.items():
                phi.operands[label] = self._closed_operand(operand, label)
        for instruction in block.instructions:
            instruction.operands = [
                self._closed_operand(operand, block.label) for operand in instruction.operands
            ]
        terminator = block.terminator
        if isinstance(terminator, Branch):
            terminator.condition = self._closed_operand(terminator.condition, block.label)
        elif isinstance(terminator, Return):
            terminator.value = self._closed_operand(terminator.value, block.label)

    def _closed_operand(self, operand: Operand, label: str) -> Operand:
        """What to use at the end of the block with the label."""
        if isinstance(operand, Constant) or operand not in self._loops:
            return operand
        loop, after = self._loops[operand]
        if label in loop.body or not self._tree.dominates(after, label):
            return operand
        if operand not in self._closed:
            self._closed[operand] = self._new_phi(operand, loop, after)
        return self._closed[operand]

    def _new_phi(self, value: Value, loop: Loop, after: str) -> Value:
        phi = Phi(self._function.new_value(), {loop.header: value})
        self._function.blocks[after].phis.append(phi)
        if value in self._function.variables:
            self._function.variables[phi.result] = self._function.variables[value]
        return phi.result
