"""MIR as text, and back: what --dump-mir prints, what the golden files hold and what the tests of
the passes are written in.

    function "gcd" "gcd" (v0, v1) at 3:1
    variables v0 "a", v1 "b"
    b0:
        jump b1
    b1:
        v2 = phi b0: v0, b2: v3
        v3 = phi b0: v1, b2: v5
        v4 = NEQ v3, 0 at 4:9
        branch v4, b2, b3
    b2:
        v5 = MOD v2, v3 at 5:14
        jump b1
    b3:
        return v2

A function starts with its name in the table and its name in the source. Constants are empty, true,
false, 5, 1.5, "text" and, for the floats that are no decimal number, f"7ff8000000000000" with their
bits. What an instruction has besides operands stands in brackets: the type in `v2 = CAST v1 [int]`,
the variable in `STORE_GLOBAL v1 ["total"]`, the scope in `SCOPE_ENTER [3]`, the assertion in
`ASSERT v1 [range "too large" 0 9]`. A location in an inlined function, `at 3:5 in "half" from 9:1`,
says what was called and where.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

from mdvm import opcodes
from pymdvm.bytecode.model import Constant
from pymdvm.compiler.frontend.syntax import Place
from pymdvm.compiler.mir.model import (
    Assertion,
    Branch,
    Detail,
    InlinedPlace,
    Instruction,
    Jump,
    MirFunction,
    MirModule,
    Operand,
    Return,
    Terminator,
)

TYPES: list[str] = opcodes.type_names(opcodes.LATEST)


def print_module(module: MirModule) -> str:
    """The text of all functions."""
    return "\n".join(print_function(function) for function in module.functions)


def print_function(function: MirFunction) -> str:
    """The text of one function, with a line end after its last line."""
    return "\n".join(_function_lines(function)) + "\n"


def _function_lines(function: MirFunction) -> Iterator[str]:
    parameters = ", ".join(f"v{value}" for value in function.parameters)
    yield (
        f"function {_quoted(function.name)} {_quoted(function.source_name)} "
        f"({parameters}){_at(function.place)}"
    )
    if function.variables:
        yield "variables " + ", ".join(
            f"v{value} {_quoted(name)}" for value, name in sorted(function.variables.items())
        )
    for block in function.blocks.values():
        yield f"{block.label}:"
        for phi in block.phis:
            sources = ", ".join(
                f"{label}: {print_operand(operand)}" for label, operand in phi.operands.items()
            )
            yield f"    v{phi.result} = phi {sources}"
        for instruction in block.instructions:
            yield "    " + print_instruction(instruction)
        yield "    " + _print_terminator(block.terminator)


def print_instruction(instruction: Instruction) -> str:
    """One line, without indentation."""
    result = "" if instruction.result is None else f"v{instruction.result} = "
    operands = ", ".join(print_operand(operand) for operand in instruction.operands)
    parts = [result + instruction.opcode]
    if operands:
        parts.append(operands)
    if instruction.detail is not None:
        parts.append(f"[{_print_detail(instruction.opcode, instruction.detail)}]")
    return " ".join(parts) + _at(instruction.place)


def print_operand(operand: Operand) -> str:
    """A value or a constant."""
    return print_constant(operand) if isinstance(operand, Constant) else f"v{operand}"


def print_constant(constant: Constant) -> str:
    """A constant, exact to the last bit."""
    value = constant.value
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else f'f"{constant.payload:016x}"'
    return _quoted(value) if isinstance(value, str) else str(value)


def _print_detail(opcode: str, detail: Detail) -> str:
    if isinstance(detail, Assertion):
        words = [opcodes.CONDITION_NAMES[detail.condition], _quoted(detail.message)]
        if detail.condition == opcodes.RANGE_CONDITION:
            words += [str(detail.smallest), str(detail.largest)]
        return " ".join(words)
    if isinstance(detail, int) and _takes_type(opcode) and detail < len(TYPES) and TYPES[detail]:
        return str(TYPES[detail])
    return _quoted(detail) if isinstance(detail, str) else str(detail)


def _print_terminator(terminator: Terminator) -> str:
    if isinstance(terminator, Jump):
        text = f"jump {terminator.target}"
    elif isinstance(terminator, Branch):
        text = (
            f"branch {print_operand(terminator.condition)}, {terminator.then}, "
            f"{terminator.otherwise}"
        )
    elif isinstance(terminator, Return):
        text = f"return {print_operand(terminator.value)}"
    else:
        text = "halt"
    return text + _at(terminator.place)


def _at(place: Place | None) -> str:
    if place is None:
        return ""
    text = f" at {place.line}:{place.column}"
    while isinstance(place, InlinedPlace):
        text += f" in {_quoted(place.function)} from {place.call.line}:{place.call.column}"
        place = place.call
    return text


def _quoted(text: str) -> str:
    return json.dumps(text)


def _takes_type(opcode: str) -> bool:
    return any(operand.kind == opcodes.TYPE for operand in opcodes.BY_NAME[opcode].operands)
