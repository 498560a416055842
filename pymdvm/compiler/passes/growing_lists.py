"""What becomes of a list that grows in a loop: its values, where it is needed afterwards, and how
often the loop iterates.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.mir.dominators import DominatorTree
from pymdvm.compiler.mir.loops import Loop
from pymdvm.compiler.mir.model import Block, Branch, Instruction, MirFunction, Operand, Phi, Value
from pymdvm.compiler.mir.runtime_names import APPEND, called_name
from pymdvm.compiler.passes.uses import Use, Uses

_ONE = Constant.integer(1)


@dataclass
class Growing:
    """A list on its way through a loop.

    phis, appends: those that make its values
    starts: what it is before the loop
    later: the uses of its values after the loop
    """

    header: Phi
    phis: dict[Value, Phi] = field(default_factory=dict)
    appends: dict[Value, Instruction] = field(default_factory=dict)
    starts: list[Operand] = field(default_factory=list)
    later: list[tuple[Value, Use]] = field(default_factory=list)

    def has(self, operand: Operand) -> bool:
        """Whether the operand is one of its values."""
        return operand in self.phis or operand in self.appends


def find_growing(function: MirFunction, loop: Loop, header: Phi, uses: Uses) -> Growing | None:
    """What becomes of the value of a phi in a loop's header; None if anything but appending is done
    to it in the loop.
    """
    growing = Growing(header, {header.result: header})
    work = [header.result]
    while work:
        value = work.pop()
        for use in uses.of(value):
            user = use.user
            if isinstance(user, Phi) and use.phi_in in loop.body:
                if user.result not in growing.phis:
                    growing.phis[user.result] = user
                    work.append(user.result)
            elif use.label not in loop.body or isinstance(user, Phi):
                growing.later.append((value, use))
            elif isinstance(user, Instruction) and _is_append_to(user, value):
                assert user.result is not None
                growing.appends[user.result] = user
                work.append(user.result)
            else:
                return None
    return growing if growing.appends and _is_closed(growing, loop) else None


def _is_append_to(instruction: Instruction, value: Value) -> bool:
    return (
        called_name(instruction) == APPEND
        and instruction.operands[1] == value
        and instruction.operands[2] != value
    )


def _is_closed(growing: Growing, loop: Loop) -> bool:
    """Whether nothing else flows into its phis but what the list is before the loop; notes that."""
    for phi in growing.phis.values():
        for label, operand in phi.operands.items():
            if not growing.has(operand):
                if phi is not growing.header or label in loop.body:
                    return False
                growing.starts.append(operand)
    return True


class Exits:
    """The ways out of a loop on which a growing list is still needed.

    by_use: for each later use the edge that it lies behind; are_clear is false where a use lies
        behind none or several
    """

    def __init__(
        self, function: MirFunction, loop: Loop, growing: Growing, tree: DominatorTree
    ) -> None:
        edges = [
            (label, target)
            for label in loop.body
            for target in function.blocks[label].successors()
            if target not in loop.body
        ]
        self.by_use: list[tuple[Value, Use, tuple[str, str]]] = []
        self._are_clear = True
        for value, use in growing.later:
            behind = [edge for edge in edges if _lies_behind(use, edge, tree)]
            if len(behind) == 1:
                self.by_use.append((value, use, behind[0]))
            else:
                self._are_clear = False

    def are_clear(self) -> bool:
        """Whether each later use lies behind exactly one way out."""
        return self._are_clear


def _lies_behind(use: Use, edge: tuple[str, str], tree: DominatorTree) -> bool:
    """Whether control has passed the edge wherever the use happens."""
    source, target = edge
    if use.phi_in is not None and use.label == source:
        return use.phi_in == target
    return len(tree.predecessors[target]) == 1 and tree.dominates(target, use.label)


@dataclass(frozen=True)
class Iterations:
    """How often a loop iterates: for the ints from first up to, but not with, end."""

    first: Operand
    end: Operand


def find_iterations(
    function: MirFunction, loop: Loop, growing: Growing, tree: DominatorTree
) -> Iterations | None:
    """The iterations of a loop in each of which an item is added, if it counts them: `while i <
    end`, with `i` becoming `i` + 1.
    """
    header = function.blocks[loop.header]
    latches = [label for label in tree.predecessors[loop.header] if label in loop.body]
    exits = {
        target
        for label in loop.body
        for target in function.blocks[label].successors()
        if target not in loop.body
    }
    if len(latches) != 1 or len(exits) != 1 or not exits.intersection(header.successors()):
        return None
    if not any(
        tree.dominates(label, latches[0])
        for label in loop.body
        if _adds_item(function.blocks[label], growing)
    ):
        return None
    test = (
        _definition(header, header.terminator.condition)
        if isinstance(header.terminator, Branch)
        else None
    )
    if (
        test is None
        or test.opcode != "LT"
        or not _defined_outside(test.operands[1], function, loop)
    ):
        return None
    counter = next((phi for phi in header.phis if phi.result == test.operands[0]), None)
    if counter is None or len(counter.operands) != 2:
        return None
    step = _definition_in(function, loop, counter.operands[latches[0]])
    if step is None or step.opcode != "ADD" or step.operands != [counter.result, _ONE]:
        return None
    first = next(operand for label, operand in counter.operands.items() if label != latches[0])
    return Iterations(first, test.operands[1])


def _adds_item(block: Block, growing: Growing) -> bool:
    return any(instruction.result in growing.appends for instruction in block.instructions)


def _definition(block: Block, operand: Operand) -> Instruction | None:
    """The instruction of the block that makes the operand."""
    return next((each for each in block.instructions if each.result == operand), None)


def _definition_in(function: MirFunction, loop: Loop, operand: Operand) -> Instruction | None:
    """The same for a loop."""
    found = (_definition(function.blocks[label], operand) for label in loop.body)
    return next((each for each in found if each is not None), None)


def _defined_outside(operand: Operand, function: MirFunction, loop: Loop) -> bool:
    """Whether the operand is the same in all iterations of the loop."""
    blocks = [function.blocks[label] for label in loop.body]
    return (
        isinstance(operand, Constant)
        or not any(operand == phi.result for block in blocks for phi in block.phis)
        and _definition_in(function, loop, operand) is None
    )
