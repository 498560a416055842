"""Whole programs: functions, loops in loops, branches, containers, globals and strings, typed so
that they get far.

Every function keeps values of one kind in the same registers, so that what a callee finds of its
caller's fits too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..writer import FLOATS, KINDS, SMALL_KINDS, STRINGS, Part, Writer
from . import family

REGISTERS = {
    "int": (10, 11, 12, 13),
    "float": (15, 16, 17),
    "string": (19, 20),
    "bool": (22, 23),
    "ints": (25, 26),
    "floats": (27, 28),
    "array": (29, 30),
    "dict": (31, 32),
    "any": (33, 34, 90),
}
# An argument's place, and which kind it is.
PARAMETERS = ("int", "float", "any", "ints", "string")
GLOBALS = {"gi": "int", "gf": "float", "ga": "ints", "gx": "any", "gs": "string"}
SIZE = 4
PRIME = 1000003
# Scratch registers, and those of loops by depth.
LEFT, RIGHT, RESULT, NAME = 40, 41, 42, 43
FIRST_COUNTER = 50
MOST_DEPTH = 3


class Typed:
    """Writes the statements of one function."""

    # By kind.
    registers: Mapping[str, tuple[int, ...]] = REGISTERS

    def __init__(
        self, write: Writer, callable_functions: list[tuple[str, str]], depth: int = 0
    ) -> None:
        self.write = write
        self.rng = write.rng
        self.functions = callable_functions
        self.depth = depth
        self.own_kinds = tuple(self.registers)

    def ways(self) -> tuple[list[Callable[[Any], None]], list[int]]:
        """The kinds of statements, and how often each is wanted."""
        return _STATEMENTS, _WEIGHTS

    def register(self, kind: str) -> int:
        return self.rng.choice(self.registers[kind])

    def constant(self, register: int, kind: str) -> None:
        rng = self.rng
        if kind == "int":
            value: object = self.write.edge() if rng.random() < 0.1 else rng.randint(-5, 12)
        elif kind == "ints":
            value = [rng.randint(-3, 9) for _ in range(SIZE)]
        elif kind == "floats":
            value = [rng.choice(FLOATS[:9]) for _ in range(SIZE)]
        elif kind == "array":
            value = [self.write.any_value(SMALL_KINDS) for _ in range(SIZE)]
        elif kind == "any":
            value = self.write.any_value(KINDS)
        elif kind == "float":
            value = rng.choice(FLOATS if rng.random() < 0.2 else FLOATS[:9])
        elif kind == "string":
            value = rng.choice(STRINGS)
        else:
            value = self.write.value(kind)
        self.write.load(register, value)

    def start(self) -> None:
        for kind, registers in self.registers.items():
            for register in registers:
                self.constant(register, kind)

    def statements(self, count: int) -> None:
        for _ in range(count):
            self.rng.choices(*self.ways())[0](self)

    # ________________________________________________________ statements

    def operand(self, register: int, kind: str) -> int:
        """A register to read an operand from: one of the kind, or the scratch register given, with
        a constant.
        """
        if self.rng.random() < 0.35:
            self.constant(register, kind)
            return register
        if kind == "int" and self.depth and self.rng.random() < 0.4:
            return FIRST_COUNTER + 2 * self.rng.randrange(self.depth)
        return self.register(kind)

    def ints(self) -> None:
        operation = self.rng.choice(("ADD", "SUB", "MUL", "ADD", "DIV", "MOD", "NEG"))
        target = self.register("int")
        if operation == "NEG":
            self.write.op("NEG", target, self.register("int"))
            return
        left = self.operand(LEFT, "int")
        right = self.operand(RIGHT, "int")
        if operation in ("DIV", "MOD") and self.rng.random() < 0.95:
            self.write.load(RIGHT, self.rng.choice((1, 2, 3, 4, 7, 8, -1, -2, -3, 10, 2**32)))
            right = RIGHT
        self.write.op(operation, target, left, right)
        if operation in ("ADD", "SUB", "MUL") and self.rng.random() < 0.9:
            self.write.load(RIGHT, PRIME)
            self.write.op("MOD", target, target, RIGHT)

    def floats(self) -> None:
        operation = self.rng.choice(("ADD", "SUB", "MUL", "DIV", "MOD", "NEG", "CAST"))
        target = self.register("float")
        if operation == "NEG":
            self.write.op("NEG", target, self.register("float"))
        elif operation == "CAST":
            self.write.op("CAST", target, self.operand(LEFT, "int"), 3)
        else:
            left = self.operand(LEFT, self.rng.choice(("float", "float", "int")))
            right = self.operand(RIGHT, "float")
            if operation in ("DIV", "MOD") and self.rng.random() < 0.95:
                self.write.load(RIGHT, self.rng.choice((0.5, 2.0, -1.0, 3.0, 1e10)))
                right = RIGHT
            self.write.op(operation, target, left, right)

    def strings(self) -> None:
        target = self.register("string")
        what = self.rng.randrange(3)
        if what == 0:
            self.write.op("ADD", target, target, self.operand(RIGHT, "string"))
        elif what == 1:
            other = self.operand(RIGHT, self.rng.choice(("int", "float", "bool", "any")))
            self.write.op("CONCAT_STR", target, self.register("string"), other)
        else:
            self.write.op(
                "CAST", target, self.register(self.rng.choice(("int", "float", "bool", "any"))), 4
            )
        self.write.op("STR_LEN", RESULT, target)
        self.write.load(RIGHT, 100)
        self.write.op("GT", RESULT, RESULT, RIGHT)
        self.write.either(RESULT, lambda: self.constant(target, "string"))

    def compare(self) -> None:
        kind = self.rng.choice(("int", "int", "float", "string"))
        left, right = self.operand(LEFT, kind), self.operand(RIGHT, kind)
        self.write.op(
            self.rng.choice(("LT", "GT", "LTE", "GTE", "EQ", "NEQ")),
            self.register("bool"),
            left,
            right,
        )

    def logic(self) -> None:
        kinds = [self.rng.choice(self.own_kinds) for _ in range(2)]
        operation = self.rng.choice(("AND", "OR", "EQ", "NEQ", "NOT", "CHECK"))
        target = self.register("bool")
        if operation == "NOT":
            self.write.op("NOT", target, self.register(kinds[0]))
        elif operation == "CHECK":
            self.write.op("CHECK_TYPE", target, self.register(kinds[0]), self.rng.randrange(5))
        else:
            self.write.op(operation, target, self.register(kinds[0]), self.register(kinds[1]))

    def branch(self) -> None:
        if self.rng.random() < 0.5:
            condition = self.register("bool")
        else:
            kind = self.rng.choice(("int", "float"))
            self.write.op(
                self.rng.choice(("LT", "GTE", "EQ")),
                RESULT,
                self.operand(LEFT, kind),
                self.operand(RIGHT, kind),
            )
            condition = RESULT
        otherwise: Part | None = (
            (lambda: self.statements(self.rng.randint(1, 2))) if self.rng.random() < 0.5 else None
        )
        self.write.either(condition, lambda: self.statements(self.rng.randint(1, 3)), otherwise)

    def loop(self) -> None:
        if self.depth < MOST_DEPTH:
            self.repeat(self.rng.choice((1, 2, 3, 4)), self.rng.randint(1, 4))

    def repeat(self, length: int, count: int) -> None:
        counter = FIRST_COUNTER + 2 * self.depth
        self.write.load(counter, 0)
        head = self.write.label()
        self.write.mark(head)
        self.depth += 1
        self.statements(count)
        self.depth -= 1
        self.write.load(LEFT, 1)
        self.write.op("ADD", counter, counter, LEFT)
        self.write.load(RIGHT, length)
        self.write.op("LT", RESULT, counter, RIGHT)
        self.write.op("JUMP_IF", RESULT, head)

    def index(self) -> int:
        if self.rng.random() < 0.6:
            self.write.load(LEFT, self.rng.randrange(SIZE))
        else:
            self.write.load(LEFT, SIZE)
            source = FIRST_COUNTER if self.depth else self.register("int")
            self.write.op("MOD", LEFT, source, LEFT)
            self.write.load(RIGHT, 0)
            self.write.op("LT", RESULT, LEFT, RIGHT)
            self.write.either(RESULT, lambda: self.write.op("NEG", LEFT, LEFT))
        return LEFT

    def array_get(self) -> None:
        kind, item = self.rng.choice((("ints", "int"), ("floats", "float"), ("array", "any")))
        index = self.index()
        self.write.op("ARRAY_GET", self.register(item), self.register(kind), index)

    def array_set(self) -> None:
        kind, item = self.rng.choice(
            (
                ("ints", "int"),
                ("floats", "float"),
                ("array", "bool"),
                ("array", "string"),
                ("array", "int"),
            )
        )
        index = self.index()
        self.write.op("ARRAY_SET", self.register(kind), index, self.operand(RIGHT, item))

    def array_other(self) -> None:
        kind = self.rng.choice(("ints", "floats", "array"))
        if self.rng.random() < 0.5:
            self.write.op("ARRAY_LEN", self.register("int"), self.register(kind))
        else:
            self.constant(self.register(kind), kind)

    def dicts(self) -> None:
        operation = self.rng.choice(
            (
                "SET",
                "SET",
                "SET",
                "GET",
                "GET",
                "REMOVE",
                "CONTAINS",
                "LEN",
                "KEYS",
                "VALUES",
                "CLEAR",
            )
        )
        register = self.register("dict")
        if self.rng.random() < 0.6:
            self.write.load(LEFT, self.rng.choice(("a", "b", "c", "é")))
        else:
            self.write.load(LEFT, 5)
            self.write.op("MOD", LEFT, self.register("int"), LEFT)
            self.write.op("CAST", LEFT, LEFT, 4)
        if operation == "SET":
            kind = self.rng.choice(("int", "float", "string", "bool"))
            self.write.op("DICT_SET", register, LEFT, self.register(kind))
        elif operation in ("GET", "CONTAINS"):
            self.write.op(
                "DICT_" + operation,
                self.register("any" if operation == "GET" else "bool"),
                register,
                LEFT,
            )
        elif operation == "REMOVE":
            self.write.op("DICT_REMOVE", register, LEFT)
        elif operation == "LEN":
            self.write.op("DICT_LEN", self.register("int"), register)
        elif operation == "CLEAR":
            self.write.op("DICT_CLEAR", register)
        else:
            self.write.op("DICT_" + operation, self.register("any"), register)

    def move(self) -> None:
        if self.rng.random() < 0.4:
            self.write.op(
                "MOVE",
                self.register("any"),
                self.register(self.rng.choice([kind for kind in self.own_kinds if kind != "any"])),
            )
        else:
            kind = self.rng.choice(self.own_kinds)
            self.write.op("MOVE", self.register(kind), self.register(kind))

    def set_constant(self) -> None:
        kind = self.rng.choice(self.own_kinds)
        self.constant(self.register(kind), kind)

    def global_variable(self) -> None:
        name, kind = self.rng.choice(tuple(GLOBALS.items()))
        if self.rng.random() < 0.5:
            self.write.op("STORE_GLOBAL", self.register(kind), name)
        else:
            self.write.op("LOAD_GLOBAL", self.register(kind), name)

    def call(self) -> None:
        if not self.functions:
            return
        name, kind = self.rng.choice(self.functions)
        arguments = [
            self.register(PARAMETERS[place])
            for place in range(self.rng.randint(0, len(PARAMETERS)))
        ]
        self.write.load(NAME, name)
        self.write.op("CALL", NAME, self.register(kind), tuple(arguments))

    def show(self) -> None:
        register = self.register(self.rng.choice(self.own_kinds))
        if self.rng.random() < 0.5:
            self.write.op("DEBUG_PRINT", register)
        else:
            self.write.show(register)


_STATEMENTS: list[Callable[[Any], None]]
_WEIGHTS: list[int]
_STATEMENTS, _WEIGHTS = map(
    list,
    zip(
        (Typed.ints, 8),
        (Typed.floats, 5),
        (Typed.strings, 2),
        (Typed.compare, 3),
        (Typed.logic, 3),
        (Typed.branch, 5),
        (Typed.loop, 2),
        (Typed.array_get, 5),
        (Typed.array_set, 5),
        (Typed.array_other, 1),
        (Typed.dicts, 4),
        (Typed.move, 5),
        (Typed.set_constant, 3),
        (Typed.global_variable, 3),
        (Typed.call, 4),
        (Typed.show, 1),
    ),
)


@family
def whole_programs(write: Writer, length: int) -> None:
    """Functions that call each other, and a start code whose loop is executed as often as asked
    for.
    """
    write_program(write, length, Typed)


def write_program(write: Writer, length: int, typed: type[Typed]) -> None:
    """Such a program.  typed: what writes the statements of its functions."""
    rng = write.rng
    functions = [
        (f"f{number}", rng.choice(("int", "float", "any", "string", "ints")))
        for number in range(rng.randint(0, 3))
    ]
    start = typed(write, functions)
    for name, kind in GLOBALS.items():
        start.constant(LEFT, kind)
        write.op("STORE_GLOBAL", LEFT, name)
    start.start()
    start.statements(rng.randint(0, 3))
    start.repeat(length, rng.randint(2, 9))
    start.statements(rng.randint(0, 4))
    write.show(*[register for registers in start.registers.values() for register in registers])
    write.op("RETURN", start.register(rng.choice(start.own_kinds)))
    for number, (name, kind) in enumerate(functions):
        write.function(name)
        body = typed(write, functions[number + 1 :])
        recursive = rng.random() < 0.25
        if recursive:
            _limit_recursion(write, body, kind)
        if rng.random() < 0.7:
            for place in rng.sample(range(len(PARAMETERS)), 2):
                _check_parameter(write, place, body.register(PARAMETERS[place]))
        body.statements(rng.randint(1, 5))
        if recursive:
            write.load(LEFT, name)
            write.op("CALL", LEFT, body.register(kind), (44,))
            body.statements(rng.randint(0, 2))
        if rng.random() < 0.9:
            write.op("RETURN", body.register(kind))
        else:
            write.op("RETURN")


def _check_parameter(write: Writer, place: int, target: int) -> None:
    """Use an argument if there is one of the right kind: r0 to r4 hold something else when it was
    not given.
    """
    kind = PARAMETERS[place]
    if kind == "any":
        write.op("MOVE", target, place)
        return
    if kind == "ints":
        return
    write.op("CHECK_TYPE", RESULT, place, {"int": 2, "float": 3, "string": 4}[kind])
    write.either(RESULT, lambda: write.op("MOVE", target, place))


def _limit_recursion(write: Writer, body: Typed, kind: str) -> None:
    """Leave unless r0 is an int above 0; r44 is the next call's argument: at most 6, and less
    than r0.
    """
    leave, go_on = write.label(), write.label()
    write.op("CHECK_TYPE", RESULT, 0, 2)
    write.op("JUMP_IF_NOT", RESULT, leave)
    write.load(RIGHT, 7)
    write.op("MOD", 44, 0, RIGHT)
    write.load(RIGHT, 1)
    write.op("SUB", 44, 44, RIGHT)
    write.load(RIGHT, 0)
    write.op("GTE", RESULT, 44, RIGHT)
    write.op("JUMP_IF", RESULT, go_on)
    write.mark(leave)
    write.op("RETURN", body.register(kind))
    write.mark(go_on)
