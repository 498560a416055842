"""Sizes that do not fit a C int are handed over whole, or refused: never cut.

Nothing here takes the memory that it speaks of.
"""

from __future__ import annotations

import ctypes

import pytest

import pymdvm.engines.native
import pymdvm.session
from mdvm.embedding import protocol
from pymdvm.engines.native import NativeEngine, find_library
from pymdvm.program import Program
from tests.api.samples import IDENTITY, only_native, program

pytestmark = only_native
LARGE = 5 << 30


class Long(bytes):
    """Bytes that say they are many more."""

    def __len__(self) -> int:
        return LARGE


@pytest.fixture
def engine() -> NativeEngine:
    library = find_library()
    assert library is not None
    return NativeEngine(library)


def test_the_size_of_a_large_file_arrives_whole(
    engine: NativeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = ctypes.CFUNCTYPE(
        ctypes.c_long, ctypes.c_int, ctypes.c_long, ctypes.c_char_p, ctypes.c_long
    )(lambda what, number, data, size: size if number == LARGE + 1 else 0)
    # As the library's function is called: nothing says of which types the arguments are.
    address = ctypes.cast(taken, ctypes.c_void_p).value
    assert address is not None
    monkeypatch.setattr(engine, "_request", ctypes.CFUNCTYPE(ctypes.c_long)(address))
    assert engine.request(protocol.LOAD, LARGE + 1, Long()) == LARGE


def test_small_sizes_arrive_whole_too(engine: NativeEngine) -> None:
    """Passed as C ints where a C long is expected: nothing may be left in the other half of the
    register.
    """
    function = ctypes.CDLL(None).labs  # takes a long
    function.restype = ctypes.c_long
    for number in (0, 1, -1, 2**31 - 1, -(2**31)):
        assert function(number) == abs(number)


def test_large_answers_are_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = ctypes.create_string_buffer(bytes(range(256)) * 8)
    address = pymdvm.engines.native._Address(ctypes.addressof(memory))
    small = pymdvm.engines.native._bytes_at(address, 2048)
    monkeypatch.setattr(pymdvm.engines.native, "_INT_MAX", 1000)
    assert pymdvm.engines.native._bytes_at(address, 2048) == small == memory.raw[:2048]


def test_arguments_of_more_than_2_gib_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    identity: Program = program(IDENTITY)
    monkeypatch.setattr(pymdvm.session, "MOST_BYTES", 1000)
    assert identity.call("identity", "x" * 900) == "x" * 900
    with pytest.raises(ValueError, match="cannot be handed over"):
        identity.call("identity", "x" * 1000)
    assert identity.call("identity", "x") == "x"
