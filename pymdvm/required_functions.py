"""What a program calls and does not define."""

from __future__ import annotations

from typing import Any

from mdvm.analysis.calls import NO_FUNCTION
from mdvm.analysis.survey import analyse
from mdvm.builtins import NOT_BUILT_IN, builtin_number
from mdvm.loading.loader import load_module
from mdvm.opcodes import BY_NAME, LATEST
from mdvm.values.functions import name_of_function
from pymdvm.vm_text import bytes_to_vm, from_vm

_CALL = BY_NAME["CALL"].number


def required_functions(data: bytes) -> tuple[str, ...]:
    """The names of the functions that the program of these bytes calls by a constant, and that
    neither it nor the VM defines, in the order of the first calls.
    """
    return required_by(analyse(load_module(bytes_to_vm(data))))


def required_by(analysis: Any) -> tuple[str, ...]:
    """The same.  analysis: mdvm.analysis.analysis.Analysis of a whole module."""
    module = analysis.module
    names: dict[str, None] = {}
    for instruction in range(module.instruction_count()):
        if module.opcode(instruction) == _CALL and analysis.callees[instruction] == NO_FUNCTION:
            name = name_of_function(module.constants[analysis.names[instruction]])
            if name is not None and not is_built_in(name, module.module.version):
                names[from_vm(name)] = None
    return tuple(names)


def is_built_in(name: str, version: int) -> bool:
    """Whether a file of that version has a built-in function of the name, as the VM holds it."""
    return version == LATEST and builtin_number(name) != NOT_BUILT_IN
