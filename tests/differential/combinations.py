"""An instruction with certain values in its registers, and everything shown that it may have
changed.

Which instructions these are, and what they take, is derived from their operands in mdvm.opcodes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mdvm import opcodes

from . import values
from .differences import ONLY_HERE
from .source import Line, line, load

DST = 0
FIRST_OPERAND = 1

REGISTERS_AND_TYPES = {opcodes.WRITE, opcodes.READ, opcodes.UPDATE, opcodes.TYPE}


@dataclass(frozen=True)
class Combination:
    """An instruction, what loads its registers, what shows them afterwards, and the types of the
    values.
    """

    before: tuple[Line, ...]
    instruction: Line
    after: tuple[Line, ...]
    kinds: tuple[str, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        return (*self.before, self.instruction, *self.after)


def plain_opcodes() -> list[opcodes.Opcode]:
    """The instructions that only read and write registers."""
    return [
        opcode
        for opcode in opcodes.OPCODES[: opcodes.opcode_count(opcodes.PUBLISHED)]
        if opcode.name not in ONLY_HERE
        and opcode.operands
        and opcode.flow == opcodes.NEXT
        and all(operand.kind in REGISTERS_AND_TYPES for operand in opcode.operands)
    ]


def inputs_of(opcode: opcodes.Opcode) -> list[str]:
    return [
        operand.name
        for operand in opcode.operands
        if operand.kind in (opcodes.READ, opcodes.UPDATE)
    ]


def combination(opcode: opcodes.Opcode, inputs: Sequence[Any], type_number: int) -> Combination:
    """Registers loaded, the instruction, and every register shown: dst, and the operands, which
    mostly must not change.
    """
    before = [load(DST, "untouched")]
    for position, value in enumerate(inputs):
        before += values.make_value(FIRST_OPERAND + position, value)
    operands = []
    next_input = FIRST_OPERAND
    for operand in opcode.operands:
        if operand.kind == opcodes.TYPE:
            operands.append(type_number)
        elif operand.kind == opcodes.WRITE:
            operands.append(DST)
        else:
            operands.append(next_input)
            next_input += 1
    after = [text for register in range(next_input) for text in values.show_register(register)]
    return Combination(
        tuple(before),
        line(opcode.name, *operands),
        tuple(after),
        tuple(values.kind_of(value) for value in inputs),
    )
