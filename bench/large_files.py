"""Files of every shape, as large as wanted: each function takes the size in bytes, about, and gives
the file's bytes.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Sequence
from typing import Any

from mdvm import opcodes

op: Any = opcodes.op

_MAIN = [(b"main", 0)]


def _u16(value: int) -> bytes:
    return struct.pack("<H", value)


def _u32(value: int) -> bytes:
    return struct.pack("<I", value)


def _i32(value: int) -> bytes:
    return struct.pack("<i", value)


def _text(text: bytes) -> bytes:
    return _u32(len(text)) + text


def _int(value: int) -> bytes:
    return b"\x01" + struct.pack("<q", value)


def _string(text: bytes) -> bytes:
    return b"\x03" + _text(text)


def _rows(functions: Sequence[tuple[bytes, int]]) -> bytes:
    return b"".join(_text(name) + _u32(target) for name, target in functions)


def _file(
    count: int,
    code: bytes,
    constants: bytes = b"",
    constant_count: int = 0,
    functions: bytes = _rows(_MAIN),
    function_count: int = 1,
) -> bytes:
    sections = [
        _text(b"x"),
        _u32(constant_count) + constants,
        _u32(function_count) + functions,
        _u32(count) + code,
    ]
    offsets = [28]
    for section in sections[:-1]:
        offsets.append(offsets[-1] + len(section))
    return b"MDBC" + struct.pack("<6I", 1, 1, *offsets) + b"".join(sections)


def _load_const(register: int, constant: int) -> bytes:
    return bytes([op.LOAD_CONST, register]) + _u16(constant)


_RETURN = bytes([op.RETURN, 0])


def nops(size: int) -> bytes:
    return _file(size, bytes([op.NOP]) * size)


def halts(size: int) -> bytes:
    return _file(size, bytes([op.HALT]) * size)


def additions(size: int) -> bytes:
    """LOAD_CONST and ADD by turns, one block of it."""
    count = size // 8
    return _file(2 * count, (_load_const(1, 0) + bytes([op.ADD, 2, 1, 1])) * count, _int(1), 1)


def moves(size: int) -> bytes:
    rng = random.Random(0)
    count = size // 3
    return _file(
        count,
        b"".join(bytes([op.MOVE, rng.randrange(256), rng.randrange(256)]) for _ in range(count)),
    )


def jumps(size: int) -> bytes:
    """Each to the next."""
    count = size // 5
    return _file(count, (bytes([op.JUMP]) + _i32(0)) * count)


def random_jumps(size: int) -> bytes:
    rng = random.Random(0)
    count = size // 5
    return _file(
        count,
        b"".join(
            bytes([op.JUMP]) + _i32(rng.randrange(index + 1, count + 1) - index - 1)
            for index in range(count)
        ),
    )


def branches(size: int) -> bytes:
    """Conditional jumps to random targets, each on a register of its own: the worst for the flow
    of data.
    """
    rng = random.Random(0)
    count = size // 6
    return _file(
        count,
        b"".join(
            bytes([op.JUMP_IF, rng.randrange(256)]) + _i32(rng.randrange(count) - index - 1)
            for index in range(count)
        ),
    )


def tangles(size: int) -> bytes:
    """Functions of 20,000 such jumps, all of them called."""
    rng = random.Random(0)
    length = 20000
    count = max(1, size // (6 * length))
    code = []
    for _ in range(count):
        code += [
            bytes([op.JUMP_IF, rng.randrange(2, 256)]) + _i32(rng.randrange(length) - index - 1)
            for index in range(length - 1)
        ]
        code.append(_RETURN)
    functions = [(b"f%d" % index, index * length) for index in range(count)] + [
        (b"main", count * length)
    ]
    for index in range(count):
        code += [_load_const(0, index), bytes([op.CALL, 0, 1, 0])]
    code.append(_RETURN)
    return _file(
        len(code),
        b"".join(code),
        b"".join(_string(b"f%d" % index) for index in range(count)),
        count,
        _rows(functions),
        count + 1,
    )


def tiny_functions(size: int) -> bytes:
    """None of them called."""
    count = size // 17
    return _file(
        count,
        _RETURN * count,
        functions=_rows([(b"%07d" % index, index) for index in range(count)]),
        function_count=count,
    )


def called_functions(size: int) -> bytes:
    """65,000 functions and calls of all of them, and NOPs to fill the file."""
    count = min(size // 60, 65000)
    functions = [(b"%07d" % index, index) for index in range(count)] + [(b"main", count)]
    calls = b"".join(_load_const(0, index) + bytes([op.CALL, 0, 1, 0]) for index in range(count))
    constants = b"".join(_string(b"%07d" % index) for index in range(count))
    rest = max(0, size - 37 * count)
    return _file(
        3 * count + 1 + rest,
        _RETURN * count + calls + _RETURN + bytes([op.NOP]) * rest,
        constants,
        count,
        _rows(functions),
        count + 1,
    )


def chained_functions(size: int) -> bytes:
    """Each may call the next, but does not."""
    count = min(size // 43, 65000)
    functions = [(b"%07d" % index, 5 * index) for index in range(count)] + [(b"main", 0)]
    code = b"".join(
        bytes([op.JUMP_IF, 9])
        + _i32(1)
        + _RETURN
        + _load_const(0, index + 1)
        + bytes([op.CALL, 0, 1, 0])
        + _RETURN
        for index in range(count)
    )
    constants = b"".join(_string(b"%07d" % index) for index in range(count))
    return _file(5 * count, code, constants, count, _rows(functions), count + 1)


def functions_at_one_place(size: int) -> bytes:
    count = size // 15
    return _file(
        1,
        _RETURN,
        functions=_rows([(b"%07d" % index, 0) for index in range(count)]),
        function_count=count,
    )


def nameless_functions(size: int) -> bytes:
    count = size // 8
    return _file(1, _RETURN, functions=_rows([(b"", 0)]) * count, function_count=count)


def empty_constants(size: int) -> bytes:
    return _file(1, _RETURN, b"\x05" * size, size)


def int_constants(size: int) -> bytes:
    return _file(1, _RETURN, b"".join(_int(index) for index in range(size // 9)), size // 9)


def string_constants(size: int) -> bytes:
    return _file(1, _RETURN, _string(b"") * (size // 5), size // 5)


def long_string(size: int) -> bytes:
    return _file(1, _RETURN, _string("\u20ac".encode() * (size // 3)), 1)


def phis(size: int) -> bytes:
    """Each with 255 sources."""
    one = bytes([op.PHI, 0, 255]) + b"".join(bytes([index]) + _u16(index) for index in range(255))
    return _file(size // len(one), one * (size // len(one)))


def calls(size: int) -> bytes:
    """Each with 255 arguments."""
    one = _load_const(0, 0) + bytes([op.CALL, 0, 1, 255]) + bytes(range(255))
    count = size // len(one)
    return _file(
        1 + 2 * count, _RETURN + one * count, _string(b"f"), 1, _rows([(b"main", 1), (b"f", 0)]), 2
    )


def nested_loops(size: int) -> bytes:
    """Half of the file begins loops, the other half ends them."""
    count = size // 10
    code = _load_const(3, 0) * count + b"".join(
        bytes([op.JUMP_IF, 3]) + _i32(-2 * index - 2) for index in range(count)
    )
    return _file(2 * count, code, _int(0), 1)


def assertions(size: int) -> bytes:
    one = bytes([op.ASSERT, 0, 2]) + _u16(0) + struct.pack("<qq", 0, 0)
    return _file(size // len(one), one * (size // len(one)), _string(b"f"), 1)


def stores(size: int) -> bytes:
    """Into 65,536 global variables."""
    names = min(65536, size // 20)
    count = (size - 11 * names) // 4
    code = b"".join(bytes([op.STORE_GLOBAL, 0]) + _u16(index % names) for index in range(count))
    return _file(count, code, b"".join(_string(b"g%05d" % index) for index in range(names)), names)


def damaged_at_the_end(size: int) -> bytes:
    return _file(size, bytes([op.NOP]) * (size - 1) + b"\xff")


def lying_count(size: int) -> bytes:
    return _file(0xFFFFFFFF, bytes([op.NOP]) * size)


KINDS: dict[str, Callable[[int], bytes]] = {
    kind.__name__: kind
    for kind in (
        nops,
        halts,
        additions,
        moves,
        jumps,
        random_jumps,
        branches,
        tangles,
        tiny_functions,
        called_functions,
        chained_functions,
        functions_at_one_place,
        nameless_functions,
        empty_constants,
        int_constants,
        string_constants,
        long_string,
        phis,
        calls,
        nested_loops,
        assertions,
        stores,
        damaged_at_the_end,
        lying_count,
    )
}
