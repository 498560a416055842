"""Lists, sets and dicts in one another, held by registers and globals at once, changed in one place
and looked at in the others.
"""

from __future__ import annotations

from functools import partial

from ..writer import COUNTER, TEST, Part, Writer
from . import latest_family

# Registers by what they hold: L a list of ints, S a set, D a dict of lists and sets, N a list of
# lists, sets and dicts.
LISTS = (10, 11, 12)
SETS = (13, 14, 15)
DICTS = (16, 17)
NESTS = (18, 19)
ALL = (*LISTS, *SETS, *DICTS, *NESTS)
KEY, INDEX, NUMBER, FOUND, SCRATCH, NAME, FLAG = 22, 23, 24, 25, 26, 27, 28
SEEN = 20
GLOBALS: dict[str, tuple[int, ...]] = {"list": LISTS, "set": SETS, "dict": DICTS, "nest": NESTS}
# By kind: registers, the number of the type, where such a container stands in a dict and in a nest.
KINDS: tuple[tuple[tuple[int, ...], int, str, int], ...] = (
    (LISTS, 9, "l", 0),
    (SETS, 8, "s", 1),
    (DICTS, 10, "d", 2),
)
FUNCTIONS = ("add", "grow nest", "look")


class _Holders:
    def __init__(self, write: Writer, callees: tuple[str, ...]) -> None:
        self.write = write
        self.rng = write.rng
        self.callees = callees

    def block(self, count: int) -> None:
        for _ in range(count):
            self.statement()

    def statement(self) -> None:
        ways: tuple[tuple[int, Part], ...] = (
            (5, self.change),
            (6, self.path),
            (4, self.get),
            (4, self.put),
            (3, self.move),
            (3, self.use_global),
            (4, self.global_path),
            (3, self.call),
            (2, self.branch),
            (2, self.take),
            (1, self.cut),
            (2, self.look),
        )
        self.rng.choices([way for _, way in ways], [weight for weight, _ in ways])[0]()

    def number(self) -> int:
        if self.rng.random() < 0.5:
            return COUNTER
        self.write.load(NUMBER, self.rng.choice((1, 2, 3, 2.5, "x", True, 2**40)))
        return NUMBER

    def change(self, register: int | None = None) -> None:
        """Add something to a container, or take it away, in place if it may be."""
        rng, write = self.rng, self.write
        register = rng.choice(ALL) if register is None else register
        if register in LISTS:
            way = rng.randrange(4)
            if way == 0:
                write.load(INDEX, 0)
                write.op("ARRAY_INSERT", register, INDEX, self.number())
            else:
                write.op("ARRAY_PUSH", register, self.number())
        elif register in SETS:
            write.op(rng.choice(("SET_ADD", "SET_ADD", "SET_REMOVE")), register, self.number())
        elif register in DICTS:
            self.set_entry(register)
        else:
            self.set_element(register)

    def set_entry(self, holder: int) -> None:
        registers, _, key, _ = self.rng.choice(KINDS[:2])
        self.write.load(KEY, key)
        self.write.op("DICT_SET", holder, KEY, self.rng.choice(registers))

    def set_element(self, holder: int) -> None:
        registers, _, _, index = self.rng.choice(KINDS)
        self.write.load(INDEX, index)
        self.write.op("ARRAY_SET", holder, INDEX, self.rng.choice(registers))

    def access(self, holder: int) -> tuple[str, str, int, int]:
        """How a container is got out of a dict or a nest, and stored there; the register of the
        key, and one for what is got.
        """
        registers, _, key, index = self.rng.choice(KINDS[:2] if holder in DICTS else KINDS)
        register = self.rng.choice(registers)
        if holder in DICTS:
            self.write.load(KEY, key)
            return "DICT_GET", "DICT_SET", KEY, register
        self.write.load(INDEX, index)
        return "ARRAY_GET", "ARRAY_SET", INDEX, register

    def path(self) -> None:
        """Get, change, store back: what comes out of a dict in a nest too."""
        rng, write = self.rng, self.write
        holder = rng.choice((*DICTS, *NESTS))
        get, put, key, inner = self.access(holder)
        write.op(get, inner, holder, key)
        if rng.random() < 0.2:
            write.op("MOVE", rng.choice(self.same(inner)), inner)
        self.change(inner)
        if rng.random() < 0.2:
            self.look()
        if rng.random() < 0.85:
            if holder in DICTS:
                write.load(KEY, "l" if inner in LISTS else "s")
            else:
                write.load(INDEX, 0 if inner in LISTS else 1 if inner in SETS else 2)
            write.op(put, holder, key, inner)

    def same(self, register: int) -> tuple[int, ...]:
        return next(kind for kind in (LISTS, SETS, DICTS, NESTS) if register in kind)

    def get(self) -> None:
        holder = self.rng.choice((*DICTS, *NESTS))
        get, _, key, inner = self.access(holder)
        self.write.op(get, inner, holder, key)

    def put(self) -> None:
        holder = self.rng.choice((*DICTS, *NESTS))
        _, put, key, inner = self.access(holder)
        self.write.op(put, holder, key, inner)

    def move(self) -> None:
        kind = self.rng.choice((LISTS, SETS, DICTS, NESTS))
        self.write.op("MOVE", self.rng.choice(kind), self.rng.choice(kind))

    def use_global(self) -> None:
        name = self.rng.choice(tuple(GLOBALS))
        operation = self.rng.choice(("LOAD_GLOBAL", "STORE_GLOBAL"))
        self.write.op(operation, self.rng.choice(GLOBALS[name]), name)

    def global_path(self) -> None:
        rng = self.rng
        name = rng.choice(tuple(GLOBALS))
        register = rng.choice(GLOBALS[name])
        self.write.op("LOAD_GLOBAL", register, name)
        if rng.random() < 0.2:
            self.statement()
        self.change(register)
        if rng.random() < 0.85:
            self.write.op("STORE_GLOBAL", register, name)
        if rng.random() < 0.3:
            self.change(register)

    def call(self) -> None:
        if not self.callees:
            return
        rng = self.rng
        name = rng.choice(self.callees)
        kind = {"add": LISTS, "grow nest": NESTS, "look": SETS}[name]
        given = rng.choice(kind)
        self.write.call(name, rng.choice(kind), (given, rng.choice(LISTS)), NAME)

    def branch(self) -> None:
        self.write.load(FLAG, self.rng.choice((2, 3)))
        self.write.op("MOD", FLAG, COUNTER, FLAG)
        self.write.either(
            FLAG,
            lambda: self.block(self.rng.randint(1, 3)),
            self.statement if self.rng.random() < 0.5 else None,
        )

    def take(self) -> None:
        """An element is taken out of a list; of a nest, and pushed to it again."""
        rng, write = self.rng, self.write
        register = rng.choice(LISTS)
        if rng.random() < 0.5:
            how = rng.choice(("ARRAY_POP", "ARRAY_REMOVE"))
            write.load(INDEX, 0)
            operands = (INDEX,) if how == "ARRAY_REMOVE" else ()
            write.either(register, lambda: write.op(how, FOUND, register, *operands))
            return
        nest = rng.choice(NESTS)
        inner = rng.choice(DICTS)
        write.op("ARRAY_POP", inner, nest)
        self.change(inner)
        if rng.random() < 0.3:
            self.look()
        write.op("ARRAY_PUSH", nest, inner)
        if rng.random() < 0.3:
            self.change(inner)

    def cut(self) -> None:
        """Nests and lists are cut and joined again: their parts have more holders then."""
        write, rng = self.write, self.rng
        nest = rng.choice(NESTS)
        write.load(INDEX, 0)
        write.load(NUMBER, 2)
        write.op("ARRAY_SLICE", FOUND, nest, INDEX, NUMBER)
        write.load(INDEX, 3)
        write.op("ARRAY_SLICE", SCRATCH, nest, NUMBER, INDEX)
        write.op("ARRAY_CONCAT", rng.choice(NESTS), FOUND, SCRATCH)

    def look(self) -> None:
        rng, write = self.rng, self.write
        way = rng.randrange(4)
        register = rng.choice(ALL)
        if way == 0:
            write.op("EQ", FOUND, register, rng.choice(self.same(register)))
            write.observe(SEEN, FOUND, SCRATCH)
        elif way == 1 and register in SETS:
            write.op("SET_CONTAINS", FOUND, register, COUNTER)
            write.observe(SEEN, FOUND, SCRATCH)
        elif way == 2 and register in LISTS:
            write.op("ARRAY_FIND", FOUND, register, COUNTER)
            write.observe(SEEN, FOUND, SCRATCH)
        else:
            write.op("DEBUG_PRINT", register)

    def keep_small(self) -> None:
        write = self.write
        for register in LISTS:
            write.op("ARRAY_LEN", FOUND, register)
            write.load(TEST, 10)
            write.op("GT", FOUND, FOUND, TEST)
            write.either(FOUND, partial(write.load, register, [1]))
        for register in SETS:
            write.op("SET_LEN", FOUND, register)
            write.load(TEST, 10)
            write.op("GT", FOUND, FOUND, TEST)
            write.either(FOUND, partial(write.op, "SET_NEW", register))


@latest_family
def holders(write: Writer, length: int) -> None:
    """Containers in containers and in globals, changed by pushes, additions and removals."""
    rng = write.rng
    for register in LISTS:
        write.load(register, [rng.randint(0, 9) for _ in range(rng.randint(0, 3))])
    for register in SETS:
        write.set_of(register, [rng.randint(0, 9) for _ in range(rng.randint(0, 3))], SCRATCH)
    statements = _Holders(write, FUNCTIONS if rng.random() < 0.7 else ())
    for register in DICTS:
        write.op("DICT_NEW", register)
        for parts, _, key, _ in KINDS[:2]:
            write.load(KEY, key)
            write.op("DICT_SET", register, KEY, rng.choice(parts))
    for register in NESTS:
        write.load(register, [])
        for parts, _, _, _ in KINDS:
            write.op("ARRAY_PUSH", register, rng.choice(parts))
    for name, parts in GLOBALS.items():
        write.op("STORE_GLOBAL", rng.choice(parts), name)
    write.load(SEEN, "")
    write.load(FOUND, None)

    def body() -> None:
        statements.block(rng.choice((3, 6, 12)))
        statements.keep_small()

    write.loop(length, body)
    write.show(*ALL, SEEN)
    for name, parts in GLOBALS.items():
        write.op("LOAD_GLOBAL", parts[0], name)
        write.show(parts[0])
    write.op("RETURN", rng.choice(NESTS))
    for name in FUNCTIONS:
        _function(write, name)


def _function(write: Writer, name: str) -> None:
    """A function of a list, a nest or a set, and a list.  What else it reads is its caller's."""
    rng = write.rng
    write.function(name)
    kind = {"add": LISTS, "grow nest": NESTS, "look": SETS}[name]
    parameter = rng.choice(kind)
    write.op("MOVE", parameter, 0)
    write.op("MOVE", rng.choice(LISTS), 1)
    write.load(COUNTER, rng.randint(0, 5))
    write.load(2, 1)
    statements = _Holders(write, ())
    if name != "look":
        statements.change(parameter)
    if rng.random() < 0.5:
        statements.statement()
    if rng.random() < 0.3:
        statements.global_path()
    write.op("RETURN", parameter)
