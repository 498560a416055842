"""The engine that is libmdvm, the translated VM, through ctypes.  mdvm/embedding.h declares the other side."""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable
from pathlib import Path

from pymdvm.engine import NATIVE, EngineError
from pymdvm.sinks import Sink

LIBRARY = "libmdvm.so"

_INT_MAX = 2 ** 31 - 1
_SMALL = 65536      # KEPT_SIZE in embedding.c

_SINK = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_void_p, ctypes.c_long)


class _Answer(ctypes.Structure):
    _fields_ = (("bytes", ctypes.c_void_p), ("size", ctypes.c_long))


def find_library() -> Path | None:
    """libmdvm where the package has it, or where a checkout has built it; None if there is none."""
    package = Path(__file__).resolve().parent
    for folder in (package, package.parent):
        if (folder / LIBRARY).exists():
            return folder / LIBRARY
    return None


class NativeEngine:
    """See pymdvm.engine.Engine."""

    name = NATIVE

    def __init__(self, library: Path) -> None:
        try:
            self._library = ctypes.CDLL(os.fspath(library))
            function = self._library.mdvm_run
            self._request = self._library.mdvm_request
            self._answer = _Answer.in_dll(self._library, "mdvm_answer")
        except (OSError, AttributeError, ValueError) as error:
            raise EngineError(f"{library} cannot be used: {error}") from None
        # Without argtypes ctypes passes ints and bytes as they are, which is five times as fast.  Such an int is a C int.
        function.restype = self._request.restype = ctypes.c_long
        self._small_answers: memoryview | None = None
        self.run: Callable[[int, int, bytes, int, int, int], int] = function

    def start(self, sink: Sink) -> None:
        def take(pointer: int, size: int) -> int:
            return sink(ctypes.string_at(pointer, size))

        self._sink = _SINK(take)    # must live as long as the library may call it
        start = self._library.mdvm_start
        start.argtypes = (_SINK, ctypes.c_ulong)
        start.restype = ctypes.c_long
        if start(self._sink, threading.main_thread().ident or 0):
            raise EngineError("there is not enough memory to start the VM in")
        os.register_at_fork(after_in_child=self._after_fork)

    def _after_fork(self) -> None:
        """The thread that has forked is the main thread of the child."""
        self._library.mdvm_set_main_thread(ctypes.c_ulong(threading.main_thread().ident or 0))

    def request(self, what: int, number: int, data: bytes) -> int:
        result: int = self._request(what, number if number <= _INT_MAX else ctypes.c_long(number), data, len(data))
        return result

    def answer(self) -> bytes:
        answer = self._answer
        size: int = answer.size
        if size < 0:
            raise MemoryError("there is not enough memory for what the VM answers")
        if size > _SMALL:
            return ctypes.string_at(answer.bytes, size)
        # All small answers stand in the same place.
        if self._small_answers is None:
            self._small_answers = memoryview((ctypes.c_char * _SMALL).from_address(answer.bytes)).cast("B")
        return self._small_answers[:size].tobytes()

    def interrupt(self) -> None:
        self._library.mdvm_interrupt()

    def end_interruption(self) -> None:
        self._library.mdvm_end_interruption()

    def request_sample(self) -> None:
        self._library.mdvm_request_sample()
