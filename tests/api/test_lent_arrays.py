"""Large arrays of the buffer protocol, which the VM copies from where they lie: they arrive as any
other, are the caller's again when the call is over, and are never changed.
"""

from __future__ import annotations

import array
import gc
import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest

import pymdvm
from pymdvm import lent_arrays
from pymdvm.marshal import encode_all
from tests.api.samples import ENDLESS, only_native, program

SIZE = lent_arrays.LEAST // 8
SAME = program("""
.func same
    RETURN       r0
.func second
    RETURN       r1
.func store
    LOAD_CONST   r1, 0
    LOAD_CONST   r2, 7
    ARRAY_SET    r0, r1, r2
    RETURN       r0
.func fail
    ARRAY_GET    r0, r0, r0
    RETURN       r0
.func ask
    LOAD_CONST   r1, "give"
    CALL         r2, r1(r0)
    RETURN       r2
.func keep
    STORE_GLOBAL r0, "kept"
    RETURN
""")


def numbers(size: int = SIZE) -> array.array[Any]:
    return array.array("q", range(-1, size - 1))


def is_lent(*values: object) -> bool:
    return isinstance(encode_all(values, SAME, True), lent_arrays.Lent)


LARGE: dict[str, Any] = {
    "ints": numbers(),
    "longs": array.array("l", range(SIZE)),
    "floats": array.array("d", [-0.0, float("inf"), *map(float, range(SIZE))]),
    "bools": memoryview(bytes([2, 0, 1] * (3 * SIZE))).cast("?"),
    "read-only": memoryview(numbers().tobytes()).cast("q"),
    "two dimensions": memoryview(numbers(2 * SIZE)).cast("B").cast("q", (2, SIZE)),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_large_array_arrives_as_any_other(name: str) -> None:
    value = LARGE[name]
    assert is_lent(value)
    assert SAME.call("same", value) == value.tolist()
    assert SAME.function("same")(value) == value.tolist()
    assert SAME.call("same", value, timeout=60) == value.tolist()


def test_not_a_number_keeps_its_bits() -> None:
    bits = array.array("Q", [0x7FFCDEADDEADDEAD, 0xFFF8000000000001] * SIZE)
    value = memoryview(bits).cast("B").cast("d")
    assert is_lent(value)
    answer: Any = SAME.call("same", value, arrays=True)
    assert answer.tobytes() == bits.tobytes()


@pytest.mark.parametrize(
    "value",
    [
        numbers(SIZE - 1),
        array.array("i", range(4 * SIZE)),
        array.array("f", range(4 * SIZE)),
        memoryview(numbers(2 * SIZE))[::2],
        memoryview(bytearray(8 * SIZE + 1))[1:].cast("q"),
        memoryview(numbers(2 * SIZE)).cast("B").cast("q", (SIZE, 2)),
        memoryview(numbers(8 * SIZE)).cast("B").cast("q", (2, 4, SIZE)),
    ],
    ids=["small", "i", "f", "with steps", "unaligned", "short rows", "three dimensions"],
)
def test_others_are_written(value: Any) -> None:
    assert not is_lent(value)
    assert SAME.call("same", value) == value.tolist()


@pytest.mark.parametrize(
    "value",
    [
        {"a": numbers(), "b": [1, "x"], "c": LARGE["floats"]},
        [None, numbers()],
        ("x", [{"deep": LARGE["bools"]}]),
    ],
    ids=["columns", "list", "deep"],
)
def test_arrays_in_other_values(value: Any) -> None:
    def listed(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: listed(item) for key, item in part.items()}
        if isinstance(part, (list, tuple)):
            return [listed(item) for item in part]
        return part.tolist() if hasattr(part, "tolist") else part

    assert SAME.call("same", value) == listed(value)


def test_several_arguments() -> None:
    assert is_lent("x", numbers(), 5)
    assert SAME.call("second", "x", numbers(), 5) == numbers().tolist()
    assert SAME.call("second", numbers(), {"a": numbers()}) == {"a": numbers().tolist()}
    with pytest.raises(TypeError, match="a value of type set .*, value 2"):
        SAME.call("second", numbers(), {1})


def test_a_store_leaves_the_callers_as_it_is() -> None:
    given = numbers()
    result: Any = SAME.call("store", given)
    assert result[0] == 7
    assert given == numbers()


@pytest.mark.parametrize("name", ["same", "fail"])
def test_it_is_given_back_when_the_run_is_over(name: str) -> None:
    given = numbers()
    try:
        SAME.call(name, given)
    except pymdvm.RunError as error:
        kept: object = error  # with its traceback
    given.append(1)  # a BufferError while somebody holds it
    assert len(given) == SIZE + 1
    there = weakref.ref(given)
    del given
    kept = None
    assert kept is None
    gc.collect()
    assert there() is None


@only_native
def test_it_is_held_while_the_program_runs() -> None:
    given = numbers()
    handle = pymdvm.RunHandle()
    endless = program(".func endless\n" + ENDLESS)
    refused = []

    def look() -> None:
        try:
            given.append(1)
        except BufferError:
            refused.append(True)
        handle.end()

    threading.Timer(0.1, look).start()
    with pytest.raises(pymdvm.LimitError):
        endless.call("endless", given, handle=handle)
    assert refused == [True]
    given.append(1)


def test_what_is_kept_is_the_programs_own() -> None:
    given = numbers()
    instance = SAME.start(max_instructions=10**6)
    instance.call("keep", given)
    given[0] = 99
    kept: Any = instance.globals["kept"]
    assert kept[0] == -1
    instance.globals["kept"] = given
    assert instance.globals["kept"] == given.tolist()


def test_results_of_functions_are_written() -> None:
    """They are given while the program runs, and nobody holds them then."""
    give: Callable[[object], object] = lambda value: numbers()  # noqa: E731
    assert SAME.call("ask", 1, functions={"give": give}) == numbers().tolist()
    back: Callable[[object], object] = lambda value: value  # noqa: E731
    assert SAME.call("ask", numbers(), functions={"give": back}) == numbers().tolist()


def test_a_journal_knows_the_elements() -> None:
    journal = pymdvm.Journal()
    give: Callable[[object], object] = lambda value: [value, numbers()]  # noqa: E731
    first = SAME.call("ask", numbers(), functions={"give": give}, journal=journal)
    stored = journal.to_bytes()
    again = pymdvm.Journal.from_bytes(stored)
    assert SAME.call("ask", numbers(), functions={"give": give}, journal=again) == first
    assert again.to_bytes() == stored
    other = numbers()
    other[0] = 5
    with pytest.raises(pymdvm.JournalError, match="other arguments"):
        SAME.call("ask", other, functions={"give": give}, journal=pymdvm.Journal.from_bytes(stored))


def test_a_limit_of_memory_counts_the_copy() -> None:
    given = array.array("d", bytes(8 << 20))
    with pytest.raises(pymdvm.LimitError) as caught:
        SAME.call("same", given, max_memory=4 << 20)
    assert caught.value.kind == "memory"
    given.append(1.0)


def test_results_that_are_arrays_of_floats_are_views() -> None:
    """However the program has made them."""
    made = program("""
    .func backwards
        LOAD_CONST   r1, 3
        NEW_ARRAY    r2, r1
        LOAD_CONST   r4, 0.5
    next:
        LOAD_CONST   r5, 1
        SUB          r1, r1, r5
        ARRAY_SET    r2, r1, r4
        LOAD_CONST   r5, 0
        GT           r6, r1, r5
        JUMP_IF      r6, next
        RETURN       r2
    """)
    result: Any = made.call("backwards", arrays=True)
    assert isinstance(result, memoryview) and (result.format, result.tolist()) == ("d", [0.5] * 3)
    assert made.call("backwards") == [0.5] * 3
