"""Dead code: instructions and phis whose results are not needed and that do nothing else, and
functions that cannot be called.
"""

from __future__ import annotations

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.mir.effects import EFFECTS
from pymdvm.compiler.mir.model import (
    Branch,
    Instruction,
    MirFunction,
    MirModule,
    Operand,
    Phi,
    Return,
    Value,
)
from pymdvm.compiler.mir.runtime_names import LIBRARY, called_name
from pymdvm.compiler.passes.kinds import Kinds, surely_succeeds
from pymdvm.compiler.passes.simplify_cfg import remove_unreachable_blocks


def remove_dead_code(function: MirFunction) -> None:
    """Keeps what acts, what may fail, what decides where the function goes and what it returns, and
    what they need.
    """
    remove_unreachable_blocks(function)
    kinds = Kinds(function)
    definitions: dict[Value, Instruction | Phi] = {}
    work: list[Operand] = []
    for block in function.blocks.values():
        for phi in block.phis:
            definitions[phi.result] = phi
        for instruction in block.instructions:
            if instruction.result is not None:
                definitions[instruction.result] = instruction
            if _is_needed(instruction, kinds):
                work.extend(instruction.operands)
        if isinstance(block.terminator, Branch):
            work.append(block.terminator.condition)
        elif isinstance(block.terminator, Return):
            work.append(block.terminator.value)
    needed = _find_needed(work, definitions)
    for block in function.blocks.values():
        block.phis = [phi for phi in block.phis if phi.result in needed]
        block.instructions = [
            instruction
            for instruction in block.instructions
            if instruction.result in needed or _is_needed(instruction, kinds)
        ]
    for value in [
        value for value in function.variables if value in definitions and value not in needed
    ]:
        del function.variables[value]


def _is_needed(instruction: Instruction, kinds: Kinds) -> bool:
    """Whether it has to stay even if its result is not needed."""
    effects = EFFECTS[instruction.opcode]
    return effects.acts or (effects.may_fail and not surely_succeeds(instruction, kinds))


def _find_needed(work: list[Operand], definitions: dict[Value, Instruction | Phi]) -> set[Value]:
    """All values that those in work are computed from, and they themselves."""
    needed: set[Value] = set()
    while work:
        operand = work.pop()
        if isinstance(operand, Constant) or operand in needed:
            continue
        needed.add(operand)
        definition = definitions.get(operand)
        if isinstance(definition, Phi):
            work.extend(definition.operands.values())
        elif definition is not None:
            work.extend(definition.operands)
    return needed


def remove_dead_functions(module: MirModule) -> None:
    """Keeps the program and the functions of its source, which can be called from outside, and the
    functions that they call.
    """
    by_name = module.by_name()
    work = [
        function
        for function in module.functions
        if function is module.entry or function.name not in LIBRARY
    ]
    called = {function.name for function in work}
    while work:
        for instruction in work.pop().instructions():
            name = called_name(instruction)
            if name in by_name and name not in called:
                called.add(name)
                work.append(by_name[name])
    module.functions[1:] = [
        function for function in module.functions[1:] if function.name in called
    ]
