"""Building a function in SSA form while it is being lowered.

Braun, Buchwald, Hack, Leissa, Mallon and Zwinkau, "Simple and Efficient Construction of Static Single Assignment Form" (2013):
each block remembers the last value of every variable, a read that finds none looks in the predecessors, and makes a phi where
there are several or where some are still to come.  Phis that turn out to be trivial are forwarded to their one operand; what
refers to them is replaced once, at the end.  The recursion of the paper is a list of phis whose operands are to be found, so
that a program may have any number of blocks in a row.
"""

from __future__ import annotations

from pymdvm.compiler.mir.effects import EFFECTS
from pymdvm.compiler.mir.model import (
    EMPTY,
    Block,
    Branch,
    Detail,
    Function,
    Instruction,
    Jump,
    Operand,
    Phi,
    Place,
    Return,
    Value,
)
from pymdvm.compiler.mir.replacing import replace_values
from pymdvm.program import Constant, ConstantValue

# How the names of variables begin that no source can name.
HIDDEN = "("


class SsaBuilder:
    """Adds instructions to a function, block by block, and keeps its variables in SSA form.

    function: the function being built.  block: where instructions go; None after a terminator, until `enter`.  place: what new
    instructions get as their place in the source.

    A block can be read from as soon as it is entered.  It has to be sealed once all of its predecessors have their terminators.
    """

    def __init__(self, function: Function) -> None:
        self.function = function
        self.place: Place | None = None
        self._variables: dict[str, dict[str, Operand]] = {}
        self._predecessors: dict[str, list[str]] = {}
        self._sealed: set[str] = set()
        self._incomplete: dict[str, list[tuple[Phi, str]]] = {}
        self._pending: list[tuple[Phi, str, str]] = []
        self._is_working = False
        self._forwards: dict[Value, Operand] = {}
        self._phis: dict[Value, tuple[Phi, str]] = {}
        self._users: dict[Value, list[Phi]] = {}
        self.block: Block | None = self.new_block()
        self.seal(self.block)

    # ________________________________________________________ blocks

    def new_block(self) -> Block:
        """A block that nothing leads to yet."""
        block = self.function.new_block()
        self._predecessors[block.label] = []
        return block

    def enter(self, block: Block) -> None:
        """Instructions go to the end of the block from now on."""
        self.block = block

    def is_reachable(self) -> bool:
        """Whether there is a block for instructions to go to."""
        return self.block is not None

    def jump(self, target: Block) -> None:
        """Ends the block, if there is one."""
        if self.block is not None:
            self.block.terminator = Jump(target.label, self.place)
            self._predecessors[target.label].append(self.block.label)
            self.block = None

    def branch(self, condition: Operand, then: Block, otherwise: Block) -> None:
        """Ends the block, if there is one; the targets are different blocks."""
        if self.block is not None:
            self.block.terminator = Branch(condition, then.label, otherwise.label, self.place)
            self._predecessors[then.label].append(self.block.label)
            self._predecessors[otherwise.label].append(self.block.label)
            self.block = None

    def give_back(self, value: Operand) -> None:
        """Ends the block, if there is one, by leaving the function."""
        if self.block is not None:
            self.block.terminator = Return(value, self.place)
            self.block = None

    def seal(self, block: Block) -> None:
        """Says that the block has all its predecessors."""
        self._sealed.add(block.label)
        for phi, variable in self._incomplete.pop(block.label, []):
            self._pending.append((phi, variable, block.label))
        self._find_operands()

    def has_predecessors(self, block: Block) -> bool:
        """Whether anything leads to the block so far."""
        return bool(self._predecessors[block.label])

    # ________________________________________________________ instructions

    def emit(self, opcode: str, *operands: Operand, detail: Detail = None) -> Value:
        """Adds an instruction that has a result, and returns that.  In code that cannot be reached it goes nowhere."""
        result = self.function.new_value()
        if self.block is not None:
            self.block.instructions.append(Instruction(opcode, list(operands), result, detail, self.place))
        return result

    def act(self, opcode: str, *operands: Operand, detail: Detail = None) -> None:
        """Adds an instruction without a result."""
        assert not EFFECTS[opcode].has_result
        if self.block is not None:
            self.block.instructions.append(Instruction(opcode, list(operands), None, detail, self.place))

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
            self._variables.setdefault(variable, {})[self.block.label] = value
            if not isinstance(value, Constant):
                self._name(value, variable)

    def read(self, variable: str) -> Operand:
        """The variable's value here: Empty if nothing was written to it on the way."""
        if self.block is None:
            return EMPTY
        value = self._read(variable, self.block.label)
        self._find_operands()
        return self._resolved(value)

    def _name(self, value: Value, variable: str) -> None:
        """Notes whose value it is, unless the source does not know the variable."""
        if not variable.startswith(HIDDEN):
            self.function.variables.setdefault(value, variable)

    def _read(self, variable: str, label: str) -> Operand:
        """The value at the end of the block.  A phi that it makes may wait for its operands in _pending."""
        known = self._variables.setdefault(variable, {})
        passed = []
        while label not in known:
            sources = self._predecessors[label]
            if label in self._sealed and len(sources) == 1:
                passed.append(label)
                label = sources[0]
            elif label in self._sealed and not sources:
                known[label] = EMPTY
            else:
                known[label] = self._new_phi(variable, label)
        value = self._resolved(known[label])
        for label in passed:
            known[label] = value
        return value

    def _new_phi(self, variable: str, label: str) -> Value:
        phi = Phi(self.function.new_value(), {})
        self._phis[phi.result] = (phi, label)
        self._name(phi.result, variable)
        if label in self._sealed:
            self._pending.append((phi, variable, label))
        else:
            self._incomplete.setdefault(label, []).append((phi, variable))
        return phi.result

    # ________________________________________________________ phis

    def _find_operands(self) -> None:
        """Completes the phis of sealed blocks."""
        while self._pending:
            phi, variable, label = self._pending.pop()
            for source in self._predecessors[label]:
                operand = self._read(variable, source)
                phi.operands[source] = operand
                if not isinstance(operand, Constant) and operand in self._phis:
                    self._users.setdefault(operand, []).append(phi)
            self._forward_if_trivial(phi)

    def _forward_if_trivial(self, phi: Phi) -> None:
        work = [phi]
        while work:
            phi = work.pop()
            if phi.result in self._forwards or not phi.operands:
                continue
            others: list[Operand] = []
            for operand in phi.operands.values():
                resolved = self._resolved(operand)
                if resolved != phi.result and resolved not in others:
                    others.append(resolved)
            if len(others) > 1:
                continue
            self._forwards[phi.result] = others[0] if others else EMPTY
            users = self._users.pop(phi.result, [])
            work.extend(users)
            if others and not isinstance(others[0], Constant) and others[0] in self._phis:
                self._users.setdefault(others[0], []).extend(users)

    def _resolved(self, operand: Operand) -> Operand:
        """What a forwarded phi stands for."""
        if isinstance(operand, Constant) or operand not in self._forwards:
            return operand
        passed = []
        while not isinstance(operand, Constant) and operand in self._forwards:
            passed.append(operand)
            operand = self._forwards[operand]
        for value in passed:
            self._forwards[value] = operand
        return operand

    # ________________________________________________________ the end

    def finish(self) -> Function:
        """Places the phis and returns the function, without the blocks that nothing leads to."""
        function = self.function
        entry = function.entry.label
        for phi, label in self._phis.values():
            if phi.result not in self._forwards:
                function.blocks[label].phis.append(phi)
        function.blocks = {label: block for label, block in function.blocks.items()
                           if label == entry or self._predecessors[label]}
        replace_values(function, {value: self._resolved(value) for value in self._forwards})
        return function
