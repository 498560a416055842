"""The library's functions do what the language says, errors included."""

from __future__ import annotations

import math
from typing import Union

import pytest

from mdvm.objects import W_Int, W_Value
from mdvm.values.arrays import array_of
from mdvm.values.dicts import W_Dict, new_dict
from mdvm.values.sets import new_set
from pymdvm.bytecode.model import Constant
from pymdvm.compiler.frontend.built_ins import BUILT_INS
from pymdvm.compiler.lowering import library
from pymdvm.compiler.mir import runtime_names
from pymdvm.compiler.mir.checker import check_module
from pymdvm.compiler.mir.model import Block, Halt, Instruction, MirFunction, MirModule
from pymdvm.compiler.passes.evaluation import to_value

from .mir_machine import Outcome, run_module

Plain = Union[None, bool, int, float, str, list["Plain"], dict[str, "Plain"]]


def value_of(plain: Plain | W_Value) -> W_Value:
    if isinstance(plain, W_Value):
        return plain
    if isinstance(plain, list):
        w_array: W_Value = array_of([value_of(item) for item in plain])
        return w_array
    if isinstance(plain, dict):
        w_dict: W_Dict = new_dict()
        for key, item in plain.items():
            w_dict.set(to_value(Constant.of(key)), value_of(item))
        return w_dict
    return to_value(Constant.of(plain))


def run(name: str, *arguments: Plain, latest: bool = False) -> Outcome:
    module = MirModule(
        [MirFunction("", blocks={"b0": Block("b0", [], [], Halt())}), MirFunction("caller")]
    )
    caller = module.functions[1]
    caller.parameters = [caller.new_value() for _ in arguments]
    block = caller.new_block()
    block.instructions.append(
        Instruction("CALL", [Constant.of(name), *caller.parameters], caller.new_value())
    )
    library.add_library(module, latest)
    check_module(module)
    return run_module(module, tuple(value_of(argument) for argument in arguments), name)


@pytest.mark.parametrize(
    ("name", "arguments", "value"),
    [
        (runtime_names.APPEND, ([], 5), "Array([Int(5)])"),
        (runtime_names.APPEND, ([1, "a"], None), 'Array([Int(1), String("a"), Empty])'),
        (runtime_names.INSERT, ([1, 2, 3], 0, 9), "Array([Int(9), Int(1), Int(2), Int(3)])"),
        (runtime_names.INSERT, ([1, 2, 3], 2, 9), "Array([Int(1), Int(2), Int(9), Int(3)])"),
        (runtime_names.INSERT, ([1, 2, 3], 3, 9), "Array([Int(1), Int(2), Int(3), Int(9)])"),
        (runtime_names.INSERT, ([], 0, 9), "Array([Int(9)])"),
        (runtime_names.INSERT, ([1], 1.0, 9), "Array([Int(1), Int(9)])"),
        (runtime_names.REMOVE_ITEM, ([1, 2, 1], 1), "Array([Int(2), Int(1)])"),
        (runtime_names.REMOVE_ITEM, ([1, 2, 3], 3.0), "Array([Int(1), Int(2)])"),
        (runtime_names.REMOVE_ITEM, ([1, 2], True), "Array([Int(1), Int(2)])"),
        (runtime_names.REMOVE_ITEM, ([1], 1), "Array([])"),
        (runtime_names.REMOVE_ITEM, ([], 1), "Array([])"),
        (runtime_names.REMOVE, ([1, 2], 2), "Array([Int(1)])"),
        (runtime_names.REMOVE, ({"a": 1, "b": 2}, "a"), 'Dict({"b": Int(2)})'),
        (runtime_names.CLEAR, ([1],), "Array([])"),
        (runtime_names.CLEAR, ({"a": 1},), "Dict({})"),
        (runtime_names.ITEMS, ([1],), "Array([Int(1)])"),
        (runtime_names.ITEMS, ({"a": 1},), 'Array([String("a")])'),
        (runtime_names.ITEMS, (7,), "Int(7)"),
    ],
)
def test_results(name: str, arguments: tuple[Plain, ...], value: str) -> None:
    assert run(name, *arguments) == Outcome("", value)


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        (runtime_names.INSERT, ([1, 2], 3, 9), "Index out of bounds: index 3 for length 2"),
        (runtime_names.INSERT, ([1, 2], -1, 9), "Index out of bounds: index -1 for length 2"),
        (
            runtime_names.INSERT,
            ([1, 2], 0.0, 9),
            "Type mismatch: expected integer index, found float",
        ),
        (runtime_names.INSERT, (None, 0, 9), "Type mismatch: expected array, found empty"),
        (runtime_names.APPEND, ({}, 9), "Type mismatch: expected array, found dict"),
        (runtime_names.REMOVE, ("abc", "a"), "Type mismatch: expected array, found string"),
        (runtime_names.REMOVE, ({}, []), "Type mismatch: expected scalar key, found array"),
        (runtime_names.CLEAR, (1,), "Type mismatch: expected array, found int"),
    ],
)
def test_errors(name: str, arguments: tuple[Plain, ...], error: str) -> None:
    assert run(name, *arguments) == Outcome("", "", error)


VALUES: list[Plain] = [
    None,
    True,
    False,
    0,
    -1,
    1.5,
    -0.0,
    math.inf,
    -math.inf,
    math.nan,
    1e300,
    "",
    "[",
    "[1]",
    "{",
    "{}",
    "~",
    [],
    [1],
    [[]],
    [{}],
    ["{"],
    {},
    {"a": 1},
    {"": []},
]


@pytest.mark.parametrize("plain", VALUES, ids=repr)
def test_kinds_of_containers(plain: Plain) -> None:
    assert (
        run(runtime_names.IS_LIST, plain).value == f"Bool({str(isinstance(plain, list)).lower()})"
    )
    assert (
        run(runtime_names.IS_NAMED_LIST, plain).value
        == f"Bool({str(isinstance(plain, dict)).lower()})"
    )


# ____________________________________________________________ powers


@pytest.mark.parametrize(
    ("left", "right", "value"),
    [
        (3, 2, "Int(9)"),
        (0, 0, "Int(1)"),
        (-2, 63, "Int(-9223372036854775808)"),
        (-1, 9223372036854775807, "Int(-1)"),
        (7, 1, "Int(7)"),
        (2, 62, "Int(4611686018427387904)"),
        (-9223372036854775808, 1, "Int(-9223372036854775808)"),
        (2, -1, "Float(0.5)"),
        (10, -3, "Float(0.001)"),
        (-2, -3, "Float(-0.125)"),
        (1, -5, "Float(1.0)"),
        (2.0, 3, "Float(8.0)"),
        (0.0, 0, "Float(1.0)"),
        (4, 0.5, "Float(2.0)"),
        (2, 0.5, "Float(1.4142135623730951)"),
        (-8.0, 3, "Float(-512.0)"),
        (-1.0, 1e300, "Float(1.0)"),
        (10.0, 308, "Float(1e308)"),
        (10.0, 400, "Float(inf)"),
        (10.0, -400, "Float(0.0)"),
        (-10.0, 401, "Float(-inf)"),
        (-10.0, -401, "Float(-0.0)"),
        (-8, 1.5, "Float(NaN)"),
        (0.0, 2, "Float(0.0)"),
        (-0.0, 3, "Float(-0.0)"),
        (math.inf, -1, "Float(0.0)"),
        (-math.inf, 3, "Float(-inf)"),
        (0.5, math.inf, "Float(0.0)"),
        (0.5, -math.inf, "Float(inf)"),
        (-1.0, math.inf, "Float(1.0)"),
        (math.nan, 0, "Float(1.0)"),
        (1.0, math.nan, "Float(1.0)"),
        (math.nan, 2.0, "Float(NaN)"),
        (2.0, math.nan, "Float(NaN)"),
    ],
)
def test_powers(left: Plain, right: Plain, value: str) -> None:
    assert run(runtime_names.POWER, left, right) == Outcome("", value)


@pytest.mark.parametrize(
    ("left", "right", "error"),
    [
        (2, 63, "Integer overflow"),
        (-2, 64, "Integer overflow"),
        (0, -1, "Division by zero"),
        (0.0, -0.5, "Division by zero"),
        ("a", 2, "Type mismatch: expected numeric, found String and Int"),
        (2, None, "Type mismatch: expected numeric, found Int and Empty"),
        (True, [], "Type mismatch: expected numeric, found Bool and Array"),
    ],
)
def test_powers_that_fail(left: Plain, right: Plain, error: str) -> None:
    assert run(runtime_names.POWER, left, right) == Outcome("", "", error)


def _numbers() -> list[tuple[float, float]]:
    """Pairs spread over the ranges where the result is a normal number, by a fixed linear
    congruential sequence.
    """
    state, pairs = 12345, []
    for _ in range(120):
        fractions = []
        for _ in range(3):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            fractions.append(state / 2**64)
        base = math.ldexp(1 + fractions[0], int(fractions[2] * 60) - 30)
        pairs.append((base, (fractions[1] - 0.5) * 40))
    return pairs


def test_powers_are_right_to_the_last_bit() -> None:
    """C's pow is not always rounded right: it may differ from the exact result by a little more
    than half of the last bit.
    """
    wrong = 0
    whole = [
        (1.0 + fraction / 16, round(exponent))
        for fraction, exponent in _numbers()[:60]
        if 0 <= fraction < 4000
    ]
    for base, exponent in [
        *_numbers(),
        *whole,
        (1.05, 10.0),
        (1.1, 64.0),
        (0.99, -64.0),
        (255.9, 63.0),
        (-3.3, 7.0),
    ]:
        value = float(run(runtime_names.POWER, base, exponent).value[len("Float(") : -1])
        expected = math.pow(base, exponent)
        assert abs(value - expected) <= math.ulp(expected)
        wrong += value != expected
    assert wrong <= 2


MEMBERS = new_set()
MEMBERS.add(W_Int(7))
MEMBERS.add(W_Int(8))


@pytest.mark.parametrize(
    ("name", "arguments", "value"),
    [
        (runtime_names.ITEMS, ({"a": 1},), 'Array([String("a")])'),
        (runtime_names.ITEMS, ([1],), "Array([Int(1)])"),
        (runtime_names.ITEMS, (MEMBERS,), "Array([Int(7), Int(8)])"),
        (runtime_names.ADDED, ([1], 2), "Array([Int(1), Int(2)])"),
        (runtime_names.ADDED, (MEMBERS, 9), "Set([Int(7), Int(8), Int(9)])"),
        (runtime_names.REMOVE, (MEMBERS, 7), "Set([Int(8)])"),
        (runtime_names.REMOVE, ({"a": 1}, "a"), "Dict({})"),
        (runtime_names.REMOVE, ([1, 2], 1), "Array([Int(2)])"),
        (runtime_names.CLEAR, (MEMBERS,), "Set([])"),
        (runtime_names.CLEAR, ({"a": 1},), "Dict({})"),
        (runtime_names.CLEAR, ([1],), "Array([])"),
        (runtime_names.IS_LIST, (MEMBERS,), "Bool(false)"),
        (runtime_names.IS_NAMED_LIST, (MEMBERS,), "Bool(false)"),
        (runtime_names.IS_NAMED_LIST, ({},), "Bool(true)"),
    ],
)
def test_of_version_2(name: str, arguments: tuple[Plain, ...], value: str) -> None:
    assert run(name, *arguments, latest=True) == Outcome("", value, "")


def test_every_name_has_its_function_and_no_other_is_called() -> None:
    calls = [Instruction("CALL", [Constant.of(name)], None) for name in runtime_names.LIBRARY]
    module = MirModule([MirFunction("", blocks={"b0": Block("b0", [], calls, Halt())})])
    library.add_library(module, latest=True)
    assert {function.name for function in module.functions[1:]} == runtime_names.LIBRARY
    called = {
        runtime_names.called_name(instruction)
        for function in module.functions[1:]
        for instruction in function.instructions()
    }
    assert called - {None} - set(BUILT_INS) <= runtime_names.LIBRARY


def test_functions_of_the_program_are_told_apart_from_those_that_the_library_calls() -> None:
    assert library.built_ins_called(runtime_names.CHARACTERS) == {"bytes", "len", "at"}
    assert library.built_ins_called(runtime_names.REMOVE) == set()
