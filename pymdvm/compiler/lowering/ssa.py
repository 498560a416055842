"""Building a function in SSA form while it is being lowered: blocks, instructions, and variables by
mir/variables.py.
"""

from __future__ import annotations

from pymdvm.bytecode.model import Constant, ConstantValue
from pymdvm.compiler.mir.effects import EFFECTS
from pymdvm.compiler.mir.model import (
    EMPTY,
    Block,
    Branch,
    Detail,
    Instruction,
    Jump,
    MirFunction,
    Operand,
    Place,
    Return,
    Value,
)
from pymdvm.compiler.mir.variables import Variables


class SsaBuilder:
    """Adds instructions to a function, block by block, and keeps its variables in SSA form.

    function: the function being built
    block: where instructions go; None after a terminator, until `enter`
    place: what new instructions get as their source location

    A block can be read from as soon as it is entered. It has to be sealed once all of its
    predecessors have their terminators.
    """

    def __init__(self, function: MirFunction) -> None:
        self.function = function
        self.place: Place | None = None
        self._variables = Variables(function)
        self.block: Block | None = self.new_block()
        self.seal(self.block)

    # ________________________________________________________ blocks

    def new_block(self) -> Block:
        """A block that nothing leads to yet."""
        block = self.function.new_block()
        self._variables.predecessors[block.label] = []
        return block

    def enter(self, block: Block) -> None:
        """Instructions go to the end of the block from now on."""
        self.block = block

    def seal(self, block: Block) -> None:
        """Says that the block has all its predecessors."""
        self._variables.seal(block.label)

    def bypass(self, block: Block, written: frozenset[str]) -> None:
        """Says that only those variables are written between here, the end of this block, and the
        beginning of the other.
        """
        if self.block is not None:
            self._variables.bypass(block.label, self.block.label, written)

    def is_reachable(self) -> bool:
        """Whether there is a block for instructions to go to."""
        return self.block is not None

    def has_predecessors(self, block: Block) -> bool:
        """Whether anything leads to the block so far."""
        return bool(self._variables.predecessors[block.label])

    def jump(self, target: Block) -> None:
        """Ends the block, if there is one."""
        if self.block is not None:
            self.block.terminator = Jump(target.label, self.place)
            self._leave(target)

    def branch(self, condition: Operand, then: Block, otherwise: Block) -> None:
        """Ends the block, if there is one; the targets are different blocks."""
        if self.block is not None:
            self.block.terminator = Branch(condition, then.label, otherwise.label, self.place)
            self._leave(then, otherwise)

    def give_back(self, value: Operand) -> None:
        """Ends the block, if there is one, by leaving the function."""
        if self.block is not None:
            self.block.terminator = Return(value, self.place)
            self._leave()

    def _leave(self, *targets: Block) -> None:
        assert self.block is not None
        for target in targets:
            self._variables.predecessors[target.label].append(self.block.label)
        self.block = None

    # ________________________________________________________ instructions

    def emit(self, opcode: str, *operands: Operand, detail: Detail = None) -> Value:
        """Adds an instruction that has a result, and returns that.  In code that cannot be reached
        it goes nowhere.
        """
        result = self.function.new_value()
        if self.block is not None:
            self.block.instructions.append(
                Instruction(opcode, list(operands), result, detail, self.place)
            )
        return result

    def act(self, opcode: str, *operands: Operand, detail: Detail = None) -> None:
        """Adds an instruction without a result."""
        assert not EFFECTS[opcode].has_result
        if self.block is not None:
            self.block.instructions.append(
                Instruction(opcode, list(operands), None, detail, self.place)
            )

    def call(self, function: str, *arguments: Operand) -> Value:
        """Adds a CALL of the function with that name in the table."""
        return self.emit("CALL", Constant.of(function), *arguments)

    def constant(self, value: ConstantValue) -> Constant:
        """The operand of a Python value."""
        return Constant.of(value)

    # ________________________________________________________ variables

    def write(self, variable: str, value: Operand) -> None:
        """The variable has that value from here on."""
        if self.block is not None:
            self._variables.write(variable, self.block.label, value)

    def read(self, variable: str) -> Operand:
        """The variable's value here: Empty if nothing was written to it on the way."""
        return EMPTY if self.block is None else self._variables.read(variable, self.block.label)

    def finish(self) -> MirFunction:
        """Returns the function, without the blocks that nothing leads to."""
        function = self.function
        entry = function.entry.label
        function.blocks = {
            label: block
            for label, block in function.blocks.items()
            if label == entry or self._variables.predecessors[label]
        }
        self._variables.finish()
        return function
