"""Values that are none of Python's plain ones, and what errors tell of nested values."""

from __future__ import annotations

import array
import ctypes
import enum
import struct
import tracemalloc
from collections import OrderedDict, namedtuple
from dataclasses import dataclass, field
from math import prod
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pymdvm
from pymdvm.assembler import assemble
from pymdvm.bytecode import write
from pymdvm.marshal import decode, encode_tagged
from pymdvm.run_options import DEFAULT
from tests.api.samples import IDENTITY, only_native, program

identity = program(IDENTITY)
identity_2 = pymdvm.loads(write(assemble(".version 2\n.func same\n    RETURN r0\n")))


@dataclass
class Point:
    x: int
    y: float = 0.5
    label: str = field(default="p", repr=False)


@dataclass
class Knot:
    other: Any = None


class Index:
    def __index__(self) -> int:
        return 7


class Undecodable:
    def __index__(self) -> int:
        return int(b"\xff".decode("utf-8"))


class Colour(enum.IntEnum):
    RED = 1


Pair = namedtuple("Pair", "first second")


@pytest.mark.parametrize(
    ("given", "back"),
    [
        (Point(1), {"x": 1, "y": 0.5, "label": "p"}),
        ([Point(1), {"a": Point(2)}], None),
        (Index(), 7),
        ([Index(), None], [7, None]),
        (Colour.RED, 1),
        ([Colour.RED, "x"], [1, "x"]),
        ([Pair(1, "a"), None], [[1, "a"], None]),
        (OrderedDict(a=1), {"a": 1}),
        (array.array("q", [1, -(2**63)]), [1, -(2**63)]),
        (array.array("d", [0.5]), [0.5]),
        (array.array("f", [0.5]), [0.5]),
        (array.array("B", [1, 255]), [1, 255]),
        ({"a": array.array("h", [-1])}, {"a": [-1]}),
        (memoryview(array.array("q", range(10)))[::2], [0, 2, 4, 6, 8]),
        (memoryview(b"\0\1").cast("?"), [False, True]),
        (
            memoryview(array.array("q", range(6))).cast("B").cast("q", [2, 3]),
            [[0, 1, 2], [3, 4, 5]],
        ),
        (array.array("q"), []),
    ],
)
def test_what_arrives(given: Any, back: Any) -> None:
    if back is None:
        back = [
            {"x": 1, "y": 0.5, "label": "p"},
            {"a": {"x": 2, "y": 0.5, "label": "p"}},
        ]
    assert repr(identity.call("identity", given)) == repr(back)


def test_arrays_of_numbers_come_back_without_lists() -> None:
    ints = identity.call("identity", [1, 2, 3], arrays=True)
    assert isinstance(ints, memoryview)
    assert (ints.format, ints.tolist()) == ("q", [1, 2, 3])
    floats = identity.call("identity", array.array("d", [0.5, 1.5]), arrays=True)
    assert isinstance(floats, memoryview)
    assert (floats.format, floats.tolist()) == ("d", [0.5, 1.5])
    bools = identity.call("identity", [True, False], arrays=True)
    assert isinstance(bools, memoryview)
    assert (bools.format, bools.tolist()) == ("?", [True, False])
    nothing: Any = identity.call("identity", [], arrays=True)
    assert nothing.tolist() == []
    assert identity.call("identity", [1, 0.5], arrays=True) == [1, 0.5]
    assert identity.call("identity", [True, None], arrays=True) == [True, None]
    assert identity.call("identity", ["TFTF"], arrays=True) == ["TFTF"]
    assert identity.call("identity", {}, arrays=True) == {}
    assert identity.call("identity", "text", arrays=True) == "text"
    of_instance: Any = identity.start().call("identity", [4, 5], arrays=True)
    assert of_instance.tolist() == [4, 5]


@pytest.mark.parametrize(
    ("values", "error", "text"),
    [
        (
            ([1, {"a": [2, b"x"]}],),
            TypeError,
            "a value of type bytes cannot be given to a program, at [1]['a'][1]",
        ),
        (
            (1, [None, {1}]),
            TypeError,
            "a value of type set cannot be given to a program, at [1] of value 2",
        ),
        ((1, {1}), TypeError, "a value of type set cannot be given to a program, value 2"),
        (({1},), TypeError, "a value of type set cannot be given to a program"),
        (
            ([[1, 2**63]],),
            OverflowError,
            "an int outside 64 bits cannot be given to a program, at [0][1]",
        ),
        (
            ({"a": array.array("Q", [1, 2, 2**63])},),
            OverflowError,
            "an int outside 64 bits cannot be given to a program, at ['a'][2]",
        ),
        (
            ([None, 2**63],),
            OverflowError,
            "an int outside 64 bits cannot be given to a program, at [1]",
        ),
        (
            ([None, -(2**63) - 1],),
            OverflowError,
            "an int outside 64 bits cannot be given to a program, at [1]",
        ),
        (
            ({"k": ["\ud800"]},),
            ValueError,
            "a str with the surrogate U+D800 cannot be given to a program, at ['k'][0]",
        ),
        (
            ([{"\udfff": 1}],),
            ValueError,
            "a str with the surrogate U+DFFF cannot be given to a program, at [0]['\\udfff']",
        ),
        (
            ([{1: 2}],),
            TypeError,
            "a dict with a key of type int cannot be given to a program, at [0][1]",
        ),
        (([1j],), TypeError, "a value of type complex cannot be given to a program, at [0]"),
        (([...],), TypeError, "a value of type ellipsis cannot be given to a program, at [0]"),
        (
            (Knot(1j),),
            TypeError,
            "a value of type complex cannot be given to a program, at ['other']",
        ),
        ((b"x",), TypeError, "a value of type bytes cannot be given to a program"),
        (([Point],), TypeError, "a value of type type cannot be given to a program, at [0]"),
    ],
)
def test_errors_say_where(values: tuple[Any, ...], error: type[Exception], text: str) -> None:
    with pytest.raises(error) as caught:
        identity.call("identity", *values)
    assert str(caught.value) == text
    assert type(caught.value) is error
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_values_that_contain_themselves() -> None:
    knot = Knot()
    knot.other = [knot]
    loop: list[Any] = [None]
    loop.append(loop)
    for value in (knot, loop, {"a": loop}):
        with pytest.raises(ValueError, match="that contains itself cannot be given to a program"):
            identity.call("identity", value)


def test_what_is_there_twice_is_no_loop() -> None:
    part = [1, "x"]
    assert identity.call("identity", [part, part, {"a": part}]) == [part, part, {"a": part}]
    many: Any = ["x"]
    for _ in range(40):
        many = [many, many]
    assert identity.call("nothing", many) is None


def test_deep_values() -> None:
    for depth in (10, 490, 600, 3000):
        value: Any = "x"
        for _ in range(depth):
            value = [value]
        value = identity.call("identity", value)
        for _ in range(depth):
            (value,) = value
        assert value == "x"


def test_a_result_of_a_function_of_the_host_is_converted_too() -> None:
    asking = program('LOAD_CONST r1, "host"\nCALL r0, r1()\nRETURN r0\n')
    results: list[Any] = [Point(3), [None, Index()], [Point(1, 2.5)], memoryview(b"ab")]
    for result in results:
        expected = identity.call("identity", result)
        assert asking.run(functions={"host": lambda result=result: result}) == expected
    with pytest.raises(TypeError, match=r"a value of type set .*, at \[1\]"):
        asking.run(functions={"host": lambda: [None, {1}]})
    texts = {
        "a value of type set cannot be given to a program, at [1]": [None, {1}],
        "a value of type set cannot be given to a program": {1},
        "an int outside 64 bits cannot be given to a program, at ['a'][1]": {"a": [1, 2**63]},
    }
    for text, wrong in texts.items():
        for journal in (None, pymdvm.Journal()):
            with pytest.raises((TypeError, OverflowError)) as caught:
                asking.run(functions={"host": lambda wrong=wrong: wrong}, journal=journal)
            assert str(caught.value) == f"{text}, in what the function 'host' gives"
    with pytest.raises(UnicodeDecodeError, match="can't decode"):
        asking.run(functions={"host": Undecodable})


def listed(value: Any) -> Any:
    """The value with lists in the place of its memoryviews, none of which may be left out."""
    if isinstance(value, memoryview):
        assert value.readonly
        return value.tolist()
    if isinstance(value, list):
        kinds = {type(element) for element in value}
        assert len(kinds) > 1 or (kinds and not kinds <= {int, float, bool}), value
        return [listed(element) for element in value]
    if isinstance(value, dict):
        return {key: listed(element) for key, element in value.items()}
    return value


@pytest.mark.parametrize(
    "value",
    [
        {"a": [1, 2], "b": [0.5, -0.0], "c": [True, False], "d": []},
        [[1, 2**31 - 1, -(2**31)], [2**31, -(2**31) - 1], [1, 2**63 - 1, -(2**63)]],
        [[0, 1.5], [1, True], [True, None], [1.5, "x"], [2**40, "x"], ["i\0\0\0\0"]],
        [{"a": [1], "b": {"a": [2.5], "b": {}}}, {"a": [[3], ["a", {"a": [True]}]]}, "T", 7],
        {"k" * 100: [1], "e": "\u00e9\U0001f600", "n": None, "f": 1.5, "l": 2**62, "t": True},
        [[[[1]]], [[]], {}, [{}]],
    ],
)
@pytest.mark.parametrize("of_version_2", [False, True])
def test_arrays_within_a_value(value: Any, of_version_2: bool) -> None:
    """Of version 2 in the other format, in which alone there are other keys."""
    if not of_version_2:
        back: Any = identity.call("identity", value, arrays="nested")
        assert isinstance(back, type(value))
    else:
        entries: Any = identity_2.call("same", {1: value}, arrays="nested")
        back = entries[1]
    assert repr(listed(back)) == repr(value)


def test_arrays_within_a_value_are_as_those_that_are_all_of_it() -> None:
    for value in ([1, 2], [0.5], [True], []):
        alone: Any = identity.call("identity", value, arrays=True)
        nesting: Any = identity.call("identity", {"a": value}, arrays="nested")
        within = nesting["a"]
        assert (within.format, within.tolist()) == (alone.format, alone.tolist())
        again: Any = identity.call("identity", value, arrays="nested")
        assert again.format == alone.format
        assert identity.call("identity", {"a": value}, arrays=True) == {"a": value}
    assert identity.call("identity", "text", arrays="nested") == "text"
    assert identity.call("identity", None, arrays="nested") is None


@pytest.mark.parametrize("code", "bBhHiIlLqQfd?")
@pytest.mark.parametrize("shape", [(0,), (1,), (7,), (9,), (2, 3), (3, 1), (2, 1, 2)])
def test_every_kind_of_array_arrives(code: str, shape: tuple[int, ...]) -> None:
    size = struct.calcsize(code)
    count = prod(shape)
    bounds = {"f": (-0.5, 2.5), "d": (-0.5, 2.5), "?": (False, True)}
    is_signed = code.islower()
    largest = (1 << 8 * size - is_signed) - 1 if code not in "Q" + "L" * (size == 8) else 2**63 - 1
    first, last = bounds.get(code, (-(1 << 8 * size - 1) if is_signed else 0, largest))
    numbers = ([first, last] * count)[:count]
    data = struct.pack(f"{count}{code}", *numbers)
    view: Any = memoryview(data)
    view = view.cast(code) if len(shape) == 1 else view.cast(code, shape)
    assert repr(identity.call("identity", view)) == repr(view.tolist())
    assert repr(identity.call("identity", [{"x": view}])) == repr([{"x": view.tolist()}])
    if len(shape) == 1:
        backwards = identity.call("identity", view[::-1], arrays=True)
        assert isinstance(backwards, memoryview)
        assert repr(backwards.tolist()) == repr(numbers[::-1])


@only_native
@pytest.mark.parametrize("code", ["q", "d", "?"])
def test_no_element_of_an_array_is_an_object(code: str) -> None:
    view: Any = memoryview(bytes(struct.calcsize(code) * 100_000))
    view = view.cast(code)
    size = view.nbytes
    tracemalloc.start()
    try:
        back = identity.call("identity", view, arrays=True)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(back, memoryview)
    assert back.tolist() == view.tolist()
    assert peak < 6 * size + 20_000  # a list alone takes 8 bytes for each


@pytest.mark.parametrize("count", [1, 2, 3])
def test_arrays_of_ctypes(count: int) -> None:
    kinds: list[Any] = [ctypes.c_int64, ctypes.c_uint8, ctypes.c_double, ctypes.c_bool]
    for kind in kinds:
        values = (kind * count)(*range(count))
        assert identity.call("identity", values) == list(values)


def test_numpy() -> None:
    numpy = pytest.importorskip("numpy")
    for kind in ("int64", "float64", "int32", "float32", "float16", "uint8", "bool"):
        values = numpy.array([0, 1, 1], dtype=kind)
        assert identity.call("identity", values) == values.tolist()
        assert identity.call("identity", [None, values[1]]) == [None, values[1].item()]
    for kind in ("float32", "float16"):
        odd = numpy.array([0.1, -0.0, 1e-6, 65504, numpy.inf, -numpy.inf], dtype=kind)
        assert repr(identity.call("identity", odd)) == repr(odd.astype("float64").tolist())
        nan: Any = identity.call("identity", numpy.array([numpy.nan], dtype=kind))
        assert numpy.isnan(nan[0])
    grid = numpy.arange(6).reshape(2, 3)
    assert identity.call("identity", grid) == grid.tolist()
    assert identity.call("identity", grid.T) == grid.T.tolist()
    assert identity.call("identity", grid[:, 1]) == [1, 4]
    back = numpy.asarray(identity.call("identity", grid[0], arrays=True))
    assert (back.dtype, back.tolist()) == (numpy.dtype("int64"), [0, 1, 2])
    back = numpy.asarray(identity.call("identity", grid[0] > 1, arrays=True))
    assert (back.dtype, back.tolist()) == (numpy.dtype("bool"), [False, False, True])
    for wrong in ("2020-01-01", ["2020-01-01"]):
        dates = numpy.array(wrong, dtype="M8[D]")
        for value in (dates, dates[()]):
            with pytest.raises(TypeError, match=r"of type \w+ cannot be given .*, at \['when'\]"):
                identity.call("identity", {"when": value})


@pytest.mark.parametrize("kind", ["i2", "u4", "i8", "u8", "f2", "f4", "f8"])
def test_numpy_with_the_highest_byte_first(kind: str) -> None:
    numpy = pytest.importorskip("numpy")
    values = numpy.array([[1, 2, 300], [0, 0, 77]], dtype=">" + kind)
    assert identity.call("identity", values) == values.tolist()
    assert identity.call("identity", values[:, ::-1]) == values[:, ::-1].tolist()
    assert identity.call("identity", [None, values[0, 2].reshape(())]) == [None, 300]


class HighestByteFirst(ctypes.BigEndianStructure):
    _fields_ = (("number", ctypes.c_int32),)


def test_ctypes_with_the_highest_byte_first() -> None:
    int32: Any = ctypes.c_int32
    double: Any = ctypes.c_double
    values = (int32.__ctype_be__ * 3)(1, -2, 70000)
    assert memoryview(values).format == ">i"
    assert identity.call("identity", values) == [1, -2, 70000]
    assert identity.call("identity", (double.__ctype_be__ * 1)(0.1)) == [0.1]
    with pytest.raises(TypeError, match="it has elements of the format"):
        identity.call("identity", (HighestByteFirst * 2)())


@pytest.mark.parametrize("code", ["Zd", "c"])
def test_other_elements_are_no_numbers(code: str) -> None:
    if code == "c":
        value: Any = memoryview(b"ab").cast("c")
    else:
        value = pytest.importorskip("numpy").zeros(2, dtype="c16")
    with pytest.raises(TypeError, match="cannot be given to a program"):
        identity.call("identity", value)


def test_a_program_that_is_dropped_while_its_function_is_known() -> None:
    function = program(IDENTITY).function("identity")
    assert function([None, "x"]) == [None, "x"]
    assert isinstance(function, pymdvm.Function)


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(max_size=20),
)
nested = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=6), st.dictionaries(st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=30,
)


exhaustive = settings(
    deadline=None, derandomize=True, max_examples=100, suppress_health_check=list(HealthCheck)
)


@exhaustive
@given(nested)
def test_any_value_comes_back_in_either_format(value: Any) -> None:
    expected = repr(value)
    assert repr(identity.call("identity", value)) == expected
    assert repr(listed(identity.call("identity", value, arrays="nested"))) == expected
    tagged = b"".join([encode_tagged([value], identity)])
    assert repr(decode(tagged)) == expected
    run = identity._session.run
    number = identity._number_of("identity", DEFAULT)
    assert repr(run(identity._handle, number, tagged, 1, DEFAULT)) == expected


@exhaustive
@given(st.lists(nested, max_size=4))
def test_several_arguments_and_results_of_the_host(values: list[Any]) -> None:
    given_to_host: list[Any] = []

    def host(*arguments: Any) -> list[Any]:
        given_to_host.append(list(arguments))
        return [*arguments, None]

    registers = ", ".join(f"r{number}" for number in range(len(values)))
    asking = program(f'.func f\nLOAD_CONST r9, "host"\nCALL r0, r9({registers})\nRETURN r0\n')
    back = asking.call("f", *values, functions={"host": host})
    assert repr(back) == repr([*values, None])
    assert repr(given_to_host) == repr([values])
