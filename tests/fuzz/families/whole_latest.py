"""Whole programs of version 2: beside what whole.py has, lists that grow, sets, dicts with any keys,
built-in calls and functions as values.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pymdvm import Function

from ..writer import Writer
from . import latest_family
from .builtins import TEXTS
from .whole import LEFT, NAME, REGISTERS, RESULT, RIGHT, Typed, write_program

LONGEST = 12
# The built-in functions that are called: of what kinds of registers, and what they give.
CALLS = (
    ("len", ("string",), "int"),
    ("len", ("list",), "int"),
    ("bytes", ("string",), "int"),
    ("str", ("any",), "string"),
    ("type", ("any",), "string"),
    ("bool", ("any",), "bool"),
    ("upper", ("string",), "string"),
    ("trim", ("string",), "string"),
    ("find", ("string", "string"), "int"),
    ("find", ("list", "int"), "int"),
    ("contains", ("list", "any"), "bool"),
    ("contains", ("string", "string"), "bool"),
    ("contains", ("set", "int"), "bool"),
    ("starts with", ("string", "string"), "bool"),
    ("split", ("string",), "any"),
    ("join", ("list", "string"), "any"),
    ("reverse", ("string",), "string"),
    ("reverse", ("list",), "list"),
    ("sort", ("ints",), "any"),
    ("abs", ("float",), "float"),
    ("min", ("int", "int"), "int"),
    ("max", ("float", "int"), "any"),
    ("min", ("ints",), "int"),
    ("sum", ("ints",), "int"),
    ("round", ("float",), "any"),
    ("float", ("int",), "float"),
    ("sin", ("int",), "float"),
    ("atan2", ("float", "int"), "float"),
)


class _Latest(Typed):
    registers = {**REGISTERS, "list": (35, 36, 37), "set": (38, 39, 46), "function": (47, 48)}

    def ways(self) -> tuple[list[Callable[[Any], None]], list[int]]:
        statements, weights = super().ways()
        own = [way for way, _ in _WAYS], [weight for _, weight in _WAYS]
        return statements + own[0], weights + own[1]

    def constant(self, register: int, kind: str) -> None:
        rng = self.rng
        if kind == "list":
            items: list[Any] = [rng.randint(0, 5) for _ in range(rng.randint(0, 4))]
            self.write.load(register, items if rng.random() < 0.8 else [*items, 1.5])
        elif kind == "set":
            self.write.set_of(register, [rng.randint(0, 5) for _ in range(3)], NAME)
        elif kind == "function":
            names = [name for name, _ in self.functions] + ["str", "type"]
            self.write.load(register, Function(rng.choice(names)))
        elif kind == "string" and rng.random() < 0.5:
            self.write.load(register, rng.choice(TEXTS))
        else:
            super().constant(register, kind)

    # ________________________________________________________ statements

    def push(self) -> None:
        register = self.register("list")
        kind = "int" if self.rng.random() < 0.9 else self.rng.choice(("float", "any", "string"))
        self.write.op("ARRAY_PUSH", register, self.operand(RIGHT, kind))
        self.write.op("ARRAY_LEN", RESULT, register)
        self.write.load(RIGHT, LONGEST)
        self.write.op("GT", RESULT, RESULT, RIGHT)
        self.write.either(RESULT, lambda: self.constant(register, "list"))

    def take(self) -> None:
        register, target = self.register("list"), self.register("any")

        def take() -> None:
            if self.rng.random() < 0.6:
                self.write.op("ARRAY_POP", target, register)
            else:
                self.write.load(LEFT, 0)
                self.write.op("ARRAY_REMOVE", target, register, LEFT)

        self.write.either(register, take)

    def insert(self) -> None:
        register = self.register("list")
        self.write.op("ARRAY_LEN", LEFT, register)
        if self.rng.random() < 0.5:
            self.write.load(LEFT, 0)
        self.write.op("ARRAY_INSERT", register, LEFT, self.operand(RIGHT, "int"))

    def element(self) -> None:
        """The last element, or another value in its place."""
        register = self.register("list")

        def access() -> None:
            self.write.op("ARRAY_LEN", LEFT, register)
            self.write.load(RIGHT, 1)
            self.write.op("SUB", LEFT, LEFT, RIGHT)
            if self.rng.random() < 0.5:
                self.write.op("ARRAY_GET", self.register("any"), register, LEFT)
            else:
                self.write.op("ARRAY_SET", register, LEFT, self.register("int"))

        self.write.either(register, access)

    def parts(self) -> None:
        if self.rng.random() < 0.4:
            lists = [self.register("list") for _ in range(2)]
            self.write.op("ARRAY_CONCAT", self.register("any"), *lists)
            return
        register = self.register("list")
        self.write.op("ARRAY_LEN", RIGHT, register)
        self.write.load(LEFT, 0)
        self.write.op("ARRAY_SLICE", self.register("list"), register, LEFT, RIGHT)

    def find(self) -> None:
        self.write.op(
            "ARRAY_FIND", self.register("int"), self.register("list"), self.operand(RIGHT, "int")
        )

    def member(self) -> None:
        rng = self.rng
        register = self.register("set")
        kind = "int" if rng.random() < 0.85 else rng.choice(("string", "bool", "function"))
        member = self.operand(RIGHT, "int") if kind == "int" else self.register(kind)
        name = rng.choice(("SET_ADD", "SET_ADD", "SET_REMOVE", "SET_CONTAINS", "SET_CONTAINS"))
        if name == "SET_CONTAINS":
            self.write.op(name, self.register("bool"), register, member)
        else:
            self.write.op(name, register, member)

    def whole_set(self) -> None:
        register = self.register("set")
        way = self.rng.randrange(3)
        if way == 0:
            self.write.op("SET_LEN", self.register("int"), register)
        elif way == 1:
            self.write.op("SET_VALUES", self.register("any"), register)
        else:
            self.write.op("SET_NEW", register)

    def entry(self) -> None:
        """A dict's entry by a number."""
        register = self.register("dict")
        key = self.operand(LEFT, self.rng.choice(("int", "int", "bool", "string")))
        name = self.rng.choice(("DICT_SET", "DICT_SET", "DICT_GET", "DICT_CONTAINS"))
        if name == "DICT_SET":
            kind = self.rng.choice(("int", "float", "list", "set", "function"))
            self.write.op(name, register, key, self.register(kind))
        else:
            kind = "any" if name == "DICT_GET" else "bool"
            self.write.op(name, self.register(kind), register, key)

    def built_in(self) -> None:
        name, kinds, result = self.rng.choice(CALLS)
        arguments = tuple(self.register(kind) for kind in kinds)
        self.write.call(name, self.register(result), arguments, NAME)

    def function_value(self) -> None:
        self.write.op(
            "CALL", self.register("function"), self.register("any"), (self.register("any"),)
        )


_WAYS: tuple[tuple[Callable[[Any], None], int], ...] = (
    (_Latest.push, 6),
    (_Latest.take, 3),
    (_Latest.insert, 1),
    (_Latest.element, 3),
    (_Latest.parts, 1),
    (_Latest.find, 1),
    (_Latest.member, 6),
    (_Latest.whole_set, 2),
    (_Latest.entry, 2),
    (_Latest.built_in, 6),
    (_Latest.function_value, 1),
)


@latest_family
def whole_latest_programs(write: Writer, length: int) -> None:
    """Functions that call each other and a loop, with all that version 2 has."""
    write_program(write, length, _Latest)
