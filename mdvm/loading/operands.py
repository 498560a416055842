"""What each int of a decoded instruction is.

An instruction is decoded to a list of ints (encoding.py). Beside it there can be a second list, of
the kind of each: that of its operand in the opcode table, or for the parts of an operand of many
ints one of those below. A search for registers goes through the two lists and needs nothing else.
"""

from mdvm import opcodes
from mdvm.opcodes import field, op

# The kinds of ints that are no operand by themselves.
OPCODE = 14
COUNT = 15  # how many registers or pairs follow; of a result, whether a register does
JUMP_INDEX = 16  # in a source of a PHI
BOUND = 17  # of the range of an assertion


def append_kinds(fields, at, kinds):
    """Appends to kinds: list of int, the kind of each int of the instruction that begins at that
    index of fields.
    """
    kinds.append(OPCODE)
    start = at
    at += 1
    for operand in opcodes.OPCODES[fields[start]].operands:
        kind = operand.kind
        if kind == opcodes.ARGUMENTS:
            kinds.append(COUNT)
            for _ in range(fields[at]):
                kinds.append(opcodes.READ)
        elif kind == opcodes.SOURCES:
            kinds.append(COUNT)
            for _ in range(fields[at]):
                kinds.append(opcodes.READ)
                kinds.append(JUMP_INDEX)
        elif kind == opcodes.RESULT:
            kinds.append(COUNT)
            if fields[at]:
                kinds.append(opcodes.READ)
        elif kind == opcodes.RANGE:
            if fields[start + field.ASSERT_ASSERT_TYPE] == opcodes.RANGE_CONDITION:
                kinds.append(BOUND)
                kinds.append(BOUND)
        else:
            kinds.append(kind)
        at += 1


def kinds_of(fields):
    """fields: list of int, one decoded instruction -> list of int, the kind of each."""
    kinds = [OPCODE][:0]
    append_kinds(fields, 0, kinds)
    return kinds


def is_register(kind):
    """-> bool, whether an int of that kind is a register, or a constant in the place of one."""
    return kind == opcodes.READ or kind == opcodes.WRITE or kind == opcodes.UPDATE


def is_constant(kind):
    """-> bool, whether an int of that kind is an index into the constant pool."""
    return kind == opcodes.CONSTANT or kind == opcodes.NAME or kind == opcodes.MESSAGE


class InstructionRegisters(object):
    """The registers of one instruction.

    reads: list of int, a constant where it is negative.
    writes: list of int.
    may_write: int, a register that may also be left unchanged, -1 for none.
    tagged: int, a register whose value stays while its type tag changes, -1 for none.
    """

    def __init__(self, fields, kinds, start, end):
        """fields, kinds: list of int; start, end: int, where in both the instruction stands."""
        self.reads = []
        self.writes = []
        self.may_write = -1
        self.tagged = -1
        for at in range(start, end):
            kind = kinds[at]
            if kind == opcodes.READ or kind == opcodes.UPDATE:
                self.reads.append(fields[at])
            if kind == opcodes.WRITE or kind == opcodes.UPDATE:
                self.writes.append(fields[at])
        opcode = fields[start]
        if opcode == op.DEFINE:
            self.tagged = self.writes.pop()
            self.reads.pop()
        elif opcode == op.CALL or opcode == op.PHI:
            self.may_write = self.writes.pop()

    def largest(self):
        """-> int, the largest register that the instruction names, -1 if it names none."""
        largest = max(self.may_write, self.tagged)
        for register in self.reads:
            largest = max(largest, register)
        for register in self.writes:
            largest = max(largest, register)
        return largest


NO_REGISTERS = InstructionRegisters([op.NOP], [OPCODE], 0, 1)  # of every instruction without any


def registers_of(fields):
    """fields: list of int, one decoded instruction -> InstructionRegisters."""
    return InstructionRegisters(fields, kinds_of(fields), 0, len(fields))
