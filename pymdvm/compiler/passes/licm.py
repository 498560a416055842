"""Loop-invariant code: what every iteration of a loop would compute anew with the same result moves
before the loop.

An instruction that may fail moves only if the first iteration is sure to execute it before anything
else that may fail or acts; otherwise an error could come too early, or one that never happened. One
that makes a container stays: the loop may store into it.
"""

from __future__ import annotations

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.mir.dominators import DominatorTree
from pymdvm.compiler.mir.effects import EFFECTS
from pymdvm.compiler.mir.loops import Loop, Loops
from pymdvm.compiler.mir.model import Block, Instruction, MirFunction, Value
from pymdvm.compiler.passes.kinds import Kinds, surely_succeeds
from pymdvm.compiler.passes.simplify_cfg import preheader

_CONTAINERS = frozenset(("NEW_ARRAY", "DICT_NEW", "DICT_KEYS", "DICT_VALUES"))


def move_invariants(function: MirFunction) -> bool:
    """Moves invariant instructions before their loops, out of as many as they do not depend on;
    whether there were any.
    """
    tree = DominatorTree(function)
    loops = Loops(tree)
    if not loops.all:
        return False
    mover = _Mover(function, tree)
    # Inner loops first, so that an instruction can leave one loop after the other.
    moved = [mover.empty_loop(loop) for loop in reversed(loops.all)]
    return any(moved)


class _Mover:
    def __init__(self, function: MirFunction, tree: DominatorTree) -> None:
        self._function = function
        self._kinds = Kinds(function)
        self._homes: dict[Value, str] = {}
        self._predecessors = function.predecessors()
        # Twice the position in reverse postorder, which leaves room for a block right before each.
        self._order = {label: 2 * number for number, label in enumerate(tree.order)}
        for block in function.blocks.values():
            for phi in block.phis:
                self._homes[phi.result] = block.label
            for instruction in block.instructions:
                if instruction.result is not None:
                    self._homes[instruction.result] = block.label

    def empty_loop(self, loop: Loop) -> bool:
        """Moves what it can from the loop to the block before it; whether it could."""
        moved: list[Instruction] = []
        moved_values: set[Value] = set()
        stored, calls = self._find_effects(loop)
        sure = self._first_iteration(loop)
        for label in sorted(loop.body, key=self._order.__getitem__):
            block = self._function.blocks[label]
            # The beginning of the first iteration lasts until something stays that may fail or
            # acts.
            is_sure = label in sure
            kept = []
            for instruction in block.instructions:
                if self._is_invariant(instruction, loop, moved_values, stored, calls) and (
                    is_sure or not self._may_fail(instruction)
                ):
                    moved.append(instruction)
                    assert instruction.result is not None
                    moved_values.add(instruction.result)
                    continue
                kept.append(instruction)
                if EFFECTS[instruction.opcode].acts or self._may_fail(instruction):
                    is_sure = False
                    sure.clear()
            block.instructions = kept
        if moved:
            self._place(loop, moved)
        return bool(moved)

    def _find_effects(self, loop: Loop) -> tuple[set[object], bool]:
        """The globals that the loop stores, and whether it calls a function."""
        stored: set[object] = set()
        calls = False
        for label in loop.body:
            for instruction in self._function.blocks[label].instructions:
                if instruction.opcode == "STORE_GLOBAL":
                    stored.add(instruction.detail)
                elif instruction.opcode == "CALL":
                    calls = True
        return stored, calls

    def _first_iteration(self, loop: Loop) -> set[str]:
        """The blocks that the first iteration executes one after the other before it can go two
        ways.
        """
        sure: set[str] = set()
        label = loop.header
        while label in loop.body and label not in sure:
            sure.add(label)
            successors = self._function.blocks[label].successors()
            if len(successors) != 1:
                break
            label = successors[0]
        return sure

    def _may_fail(self, instruction: Instruction) -> bool:
        return EFFECTS[instruction.opcode].may_fail and not surely_succeeds(
            instruction, self._kinds
        )

    def _is_invariant(
        self,
        instruction: Instruction,
        loop: Loop,
        moved: set[Value],
        stored: set[object],
        calls: bool,
    ) -> bool:
        effects = EFFECTS[instruction.opcode]
        if instruction.opcode == "LOAD_GLOBAL":
            return not calls and instruction.detail not in stored
        if not effects.is_repeatable or effects.tied or instruction.opcode in _CONTAINERS:
            return False
        return all(
            isinstance(operand, Constant)
            or operand in moved
            or self._homes.get(operand) not in loop.body
            for operand in instruction.operands
        )

    def _place(self, loop: Loop, moved: list[Instruction]) -> None:
        block = preheader(self._function, loop, self._predecessors)
        block.instructions.extend(moved)
        if block.label not in self._order:
            self._enter_block(block, loop)
        for instruction in moved:
            assert instruction.result is not None
            self._homes[instruction.result] = block.label

    def _enter_block(self, block: Block, loop: Loop) -> None:
        """Makes a new block before the loop known: it belongs to the loops around it."""
        self._order[block.label] = self._order[loop.header] - 1
        around = loop.parent
        while around is not None:
            around.body.add(block.label)
            around = around.parent
