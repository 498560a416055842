"""The engine that is libmdvm, the translated VM, through ctypes.  mdvm/embedding/embedding.h
declares the other side.
"""

from __future__ import annotations

import ctypes
import os
import threading
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pymdvm.engines.base import NATIVE, EngineError
from pymdvm.sinks import Sink

LIBRARY = "libmdvm.so"

_INT_MAX = 2**31 - 1
_SMALL = 65536  # KEPT_SIZE in embedding.c
_LARGE = 1 << 20  # output that is worth a memoryview


class _Address(ctypes.c_void_p):
    """Not an int where it is read, unlike a c_void_p: it is passed on as it is."""


class _Bytes(ctypes.Structure):
    _fields_ = (("bytes", _Address), ("size", ctypes.c_long))


def _as_long(number: int) -> int | ctypes.c_long:
    """What has ctypes pass all of a number."""
    return number if number <= _INT_MAX else ctypes.c_long(number)


def _make_copier() -> Callable[[_Address, int | ctypes.c_long], bytes]:
    """What gives a copy of so many bytes.

    Not ctypes.string_at: that cuts a size to a C int, and its RecursionError is an ArgumentError.
    """
    try:
        copier: Any = ctypes.pythonapi["PyBytes_FromStringAndSize"]
    except AttributeError:  # not CPython
        return _copy_of_buffer
    copier.restype = ctypes.py_object
    made: Callable[[_Address, int | ctypes.c_long], bytes] = copier
    return made


def _copy_of_buffer(address: _Address, size: int | ctypes.c_long) -> bytes:
    return bytes(_view_at(address, size if isinstance(size, int) else size.value))


_copy = _make_copier()


def _view_at(address: _Address, size: int) -> memoryview:
    """The bytes themselves, as long as they are there."""
    return memoryview((ctypes.c_char * size).from_address(address.value or 0)).cast("B")


def _bytes_at(address: _Address, size: int) -> bytes:
    """A copy of size bytes."""
    return _copy(address, _as_long(size))


def _address_in(library: ctypes.CDLL, name: str) -> int:
    return ctypes.addressof(ctypes.c_char.in_dll(library, name))


def _function(library: ctypes.CDLL, name: str) -> Any:
    """A function of a library, which stays loaded as long as that is there.

    One that `library[name]` gives is in a cycle with itself, so that a copy of the library which
    nobody uses any more would be there until the garbage collector comes.
    """
    function: Any = library._FuncPtr(_address_in(library, name))
    function.library = library
    return function


def find_library() -> Path | None:
    """libmdvm where the package has it, or where a checkout has built it; None if there is none."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package, package.parent):
        if (folder / LIBRARY).exists():
            return folder / LIBRARY
    return None


class NativeEngine:
    """See pymdvm.engines.base.Engine.

    What is called often is a function of the library itself. Without argtypes ctypes passes ints
    and bytes as they are, which is five times as fast; such an int is a C int, cut where it does
    not fit (see MOST_BYTES in base.py), but a C long where one is
    expected: libffi extends it.
    """

    name = NATIVE
    sink: Sink | None = None
    host: Callable[[bytes], bytes] | None = None

    def __init__(self, library: Path, max_memory: int | None = None) -> None:
        """max_memory: bytes, for a VM of its own that may hold so many, 0 for as many as there
        are; None for the one that everybody in this process shares.
        """
        is_private = max_memory is not None
        try:
            if is_private:
                from pymdvm.engines.private_copy import load_private_copy

                loaded = load_private_copy(library)
            else:
                loaded = ctypes.CDLL(os.fspath(library))
            functions = [
                _function(loaded, f"mdvm_{name}")
                for name in (
                    "run",
                    "run_limited",
                    "resume",
                    "request",
                    "hold",
                    "give_result",
                    "close",
                )
            ]
            self._answer = _Bytes.in_dll(loaded, "mdvm_answer")
            self._output = _Bytes.in_dll(loaded, "mdvm_output")
            self._level = ctypes.c_int.in_dll(loaded, "mdvm_level")
            self.leave: Callable[[], object] = _function(loaded, "mdvm_leave")
            self.write_output: Callable[[int], int] = _function(loaded, "mdvm_write")
            self._end = _function(loaded, "mdvm_end")
            self.request_sample: Callable[[], object] = _function(loaded, "mdvm_request_sample")
            self._addresses = tuple(
                _address_in(loaded, f"mdvm_{name}")
                for name in ("run", "leave", "answer", "give_result", "output", "level")
            )
            self._start = _function(loaded, "mdvm_start")
            if max_memory:
                _function(loaded, "mdvm_allow_memory")(ctypes.c_long(max_memory))
        except (OSError, AttributeError, ValueError) as error:
            raise EngineError(f"{library} cannot be used: {error}") from None
        for function in functions:
            function.restype = ctypes.c_long
        self.run: Callable[[int, int, bytes, int, int, int], int] = functions[0]
        self._run_limited, self.resume, self._request, self._hold = functions[1:5]
        self._give_result = functions[5]
        self.close: Callable[[], int] = functions[6]
        self._small_answers: memoryview | None = None

    def start(self) -> None:
        start = self._start
        start.argtypes = (ctypes.c_ulong,)
        start.restype = ctypes.c_long
        # Other copies of this package and other interpreters of the process may have started it:
        # that is the same VM.
        if start((threading.main_thread().ident or 0) if _is_main_interpreter() else 0):
            raise EngineError("there is not enough memory to start the VM in")

    def request(self, what: int, number: int, data: bytes, /) -> int:
        result: int = self._request(what, _as_long(number), data, _as_long(len(data)))
        return result

    def hold(self, seconds: int, nanoseconds: int, ended: array[int] | None, /) -> int:
        result: int = self._hold(seconds, nanoseconds, _address(ended))
        return result

    def run_limited(
        self,
        program: int,
        function: int,
        arguments: bytes,
        size: int,
        count: int,
        mode: int,
        seconds: int,
        nanoseconds: int,
        ended: array[int] | None,
        /,
    ) -> int:
        result: int = self._run_limited(
            program,
            function,
            arguments,
            size,
            count,
            mode,
            seconds,
            nanoseconds,
            _address(ended),
        )
        return result

    def level(self) -> int:
        return self._level.value

    def give_result(self, level: int, result: bytes, /) -> int:
        status: int = self._give_result(level, result, _as_long(len(result)))
        return status

    def output(self) -> bytes:
        return _bytes_at(self._output.bytes, self._output.size)

    def seen_output(self) -> bytes | memoryview:
        output = self._output
        return self.output() if output.size <= _LARGE else _view_at(output.bytes, output.size)

    def answer(self) -> bytes:
        answer = self._answer
        size: int = answer.size
        if size < 0:
            raise MemoryError("there is not enough memory for what the VM answers")
        if size > _SMALL:
            return _bytes_at(answer.bytes, size)
        # All small answers stand at the same address.
        if self._small_answers is None:
            self._small_answers = memoryview(
                (ctypes.c_char * _SMALL).from_address(answer.bytes.value)
            ).cast("B")
        return self._small_answers[:size].tobytes()

    def addresses(self) -> tuple[int, ...]:
        return self._addresses

    def end(self, ended: array[int], /) -> None:
        self._end(_address(ended))


def _is_main_interpreter() -> bool:
    """Whether this is the interpreter whose main thread hears signals."""
    try:
        current, main = (
            ctypes.pythonapi.PyInterpreterState_Get,
            ctypes.pythonapi.PyInterpreterState_Main,
        )
    except AttributeError:  # not CPython
        return True
    current.restype = main.restype = ctypes.c_void_p
    return bool(current() == main())


def _address(ended: array[int] | None) -> ctypes.c_void_p | None:
    """Where the flag is."""
    return None if ended is None else ctypes.c_void_p(ended.buffer_info()[0])
