"""The proof that a module is well formed: what mir/model.py promises, checked.

Run after every pass in the tests, and at any time by code that changes MIR. Time and memory are
near linear in the module's size.
"""

from __future__ import annotations

from mdvm import opcodes
from mdvm.builtins import NOT_BUILT_IN, builtin_number
from mdvm.embedding.protocol import MOST_ARGUMENTS
from pymdvm.bytecode.model import Constant, ConstantKind
from pymdvm.compiler.frontend.built_ins import HOST_FUNCTIONS
from pymdvm.compiler.mir.dominators import DominatorTree
from pymdvm.compiler.mir.effects import EFFECTS
from pymdvm.compiler.mir.model import (
    Assertion,
    Block,
    Branch,
    Instruction,
    MirFunction,
    MirModule,
    Operand,
    Return,
    Value,
)
from pymdvm.compiler.mir.printing import print_instruction


class MirError(Exception):
    """A module is not well formed.  Names the function, the block and what is wrong there."""


def check_module(module: MirModule) -> None:
    """Raises MirError unless the module is well formed."""
    if not module.functions:
        raise MirError("the module has no entry function")
    if module.entry.parameters:
        raise MirError(f"the entry function {module.entry.name!r} has parameters")
    names = [function.name for function in module.functions]
    if len(set(names)) < len(names):
        raise MirError("two functions have the same name")
    arities = {function.name: len(function.parameters) for function in module.functions[1:]}
    for function in module.functions:
        _FunctionChecker(function, arities).check()


class _FunctionChecker:
    """The checks of one function.

    arities: the number of parameters of each function that can be called
    """

    def __init__(self, function: MirFunction, arities: dict[str, int]) -> None:
        self.function = function
        self.arities = arities
        # Where each value is defined: the block and the index in it; parameters and phis at -1.
        self.definitions: dict[Value, tuple[str, int]] = {}

    def check(self) -> None:
        if not self.function.blocks:
            raise MirError(f"function {self.function.name!r} has no blocks")
        self._check_edges()
        self.tree = DominatorTree(self.function)
        if len(self.tree.order) < len(self.function.blocks):
            lost = [label for label in self.function.blocks if label not in self.tree.number]
            raise self._error(lost[0], "cannot be reached")
        self._check_entry()
        self._collect_definitions()
        for block in self.function.blocks.values():
            self._check_block(block)

    def _error(self, label: str, message: str) -> MirError:
        return MirError(f"function {self.function.name!r}, block {label}: {message}")

    def _check_edges(self) -> None:
        for label, block in self.function.blocks.items():
            if label != block.label:
                raise self._error(label, f"has the label {block.label}")
            for successor in block.successors():
                if successor not in self.function.blocks:
                    raise self._error(label, f"goes to {successor}, which does not exist")
            if (
                isinstance(block.terminator, Branch)
                and block.terminator.then == block.terminator.otherwise
            ):
                raise self._error(label, f"both targets of its branch are {block.terminator.then}")

    def _check_entry(self) -> None:
        entry = self.function.entry
        if self.tree.predecessors[entry.label]:
            raise self._error(entry.label, "is the entry and has a predecessor")
        if entry.phis:
            raise self._error(entry.label, "is the entry and has a phi")

    def _collect_definitions(self) -> None:
        entry = self.function.entry.label
        for parameter in self.function.parameters:
            self._define(parameter, entry, -1)
        for block in self.function.blocks.values():
            for phi in block.phis:
                self._define(phi.result, block.label, -1)
            for index, instruction in enumerate(block.instructions):
                if instruction.result is not None:
                    self._define(instruction.result, block.label, index)

    def _define(self, value: Value, label: str, index: int) -> None:
        if value in self.definitions:
            raise self._error(label, f"v{value} is defined twice")
        if not 0 <= value < self.function.next_value:
            raise self._error(label, f"v{value} is not one of the function's values")
        self.definitions[value] = (label, index)

    def _check_block(self, block: Block) -> None:
        self._check_phis(block)
        for index, instruction in enumerate(block.instructions):
            self._check_instruction(block.label, instruction)
            for operand in instruction.operands:
                self._check_use(operand, block.label, index)
        end = len(block.instructions)
        if isinstance(block.terminator, Branch):
            self._check_use(block.terminator.condition, block.label, end)
        elif isinstance(block.terminator, Return):
            self._check_use(block.terminator.value, block.label, end)

    def _check_phis(self, block: Block) -> None:
        predecessors = self.tree.predecessors[block.label]
        for phi in block.phis:
            if sorted(phi.operands) != sorted(predecessors):
                raise self._error(
                    block.label,
                    f"the phi v{phi.result} has operands for {sorted(phi.operands)}, "
                    f"the predecessors are {sorted(predecessors)}",
                )
            for label, operand in phi.operands.items():
                self._check_use(operand, label, len(self.function.blocks[label].instructions))

    def _check_use(self, operand: Operand, label: str, index: int) -> None:
        """Proves that the operand is defined where instruction `index` of the block is reached."""
        if isinstance(operand, Constant):
            return
        definition = self.definitions.get(operand)
        if definition is None:
            raise self._error(label, f"v{operand} is used and never defined")
        defined_in, defined_at = definition
        is_dominated = (
            defined_at < index if defined_in == label else self.tree.dominates(defined_in, label)
        )
        if not is_dominated:
            raise self._error(
                label, f"the use of v{operand} is not dominated by its definition in {defined_in}"
            )

    def _check_instruction(self, label: str, instruction: Instruction) -> None:
        effects = EFFECTS.get(instruction.opcode)
        if effects is None:
            raise self._error(label, f"{instruction.opcode} is no instruction")
        count = len(instruction.operands)
        if count != effects.operand_count and (effects.operand_count >= 0 or not count):
            raise self._error(label, f"{print_instruction(instruction)} has {count} operands")
        if (instruction.result is not None) != effects.has_result:
            raise self._error(
                label,
                f"{print_instruction(instruction)} must "
                f"{'' if effects.has_result else 'not '}have a result",
            )
        if not _is_detail_right(instruction):
            raise self._error(
                label, f"{instruction.opcode} cannot have the detail {instruction.detail!r}"
            )
        if instruction.opcode == "LOAD_CONST" and not isinstance(instruction.operands[0], Constant):
            raise self._error(label, "LOAD_CONST loads a constant")
        if instruction.opcode == "CALL":
            self._check_call(label, instruction)

    def _check_call(self, label: str, instruction: Instruction) -> None:
        name = instruction.operands[0]
        count = len(instruction.operands) - 1
        if count > MOST_ARGUMENTS:
            raise self._error(label, f"a call has {count} arguments")
        if not isinstance(name, Constant):
            return
        if name.value not in self.arities and (
            builtin_number(name.value) != NOT_BUILT_IN or name.value in HOST_FUNCTIONS
        ):
            return
        if name.kind is not ConstantKind.STRING or name.value not in self.arities:
            raise self._error(label, f"CALL of {name.value!r}, which is no function")
        if count != self.arities[str(name.value)]:
            raise self._error(label, f"CALL of {name.value!r} with {count} arguments")


def _is_detail_right(instruction: Instruction) -> bool:
    """Whether the detail is of the type that the opcode's operands ask for."""
    kinds = [operand.kind for operand in opcodes.BY_NAME[instruction.opcode].operands]
    detail = instruction.detail
    if opcodes.NAME in kinds:
        return isinstance(detail, str)
    if opcodes.TYPE in kinds or opcodes.SCOPE in kinds:
        return isinstance(detail, int)
    if opcodes.CONDITION in kinds:
        return isinstance(detail, Assertion)
    return detail is None
