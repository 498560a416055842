"""What caller and callee agree on, and how functions with very many parameters keep to it.

The published VM passes on no more than 16 arguments, copies them one by one, so that an argument
may be overwritten before it is read, and gives the caller back only r0 to r63. mdvm has none of
these limits, but a call with 255 arguments would leave no register for anything else. So what is
too many travels in an array, as the last argument.
"""

from __future__ import annotations

from dataclasses import dataclass

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.frontend.targets import PUBLISHED
from pymdvm.compiler.mir.model import Instruction, MirFunction, MirModule, Operand, Value


@dataclass(frozen=True)
class Convention:
    """The limits of a call on one VM.

    most_arguments: how many a CALL may have
    preserved: registers with a lower number keep their values over a call
    one_by_one: whether an argument's register may be overwritten by the arguments before it
    has_phis: whether there is a PHI
    """

    most_arguments: int
    preserved: int
    one_by_one: bool
    has_phis: bool


LATEST = "mdvm"

CONVENTIONS = {
    PUBLISHED: Convention(most_arguments=16, preserved=64, one_by_one=True, has_phis=False),
    LATEST: Convention(most_arguments=128, preserved=256, one_by_one=False, has_phis=True),
}


def pack_arguments(module: MirModule, convention: Convention) -> None:
    """Change the functions that have more parameters than a CALL may have arguments, and the calls
    of them.
    """
    packed = {
        Constant.string(function.name)
        for function in module.functions
        if len(function.parameters) > convention.most_arguments
    }
    if not packed:
        return
    direct = convention.most_arguments - 1
    for function in module.functions:
        for block in function.blocks.values():
            instructions: list[Instruction] = []
            for instruction in block.instructions:
                if instruction.opcode == "CALL" and instruction.operands[0] in packed:
                    instructions.extend(_pack_call(instruction, direct, function))
                instructions.append(instruction)
            block.instructions = instructions
        if Constant.string(function.name) in packed:
            _unpack_parameters(function, direct)


def _pack_call(call: Instruction, direct: int, function: MirFunction) -> list[Instruction]:
    """Shorten the call's operands.  -> the instructions that make the array."""
    rest = call.operands[1 + direct :]
    array: Operand = function.new_value()
    assert not isinstance(array, Constant)
    made = [Instruction("NEW_ARRAY", [Constant.integer(len(rest))], array, place=call.place)]
    for index, operand in enumerate(rest):
        stored = function.new_value()
        made.append(
            Instruction(
                "ARRAY_SET", [array, Constant.integer(index), operand], stored, place=call.place
            )
        )
        array = stored
    call.operands = [*call.operands[: 1 + direct], array]
    return made


def _unpack_parameters(function: MirFunction, direct: int) -> None:
    rest: list[Value] = function.parameters[direct:]
    array = function.new_value()
    function.parameters = [*function.parameters[:direct], array]
    function.entry.instructions[:0] = [
        Instruction("ARRAY_GET", [array, Constant.integer(index)], parameter, place=function.place)
        for index, parameter in enumerate(rest)
    ]
