"""MIR to the machine form: constants come into registers, phis become copies at the ends of the
predecessors.
"""

from __future__ import annotations

from typing import Union

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.frontend.syntax import Place
from pymdvm.compiler.mir.dominators import DominatorTree
from pymdvm.compiler.mir.effects import EFFECTS
from pymdvm.compiler.mir.loops import Loop, Loops
from pymdvm.compiler.mir.model import (
    EMPTY,
    Block,
    Branch,
    Halt,
    Instruction,
    Jump,
    MirFunction,
    Operand,
    Phi,
    Return,
)
from pymdvm.compiler.registers.constants import LONGEST_SHARED, SharedConstants
from pymdvm.compiler.registers.machine import (
    NO_REGISTER,
    WRITES_BESIDE,
    Copies,
    MachineBlock,
    MachineFunction,
    Operation,
    Register,
    Source,
    Step,
    Target,
    Terminator,
)

LoopOf = dict[str, Union[Loop, None]]


class Selected:
    """A function in machine form.

    loop_of: by label, the innermost loop that the block is in
    """

    def __init__(self, function: MachineFunction, loop_of: LoopOf) -> None:
        self.function = function
        self.loop_of = loop_of


def select(function: MirFunction, optimising: bool, keeps_phis: bool = False) -> Selected:
    """function: MirFunction, well formed -> Selected.

    optimising: whether uses share the loads of constants. keeps_phis: whether phis become PHI
    instructions where that is right.
    """
    return _Selection(function, optimising, keeps_phis).select()


class _Selection:
    """One function on its way."""

    def __init__(self, function: MirFunction, optimising: bool, keeps_phis: bool) -> None:
        self._function = function
        self._optimising = optimising
        self._keeps_phis = keeps_phis
        tree = DominatorTree(function)
        self._loops = Loops(tree)
        self._shared = SharedConstants(function, tree, self._loops) if optimising else None
        self._shared_registers: dict[tuple[str, Constant], Register] = {}
        self._result = MachineFunction(
            function.name, next_register=function.next_value, variables=_by_register(function)
        )
        self._loop_of: LoopOf = {}

    def select(self) -> Selected:
        for block in self._function.blocks.values():
            selected = _BlockSelection(self, block).select()
            self._result.blocks[block.label] = selected
            selected.depth = self._loops.depth(block.label)
            self._loop_of[block.label] = self._loops.innermost.get(block.label)
        self._receive_arguments()
        for block in list(self._function.blocks.values()):
            phis = _in_sequence(block.phis) if self._keeps_phis else None
            if phis is None:
                self._place_copies(block)
            else:
                self._place_phis(block, phis)
        return Selected(self._result, self._loop_of)

    # What the selection of a block asks for

    @property
    def optimising(self) -> bool:
        """Whether uses share the loads of constants."""
        return self._optimising

    def new_register(self) -> Register:
        """A register that nothing writes yet."""
        return self._result.new_register()

    def constants_to_load(self, label: str) -> list[Constant]:
        """The shared constants that the block loads."""
        return [] if self._shared is None else self._shared.loads.get(label, [])

    def shared_register(self, constant: Constant, label: str) -> tuple[Register, str] | None:
        """The register that a shared constant has in the block, and the block that loads it; None
        if it is not shared.
        """
        home = None if self._shared is None else self._shared.home(constant, label)
        if home is None:
            return None
        register = self._shared_registers.get((home, constant))
        if register is None:
            register = self._shared_registers[home, constant] = self.new_register()
        return register, home

    # What stands between the blocks

    def _receive_arguments(self) -> None:
        result = self._result
        pairs: list[tuple[Target, Source]] = []
        for parameter in self._function.parameters:
            arrival = self.new_register()
            result.arrivals.append(arrival)
            pairs.append((parameter, arrival))
        if pairs:
            result.blocks[self._function.entry.label].steps.insert(0, Copies(pairs))

    def _place_copies(self, block: Block) -> None:
        """Give each edge to the block the copies that its phis stand for."""
        edges: dict[str, list[tuple[Target, Source]]] = {}
        for phi in block.phis:
            for label, operand in phi.operands.items():
                edges.setdefault(label, []).append((phi.result, operand))
        for label, pairs in edges.items():
            predecessor = self._block_on_edge(label, block.label)
            predecessor.steps.append(Copies(pairs, predecessor.terminator.place))

    def _place_phis(self, block: Block, phis: list[Phi]) -> None:
        """Put PHI instructions at the beginning of the block.  Each of its predecessors ends with a
        jump of its own to it.
        """
        before = {
            label: self._block_on_edge(label, block.label)
            for label in (phis[0].operands if phis else ())
        }
        steps: list[Step] = []
        for phi in phis:
            reads = [
                self._loaded_at_end(before[label], operand)
                for label, operand in phi.operands.items()
            ]
            labels = tuple(before[label].label for label in phi.operands)
            steps.append(Operation("PHI", phi.result, reads, labels))
        selected = self._result.blocks[block.label]
        selected.steps = steps + selected.steps

    def _loaded_at_end(self, block: MachineBlock, operand: Operand) -> Register:
        if not isinstance(operand, Constant):
            return operand
        register = self.new_register()
        block.steps.append(Operation("LOAD_CONST", register, [], operand, block.terminator.place))
        return register

    def _block_on_edge(self, source: str, target: str) -> MachineBlock:
        """The block that is left only to the target, coming from the source."""
        block = self._result.blocks[source]
        return self._split(block, target) if len(block.terminator.targets) > 1 else block

    def _split(self, source: MachineBlock, target: str) -> MachineBlock:
        """A new block on the edge."""
        label = f"{source.label}.{target}"
        terminator = source.terminator
        new = MachineBlock(label, [], Terminator("JUMP", [], (target,), terminator.place))
        terminator.targets = tuple(label if each == target else each for each in terminator.targets)
        loop = self._loops.innermost.get(target)
        while loop is not None and source.label not in loop.body:
            loop = loop.parent
        self._loop_of[label] = loop
        new.depth = 0 if loop is None else loop.depth
        self._result.blocks[label] = new
        return new


class _BlockSelection:
    """One block on its way."""

    def __init__(self, selection: _Selection, block: Block) -> None:
        self._selection = selection
        self._block = block
        self._steps: list[Operation | Copies] = []
        # where a constant is, and the step that used it last
        self._loaded: dict[Constant, tuple[Register, int]] = {}
        self._loaded_here: set[Constant] = set()  # shared ones

    def select(self) -> MachineBlock:
        block = self._block
        for instruction in block.instructions:
            self._add(instruction)
        steps = self._steps
        terminator = self._terminator()
        for constant in self._selection.constants_to_load(block.label):
            self._register(constant, terminator.place)
        if terminator.opcode == "JUMP_IF" and self._selection.optimising:
            _drop_negation(steps, terminator)
        return MachineBlock(block.label, list(steps), terminator)

    def _add(self, instruction: Instruction) -> None:
        place = instruction.place
        result = NO_REGISTER if instruction.result is None else instruction.result
        if instruction.opcode == "LOAD_CONST":
            self._load(result, instruction.operands[0], place)
        elif EFFECTS[instruction.opcode].tied:
            first, *others = instruction.operands
            reads = [result, *[self._register(operand, place) for operand in others]]
            self._load(result, first, place)
            if instruction.opcode in WRITES_BESIDE:
                beside = self._selection.new_register()
                self._load(beside, EMPTY, place)
                reads.append(beside)
            self._steps.append(
                Operation(instruction.opcode, result, reads, instruction.detail, place)
            )
        else:
            reads = [self._register(operand, place) for operand in instruction.operands]
            self._steps.append(
                Operation(instruction.opcode, result, reads, instruction.detail, place)
            )

    def _load(self, target: Register, operand: Operand, place: Place | None) -> None:
        if isinstance(operand, Constant):
            self._steps.append(Operation("LOAD_CONST", target, [], operand, place))
        else:
            self._steps.append(Operation("MOVE", target, [operand], None, place))

    def _register(self, operand: Operand, place: Place | None) -> Register:
        """The register that holds the operand from here on."""
        if not isinstance(operand, Constant):
            return operand
        shared = self._selection.shared_register(operand, self._block.label)
        if shared is not None:
            register, home = shared
            if home == self._block.label and operand not in self._loaded_here:
                self._loaded_here.add(operand)
                self._load(register, operand, place)
            return register
        if self._selection.optimising and operand in self._loaded:
            register, used = self._loaded[operand]
            if len(self._steps) - used <= LONGEST_SHARED:
                self._loaded[operand] = (register, len(self._steps))
                return register
        register = self._selection.new_register()
        self._load(register, operand, place)
        self._loaded[operand] = (register, len(self._steps))
        return register

    def _terminator(self) -> Terminator:
        terminator = self._block.terminator
        place = terminator.place
        if isinstance(terminator, Jump):
            return Terminator("JUMP", [], (terminator.target,), place)
        if isinstance(terminator, Branch):
            condition = self._register(terminator.condition, place)
            return Terminator(
                "JUMP_IF", [condition], (terminator.then, terminator.otherwise), place
            )
        if isinstance(terminator, Return):
            return Terminator("RETURN", [self._register(terminator.value, place)], (), place)
        assert isinstance(terminator, Halt)
        return Terminator("HALT", [], (), place)


def _drop_negation(steps: list[Operation | Copies], terminator: Terminator) -> None:
    """Branch on what a NOT negates, the other way round; the NOT stays, and goes later if nobody
    else reads its result.
    """
    last = steps[-1] if steps else None
    if isinstance(last, Operation) and last.opcode == "NOT" and last.written == terminator.reads[0]:
        terminator.reads = list(last.reads)
        terminator.targets = (terminator.targets[1], terminator.targets[0])


def _in_sequence(phis: list[Phi]) -> list[Phi] | None:
    """The phis in an order in which each can be done after the other: what needs the old value of a
    phi before that phi.

    None if there is no such order.
    """
    waiting = list(phis)
    ordered: list[Phi] = []
    while waiting:
        phi = next(
            (
                each
                for each in waiting
                if not any(
                    each.result in other.operands.values() for other in waiting if other is not each
                )
            ),
            None,
        )
        if phi is None:
            return None
        waiting.remove(phi)
        ordered.append(phi)
    return ordered


def _by_register(function: MirFunction) -> dict[Register, str]:
    """The names of variables; a value's register has its number."""
    return {int(value): name for value, name in function.variables.items()}
