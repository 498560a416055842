"""Which registers an instruction reads and writes, so that only these get boxes for it."""

from mdvm.opcodes import (
    CONSTANT,
    JUMP_DISTANCE,
    LOWERED_OPCODES,
    NAME,
    OPCODES,
    READ,
    REGISTER_MASK,
    SCOPE,
    TYPE,
    UPDATE,
    WRITE,
    field,
)
from mdvm.system.language import never_inline
from mdvm.unboxed.registers import box_all, box_register, forget, loaded

_READS = "r"
_WRITES = "w"
_READS_AND_WRITES = "u"
_NEITHER = "."
_CALLS = "c"  # the whole text of a call whose callee sees its arguments only
_ANY = "*"  # the whole text of what may read and write any register

_USES = {
    READ: _READS,
    WRITE: _WRITES,
    UPDATE: _READS_AND_WRITES,
    CONSTANT: _NEITHER,
    NAME: _NEITHER,
    TYPE: _NEITHER,
    SCOPE: _NEITHER,
    JUMP_DISTANCE: _NEITHER,
}

# Of the instructions that only the lowering makes; the others are as in the table of opcodes.
_LOWERED = {
    "JUMP_IF_LT": "rr.",
    "JUMP_UNLESS_LT": "rr.",
    "JUMP_IF_LTE": "rr.",
    "JUMP_UNLESS_LTE": "rr.",
    "JUMP_IF_EQ": "rr.",
    "JUMP_UNLESS_EQ": "rr.",
    "CALL_BUILTIN": _CALLS,
    "CALL_HOST": _CALLS,
    "LOAD_OWNED_GLOBAL": "w.",
    "ARRAY_GET_OWNED": "wrr",
    "DICT_GET_OWNED": "wrr",
    "LOAD_BORROWED_GLOBAL": "w.",
    "ARRAY_GET_BORROWED": "wrr",
    "DICT_GET_BORROWED": "wrr",
    "SHARE_IF_SAME": "rr",
    "INVALID_CONSTANT": ".",
    "CAST_TO_FUNCTION": "wr",
    "CAST_TO_URL": "wr",
    "ASSERT_TRUTHY": "r.",
    "ASSERT_NOT_EMPTY": "r.",
    "ASSERT_RANGE": "r...",
    "COUNT": ".",
    "INTERRUPTION_POINT": "",
}


def _uses_of(opcode):
    kinds = [operand.kind for operand in opcode.operands]
    if not all(kind in _USES for kind in kinds):
        return _ANY
    return "".join([_USES[kind] for kind in kinds])


def _make_table():
    """-> list of str by opcode, a character for each operand."""
    table = [_ANY] * 256
    for opcode in OPCODES:
        table[opcode.number] = _uses_of(opcode)
    for lowered in LOWERED_OPCODES:
        table[lowered.number] = _LOWERED.get(lowered.name, _ANY)
    return table


_TABLE = _make_table()


@never_inline
def box_operands(frame, function, pc):
    """Gives the frame the values that the instruction at pc reads, and forgets those of the
    registers that it writes.  Raises MemoryError.

    frame: Frame, of function.
    """
    registers = frame.registers
    ops = function.ops
    opcode = ops[pc]
    assert opcode >= 0
    uses = _TABLE[opcode]
    if uses == _ANY:
        box_all(registers, function.frame_size)
        loaded.count = 0
        return
    loaded.count = function.frame_size
    if uses == _CALLS:
        arguments = pc + field.CALL_ARGS
        for argument in range(ops[arguments]):
            operand = ops[arguments + 1 + argument]
            if operand >= 0:
                box_register(registers, operand & REGISTER_MASK)
        forget(ops[pc + field.CALL_DST])
        return
    for index in range(len(uses)):
        use = uses[index]
        if use == _READS or use == _READS_AND_WRITES:
            operand = ops[pc + 1 + index]
            if operand >= 0:
                box_register(registers, operand & REGISTER_MASK)
    for index in range(len(uses)):
        use = uses[index]
        if use == _WRITES or use == _READS_AND_WRITES:
            forget(ops[pc + 1 + index])
