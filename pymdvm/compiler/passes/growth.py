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

from dataclasses import dataclass, field

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
            growing = _find_growing(self._function, loop, phi, self._uses)
            if growing is not None and all(
                self._kinds.is_within(start, ARRAY) for start in growing.starts
            ):
                exits = _Exits(self._function, loop, growing, self._tree)
                if exits.are_clear() and self._touch(loop, growing, exits):
                    iterations = _find_iterations(self._function, loop, growing, self._tree)
                    _Change(
                        self._function, loop, growing, exits, iterations, self._predecessors
                    ).make()
                    return

    def _touch(self, loop: Loop, growing: _Growing, exits: _Exits) -> bool:
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


@dataclass
class _Growing:
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


def _find_growing(function: MirFunction, loop: Loop, header: Phi, uses: Uses) -> _Growing | None:
    """What becomes of the value of a phi in a loop's header; None if anything but appending is done
    to it in the loop.
    """
    growing = _Growing(header, {header.result: header})
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


def _is_closed(growing: _Growing, loop: Loop) -> bool:
    """Whether nothing else flows into its phis but what the list is before the loop; notes that."""
    for phi in growing.phis.values():
        for label, operand in phi.operands.items():
            if not growing.has(operand):
                if phi is not growing.header or label in loop.body:
                    return False
                growing.starts.append(operand)
    return True


class _Exits:
    """The ways out of a loop on which a growing list is still needed.

    by_use: for each later use the edge that it lies behind; are_clear is false where a use lies
        behind none or several
    """

    def __init__(
        self, function: MirFunction, loop: Loop, growing: _Growing, tree: DominatorTree
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
class _Iterations:
    """How often a loop iterates: for the ints from first up to, but not with, end."""

    first: Operand
    end: Operand


def _find_iterations(
    function: MirFunction, loop: Loop, growing: _Growing, tree: DominatorTree
) -> _Iterations | None:
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
    return _Iterations(first, test.operands[1])


def _adds_item(block: Block, growing: _Growing) -> bool:
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


class _Change:
    """The change of one loop.

    iterations: as _find_iterations gives them
    predecessors: of all blocks, kept up to date
    """

    def __init__(
        self,
        function: MirFunction,
        loop: Loop,
        growing: _Growing,
        exits: _Exits,
        iterations: _Iterations | None,
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
