"""Constants and registers into registers, in a frame and from one frame to the next."""

from mdvm.objects import W_Empty
from mdvm.opcodes import LAST_USE, REGISTER_MASK, operand_constant
from mdvm.system.language import always_inline
from mdvm.unboxed.registers import (
    BOXED,
    CHANGED,
    kind_at,
    kind_of,
    saved_kind,
    saved_value,
    set_boxed,
    set_unboxed,
    share_container,
    value_of,
    write_unboxed,
)


@always_inline
def load_constant(registers, constants, target, constant):
    assert constant >= 0
    kind = kind_at(-1 - constant)
    if kind != BOXED:
        write_unboxed(registers, target, kind | CHANGED, value_of(-1 - constant))
    else:
        set_boxed(registers, target, constants[constant])


@always_inline
def move(registers, constants, ops, pc):
    target = ops[pc + 1]
    operand = ops[pc + 2]
    if operand < 0:
        constant = -1 - operand
        load_constant(registers, constants, target, constant)
        return
    register = operand & REGISTER_MASK
    kind = kind_of(registers, register)
    if kind != BOXED:
        write_unboxed(registers, target, kind | CHANGED, value_of(register))
        return
    w_value = registers[register]
    if not operand & LAST_USE:
        share_container(w_value)
    set_boxed(registers, target, w_value)


@always_inline
def clear_dead(registers, ops, pc):
    at = pc + 3
    end = at + ops[pc + 2]
    while at < end:
        set_boxed(registers, ops[at], None)
        at += 1


@always_inline
def pass_arguments(frame, function, ops, at, saved, callee_frame):
    """Writes what a CALL in a frame of function passes into the first registers of the callee's.

    at: int, where ops hold n and n operands; saved: int, where the caller's registers are saved; of
    the callee's nothing is known yet.
    """
    registers = frame.registers
    callee_registers = callee_frame.registers
    for argument in range(ops[at]):
        operand = ops[at + 1 + argument]
        if operand < 0:
            load_constant(callee_registers, function.constants, argument, -1 - operand)
            continue
        register = operand & REGISTER_MASK
        kind = saved_kind(saved, register)
        if kind != BOXED:
            set_unboxed(argument, kind | CHANGED, saved_value(saved, register))
            continue
        w_value = registers[register]
        if not operand & LAST_USE:
            share_container(w_value)
        callee_registers[argument] = w_value


RESULT = 0  # the register that a result is in
w_unboxed = W_Empty()  # it is there


@always_inline
def return_unboxed(frame, function, operand):
    """-> W_Value, that of an operand, or w_unboxed."""
    kind = kind_at(operand)
    if kind != BOXED:
        set_unboxed(RESULT, kind, value_of(operand))
        return w_unboxed
    if operand < 0:
        return function.constants[operand_constant(operand)]
    return frame.registers[operand]
