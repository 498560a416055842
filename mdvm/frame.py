"""The frame of one call: its registers."""

from mdvm.system.jit import dont_look_inside, hint, unroll_safe
from mdvm.objects import share, w_empty
from mdvm.opcodes import LAST_USE, REGISTER_MASK, operand_constant

NO_TAG = -2  # the register has the type of its value
NO_JUMP = -1  # no jump has been taken in this frame


class Frame(object):
    """One call of a function.

    registers: list of W_Value, as many as the function can touch; None where one is written before
    it is read.
    last_jump: int, the index of the jump last taken, kept only in a module with PHIs.
    tags: list of int by register, a type number or NO_TAG, None in a module without DEFINEs.
    The JIT keeps registers and last_jump out of memory: the frame is a virtualizable.
    """

    _virtualizable_ = ["registers[*]", "last_jump"]

    def __init__(self, size):
        self = hint(self, access_directly=True, fresh_virtualizable=True)
        self.registers = [None] * size
        self.last_jump = NO_JUMP
        self.tags = None

    def read(self, register):
        """register: int, one that holds something -> W_Value."""
        assert register >= 0
        w_value = self.registers[register]
        assert w_value is not None
        return w_value

    def write(self, register, w_value):
        assert register >= 0
        self.registers[register] = w_value

    def move(self, operand):
        """operand: int, a register, perhaps marked LAST_USE -> its value, for a second reference to
        it.

        At the register's last use the reference moves. Else there are two, and a container becomes
        shared.
        """
        w_value = self.read(operand & REGISTER_MASK)
        if operand & LAST_USE:
            return w_value
        return share(w_value)


def read_operand(frame, function, operand):
    """operand: int, a register, or a constant if it is negative -> W_Value."""
    if operand < 0:
        return function.constants[operand_constant(operand)]
    return frame.read(operand)


def move_operand(frame, function, operand):
    """operand: int, a constant if it is negative, else as Frame.move has it -> W_Value, for a
    second reference to it.
    """
    if operand < 0:
        return function.constants[operand_constant(operand)]
    return frame.move(operand)


@unroll_safe
def read_registers(frame, ops, at):
    """at: int, where ops hold n and n registers -> list of W_Value, what those registers hold."""
    return [frame.read(ops[at + 1 + index] & REGISTER_MASK) for index in range(ops[at])]


@unroll_safe
def inherit(frame, caller, function, given):
    """Gives frame, beside the arguments already in it, what its function may read of its caller's
    registers.

    caller: Frame, or None at the start of the program, where every register is Empty; given: int,
    the number of arguments.
    """
    for register in function.inherited:
        if register >= given:
            w_value = None
            if caller is not None and register < len(caller.registers):
                w_value = caller.registers[register]
            frame.write(register, w_empty if w_value is None else share(w_value))


_SAVED_REGISTERS = 64  # the registers whose type tags a CALL drops


@dont_look_inside
def inherit_tags(tags, size, given):
    """tags: list of int, the caller's -> those of a callee with `size` registers, of which the
    first `given` were written.
    """
    inherited = [NO_TAG] * size
    for register in range(given, min(size, len(tags))):
        inherited[register] = tags[register]
    return inherited


@dont_look_inside
def drop_saved_tags(tags):
    """tags: list of int, those of a caller when a function of the program comes back."""
    for register in range(min(_SAVED_REGISTERS, len(tags))):
        tags[register] = NO_TAG
