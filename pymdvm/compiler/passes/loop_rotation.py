"""Loop rotation: a loop that tests at its top and jumps back becomes a test before a loop that
tests at its end.

    header: ...; branch c, body, after         header: ...; branch c, body, after
    body: ...; jump header                     body: ...; (header's copy); branch c', body, after

Each iteration executes one jump less, and the body is executed at least once after the first test,
so that what never changes in it can be computed before it. The values that the header defines get a
second definition in the copy; the uses behind the two are repaired as in SSA construction.
"""

from __future__ import annotations

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.mir.dominators import DominatorTree
from pymdvm.compiler.mir.loops import Loop, Loops
from pymdvm.compiler.mir.model import (
    Block,
    Branch,
    Instruction,
    MirFunction,
    Operand,
    Phi,
    Return,
    Value,
)
from pymdvm.compiler.mir.variables import HIDDEN, Variables
from pymdvm.compiler.passes.lcssa import close_loops, split_exits
from pymdvm.compiler.passes.simplify_cfg import replace_target

# How many loops a rotated loop is in at most, itself included. Where an inner loop begins with a
# test of its own, the VM's JIT compiles the ways into it one by one; the Collatz benchmark took
# twice as long.
DEEPEST_LOOP = 1

# A header with more instructions than this is not copied.
LARGEST_HEADER = 12


def rotate_loops(function: MirFunction) -> bool:
    """Rotates every loop whose header decides whether to go on; whether there was any."""
    return _Inverter(function).run()


class _Copy:
    """The copy of a header, with the copies of its values."""

    def __init__(self, header: Block, block: Block) -> None:
        self.header = header
        self.block = block
        self.values: dict[Value, Value] = {}

    def of(self, operand: Operand) -> Operand:
        """What the copy has for an operand of the header."""
        return operand if isinstance(operand, Constant) else self.values.get(operand, operand)


class _Inverter:
    def __init__(self, function: MirFunction) -> None:
        self._function = function
        self._predecessors = function.predecessors()
        self._copies: list[_Copy] = []

    def run(self) -> bool:
        candidates = self._candidates(DominatorTree(self._function))
        if not candidates:
            return False
        for loop in candidates:
            split_exits(self._function, loop, self._predecessors)
        tree = DominatorTree(self._function)
        loops = self._candidates(tree)
        close_loops(self._function, loops, tree)
        # Inner loops first: outer ones come first in the list.
        for loop in reversed(loops):
            self._invert(loop)
        self._repair()
        return True

    def _candidates(self, tree: DominatorTree) -> list[Loop]:
        return [loop for loop in Loops(tree).all if self._can_invert(loop)]

    def _latches(self, loop: Loop) -> list[str]:
        """The blocks from which the loop goes back to its header."""
        return [label for label in self._predecessors[loop.header] if label in loop.body]

    def _can_invert(self, loop: Loop) -> bool:
        header = self._function.blocks[loop.header]
        branch = header.terminator
        return (
            loop.depth <= DEEPEST_LOOP
            and isinstance(branch, Branch)
            and header.label not in header.successors()
            and len(header.instructions) <= LARGEST_HEADER
            and (branch.then in loop.body) != (branch.otherwise in loop.body)
        )

    def _invert(self, loop: Loop) -> None:
        header = self._function.blocks[loop.header]
        latches = self._latches(loop)
        copy = _Copy(header, self._function.new_block())
        self._copies.append(copy)
        self._copy_header(copy, latches)
        label = copy.block.label
        for latch in latches:
            replace_target(self._function.blocks[latch], header.label, label)
        self._predecessors[label] = latches
        self._predecessors[header.label] = [
            source for source in self._predecessors[header.label] if source not in latches
        ]
        for successor in header.successors():
            self._predecessors[successor].append(label)
            for phi in self._function.blocks[successor].phis:
                phi.operands[label] = copy.of(phi.operands[header.label])
        around: Loop | None = loop
        while around is not None:
            around.body.add(label)
            around = around.parent

    def _copy_header(self, copy: _Copy, latches: list[str]) -> None:
        function, header, block = self._function, copy.header, copy.block
        for phi in header.phis:
            block.phis.append(
                Phi(function.new_value(), {label: phi.operands.pop(label) for label in latches})
            )
            copy.values[phi.result] = block.phis[-1].result
        for instruction in header.instructions:
            operands = [copy.of(operand) for operand in instruction.operands]
            result = None
            if instruction.result is not None:
                result = copy.values[instruction.result] = function.new_value()
            block.instructions.append(
                Instruction(
                    instruction.opcode, operands, result, instruction.detail, instruction.place
                )
            )
        branch = header.terminator
        assert isinstance(branch, Branch)
        block.terminator = Branch(
            copy.of(branch.condition), branch.then, branch.otherwise, branch.place
        )
        for value, copied in copy.values.items():
            if value in function.variables:
                function.variables[copied] = function.variables[value]

    # ________________________________________________________ repair

    def _repair(self) -> None:
        """Makes every use of a value that now has two definitions one of the value that arrives
        there.
        """
        variables = Variables.of_function(self._function)
        self._homes: dict[Value, str] = {}
        for copy in self._copies:
            for value, copied in copy.values.items():
                self._homes[value] = copy.header.label
                variables.write(_variable(value), copy.header.label, value)
                variables.write(_variable(value), copy.block.label, copied)
        for block in list(self._function.blocks.values()):
            self._repair_block(block, variables)
        variables.finish()

    def _repair_block(self, block: Block, variables: Variables) -> None:
        def arriving(operand: Operand) -> Operand:
            if (
                isinstance(operand, Constant)
                or self._homes.get(operand, block.label) == block.label
            ):
                return operand
            return variables.read(_variable(operand), block.label)

        for phi in block.phis:
            phi.operands = {
                label: self._leaving(operand, label, variables)
                for label, operand in phi.operands.items()
            }
        for instruction in block.instructions:
            instruction.operands = [arriving(operand) for operand in instruction.operands]
        if isinstance(block.terminator, Branch):
            block.terminator.condition = arriving(block.terminator.condition)
        elif isinstance(block.terminator, Return):
            block.terminator.value = arriving(block.terminator.value)

    def _leaving(self, operand: Operand, label: str, variables: Variables) -> Operand:
        """What an operand is at the end of the block with the label."""
        if isinstance(operand, Constant) or operand not in self._homes:
            return operand
        return variables.read(_variable(operand), label)


def _variable(value: Value) -> str:
    return f"{HIDDEN}{value})"
