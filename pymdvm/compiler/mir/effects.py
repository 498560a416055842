"""What each instruction may do besides computing its result: one table, made from mdvm.opcodes and
the three sets below.

A run-time error is something that can be observed: an instruction that may fail must neither vanish
nor be reordered with another one that may fail or that acts.
"""

from __future__ import annotations

from dataclasses import dataclass

from mdvm import opcodes

# Instructions that never raise a run-time error, whatever their operands are.
_NEVER_FAIL = frozenset(
    (
        "LOAD_CONST",
        "MOVE",
        "LOAD_GLOBAL",
        "STORE_GLOBAL",
        "CHECK_TYPE",
        "NOT",
        "AND",
        "OR",
        "EQ",
        "NEQ",
        "SCOPE_ENTER",
        "SCOPE_EXIT",
        "CONCAT_STR",
        "DEBUG_PRINT",
        "BREAKPOINT",
        "NOP",
        "DICT_NEW",
    )
)

# Instructions that change what others can see.
_ACT = frozenset(("STORE_GLOBAL", "CALL", "SCOPE_ENTER", "SCOPE_EXIT", "DEBUG_PRINT", "BREAKPOINT"))

# Instructions whose result depends on more than their operands.
_READ_STATE = frozenset(("LOAD_GLOBAL", "CALL"))

# Operations whose operands can be exchanged without changing the result; ADD is not one: it joins
# strings, and its error names the operands in their order.
COMMUTATIVE = frozenset(("AND", "OR", "EQ", "NEQ"))


@dataclass(frozen=True)
class Effects:
    """What an instruction may do, and what it is given.

    may_fail: it can raise a run-time error
    acts: it changes what others see
    reads_state: its result depends on more than its operands
    has_result: it makes a value
    tied: its result replaces its first operand
    operand_count: int, -1 for any number from 1
    """

    may_fail: bool
    acts: bool
    reads_state: bool
    has_result: bool
    tied: bool
    operand_count: int

    @property
    def is_repeatable(self) -> bool:
        """Whether a second one with the same operands gives the same result, and fails only where
        the first did.
        """
        return self.has_result and not (self.acts or self.reads_state)


_NOT_INSTRUCTIONS = frozenset((opcodes.JUMP_DISTANCE, opcodes.RESULT, opcodes.SOURCES))
_READS = (opcodes.READ, opcodes.UPDATE, opcodes.CONSTANT)


def _effects_of(opcode: opcodes.Opcode) -> Effects:
    kinds = [operand.kind for operand in opcode.operands]
    tied = opcodes.UPDATE in kinds
    return Effects(
        may_fail=opcode.name not in _NEVER_FAIL,
        acts=opcode.name in _ACT,
        reads_state=opcode.name in _READ_STATE,
        has_result=tied or opcodes.WRITE in kinds,
        tied=tied,
        operand_count=-1
        if opcodes.ARGUMENTS in kinds
        else len([kind for kind in kinds if kind in _READS]),
    )


def _is_instruction(opcode: opcodes.Opcode) -> bool:
    """Whether MIR has it as an Instruction: jumps, returns, phis and type tags are something else
    there.
    """
    return (
        opcode.flow == opcodes.NEXT
        and opcode.name != "DEFINE"
        and not any(operand.kind in _NOT_INSTRUCTIONS for operand in opcode.operands)
    )


EFFECTS: dict[str, Effects] = {
    opcode.name: _effects_of(opcode) for opcode in opcodes.OPCODES if _is_instruction(opcode)
}
