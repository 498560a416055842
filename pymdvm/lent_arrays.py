"""Arrays of numbers and bools that a program is given where they lie: the VM copies them itself,
from the memory of whoever calls, so that no bytes of them are made before.
"""

from __future__ import annotations

import functools
import struct
import sys
from collections.abc import Callable, Sequence
from typing import Any

from mdvm.embedding import protocol
from pymdvm.buffers import Part

# Below that the bytes cost less than looking for the address.
LEAST = 1 << 14
_MOST_IN_LIST = 2**31 - 1
_NATIVE_ORDER = sys.byteorder == "little"
_SIGNED = frozenset("lqn")
_pack_two = struct.Struct("<qq").pack
_pack_three = struct.Struct("<qqq").pack
_SIMPLE = 0  # the flags of a buffer of bytes in one piece, read-only or not


class Lent(bytes):
    """The bytes of arguments that tell of memory.  views: what holds that memory, until it is given
    back.
    """

    views: list[memoryview[Any]]

    def give_back(self) -> None:
        self.views.clear()


@functools.cache
def _address_of() -> Callable[[memoryview[Any]], int]:
    """What tells where a view's memory is, 0 if that cannot be told."""
    import ctypes  # not before it is needed: there are interpreters that have none

    class Buffer(ctypes.Structure):
        """Py_buffer, as Python's stable ABI has it."""

        _fields_ = (
            ("buf", ctypes.c_void_p),
            ("obj", ctypes.c_void_p),
            ("len", ctypes.c_ssize_t),
            ("itemsize", ctypes.c_ssize_t),
            ("readonly", ctypes.c_int),
            ("ndim", ctypes.c_int),
            ("format", ctypes.c_void_p),
            ("shape", ctypes.c_void_p),
            ("strides", ctypes.c_void_p),
            ("suboffsets", ctypes.c_void_p),
            ("internal", ctypes.c_void_p),
        )

    try:
        get: Any = ctypes.pythonapi["PyObject_GetBuffer"]
        release: Any = ctypes.pythonapi["PyBuffer_Release"]
    except AttributeError:  # not CPython
        return lambda view: 0
    get.argtypes = (ctypes.py_object, ctypes.POINTER(Buffer), ctypes.c_int)
    release.argtypes = (ctypes.POINTER(Buffer),)
    release.restype = None

    def address(view: memoryview[Any]) -> int:
        buffer = Buffer()
        get(view, buffer, _SIMPLE)
        try:
            return buffer.buf or 0
        finally:
            release(buffer)  # the view goes on holding it

    return address


def lent_parts(view: memoryview[Any]) -> list[bytes] | None:
    """What tells of an array, which is one of arrays if it has two dimensions.  None where it is
    small, or not kept as the VM keeps its own. The view must be there until the VM has copied it.
    """
    shape = view.shape
    if view.nbytes < LEAST or not (shape and view.c_contiguous and _NATIVE_ORDER):
        return None
    size = shape[-1]
    in_bytes = size * view.itemsize
    tag = _tag(view.format.lstrip("@=<"), view.itemsize)
    if tag is None or size > _MOST_IN_LIST or in_bytes < LEAST or len(shape) > 2:
        return None
    address = _address_of()(view)
    if address == 0 or address % view.itemsize:
        return None
    count = shape[0] if len(shape) == 2 else 1
    rows = [_pack_three(tag, size, address + number * in_bytes) for number in range(count)]
    return [_pack_two(protocol.ARRAY, count), *rows] if len(shape) == 2 else rows


def _tag(code: str, size: int) -> int | None:
    if code == "d":
        return protocol.FLOATS_AT
    if code in _SIGNED and size == protocol.WORD:
        return protocol.INTS_AT
    return protocol.BOOLS_AT if code == "?" else None


def is_large(value: object) -> bool:
    """Whether it may be an array to be lent, as the elements of large lists are asked."""
    kind = type(value)
    if kind is str or kind is int or kind is float:
        return False
    size: object = getattr(value, "nbytes", 0)
    return isinstance(size, int) and size >= LEAST


def joined(parts: Sequence[Part], views: list[memoryview[Any]]) -> bytes:
    """The bytes of all parts; Lent if there are views."""
    if not views:
        return b"".join(parts)
    made = Lent(b"".join(parts))
    made.views = views
    return made
