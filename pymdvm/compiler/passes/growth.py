"""Lists that grow in a loop.

`Add x to l` makes a list that is longer by one and copies all items, so a loop that builds a list
takes time in the square of its length. Where a loop does nothing else with the list, this pass
keeps an array with room to spare and the number of its items that belong to the list; the library's
put() makes room twofold when there is none left, and where the loop ends trim() makes the list.
Where the loop counts its iterations and adds an item in each, reserve() makes all the room at once.

    l1 = phi l0, l2                     b1 = phi l0, b2         n1 = phi ARRAY_LEN l0, n2
    l2 = CALL "append()", l1, x         b2 = CALL "put()", b1, n1, x        n2 = ADD n1, 1
    ... l1 after the loop               l = CALL "trim()", b1, n1
"""

from __future__ import annotations

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.lowering.library import add_library
from pymdvm.compiler.mir.dominators import DominatorTree
from pymdvm.compiler.mir.loops import Loop, Loops
from pymdvm.compiler.mir.model import (
    Block,
    Branch,
    Instruction,
    MirFunction,
    MirModule,
    Operand,
    Phi,
    Value,
)
from pymdvm.compiler.mir.runtime_names import (
    APPEND,
    INSERT,
    PUT,
    RESERVE,
    TRIM,
    called_name,
)
from pymdvm.compiler.passes.growing_lists import (
    Exits,
    Growing,
    Iterations,
    find_growing,
    find_iterations,
)
from pymdvm.compiler.passes.kinds import ANY, ARRAY, Kinds
from pymdvm.compiler.passes.simplify_cfg import preheader, split_edge
from pymdvm.compiler.passes.uses import Use, Uses

_ONE = Constant.integer(1)


def keep_room_for_growth(module: MirModule) -> set[str]:
    """Changes the loops of all functions; returns the names of the functions that have changed."""
    changed = {
        function.name
        for function in module.functions
        if _grows_lists(function) and _change(function)
    }
    if changed:
        add_library(module)
    return changed


def _grows_lists(function: MirFunction) -> bool:
    return any(called_name(instruction) == APPEND for instruction in function.instructions())


def _change(function: MirFunction) -> bool:
    """Changes loops, outer ones first, until there is none left to change."""
    changed = False
    while _Round(function).run():
        changed = True
    return changed


class _Round:
    """One look at the function and the changes of as many loops as do not get in each other's
    way.
    """

    def __init__(self, function: MirFunction) -> None:
        self._function = function
        self._tree = DominatorTree(function)
        self._uses = Uses(function)
        self._kinds = Kinds(function, _kinds_of_call)
        self._predecessors = function.predecessors()
        self._touched: set[str] = set()

    def run(self) -> bool:
        """Whether any loop has changed."""
        for loop in Loops(self._tree).all:
            if self._touched.isdisjoint(loop.body):
                self._change_loop(loop)
        return bool(self._touched)

    def _change_loop(self, loop: Loop) -> None:
        """Changes what is done with the first growing list of the loop."""
        for phi in self._function.blocks[loop.header].phis:
            growing = find_growing(self._function, loop, phi, self._uses)
            if growing is not None and all(
                self._kinds.is_within(start, ARRAY) for start in growing.starts
            ):
                exits = Exits(self._function, loop, growing, self._tree)
                if exits.are_clear() and self._touch(loop, growing, exits):
                    iterations = find_iterations(self._function, loop, growing, self._tree)
                    _Change(
                        self._function, loop, growing, exits, iterations, self._predecessors
                    ).make()
                    return

    def _touch(self, loop: Loop, growing: Growing, exits: Exits) -> bool:
        """Takes the blocks that the change of a loop concerns, unless another change has."""
        concerned = {*loop.body, *self._predecessors[loop.header]}
        concerned.update(use.label for _, use in growing.later)
        for _, _, edge in exits.by_use:
            concerned.update(edge)
        if not self._touched.isdisjoint(concerned):
            return False
        self._touched |= concerned
        return True


def _kinds_of_call(instruction: Instruction) -> int:
    return ARRAY if called_name(instruction) in (APPEND, INSERT, TRIM) else ANY


class _Change:
    """The change of one loop.

    iterations: as find_iterations gives them
    predecessors: of all blocks, kept up to date
    """

    def __init__(
        self,
        function: MirFunction,
        loop: Loop,
        growing: Growing,
        exits: Exits,
        iterations: Iterations | None,
        predecessors: dict[str, list[str]],
    ) -> None:
        self._function = function
        self._predecessors = predecessors
        self._loop = loop
        self._growing = growing
        self._exits = exits
        self._iterations = iterations
        self._lengths: dict[Operand, Value] = {}

    def make(self) -> None:
        function, growing = self._function, self._growing
        before = preheader(function, self._loop, self._predecessors)
        start = growing.header.operands[before.label]
        length = self._add(before, "ARRAY_LEN", start)
        if self._iterations is not None:
            start = self._add(
                before,
                "CALL",
                Constant.string(RESERVE),
                start,
                self._iterations.first,
                self._iterations.end,
            )
            growing.header.operands[before.label] = start
        self._lengths[start] = length
        for value in (*growing.phis, *growing.appends):
            self._lengths[value] = function.new_value()
            function.variables.pop(value, None)
        self._change_phis()
        self._change_appends()
        self._make_lists()

    def _add(self, block: Block, opcode: str, *operands: Operand) -> Value:
        result = self._function.new_value()
        block.instructions.append(
            Instruction(opcode, list(operands), result, place=block.terminator.place)
        )
        return result

    def _change_phis(self) -> None:
        for block in [self._function.blocks[label] for label in self._loop.body]:
            for phi in [phi for phi in block.phis if phi.result in self._growing.phis]:
                operands: dict[str, Operand] = {
                    label: self._lengths[operand] for label, operand in phi.operands.items()
                }
                block.phis.append(Phi(self._lengths[phi.result], operands))

    def _change_appends(self) -> None:
        for label in self._loop.body:
            block = self._function.blocks[label]
            changed: list[Instruction] = []
            for instruction in block.instructions:
                changed.append(instruction)
                if instruction.result in self._growing.appends:
                    _, buffer, item = instruction.operands
                    length = self._lengths[buffer]
                    instruction.operands = [Constant.string(PUT), buffer, length, item]
                    assert instruction.result is not None
                    changed.append(
                        Instruction(
                            "ADD",
                            [length, _ONE],
                            self._lengths[instruction.result],
                            place=instruction.place,
                        )
                    )
            block.instructions = changed

    def _make_lists(self) -> None:
        """The lists themselves, behind the loop, for code that needs them there."""
        made: dict[tuple[Value, tuple[str, str]], Value] = {}
        blocks: dict[tuple[str, str], Block] = {}
        for value, use, edge in self._exits.by_use:
            if edge not in blocks:
                source, target = edge
                block = self._function.blocks[source]
                blocks[edge] = split_edge(self._function, block, target, self._predecessors)
            if (value, edge) not in made:
                made[value, edge] = self._add(
                    blocks[edge], "CALL", Constant.string(TRIM), value, self._lengths[value]
                )
            _replace(
                use,
                value,
                made[value, edge],
                blocks[edge].label if use.label == edge[0] else use.label,
            )


def _replace(use: Use, value: Value, replacement: Value, label: str) -> None:
    """label: for a phi, of the predecessor whose operand is meant."""
    user = use.user
    if isinstance(user, Phi):
        user.operands[label] = replacement
    elif isinstance(user, Instruction):
        user.operands = [replacement if operand == value else operand for operand in user.operands]
    elif isinstance(user, Branch):
        user.condition = replacement
    else:
        user.value = replacement
