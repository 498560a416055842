"""Which function an instruction stands in.

A file does not say where a function ends: functions are entry points into one stream of
instructions. For people, an instruction stands in the function that begins nearest before it, as
the listing shows it.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, Protocol

from mdvm.debugging.disassembler import disassemble_instruction
from pymdvm.vm_text import from_vm

START = "(start)"  # the instructions before the first function


class FunctionNames(Protocol):
    """What names the function that an instruction stands in."""

    def function_of(self, instruction: int, /) -> str:
        """As people are to see it."""


@dataclass(frozen=True)
class InstructionLocation:
    """One instruction of a program.

    function: str, its name or START
    instruction: int
    text: str, the disassembled line
    """

    function: str
    instruction: int
    text: str


def shown_name(name: str) -> str:
    """The name of a function as a line of text can hold it."""
    return name if name and name.isprintable() else repr(name)


class InstructionLocations:
    """Finds the function and the text of instructions of one module (a loaded
    mdvm.loading.module.Module).
    """

    def __init__(self, module: Any) -> None:
        self._module = module
        first_name: dict[int, str] = {}
        for function in module.functions:
            if function.target_index < module.instruction_count():
                first_name.setdefault(function.target_index, shown_name(from_vm(function.name)))
        self._begins = sorted(first_name)
        self._names = [first_name[begin] for begin in self._begins]

    def function_of(self, instruction: int) -> str:
        """The name of the function that the instruction stands in, or START."""
        position = bisect_right(self._begins, instruction)
        return self._names[position - 1] if position else START

    def text_of(self, instruction: int) -> str:
        """The disassembled instruction."""
        return from_vm(disassemble_instruction(self._module, instruction))

    def location(self, instruction: int) -> InstructionLocation:
        """The location of the instruction."""
        return InstructionLocation(
            self.function_of(instruction), instruction, self.text_of(instruction)
        )
