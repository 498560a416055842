"""Constant folding, by the VM's rules, and the identities that hold for the kinds of values that an
operand can be.

What would be a run-time error is not folded away: an operation on constants that fails stays as it
is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Union

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.mir.dominators import reverse_postorder
from pymdvm.compiler.mir.model import Block, Branch, Instruction, Jump, MirFunction, Operand, Value
from pymdvm.compiler.mir.replacing import final_operand, final_replacements, replace_values
from pymdvm.compiler.passes.evaluation import fold, to_value
from pymdvm.compiler.passes.kinds import (
    BOOL,
    EMPTY,
    FLOAT,
    INT,
    NUMBER,
    OF_BOOL,
    OF_TYPE,
    STRING,
    Kinds,
)
from pymdvm.compiler.passes.simplify_cfg import (
    remove_edge,
    remove_unreachable_blocks,
    single_operand,
)

_FALSE, _TRUE = Constant.of(False), Constant.of(True)
_ZERO, _ONE = Constant.of(0), Constant.of(1)

# What an instruction becomes: a value that is known already, another instruction with the same
# result, or itself.
_Outcome = Union[Operand, Instruction, None]


def fold_constants(function: MirFunction, kinds: Kinds | None = None) -> None:
    """Replaces what is known at compile time.  kinds: of the function's values, found here unless
    given.
    """
    _Folder(function, kinds or Kinds(function)).run()


class _Folder:
    def __init__(self, function: MirFunction, kinds: Kinds) -> None:
        self._function = function
        self._kinds = kinds
        self._replacements: dict[Value, Operand] = {}
        self._definitions: dict[Value, Instruction] = {}
        self._lengths: dict[Value, Operand] = {}

    def run(self) -> None:
        for label in reverse_postorder(self._function):
            self._fold_block(self._function.blocks[label])
        replace_values(self._function, final_replacements(self._replacements))
        remove_unreachable_blocks(self._function)

    def _resolved(self, operand: Operand) -> Operand:
        return final_operand(operand, self._replacements)

    def _fold_block(self, block: Block) -> None:
        for phi in list(block.phis):
            phi.operands = {
                label: self._resolved(operand) for label, operand in phi.operands.items()
            }
            operand = single_operand(phi)
            if isinstance(operand, Constant):
                self._replacements[phi.result] = operand
                block.phis.remove(phi)
        kept = []
        for instruction in block.instructions:
            instruction.operands = [self._resolved(operand) for operand in instruction.operands]
            if self._keeps(instruction):
                kept.append(instruction)
        block.instructions = kept
        self._fold_branch(block)

    def _keeps(self, instruction: Instruction) -> bool:
        """Folds the instruction; whether it is still needed."""
        result = instruction.result
        if result is None:
            return not (
                instruction.opcode == "DEBUG_PRINT"
                and self._kinds.of(instruction.operands[0]) == EMPTY
            )
        outcome = self._outcome(instruction)
        if isinstance(outcome, Instruction):
            instruction.opcode, instruction.operands, instruction.detail = (
                outcome.opcode,
                outcome.operands,
                outcome.detail,
            )
        elif outcome is not None:
            self._replacements[result] = outcome
            return False
        self._definitions[result] = instruction
        self._note_length(instruction, result)
        return True

    def _note_length(self, instruction: Instruction, result: Value) -> None:
        """Remembers how long an array is that the function makes."""
        source = instruction.operands[0] if instruction.operands else None
        if instruction.opcode == "NEW_ARRAY" and source is not None:
            self._lengths[result] = source
        elif instruction.opcode == "ARRAY_SET" and source in self._lengths:
            assert source is not None and not isinstance(source, Constant)
            self._lengths[result] = self._lengths[source]

    def _fold_branch(self, block: Block) -> None:
        branch = block.terminator
        while isinstance(branch, Branch):
            condition = branch.condition = self._resolved(branch.condition)
            if isinstance(condition, Constant):
                is_taken = to_value(condition).is_truthy()
                target, dropped = (
                    (branch.then, branch.otherwise) if is_taken else (branch.otherwise, branch.then)
                )
                remove_edge(block, self._function.blocks[dropped])
                block.terminator = Jump(target, branch.place)
                return
            definition = self._definitions.get(condition)
            if definition is None or not self._decides_by_operand(definition):
                return
            # Only the truthiness counts.
            branch.condition = definition.operands[0]
            if definition.opcode in ("NOT", "EQ"):
                branch.then, branch.otherwise = branch.otherwise, branch.then

    def _decides_by_operand(self, definition: Instruction) -> bool:
        """Whether the result is truthy, or falsy, exactly where the first operand is truthy."""
        if definition.opcode in ("EQ", "NEQ"):
            return definition.operands[1] == _ZERO and self._kinds.is_within(
                definition.operands[0], INT
            )
        return definition.opcode == "NOT" or (
            definition.opcode == "CAST" and definition.detail == OF_BOOL
        )

    # ________________________________________________________ single instructions

    def _outcome(self, instruction: Instruction) -> _Outcome:
        constants = [operand for operand in instruction.operands if isinstance(operand, Constant)]
        if len(constants) == len(instruction.operands):
            folded = fold(instruction.opcode, constants, instruction.detail)
            if folded is not None:
                return folded
        rule = _RULES.get(instruction.opcode)
        return None if rule is None else rule(self, instruction)

    def _truth_of(self, operand: Operand) -> _Outcome:
        """Yes or No by the truthiness of an operand."""
        if self._kinds.is_within(operand, BOOL):
            return operand
        return Instruction("CAST", [operand], None, OF_BOOL)

    def _check_type(self, instruction: Instruction) -> _Outcome:
        kinds = self._kinds.of(instruction.operands[0])
        wanted = OF_TYPE.get(instruction.detail, 0) if isinstance(instruction.detail, int) else 0
        if kinds and not kinds & ~wanted:
            return _TRUE
        return _FALSE if kinds and not kinds & wanted else None

    def _cast(self, instruction: Instruction) -> _Outcome:
        operand = instruction.operands[0]
        wanted = OF_TYPE.get(instruction.detail, 0) if isinstance(instruction.detail, int) else 0
        return operand if self._kinds.is_within(operand, wanted) else None

    def _not(self, instruction: Instruction) -> _Outcome:
        operand = instruction.operands[0]
        definition = None if isinstance(operand, Constant) else self._definitions.get(operand)
        if definition is None:
            return None
        if definition.opcode == "NOT":
            return self._truth_of(definition.operands[0])
        if definition.opcode in _OPPOSITE:
            return Instruction(_OPPOSITE[definition.opcode], list(definition.operands))
        return None

    def _logic(self, instruction: Instruction) -> _Outcome:
        """AND and OR with a constant, or with twice the same."""
        left, right = instruction.operands
        if left == right:
            return self._truth_of(left)
        for constant, other in ((left, right), (right, left)):
            if isinstance(constant, Constant):
                is_truthy = to_value(constant).is_truthy()
                if is_truthy == (instruction.opcode == "OR"):
                    return Constant.of(is_truthy)
                return self._truth_of(other)
        return None

    def _equality(self, instruction: Instruction) -> _Outcome:
        left, right = instruction.operands
        is_equal = instruction.opcode == "EQ"
        left_kinds, right_kinds = self._kinds.of(left), self._kinds.of(right)
        if left_kinds & NUMBER and right_kinds & NUMBER:
            left_kinds, right_kinds = left_kinds | NUMBER, right_kinds | NUMBER
        if left_kinds and right_kinds and not left_kinds & right_kinds:
            return Constant.of(not is_equal)
        # A NaN differs from itself, also in a container.
        if left == right and self._kinds.is_within(left, EMPTY | BOOL | INT | STRING):
            return Constant.of(is_equal)
        if isinstance(left, Constant):
            return Instruction(instruction.opcode, [right, left])
        for constant, other in ((left, right), (right, left)):
            if constant in (_FALSE, _TRUE) and self._kinds.is_within(other, BOOL):
                return other if (constant == _TRUE) == is_equal else Instruction("NOT", [other])
        return None

    def _comparison(self, instruction: Instruction) -> _Outcome:
        left, right = instruction.operands
        if left == right and self._kinds.is_within(left, INT | STRING):
            return Constant.of(instruction.opcode in ("LTE", "GTE"))
        return None

    def _addition(self, instruction: Instruction) -> _Outcome:
        left, right = instruction.operands
        # 0 + -0.0 is 0.0, so this holds for ints only.
        for zero, other in ((right, left), (left, right)):
            if zero == _ZERO and self._kinds.is_within(other, INT):
                return other
        return None

    def _subtraction(self, instruction: Instruction) -> _Outcome:
        left, right = instruction.operands
        return left if right == _ZERO and self._kinds.is_within(left, NUMBER) else None

    def _multiplication(self, instruction: Instruction) -> _Outcome:
        left, right = instruction.operands
        for one, other in ((right, left), (left, right)):
            if one == _ONE and self._kinds.is_within(other, NUMBER):
                return other
        return None

    def _division(self, instruction: Instruction) -> _Outcome:
        left, right = instruction.operands
        return left if right == _ONE and self._kinds.is_within(left, NUMBER) else None

    def _negation(self, instruction: Instruction) -> _Outcome:
        operand = instruction.operands[0]
        definition = None if isinstance(operand, Constant) else self._definitions.get(operand)
        # The smallest int has no negative, and that is an error.
        if (
            definition is None
            or definition.opcode != "NEG"
            or not self._kinds.is_within(definition.operands[0], FLOAT)
        ):
            return None
        return definition.operands[0]

    def _array_length(self, instruction: Instruction) -> _Outcome:
        array = instruction.operands[0]
        return None if isinstance(array, Constant) else self._lengths.get(array)

    def _move(self, instruction: Instruction) -> _Outcome:
        return instruction.operands[0]


_OPPOSITE = {"EQ": "NEQ", "NEQ": "EQ"}

_RULES: dict[str, Callable[[_Folder, Instruction], _Outcome]] = {
    "CHECK_TYPE": _Folder._check_type,
    "CAST": _Folder._cast,
    "NOT": _Folder._not,
    "AND": _Folder._logic,
    "OR": _Folder._logic,
    "EQ": _Folder._equality,
    "NEQ": _Folder._equality,
    "LT": _Folder._comparison,
    "GT": _Folder._comparison,
    "LTE": _Folder._comparison,
    "GTE": _Folder._comparison,
    "ADD": _Folder._addition,
    "SUB": _Folder._subtraction,
    "MUL": _Folder._multiplication,
    "DIV": _Folder._division,
    "NEG": _Folder._negation,
    "ARRAY_LEN": _Folder._array_length,
    "MOVE": _Folder._move,
    "LOAD_CONST": _Folder._move,
}
