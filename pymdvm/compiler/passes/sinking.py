"""Sinking: what only one side of a branch needs is computed on that side.

`if n / 2 * 2 equals n: set n to n / 2` needs the quotient itself only for even n, once the test has
become a remainder.
"""

from __future__ import annotations

from pymdvm.compiler.mir.dominators import DominatorTree
from pymdvm.compiler.mir.effects import EFFECTS
from pymdvm.compiler.mir.loops import Loops
from pymdvm.compiler.mir.model import Block, Branch, Instruction, MirFunction
from pymdvm.compiler.passes.kinds import Kinds, surely_succeeds
from pymdvm.compiler.passes.simplify_cfg import split_edge
from pymdvm.compiler.passes.uses import Uses

_STAYS = frozenset(("LOAD_CONST", "MOVE"))


def sink(function: MirFunction) -> bool:
    """Moves instructions of all blocks that end with a branch.  Whether any block has changed."""
    kinds = Kinds(function)
    uses = Uses(function)
    blocks = [block for block in function.blocks.values() if _has_candidates(block, uses, kinds)]
    if not blocks:
        return False
    _split_edges(function, blocks)
    sinking = _Sinking(function, kinds)
    labels = {block.label for block in blocks}
    # Upper blocks first, so that an instruction can go down more than one branch.
    for label in sinking.tree.order:
        if label in labels:
            sinking.sink_from(function.blocks[label])
    return True


def _has_candidates(block: Block, uses: Uses, kinds: Kinds) -> bool:
    """Whether the block ends with a branch and has an instruction whose result it does not need
    itself.
    """
    return isinstance(block.terminator, Branch) and any(
        instruction.result is not None
        and _is_movable(instruction, kinds)
        and not any(
            use.label == block.label and use.phi_in is None for use in uses.of(instruction.result)
        )
        for instruction in block.instructions
    )


def _is_movable(instruction: Instruction, kinds: Kinds) -> bool:
    effects = EFFECTS[instruction.opcode]
    if (
        instruction.opcode in _STAYS
        or effects.tied
        or effects.acts
        or effects.reads_state
        or not effects.has_result
    ):
        return False
    return not effects.may_fail or surely_succeeds(instruction, kinds)


def _split_edges(function: MirFunction, blocks: list[Block]) -> None:
    """Gives each edge from one of the blocks to a block with other predecessors a block of its
    own.
    """
    predecessors = function.predecessors()
    for block in blocks:
        for target in block.successors():
            if len(predecessors[target]) > 1:
                split_edge(function, block, target)


class _Sinking:
    """The moves in one function.

    tree: with an own block for every successor that matters
    """

    def __init__(self, function: MirFunction, kinds: Kinds) -> None:
        self._function = function
        self._kinds = kinds
        self.tree = DominatorTree(function)
        self._loops = Loops(self.tree)
        self._uses = Uses(function)

    def sink_from(self, block: Block) -> None:
        """Moves what can be moved, the last instructions first, since they may be all that needs
        those before them.
        """
        kept: list[Instruction] = []
        for instruction in reversed(block.instructions):
            target = (
                self._target(instruction, block) if _is_movable(instruction, self._kinds) else None
            )
            if target is None:
                kept.append(instruction)
            else:
                self._function.blocks[target].instructions.insert(0, instruction)
                self._uses.move(instruction, target)
        kept.reverse()
        block.instructions = kept

    def _target(self, instruction: Instruction, block: Block) -> str | None:
        """The successor that all uses lie behind, None if there is none or it is in more loops than
        the block.
        """
        assert instruction.result is not None
        uses = self._uses.of(instruction.result)
        for label in block.successors():
            if uses and all(self.tree.dominates(label, use.label) for use in uses):
                return label if self._loops.depth(label) <= self._loops.depth(block.label) else None
        return None
