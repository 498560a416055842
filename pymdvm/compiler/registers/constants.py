"""Where constants are loaded.

MIR names constants in its operands; the VM wants them in registers. Without optimisation each use
loads its own. With it a constant is loaded before the outermost loop that uses it, and a use that
such a load dominates shares it. What is shared between blocks keeps a register busy for long, so
only the constants that are used most often are.
"""

from __future__ import annotations

from collections.abc import Iterable

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.mir.dominators import DominatorTree
from pymdvm.compiler.mir.loops import Loops
from pymdvm.compiler.mir.model import Block, Branch, MirFunction, Operand, Return
from pymdvm.compiler.registers.frequency import runs_at_depth

MOST_SHARED = 40  # constants of one function that may be shared between blocks
LONGEST_SHARED = 60  # instructions within a block over which a constant is kept


class SharedConstants:
    """Which constants are loaded once for several blocks.

    loads: by label, the constants to load in the block: before the first use there, or at its end
        if there is none
    homes: by constant, the blocks that load it
    """

    def __init__(self, function: MirFunction, tree: DominatorTree, loops: Loops) -> None:
        self._tree = tree
        self.loads: dict[str, list[Constant]] = {}
        needs: dict[Constant, dict[str, None]] = {}
        weights: dict[Constant, int] = {}
        for block in function.blocks.values():
            weight = runs_at_depth(loops.depth(block.label))
            home = _home(block.label, tree, loops)
            for constant in block_constants(block):
                needs.setdefault(constant, {})[home] = None
                weights[constant] = weights.get(constant, 0) + weight
        wanted = sorted(
            (constant for constant in needs if weights[constant] > 1),
            key=lambda constant: -weights[constant],
        )
        self.homes = {constant: self._choose(needs[constant]) for constant in wanted[:MOST_SHARED]}
        for constant, homes in self.homes.items():
            for home in homes:
                self.loads.setdefault(home, []).append(constant)

    def _choose(self, needs: Iterable[str]) -> list[str]:
        """needs: labels -> those of them that no other one dominates."""
        order = self._tree.number
        chosen: list[str] = []
        for label in sorted(needs, key=lambda label: order[label]):
            if not any(self._tree.dominates(home, label) for home in chosen):
                chosen.append(label)
        return chosen

    def home(self, constant: Constant, label: str) -> str | None:
        """The block whose load of the constant reaches the block with this label, if the constant
        is shared.
        """
        for home in self.homes.get(constant, ()):
            if self._tree.dominates(home, label):
                return home
        return None


def _home(label: str, tree: DominatorTree, loops: Loops) -> str:
    """Where a constant that the block uses is best loaded: there, or before the outermost loop
    around it.
    """
    loop = loops.outermost(label)
    return label if loop is None else tree.parent[loop.header]


def block_constants(block: Block) -> list[Constant]:
    """The constants that a block has in its instructions and its terminator, once for each use."""
    operands: list[Operand] = []
    for instruction in block.instructions:
        if instruction.opcode != "LOAD_CONST":
            operands.extend(instruction.operands)
    terminator = block.terminator
    if isinstance(terminator, Branch):
        operands.append(terminator.condition)
    elif isinstance(terminator, Return):
        operands.append(terminator.value)
    return [operand for operand in operands if isinstance(operand, Constant)]
