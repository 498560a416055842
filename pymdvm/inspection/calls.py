"""Which function each CALL reaches, and which constants instructions read, as far as that can be
told without running.

Both follow from the constant propagation that the VM does when it loads a program
(mdvm.analysis.constant_propagation).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mdvm.analysis.constant_propagation import Constants
from mdvm.builtins import BUILTINS, Builtin, builtin_number
from mdvm.objects import W_Int
from mdvm.opcodes import BY_NAME
from mdvm.values.functions import W_Function
from mdvm.values.strings import W_Str
from pymdvm.required_functions import is_built_in
from pymdvm.vm_text import from_vm, to_vm

_CALL = BY_NAME["CALL"].number


@dataclass(frozen=True)
class Call:
    """A CALL whose function is known.

    instruction: int
    function: int or None, the index in the function table; None if there is no such function
    name: str, what the call asks for, or None if that is a value that can name no function
    builtin: the built-in function that it reaches, or None
    arguments: int, how many it gives
    """

    instruction: int
    function: int | None
    name: str | None
    arguments: int
    builtin: Builtin | None = None


class KnownConstants:
    """The constants that registers surely hold where instructions read them.

    analysis: mdvm.analysis.liveness.Analysis
    """

    def __init__(self, analysis: Any) -> None:
        self._pool = analysis.module.constants
        self._index: dict[tuple[int, int], int] = {}
        constants = Constants(analysis)
        if not constants.solve():
            return
        blocks = analysis.blocks
        for block in range(blocks.count()):
            constants.begin(block)
            for instruction in range(blocks.firsts[block], blocks.firsts[block + 1]):
                for register in analysis.registers[instruction].reads:
                    if constants.here[register] >= 0:
                        self._index[instruction, register] = constants.here[register]
                constants.step_forward(instruction)

    def value(self, instruction: int, register: int) -> Any:
        """The W_Value that the register surely holds before the instruction, which reads it; None
        if that is not known.
        """
        index = self._index.get((instruction, register))
        return None if index is None else self._pool[index]


def known_calls(analysis: Any, constants: KnownConstants) -> Iterator[Call]:
    """The CALLs whose function is known, in the order of the program."""
    module = analysis.module
    for instruction in range(module.instruction_count()):
        at = module.starts[instruction]
        if module.code[at] != _CALL:
            continue
        w_name = constants.value(instruction, module.code[at + 1])
        if w_name is not None:
            function, name = _reached_function(analysis, w_name)
            builtin = None
            if function is None and name is not None:
                builtin = _built_in(to_vm(name), module.module.version)
            yield Call(instruction, function, name, module.code[at + 3], builtin)


def _built_in(name: str, version: int) -> Builtin | None:
    return BUILTINS[builtin_number(name)] if is_built_in(name, version) else None


def _reached_function(analysis: Any, w_name: Any) -> tuple[int | None, str | None]:
    """The function that a CALL with this value reaches, as mdvm.lowering.code.Code finds it: its
    index and its name.
    """
    numbers = analysis.function_numbers
    if isinstance(w_name, W_Str):
        return numbers.get(w_name.text()), from_vm(w_name.text())
    if isinstance(w_name, W_Function):
        return numbers.get(w_name.name), from_vm(w_name.name)
    if isinstance(w_name, W_Int):
        for function in numbers.values():
            if analysis.module.module.functions[function].target_index == w_name.intval:
                return function, from_vm(analysis.module.module.functions[function].name)
        name = f"func_{w_name.intval}"
        return numbers.get(name), name
    return None, None
