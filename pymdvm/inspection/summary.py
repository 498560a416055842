"""What a file holds, in numbers: header, sections, constants, functions, opcodes used."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from mdvm.analysis.survey import analyse
from mdvm.debugging.literals import literal
from mdvm.loading.loader import load_module
from pymdvm.bytecode.codec import Section, read, read_sections
from pymdvm.bytecode.model import ConstantKind
from pymdvm.inspection.instruction_locations import shown_name
from pymdvm.required_functions import required_functions
from pymdvm.vm_text import bytes_to_vm, from_vm


@dataclass(frozen=True)
class FunctionSummary:
    """One function.

    registers: int, how many a frame of it needs
    instructions: int, those up to the next function's first
    """

    name: str
    target: int
    instructions: int
    registers: int


@dataclass(frozen=True)
class ConstantSummary:
    """One constant.

    kind: str, in lower case
    literal: str, as the assembler writes it
    """

    kind: str
    literal: str


@dataclass(frozen=True)
class Summary:
    """One file.

    size: int, bytes
    opcodes: from name to how often it stands in the program, the most frequent first
    required_functions: what the program calls and neither it nor the VM defines
    """

    name: str
    size: int
    version: int
    flags: int
    sections: tuple[Section, ...]
    constants: tuple[ConstantSummary, ...]
    functions: tuple[FunctionSummary, ...]
    instructions: int
    opcodes: dict[str, int]
    required_functions: tuple[str, ...]


def summarize(data: bytes) -> Summary:
    """The Summary of an .mdbc file's bytes.  Raises mdvm.errors.LoadError if they do not load."""
    module = load_module(bytes_to_vm(data))
    program = read(data)
    used = Counter(instruction.name for instruction in program.instructions)
    constants = tuple(
        ConstantSummary(ConstantKind(constant.kind).name.lower(), from_vm(literal(w_constant)))
        for constant, w_constant in zip(program.constants, module.constants)
    )
    return Summary(
        program.name,
        len(data),
        program.version,
        program.flags,
        tuple(read_sections(data)),
        constants,
        tuple(_functions(module)),
        len(program.instructions),
        dict(used.most_common()),
        required_functions(data),
    )


def _functions(module: Any) -> list[FunctionSummary]:
    analysis = analyse(module)
    count = module.instruction_count()
    begins = sorted(
        {function.target_index for function in module.functions if function.target_index < count}
    )
    end_of = dict(zip(begins, [*begins[1:], count]))
    return [
        FunctionSummary(
            shown_name(from_vm(function.name)),
            function.target_index,
            end_of.get(function.target_index, function.target_index) - function.target_index,
            analysis.frame_size(function.target_index),
        )
        for function in module.functions
    ]
