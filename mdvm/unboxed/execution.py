"""Executes the instructions that need no boxes, and prepares the frame for the others.

What an instruction here does not know (another type, an overflow, an index out of bounds, an error
of any kind) it does not do: the loop stops before it, and the interpreter (interp.py) executes it
with boxes, which so has the only word on what an instruction means beyond the plain case.

Nothing in the loop makes an object or raises anything. Traces know nothing of it.
"""

from mdvm.opcodes import op
from mdvm.run_state import run_state
from mdvm.settings.optimisations import optimisations
from mdvm.system.interruption import interruption_pending
from mdvm.system.language import always_inline
from mdvm.unboxed.arithmetic import (
    UNKNOWN,
    add,
    cast,
    compare,
    divide,
    equal,
    less,
    less_or_equal,
    modulo,
    multiply,
    negate,
    subtract,
    truth,
)
from mdvm.unboxed.elements import (
    get_element,
    get_entry,
    load_global,
    set_element,
    set_entry,
    share_if_same,
    store_global,
)
from mdvm.unboxed.moves import clear_dead, load_constant, move
from mdvm.unboxed.registers import (
    BOOL,
    CHANGED,
    MOST_CONSTANTS,
    MOST_IN_FRAME,
    load_constants,
    loaded,
    write_unboxed,
)


def can_run_unboxed(code, frame_size):
    """code: Code; frame_size: int, of one of its functions -> bool."""
    return (
        optimisations.unboxed_tier
        and not code.has_tags
        and not code.options.debug
        and not code.options.profiling
        and frame_size <= MOST_IN_FRAME
        and len(code.constants) <= MOST_CONSTANTS
    )


@always_inline
def run_unboxed(frame, function, pc):
    """Executes as many instructions from pc on as need no boxes.

    frame: Frame, of function; pc: int. -> int, the pc of the instruction that is not executed.
    """
    registers = frame.registers
    ops = function.ops
    constants = function.constants
    cells = function.cells
    if loaded.serial != function.code.serial:
        load_constants(function.code)
    while True:
        assert pc >= 0
        opcode = ops[pc]
        if opcode == op.ADD:
            if not add(registers, ops, pc):
                break
            pc += 4
        elif opcode == op.SUB:
            if not subtract(registers, ops, pc):
                break
            pc += 4
        elif opcode == op.MUL:
            if not multiply(registers, ops, pc):
                break
            pc += 4
        elif opcode == op.DIV:
            if not divide(registers, ops, pc):
                break
            pc += 4
        elif opcode == op.MOD:
            if not modulo(registers, ops, pc):
                break
            pc += 4
        elif opcode == op.NEG:
            if not negate(registers, ops, pc):
                break
            pc += 3
        elif opcode == op.LOAD_CONST:
            load_constant(registers, constants, ops[pc + 1], ops[pc + 2])
            pc += 3
        elif opcode == op.MOVE:
            move(registers, constants, ops, pc)
            pc += 3
        elif opcode == op.JUMP:
            pc = ops[pc + 1]
        elif opcode == op.LOOP:
            clear_dead(registers, ops, pc)
            pc = ops[pc + 1]
        elif opcode == op.JUMP_IF_LT:
            holds = less(registers, ops[pc + 1], ops[pc + 2])
            if holds == UNKNOWN:
                break
            pc = ops[pc + 3] if holds else pc + 4
        elif opcode == op.JUMP_UNLESS_LT:
            holds = less(registers, ops[pc + 1], ops[pc + 2])
            if holds == UNKNOWN:
                break
            pc = pc + 4 if holds else ops[pc + 3]
        elif opcode == op.JUMP_IF_LTE:
            holds = less_or_equal(registers, ops[pc + 1], ops[pc + 2])
            if holds == UNKNOWN:
                break
            pc = ops[pc + 3] if holds else pc + 4
        elif opcode == op.JUMP_UNLESS_LTE:
            holds = less_or_equal(registers, ops[pc + 1], ops[pc + 2])
            if holds == UNKNOWN:
                break
            pc = pc + 4 if holds else ops[pc + 3]
        elif opcode == op.JUMP_IF_EQ:
            holds = equal(registers, constants, ops[pc + 1], ops[pc + 2])
            if holds == UNKNOWN:
                break
            pc = ops[pc + 3] if holds else pc + 4
        elif opcode == op.JUMP_UNLESS_EQ:
            holds = equal(registers, constants, ops[pc + 1], ops[pc + 2])
            if holds == UNKNOWN:
                break
            pc = pc + 4 if holds else ops[pc + 3]
        elif opcode == op.JUMP_IF:
            holds = truth(registers, constants, ops[pc + 1])
            pc = ops[pc + 2] if holds else pc + 3
        elif opcode == op.JUMP_IF_NOT:
            holds = truth(registers, constants, ops[pc + 1])
            pc = pc + 3 if holds else ops[pc + 2]
        elif opcode == op.LT:
            if not compare(registers, ops, pc, less(registers, ops[pc + 2], ops[pc + 3])):
                break
            pc += 4
        elif opcode == op.GT:
            if not compare(registers, ops, pc, less(registers, ops[pc + 3], ops[pc + 2])):
                break
            pc += 4
        elif opcode == op.LTE:
            if not compare(registers, ops, pc, less_or_equal(registers, ops[pc + 2], ops[pc + 3])):
                break
            pc += 4
        elif opcode == op.GTE:
            if not compare(registers, ops, pc, less_or_equal(registers, ops[pc + 3], ops[pc + 2])):
                break
            pc += 4
        elif opcode == op.EQ:
            if not compare(
                registers,
                ops,
                pc,
                equal(registers, constants, ops[pc + 2], ops[pc + 3]),
            ):
                break
            pc += 4
        elif opcode == op.NEQ:
            holds = equal(registers, constants, ops[pc + 2], ops[pc + 3])
            if holds == UNKNOWN:
                break
            write_unboxed(registers, ops[pc + 1], BOOL | CHANGED, 1 - holds)
            pc += 4
        elif opcode == op.NOT:
            holds = truth(registers, constants, ops[pc + 2])
            write_unboxed(registers, ops[pc + 1], BOOL | CHANGED, 1 - holds)
            pc += 3
        elif opcode == op.AND:
            left = truth(registers, constants, ops[pc + 2])
            right = truth(registers, constants, ops[pc + 3])
            write_unboxed(registers, ops[pc + 1], BOOL | CHANGED, left & right)
            pc += 4
        elif opcode == op.OR:
            left = truth(registers, constants, ops[pc + 2])
            right = truth(registers, constants, ops[pc + 3])
            write_unboxed(registers, ops[pc + 1], BOOL | CHANGED, left | right)
            pc += 4
        elif (
            opcode == op.ARRAY_GET
            or opcode == op.ARRAY_GET_BORROWED
            or opcode == op.ARRAY_GET_OWNED
        ):
            if not get_element(opcode, registers, ops, pc):
                break
            pc += 4
        elif opcode == op.ARRAY_SET:
            if not set_element(registers, ops, pc):
                break
            pc += 4
        elif opcode == op.DICT_GET or opcode == op.DICT_GET_BORROWED or opcode == op.DICT_GET_OWNED:
            if not get_entry(opcode, registers, constants, ops, pc):
                break
            pc += 4
        elif opcode == op.DICT_SET:
            if not set_entry(registers, constants, ops, pc):
                break
            pc += 4
        elif opcode == op.SHARE_IF_SAME:
            share_if_same(registers, ops[pc + 1], ops[pc + 2])
            pc += 3
        elif (
            opcode == op.LOAD_GLOBAL
            or opcode == op.LOAD_BORROWED_GLOBAL
            or opcode == op.LOAD_OWNED_GLOBAL
        ):
            load_global(opcode, registers, cells, ops, pc)
            pc += 3
        elif opcode == op.STORE_GLOBAL:
            if not store_global(registers, constants, cells, ops, pc):
                break
            pc += 3
        elif opcode == op.CAST:
            if not cast(registers, ops, pc):
                break
            pc += 4
        elif opcode == op.MARK_JUMP:
            frame.last_jump = ops[pc + 1]
            pc += 2
        elif opcode == op.COUNT:
            executed = run_state.executed + ops[pc + 1]
            if function.code.options.limit_instructions and executed > run_state.max_executed:
                break
            run_state.executed = executed
            pc += 2
        elif opcode == op.INTERRUPTION_POINT:
            if interruption_pending():
                break
            pc += 1
        else:
            break
    return pc
