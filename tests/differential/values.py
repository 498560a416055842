"""The values that tests combine: every kind, and the edges of each; how a program makes them."""

from __future__ import annotations

from typing import Any

from pymdvm.bytecode import Constant
from pymdvm.bytecode.model import I64_MAX, I64_MIN

from .source import Line, line, load

INTS = [0, 1, -1, 7, 63, I64_MAX, I64_MIN, 2**53 + 1]
FLOATS = [
    0.0,
    -0.0,
    1.0,
    2.5,
    -1.5,
    1e23,
    9.9e-5,
    5e-324,
    2.0**53,
    2.0**63,
    -(2.0**63),
    float("nan"),
    float("inf"),
    float("-inf"),
]
STRINGS = ["", "a", "ab", "1", 'é\n"\u0301', "\U0001f600"]
SCALARS: list[Any] = [None, False, True, *INTS, *FLOATS, *STRINGS]

# No dict here has two entries: the published VM puts them in a random order.
CONTAINERS: list[Any] = [
    [],
    [1],
    [1.0, "x"],
    [[None], {"k": [True]}],
    [float("nan")],
    {},
    {"a": 1},
    {"a": {"b": [0]}},
]

ALL: list[Any] = [*SCALARS, *CONTAINERS]

# Registers that make_value uses for itself.
SCRATCH = (250, 251, 252, 253, 254, 255)


def kind_of(value: object) -> str:
    """The VM's name of a value's type."""
    names = {
        type(None): "Empty",
        bool: "Bool",
        int: "Int",
        float: "Float",
        str: "String",
        list: "Array",
        dict: "Dict",
    }
    return names[type(value)]


def make_value(register: int, value: Any, depth: int = 0) -> list[Line]:
    """The instructions that put a value into a register; the ones for SCRATCH are overwritten."""
    if not isinstance(value, (list, dict)):
        return [load(register, value)]
    # Two scratch registers a level: an element in the making must not disturb the key or index it
    # will get.
    key, element = SCRATCH[2 * depth], SCRATCH[2 * depth + 1]
    if isinstance(value, dict):
        lines = [line("DICT_NEW", register)]
        for name, item in value.items():
            lines += [
                *make_value(element, item, depth + 1),
                load(key, name),
                line("DICT_SET", register, key, element),
            ]
        return lines
    lines = [load(key, len(value)), line("NEW_ARRAY", register, key)]
    for index, item in enumerate(value):
        if item is not None:
            lines += [
                *make_value(element, item, depth + 1),
                load(key, index),
                line("ARRAY_SET", register, key, element),
            ]
    return lines


def show_register(register: int) -> list[Line]:
    """Print a register's value inside an array, where even Empty prints, and an int differs from a
    float.
    """
    size, box = SCRATCH[0], SCRATCH[1]
    return [
        load(size, 1),
        line("NEW_ARRAY", box, size),
        load(size, 0),
        line("ARRAY_SET", box, size, register),
        line("DEBUG_PRINT", box),
    ]


def constant(value: Any) -> Constant:
    """A scalar as a constant."""
    return Constant.of(value)
