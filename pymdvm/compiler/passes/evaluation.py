"""What a single instruction makes of known operands, by the VM's own code, so that folding cannot
differ from running.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from mdvm import interp, opcodes
from mdvm.errors import RunError
from mdvm.frame import Frame
from mdvm.objects import W_Bool, W_Empty, W_Float, W_Int, W_Value, share, w_empty, wrap_bool
from mdvm.values.functions import W_Function
from mdvm.values.strings import W_Str, W_Url
from pymdvm.bytecode.model import Constant, float_to_bits
from pymdvm.compiler.mir.effects import EFFECTS
from pymdvm.compiler.mir.model import Detail
from pymdvm.values import URL, Function
from pymdvm.vm_text import from_vm, to_vm

_HANDLERS: dict[str, Any] = {
    opcodes.OPCODES[number].name: handler
    for number, handler in interp.HANDLERS
    if number < len(opcodes.OPCODES)
}

# All that an instruction on registers asks of its function: whether dicts may have other keys than
# strings.
_FUNCTIONS = {
    answer: SimpleNamespace(code=SimpleNamespace(has_scalar_keys=answer))
    for answer in (False, True)
}

# A string that is longer is not made at compile time.
LONGEST_STRING = 4096


def evaluate(
    opcode: str, operands: Sequence[W_Value], detail: Detail, latest: bool = True
) -> W_Value:
    """The result of an instruction that has one and neither acts nor reads any state, in a file of
    the latest version or of version 1. Raises mdvm.errors.RunError.

    The operands stay as they are, containers too.
    """
    frame = Frame(1 + len(operands))
    for register, w_operand in enumerate(operands, 1):
        frame.write(register, share(w_operand))
    ops, result, next_read = [opcodes.BY_NAME[opcode].number], 0, 1
    for operand in opcodes.BY_NAME[opcode].operands:
        if operand.kind == opcodes.WRITE:
            ops.append(0)
        elif operand.kind == opcodes.TYPE:
            ops.append(detail)
        else:
            if operand.kind == opcodes.UPDATE:
                result = next_read
            ops.append(next_read)
            next_read += 1
    _HANDLERS[opcode](frame, _FUNCTIONS[latest], ops, 0)
    w_result: W_Value = frame.read(result)
    return w_result


def fold(opcode: str, operands: Sequence[Constant], detail: Detail) -> Constant | None:
    """The constant that an instruction gives, None if it may not be folded: it fails, acts, or
    gives a container.
    """
    effects = EFFECTS[opcode]
    if not effects.is_repeatable or opcode == "LOAD_CONST":
        return None
    try:
        return to_constant(evaluate(opcode, [to_value(operand) for operand in operands], detail))
    except RunError:
        return None


def to_value(constant: Constant) -> W_Value:
    """The VM's value of a constant."""
    value = constant.value
    if value is None:
        return w_empty
    if isinstance(value, bool):
        w_bool: W_Value = wrap_bool(value)
        return w_bool
    if isinstance(value, int):
        return W_Int(value)
    if isinstance(value, float):
        return W_Float(value)
    if isinstance(value, Function):
        return W_Function(to_vm(value.name))
    if isinstance(value, URL):
        return W_Url(to_vm(value))
    return W_Str(to_vm(value))


def to_constant(w_value: W_Value) -> Constant | None:
    """The constant of a value, None for a container, a NaN and a string that is too long."""
    if isinstance(w_value, W_Empty):
        return Constant.of(None)
    if isinstance(w_value, W_Bool):
        return Constant.of(bool(w_value.boolval))
    if isinstance(w_value, W_Int):
        return Constant.of(int(w_value.intval))
    if isinstance(w_value, W_Float):
        # Which NaN an operation gives is the processor's business.
        return (
            Constant.float_bits(float_to_bits(w_value.floatval))
            if w_value.floatval == w_value.floatval
            else None
        )
    if isinstance(w_value, W_Str) and w_value.length() <= LONGEST_STRING:
        text = from_vm(w_value.text())
        return Constant.url(text) if isinstance(w_value, W_Url) else Constant.of(text)
    if isinstance(w_value, W_Function):
        return Constant.function(from_vm(w_value.name))
    return None
