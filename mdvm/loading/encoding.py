"""How an instruction is written in a file, byte by byte; the opcode table says which operands it
has.

Decoded, an instruction is a list of ints: its opcode and then its operands, one int a field.
Arguments are n and n registers, sources n and n pairs of register and label, a result its `has`
byte and then the register unless that is 0, a condition its number, then the message, then the two
bounds only after condition 2.

An instruction is of a fixed size but for what its last operand may append.
"""

from mdvm import opcodes
from mdvm.system.arithmetic import intmask

# What stands behind the fixed part of an instruction.
_NOTHING = 0
_REGISTERS = 1  # as many bytes as the last fixed byte says
_PAIRS = 2  # as many times three bytes
_REGISTER = 3  # one byte, unless the last fixed byte is 0
_BOUNDS = 4  # two numbers of eight bytes, if the condition asks for them

_PAIR_SIZE = 3
_BOUNDS_SIZE = 16
_CONDITION_OFFSET = 2  # of an ASSERT's condition, from its opcode


def _size_of(kind):
    if kind in (opcodes.CONSTANT, opcodes.NAME, opcodes.MESSAGE, opcodes.TYPE, opcodes.SCOPE):
        return 2
    if kind == opcodes.JUMP_DISTANCE:
        return 4
    return 0 if kind == opcodes.RANGE else 1


def _tail_of(opcode):
    kind = opcode.operands[-1].kind if opcode.operands else opcodes.READ
    tails = {
        opcodes.ARGUMENTS: _REGISTERS,
        opcodes.SOURCES: _PAIRS,
        opcodes.RESULT: _REGISTER,
        opcodes.RANGE: _BOUNDS,
    }
    return tails.get(kind, _NOTHING)


# By opcode number: the size of the opcode and its fixed operands, and what follows these.
_FIXED_SIZES = [
    1 + sum([_size_of(_operand.kind) for _operand in _opcode.operands])
    for _opcode in opcodes.OPCODES
]
_TAILS = [_tail_of(_opcode) for _opcode in opcodes.OPCODES]


def fixed_size(number):
    """number: int, an opcode's -> int, the bytes that every such instruction has."""
    return _FIXED_SIZES[number]


def end_of(data, offset):
    """offset: int, where in data: str an instruction begins whose fixed part is there -> int, where
    it ends.
    """
    number = ord(data[offset])
    end = offset + _FIXED_SIZES[number]
    tail = _TAILS[number]
    if tail != _NOTHING:
        last = ord(data[end - 1])
        if tail == _REGISTERS:
            end += last
        elif tail == _PAIRS:
            end += _PAIR_SIZE * last
        elif tail == _REGISTER:
            if last:
                end += 1
        elif ord(data[offset + _CONDITION_OFFSET]) == opcodes.RANGE_CONDITION:
            end += _BOUNDS_SIZE
    return end


def condition_at(data, offset):
    """offset: int, where an ASSERT begins -> int, what it asks for, or -1 if data ends before
    that.
    """
    at = offset + _CONDITION_OFFSET
    return ord(data[at]) if at < len(data) else -1


def jump_distance(data, offset):
    """offset: int, where a jump begins -> int, how far it goes, in instructions from the next
    one.
    """
    # every jump's last operand
    return _read_i32(data, offset + _FIXED_SIZES[ord(data[offset])] - 4)


def append_fields(data, offset, fields):
    """Decodes the instruction that begins at offset.  Appends to fields: list of int.  -> int,
    where it ends.
    """
    number = ord(data[offset])
    fields.append(number)
    at = offset + 1
    for operand in opcodes.OPCODES[number].operands:
        kind = operand.kind
        if kind == opcodes.WRITE or kind == opcodes.READ or kind == opcodes.UPDATE:
            fields.append(ord(data[at]))
            at += 1
        elif kind == opcodes.JUMP_DISTANCE:
            fields.append(_read_i32(data, at))
            at += 4
        elif kind == opcodes.ARGUMENTS:
            at = _append_bytes(data, at, 1 + ord(data[at]), fields)
        elif kind == opcodes.SOURCES:
            at = _append_pairs(data, at, fields)
        elif kind == opcodes.RESULT:
            at = _append_bytes(data, at, 2 if ord(data[at]) else 1, fields)
        elif kind == opcodes.CONDITION:
            fields.append(ord(data[at]))
            at += 1
        elif kind == opcodes.RANGE:
            if ord(data[offset + _CONDITION_OFFSET]) == opcodes.RANGE_CONDITION:
                fields.append(read_i64(data, at))
                fields.append(read_i64(data, at + 8))
                at += _BOUNDS_SIZE
        else:
            fields.append(read_u16(data, at))
            at += 2
    return at


def _append_bytes(data, at, count, fields):
    for offset in range(at, at + count):
        fields.append(ord(data[offset]))
    return at + count


def _append_pairs(data, at, fields):
    count = ord(data[at])
    fields.append(count)
    at += 1
    for _ in range(count):
        fields.append(ord(data[at]))
        fields.append(read_u16(data, at + 1))
        at += _PAIR_SIZE
    return at


def read_u16(data, at):
    """-> int, the two bytes at that offset."""
    return ord(data[at]) | ord(data[at + 1]) << 8


def read_u32(data, at):
    """-> int, the four bytes at that offset, without a sign."""
    return (
        ord(data[at]) | ord(data[at + 1]) << 8 | ord(data[at + 2]) << 16 | ord(data[at + 3]) << 24
    )


def _read_i32(data, at):
    value = read_u32(data, at)
    return value - (1 << 32) if value >= 1 << 31 else value


def read_i64(data, at):
    """-> int, the eight bytes at that offset."""
    value = ord(data[at + 7])
    if value >= 0x80:
        value -= 0x100
    for offset in range(at + 6, at - 1, -1):
        value = value << 8 | ord(data[offset])
    return intmask(value)
