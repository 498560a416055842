"""Arrays that grow and shrink: in loops, in recursion, of one kind of elements until another comes."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..writer import COUNTER, ONE, TEST, Part, Writer
from . import latest_family

LIST, OTHER, THIRD = 10, 11, 12
ITEM, INDEX, SIZE, TAKEN = 13, 14, 15, 16
SEEN, SCRATCH, NAME = 20, 21, 22
MOST = 40
ELEMENT_KINDS = ("int", "int", "float", "float", "bool", "string", "empty", "array", "mixed")


class _Lists:
    """Statements about the arrays in LIST, OTHER and THIRD."""

    def __init__(self, write: Writer) -> None:
        self.write = write
        self.rng = write.rng
        self.kind = self.rng.choice(ELEMENT_KINDS)

    def value(self) -> Any:
        if self.kind == "mixed":
            return self.write.any_value()
        if self.kind == "int" and self.rng.random() < 0.05:
            return -0x7F5C3A35  # what an array of ints with holes has for Empty
        return self.write.value(self.kind)

    def item(self) -> int:
        """A register with something to store, mostly of the kind."""
        rng = self.rng
        if self.kind == "int" and rng.random() < 0.5:
            return COUNTER
        if rng.random() < 0.03:
            return rng.choice((LIST, OTHER, THIRD))
        if self.kind == "float" and rng.random() < 0.5:
            self.write.op("CAST", ITEM, COUNTER, 3)
        else:
            self.write.load(ITEM, self.value())
        return ITEM

    def list(self) -> int:
        return self.rng.choice((LIST, LIST, LIST, OTHER, THIRD))

    def index(self, array: int, may_be_end: bool = False) -> int:
        """A register with an index into the array, mostly a right one unless it is empty."""
        rng = self.rng
        way = rng.random()
        if way < 0.02:
            self.write.load(INDEX, rng.choice((-1, 50, 2**40, 0.0, "0", None)))
        elif way < 0.3:
            self.write.load(INDEX, 0)
        else:
            self.write.op("ARRAY_LEN", SIZE, array)
            if may_be_end and way < 0.5:
                return SIZE
            if way < 0.6:
                self.write.op("SUB", INDEX, SIZE, ONE)
            else:
                self.write.op("MOD", INDEX, COUNTER, SIZE)
        return INDEX

    def if_not_empty(self, array: int, then: Part) -> None:
        if self.rng.random() < 0.02:
            then()
        else:
            self.write.either(array, then, lambda: self.push(array))

    # ________________________________________________________ statements

    def statement(self) -> None:
        ways: tuple[tuple[int, Part], ...] = (
            (8, self.push),
            (3, self.pop),
            (3, self.insert),
            (3, self.remove),
            (3, self.get),
            (3, self.put),
            (2, self.find),
            (2, self.slice),
            (2, self.concatenate),
            (2, self.copy),
            (1, self.show),
            (1, self.compare),
            (1, self.use_global),
        )
        self.rng.choices([way for _, way in ways], [weight for weight, _ in ways])[0]()

    def push(self, array: int | None = None) -> None:
        array = self.list() if array is None else array
        self.write.op("ARRAY_PUSH", array, self.item())

    def pop(self) -> None:
        array = self.list()
        self.if_not_empty(array, lambda: self.take("ARRAY_POP", array))

    def take(self, name: str, array: int) -> None:
        operands = (self.index(array),) if name == "ARRAY_REMOVE" else ()
        self.write.op(name, TAKEN, array, *operands)
        if self.rng.random() < 0.5:
            self.write.observe(SEEN, TAKEN, SCRATCH)

    def insert(self) -> None:
        array = self.list()

        def insert() -> None:
            index = self.index(array, may_be_end=True)
            self.write.op("ARRAY_INSERT", array, index, self.item())

        self.if_not_empty(array, insert)

    def remove(self) -> None:
        array = self.list()
        self.if_not_empty(array, lambda: self.take("ARRAY_REMOVE", array))

    def get(self) -> None:
        array = self.list()

        def get() -> None:
            self.write.op("ARRAY_GET", TAKEN, array, self.index(array))
            self.write.observe(SEEN, TAKEN, SCRATCH)

        self.if_not_empty(array, get)

    def put(self) -> None:
        array = self.list()

        def put() -> None:
            index = self.index(array)
            self.write.op("ARRAY_SET", array, index, self.item())

        self.if_not_empty(array, put)

    def find(self) -> None:
        array = self.list()
        self.write.op("ARRAY_FIND", TAKEN, array, self.item())
        self.write.observe(SEEN, TAKEN, SCRATCH)

    def slice(self) -> None:
        array = self.list()

        def cut() -> None:
            self.write.load(INDEX, 0)
            self.write.op("ARRAY_LEN", SIZE, array)
            if self.rng.random() < 0.5:
                self.write.op("MOD", INDEX, COUNTER, SIZE)
            if self.rng.random() < 0.3:
                self.write.op("SUB", SIZE, SIZE, ONE)
            self.write.op("ARRAY_SLICE", self.list(), array, INDEX, SIZE)

        self.if_not_empty(array, cut)

    def concatenate(self) -> None:
        self.write.op("ARRAY_CONCAT", self.rng.choice((OTHER, THIRD)), self.list(), self.list())

    def copy(self) -> None:
        self.write.op("MOVE", self.list(), self.list())

    def show(self) -> None:
        self.write.op("DEBUG_PRINT", self.list())

    def compare(self) -> None:
        self.write.op("EQ", TAKEN, self.list(), self.list())
        self.write.observe(SEEN, TAKEN, SCRATCH)

    def use_global(self) -> None:
        name = self.rng.choice(("LOAD_GLOBAL", "STORE_GLOBAL"))
        self.write.op(name, self.rng.choice((LIST, OTHER)), "list")

    def keep_short(self) -> None:
        for array in (LIST, OTHER, THIRD):
            self.write.op("ARRAY_LEN", SIZE, array)
            self.write.load(TEST, MOST)
            self.write.op("GT", TEST, SIZE, TEST)
            self.write.either(TEST, partial(self.shorten, array))

    def shorten(self, array: int) -> None:
        self.write.load(INDEX, self.rng.choice((0, 1, 5)))
        self.write.load(SIZE, self.rng.choice((5, 6, 20)))
        self.write.op("ARRAY_SLICE", array, array, INDEX, SIZE)

    def start(self) -> None:
        for register in (LIST, OTHER, THIRD):
            if self.rng.random() < 0.4:
                self.write.load(register, [])
            else:
                self.write.load(register, [self.value() for _ in range(self.rng.randint(1, 5))])
        self.write.op("STORE_GLOBAL", OTHER, "list")
        self.write.load(SEEN, "")
        self.write.load(TAKEN, None)


@latest_family
def growing_lists(write: Writer, length: int) -> None:
    """Arrays that are pushed to, popped from, cut and joined, of one kind until another comes."""
    rng = write.rng
    lists = _Lists(write)
    lists.start()
    late = rng.randrange(length)
    misfit = rng.random() < 0.4

    def body() -> None:
        for _ in range(rng.choice((2, 4, 8))):
            lists.statement()
        if misfit:
            write.once(
                late,
                lambda: write.load(ITEM, write.any_value()).op("ARRAY_PUSH", lists.list(), ITEM),
            )
        lists.keep_short()

    write.loop(length, body)
    write.show(LIST, OTHER, THIRD, SEEN)
    write.op("LOAD_GLOBAL", OTHER, "list")
    write.show(OTHER)
    write.op("RETURN", lists.list())


@latest_family
def one_long_list(write: Writer, length: int) -> None:
    """A list that grows by one element in every iteration, is gone through, and shrinks again."""
    rng = write.rng
    kind = rng.choice(("int", "int", "float", "bool", "string", "array"))
    write.load(LIST, [] if rng.random() < 0.7 else [write.value(kind)])
    write.load(SEEN, "")
    held = rng.random() < 0.3
    late = rng.randrange(length)
    misfit = rng.random() < 0.3

    def item() -> int:
        if kind == "int":
            return COUNTER
        if kind == "float":
            write.op("CAST", ITEM, COUNTER, 3)
        elif kind == "bool":
            write.load(ITEM, 3)
            write.op("MOD", ITEM, COUNTER, ITEM)
            write.op("NOT", ITEM, ITEM)
        elif kind == "string":
            write.op("CAST", ITEM, COUNTER, 4)
        else:
            write.load(ITEM, [])
            write.op("ARRAY_PUSH", ITEM, COUNTER)
        return ITEM

    def grow() -> None:
        write.op("ARRAY_PUSH", LIST, item())
        if held:
            write.each(rng.choice((5, 7, length // 2 + 1)), lambda: write.op("MOVE", OTHER, LIST))
        if misfit:
            write.once(
                late, lambda: write.load(ITEM, write.any_value()).op("ARRAY_PUSH", LIST, ITEM)
            )

    write.load(OTHER, None)
    write.loop(min(length, 2500), grow)
    write.op("ARRAY_LEN", SIZE, LIST)
    write.show(SIZE, OTHER)
    write.op("MOVE", THIRD, LIST)
    how = rng.randrange(4)

    def shrink() -> None:
        if how == 0:
            write.op("ARRAY_POP", TAKEN, LIST)
        elif how == 1:
            write.load(INDEX, 0)
            write.op("ARRAY_REMOVE", TAKEN, LIST, INDEX)
        elif how == 2:
            write.op("ARRAY_LEN", SIZE, LIST)
            write.op("SUB", INDEX, SIZE, ONE)
            write.op("ARRAY_GET", TAKEN, LIST, INDEX)
            write.op("ARRAY_POP", TAKEN, LIST)
        else:
            write.op("ARRAY_GET", TAKEN, LIST, COUNTER)
        write.observe(SEEN, TAKEN, SCRATCH)

    write.loop(min(length, 2500) - rng.choice((0, 0, 1, 3)), shrink)
    write.op("ARRAY_LEN", SIZE, THIRD)
    write.show(LIST, SIZE, SEEN)
    write.op("RETURN", SIZE)


@latest_family
def recursion_with_pushes(write: Writer, length: int) -> None:
    """A function that pushes to a list on its way down and up, and hands it on or keeps it."""
    rng = write.rng
    depth = rng.choice((2, 5, 10, 30))
    rounds = max(2, length // (depth + 1))
    is_set = rng.random() < 0.3
    by_global = rng.random() < 0.4
    kind = rng.choice(("int", "float", "string", "mixed"))

    def add(register: int, value: int) -> None:
        write.op("SET_ADD" if is_set else "ARRAY_PUSH", register, value)

    write.load(34, "f")
    write.load(SEEN, "")

    def body() -> None:
        if is_set:
            write.op("SET_NEW", LIST)
        else:
            write.load(LIST, [] if rng.random() < 0.7 else [1, 2])
        write.op("STORE_GLOBAL", LIST, "list")
        write.load(11, depth)
        write.op("CALL", 34, 12, (11, LIST))
        write.op("SET_LEN" if is_set else "ARRAY_LEN", SIZE, LIST)
        write.observe(SEEN, SIZE, SCRATCH)
        write.observe(SEEN, 12, SCRATCH)

    write.loop(rounds, body)
    write.show(LIST, 12, SEEN)
    write.op("LOAD_GLOBAL", 12, "list")
    write.op("RETURN", 12)
    write.function("f")
    go_on = write.label()
    write.load(5, 0)
    write.op("GT", 6, 0, 5)
    write.op("JUMP_IF", 6, go_on)
    write.op("RETURN", rng.choice((1, 1, 0)))
    write.mark(go_on)
    if kind == "mixed":
        write.load(7, write.scalar())
    else:
        write.op("CAST", 7, 0, {"int": 2, "float": 3, "string": 4}[kind])
    if by_global:
        write.op("LOAD_GLOBAL", 1, "list")
    if rng.random() < 0.4:
        write.op("MOVE", 8, 1)
    add(1, 7)
    if by_global:
        write.op("STORE_GLOBAL", 1, "list")
    write.load(5, 1)
    write.op("SUB", 9, 0, 5)
    target = rng.choice((1, 8, 30))
    write.op("CALL", 34, target, (9, 1))
    if rng.random() < 0.6:
        write.op("CHECK_TYPE", 6, target, 8 if is_set else 9)
        write.either(6, lambda: add(target, 7))
    if rng.random() < 0.3:
        add(1, 0)
    write.op("RETURN", rng.choice((target, target, 1)))
