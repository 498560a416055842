"""Containers in containers: who else holds what is got, changed and stored back, with branches,
loops and calls in between.
"""

from __future__ import annotations

from ..writer import COUNTER, TEST, Part, Writer
from . import family

# Registers by what they hold: arrays of two ints, arrays of two of those, and of two of these.
ROWS = (10, 11, 12, 13)
TABLES = (14, 15, 16)
CUBES = (17, 18)
DICTS = (19, 20)  # of rows, by two keys
INDICES = (21, 22, 23)  # 0, 1, and one that varies
KEYS = (24, 25)
NUMBER, OTHER_NUMBER, FLAG = 26, 27, 28
NAME = 29
INNER_COUNTERS = (30, 32)  # and the next ones
DEPTH = 34
ARGUMENTS = (4, 5, 6)
CONTAINERS = (*ROWS, *TABLES, *CUBES, *DICTS)
GLOBALS = {"row": ROWS, "other row": ROWS, "table": TABLES, "cube": CUBES, "dict": DICTS}
FUNCTIONS = ("change row", "change table", "look", "globals", "deeper")


class _Statements:
    """Writes random statements in which every register keeps to its kind."""

    def __init__(self, write: Writer, loops: int, callees: tuple[str, ...]) -> None:
        """loops: how many may still be nested."""
        self.write = write
        self.rng = write.rng
        self.loops = loops
        self.callees = callees

    def block(self, size: int) -> None:
        for _ in range(size):
            self.statement()

    def small(self) -> None:
        """Mostly nothing, or something that looks at containers or changes them."""
        if self.rng.random() < 0.45:
            self.statement()

    def statement(self) -> None:
        ways: tuple[tuple[int, Part], ...] = (
            (10, self.path),
            (4, self.get),
            (3, self.put),
            (3, self.number),
            (3, self.move),
            (4, self.use_global),
            (3, self.change_global),
            (3, self.global_path),
            (2, self.swap),
            (4, self.branch),
            (2, self.inner_loop),
            (5, self.call),
            (2, self.vary),
            (1, self.fresh),
            (1, self.show),
        )
        self.rng.choices([way for _, way in ways], [weight for weight, _ in ways])[0]()

    # ________________________________________________________ places

    def element(self) -> tuple[str, int, int, int]:
        """A load: its opcode, a register of the inner kind, one of the outer kind, an index."""
        rng = self.rng
        outer, inner = rng.choice(((TABLES, ROWS), (TABLES, ROWS), (CUBES, TABLES), (DICTS, ROWS)))
        keys, name = (KEYS, "DICT_GET") if outer is DICTS else (INDICES, "ARRAY_GET")
        return name, rng.choice(inner), rng.choice(outer), rng.choice(keys)

    def store(self, load: str, outer: int, key: int, inner: int) -> None:
        self.write.op(load.replace("GET", "SET"), outer, key, inner)

    def change(self, inner: int) -> None:
        """Store something into the container in a register."""
        rng = self.rng
        if inner in ROWS:
            self.write.op("ADD", NUMBER, NUMBER, INDICES[1])
            self.write.op("ARRAY_SET", inner, rng.choice(INDICES), NUMBER)
        elif inner in TABLES:
            self.write.op("ARRAY_SET", inner, rng.choice(INDICES), rng.choice(ROWS))
        elif inner in CUBES:
            self.write.op("ARRAY_SET", inner, rng.choice(INDICES), rng.choice(TABLES))
        else:
            self.write.op("DICT_SET", inner, rng.choice(KEYS), rng.choice(ROWS))

    # ________________________________________________________ statements

    def path(self) -> None:
        """Get, change, store back, with anything between: also another element's path."""
        rng = self.rng
        load, inner, outer, key = self.element()
        self.write.op(load, inner, outer, key)
        self.small()
        how = rng.randrange(5)
        if how == 0:
            self.write.op("ARRAY_LEN" if inner not in DICTS else "DICT_LEN", OTHER_NUMBER, inner)
            self.condition()
            self.write.either(FLAG, lambda: self.change_and_store(load, inner, outer, key))
        elif how == 1:
            self.condition()
            self.write.either(FLAG, lambda: self.change(inner), self.small)
            self.store(load, outer, key, inner)
        elif how == 2 and self.loops:
            self.loop_of(lambda: self.change(inner))
            self.store(load, outer, key, inner)
        elif how == 3 and inner in ROWS and "change row" in self.callees:
            self.write.load(NAME, "change row")
            given = (inner, rng.choice(ROWS))
            self.write.op("CALL", NAME, inner, given[: rng.randint(1, 2)])
            self.store(load, outer, key, inner)
        else:
            self.change_and_store(load, inner, outer, key)

    def change_and_store(self, load: str, inner: int, outer: int, key: int) -> None:
        self.change(inner)
        self.small()
        if self.rng.random() < 0.9:
            self.store(load, outer, key, inner)

    def get(self) -> None:
        load, inner, outer, key = self.element()
        self.write.op(load, inner, outer, key)

    def put(self) -> None:
        load, inner, outer, key = self.element()
        self.store(load, outer, key, inner)

    def number(self) -> None:
        row, index = self.rng.choice(ROWS), self.rng.choice(INDICES)
        self.write.op("ARRAY_GET", OTHER_NUMBER, row, index)
        self.write.op("ARRAY_SET", self.rng.choice(ROWS), self.rng.choice(INDICES), OTHER_NUMBER)

    def move(self) -> None:
        kind = self.rng.choice((ROWS, ROWS, TABLES, TABLES, CUBES, DICTS))
        self.write.op("MOVE", self.rng.choice(kind), self.rng.choice(kind))

    def use_global(self) -> None:
        name = self.rng.choice(tuple(GLOBALS))
        self.write.op(
            self.rng.choice(("LOAD_GLOBAL", "STORE_GLOBAL")), self.rng.choice(GLOBALS[name]), name
        )

    def change_global(self) -> None:
        name = self.rng.choice(tuple(GLOBALS))
        register = self.rng.choice(GLOBALS[name])
        self.write.op("LOAD_GLOBAL", register, name)
        self.small()
        self.condition()
        self.write.either(FLAG, lambda: self.change(register))
        self.small()
        if self.rng.random() < 0.9:
            self.write.op("STORE_GLOBAL", register, name)

    def global_path(self) -> None:
        """An element of a global is changed on one way, and on the other only looked at, perhaps
        after a change by way of other registers.
        """
        name, outers, inners = self.rng.choice((("table", TABLES, ROWS), ("cube", CUBES, TABLES)))
        outer, other_outer = self.rng.choice(outers), self.rng.choice(outers)
        inner, other_inner = self.rng.choice(inners), self.rng.choice(inners)
        index = self.rng.choice(INDICES)
        self.write.op("LOAD_GLOBAL", outer, name)
        self.write.op("ARRAY_GET", inner, outer, index)

        def change(outer: int, inner: int) -> None:
            self.change(inner)
            self.write.op("ARRAY_SET", outer, index, inner)
            self.write.op("STORE_GLOBAL", outer, name)

        def look() -> None:
            if self.rng.random() < 0.7:
                self.write.op("LOAD_GLOBAL", other_outer, name)
                self.write.op("ARRAY_GET", other_inner, other_outer, index)
                change(other_outer, other_inner)
            else:
                self.call()
            self.write.op("DEBUG_PRINT", inner)
            if self.rng.random() < 0.7:
                self.write.op("MOVE", inner, self.rng.choice(inners))
                self.write.op("MOVE", outer, self.rng.choice(outers))

        self.condition()
        self.write.either(FLAG, lambda: change(outer, inner), look)

    def swap(self) -> None:
        """The elements of two places, perhaps the same one, change places."""
        load, inner, outer, key = self.element()
        kind = next(kind for kind in (ROWS, TABLES) if inner in kind)
        other = self.rng.choice(kind)
        other_key = self.rng.choice(KEYS if outer in DICTS else INDICES)
        self.write.op(load, inner, outer, key)
        if self.rng.random() < 0.2:
            self.small()
        self.write.op(load, other, outer, other_key)
        if self.rng.random() < 0.2:
            self.small()
        self.store(load, outer, key, other)
        if self.rng.random() < 0.2:
            self.small()
        self.store(load, outer, other_key, inner)

    def condition(self) -> None:
        """Something in FLAG that is not always the same."""
        if self.rng.random() < 0.5:
            self.write.load(FLAG, self.rng.choice((2, 3)))
            self.write.op("MOD", FLAG, NUMBER, FLAG)
        else:
            self.write.op("ARRAY_GET", FLAG, self.rng.choice(ROWS), self.rng.choice(INDICES))
            self.write.op("LT", FLAG, FLAG, NUMBER)

    def branch(self) -> None:
        self.condition()
        self.write.either(
            FLAG,
            lambda: self.block(self.rng.randint(1, 3)),
            self.small if self.rng.random() < 0.5 else None,
        )

    def inner_loop(self) -> None:
        self.loop_of(lambda: self.block(self.rng.randint(1, 3)))

    def loop_of(self, body: Part) -> None:
        if not self.loops:
            body()
            return
        self.loops -= 1
        self.write.inner_loop(INNER_COUNTERS[self.loops], self.rng.randint(1, 3), body)
        self.loops += 1

    def call(self) -> None:
        if not self.callees:
            return
        rng = self.rng
        name = rng.choice(self.callees)
        self.write.load(NAME, name)
        kind = TABLES if name == "change table" else ROWS
        given = rng.choice(kind)
        target = given if rng.random() < 0.6 else rng.choice(kind)
        self.write.op("CALL", NAME, target, (given, rng.choice(ROWS), rng.choice(TABLES)))

    def vary(self) -> None:
        self.write.op("SUB", INDICES[2], INDICES[1], INDICES[2])

    def fresh(self) -> None:
        row = self.rng.choice(ROWS)
        self.write.load(row, [self.rng.randint(0, 9), self.rng.randint(0, 9)])

    def show(self) -> None:
        self.write.op("DEBUG_PRINT", self.rng.choice(CONTAINERS))


@family
def paths(write: Writer, length: int) -> None:
    """Rows of tables of cubes, and globals, that are got, changed and stored back."""
    rng = write.rng
    write.load(NUMBER, 10)
    write.load(OTHER_NUMBER, 0)
    write.load(DEPTH, 0)
    for index, value in zip(INDICES, (0, 1, 1)):
        write.load(index, value)
    for key, text in zip(KEYS, ("a", "b")):
        write.load(key, text)
    for number, register in enumerate(ROWS):
        write.load(register, [number, number + 4])
    for kind, inner in ((TABLES, ROWS), (CUBES, TABLES)):
        for register in kind:
            write.load(TEST, 2)
            write.op("NEW_ARRAY", register, TEST)
            for index in INDICES[:2]:
                write.op("ARRAY_SET", register, index, rng.choice(inner))
    for register in DICTS:
        write.op("DICT_NEW", register)
        for key in KEYS:
            write.op("DICT_SET", register, key, rng.choice(ROWS))
    for name, registers in GLOBALS.items():
        write.op("STORE_GLOBAL", rng.choice(registers), name)
    callees = FUNCTIONS if rng.random() < 0.7 else ()
    statements = _Statements(write, len(INNER_COUNTERS), callees)
    write.loop(length, lambda: statements.block(rng.choice((4, 8, 16))))
    write.show(*CONTAINERS)
    for name, registers in GLOBALS.items():
        write.op("LOAD_GLOBAL", registers[0], name)
        write.show(registers[0])
    write.op("RETURN", rng.choice(CONTAINERS))
    for name in FUNCTIONS:
        _function(write, name)


def _function(write: Writer, name: str) -> None:
    """A function of a row or a table, a row, and a table.  What else it reads is its caller's."""
    rng = write.rng
    write.function(name)
    # The counters of the caller's loops are not to be written; and they are not, for a callee has
    # registers of its own.
    kind = TABLES if name == "change table" else ROWS
    first, second, third = ARGUMENTS
    write.op("MOVE", first, 0)
    write.op("MOVE", second, 1)
    write.op("MOVE", third, 2)
    write.load(COUNTER, 0)
    write.load(2, 1)
    parameter = rng.choice(kind)
    write.op("MOVE", parameter, first)
    if rng.random() < 0.5:
        write.op("MOVE", rng.choice(ROWS), second)
    if rng.random() < 0.5:
        write.op("MOVE", rng.choice(TABLES), third)
    statements = _Statements(write, 1, ())
    if name == "look":
        write.op("EQ", FLAG, second, parameter)
        write.op("DEBUG_PRINT", FLAG)
        write.op("RETURN", rng.choice((first, second, parameter)))
        return
    if name == "deeper":
        leave = write.label()
        write.load(TEST, 3)
        write.op("LT", TEST, DEPTH, TEST)
        write.op("JUMP_IF_NOT", TEST, leave)
        write.op("ADD", DEPTH, DEPTH, 2)
        statements.path()
        write.load(NAME, "deeper")
        write.op("CALL", NAME, parameter, (parameter, rng.choice(ROWS), rng.choice(TABLES)))
        write.mark(leave)
        statements.small()
        write.op("RETURN", parameter)
        return
    if name == "globals":
        statements.change_global()
        statements.use_global()
    else:
        statements.change(parameter)
        if rng.random() < 0.4:
            statements.show()  # mostly what the caller has
        statements.small()
    write.op("RETURN", parameter)
