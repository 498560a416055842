"""What programs write out because the language has no operator for it: remainders, and the square
of a number.

    x - (x / d) * d                 MOD x, d
    (x / d) * d equals x            MOD x, d equals 0
    x ^ 2                           MUL x, x  without the MUL x, 2 that would report a wrong kind

The first two hold for ints only: for them (x / d) * d never overflows, and MOD fails where DIV
does, with the same error.
"""

from __future__ import annotations

from typing import NamedTuple

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.mir.model import Block, Instruction, MirFunction, Operand, Value
from pymdvm.compiler.mir.replacing import replace_values
from pymdvm.compiler.mir.uses import count_uses
from pymdvm.compiler.passes.kinds import INT, NUMBER, Kinds

_ZERO = Constant.of(0)
_TWO = Constant.of(2)
_USES_OF_PRODUCT = frozenset(("SUB", "EQ", "NEQ"))


class _Multiple(NamedTuple):
    """product = quotient * divisor, where quotient = dividend / divisor."""

    product: Instruction
    quotient: Instruction


def recognise_idioms(function: MirFunction) -> None:
    """Replaces the idioms in the function."""
    if not any(instruction.opcode == "MUL" for instruction in function.instructions()):
        return
    _Recogniser(function).run()


class _Recogniser:
    def __init__(self, function: MirFunction) -> None:
        self._function = function
        self._kinds = Kinds(function)
        self._definitions = {
            instruction.result: instruction
            for instruction in function.instructions()
            if instruction.result is not None
        }
        self._uses = count_uses(function)
        self._replacements: dict[Value, Operand] = {}

    def run(self) -> None:
        for block in self._function.blocks.values():
            for instruction in block.instructions:
                if instruction.opcode in _USES_OF_PRODUCT:
                    self._look_for_remainder(instruction)
            self._drop_checks_of_squares(block)
        for block in self._function.blocks.values():
            block.instructions = [
                instruction for instruction in block.instructions if instruction.opcode != "NOP"
            ]
        replace_values(self._function, self._replacements)

    # ________________________________________________________ remainders

    def _look_for_remainder(self, instruction: Instruction) -> None:
        left, right = instruction.operands
        multiple = self._multiple_of(left, right)
        if multiple is None and instruction.opcode != "SUB":
            multiple = self._multiple_of(right, left)
        if multiple is None or instruction.result is None:
            return
        remainder = self._make_remainder(multiple)
        if instruction.opcode == "SUB":
            self._replacements[instruction.result] = remainder
            instruction.opcode, instruction.operands, instruction.result = "NOP", [], None
        else:
            instruction.operands = [remainder, _ZERO]

    def _multiple_of(self, dividend: Operand, product: Operand) -> _Multiple | None:
        """How the product is computed, if it is (dividend / d) * d on ints and nobody else needs
        it.
        """
        multiplication = self._definition(product, "MUL")
        if multiplication is None or self._uses[product] != 1:
            return None
        for first, second in (multiplication.operands, multiplication.operands[::-1]):
            division = self._definition(first, "DIV")
            if (
                division is not None
                and division.operands == [dividend, second]
                and self._kinds.is_within(dividend, INT)
                and self._kinds.is_within(second, INT)
            ):
                return _Multiple(multiplication, division)
        return None

    def _definition(self, operand: Operand, opcode: str) -> Instruction | None:
        definition = None if isinstance(operand, Constant) else self._definitions.get(operand)
        return definition if definition is not None and definition.opcode == opcode else None

    def _make_remainder(self, multiple: _Multiple) -> Operand:
        """Makes a MOD of the division, or of the product if others need the quotient."""
        product, quotient = multiple
        assert product.result is not None and quotient.result is not None
        if self._uses[quotient.result] == 1:
            quotient.opcode = "MOD"
            product.opcode, product.operands, product.result = "NOP", [], None
            return quotient.result
        product.opcode, product.operands = "MOD", list(quotient.operands)
        return product.result

    # ________________________________________________________ squares

    def _drop_checks_of_squares(self, block: Block) -> None:
        """Doubling a number overflows only where its square does, with the same error."""
        for check, square in zip(block.instructions, block.instructions[1:]):
            if (
                check.opcode == square.opcode == "MUL"
                and check.operands[1] == _TWO
                and check.result is not None
                and square.operands == [check.operands[0]] * 2
                and self._uses.get(check.result, 0) == 0
                and self._kinds.is_within(check.operands[0], NUMBER)
            ):
                check.opcode, check.operands, check.result = "NOP", [], None
