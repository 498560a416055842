"""Arrays, dicts and globals: elements of one kind and another, who else holds the container, and
values that take turns.
"""

from __future__ import annotations

from typing import Any

from ..writer import COUNTER, FLOATS, KINDS, ONE, SMALL_KINDS, TEST, Part, Writer
from . import family

SMALL_ARRAYS = (
    [0, 0, 0],
    [0.5, 1.5, 2.5],
    [True, False, True],
    ["a", "b", ""],
    [None, None, None],
    [1, 2.0, "x"],
    [[1], [2.5], []],
)


def _of_a_kind(write: Writer, kind: str) -> Any:
    return write.value(kind)


@family
def elements(write: Writer, length: int) -> None:
    """Elements of arrays that keep ints, floats, bools or objects, at constant and variable places,
    and stores that do not fit.
    """
    rng = write.rng
    kind = rng.choice(("int", "float", "float", "bool", "string", "array", "mixed"))
    size = rng.choice((1, 2, 3, 3, 4, 8, 30))

    def value() -> Any:
        return write.any_value() if kind == "mixed" else _of_a_kind(write, kind)

    write.load(10, [value() for _ in range(size)])
    write.load(20, "")
    write.load(21, 0.0 if kind == "float" else 0)
    write.load(15, size)
    numbers = kind in ("int", "float")
    constant_index = rng.randrange(size)
    misfit = rng.random() < 0.3

    def index(register: int) -> None:
        if rng.random() < 0.5:
            write.load(register, constant_index if rng.random() < 0.7 else rng.randrange(size))
        else:
            write.op("MOD", register, COUNTER, 15)

    def get() -> None:
        index(11)
        write.op("ARRAY_GET", 12, 10, 11)
        if numbers and not misfit and rng.random() < 0.7:
            if kind == "float":
                write.op("ADD", 21, 21, 12)
            else:
                write.load(13, 1009)
                write.op("MOD", 13, 12, 13)
                write.op("ADD", 21, 21, 13)
        else:
            write.observe(20, 12, 13)

    def put() -> None:
        index(11)
        if rng.random() < 0.3 and kind == "int":
            write.op("ARRAY_SET", 10, 11, COUNTER)
            return
        if rng.random() < 0.3:
            write.load(14, rng.randrange(size))
            write.op("ARRAY_GET", 12, 10, 14)
        else:
            write.load(12, value())
        write.op("ARRAY_SET", 10, 11, 12)

    def body() -> None:
        get()
        for _ in range(rng.randint(1, 2)):
            write.each(
                rng.choice((1, 2, 3, 5, length // 2 + 1)), put, put if rng.random() < 0.6 else None
            )
        if rng.random() < 0.5:
            get()
        if misfit:
            late = rng.randrange(length)
            write.once(
                late,
                lambda: (
                    write.load(12, write.any_value())
                    .load(11, constant_index)
                    .op("ARRAY_SET", 10, 11, 12)
                ),
            )

    write.loop(length, body)
    if rng.random() < 0.2:
        write.load(11, rng.choice((size, -1, 2**40)))
        write.op("ARRAY_GET", 12, 10, 11)
    write.show(10, 20, 21)


@family
def bounds_of_arrays(write: Writer, length: int) -> None:
    """A loop that goes over the end of an array, or below its beginning, or meets an index that is
    no int.
    """
    rng = write.rng
    size = rng.randint(max(1, length // 2), length + 2)
    write.load(11, size)
    write.op("NEW_ARRAY", 10, 11)
    write.load(12, rng.choice((0, -1, 1, 3)))
    write.load(13, 0)

    def body() -> None:
        write.op("ADD", 14, COUNTER, 12) if rng.random() < 0.5 else write.op("MOVE", 14, COUNTER)
        if rng.random() < 0.6:
            write.op("ARRAY_SET", 10, 14, COUNTER)
        write.op("ARRAY_GET", 15, 10, 14)
        write.either(15, lambda: write.op("ADD", 13, 13, ONE))
        if rng.random() < 0.2:
            write.once(
                rng.randrange(length),
                lambda: write.load(12, rng.choice((0.0, "x", None, True, -5))),
            )

    write.op("DEBUG_PRINT", 11)
    write.loop(length, body)
    write.show(13)


@family
def rotation(write: Writer, length: int) -> None:
    """Registers that take turns, of which some hold containers and some are read or changed on
    the way.
    """
    rng = write.rng
    count = rng.choice((2, 3, 4, 4, 5))
    registers = [10 + number for number in range(count)]
    size = 3
    containers = rng.random() < 0.7
    for register in registers:
        if containers:
            write.load(register, rng.choice(SMALL_ARRAYS) if rng.random() < 0.7 else [None] * size)
        else:
            write.load(register, write.any_value())
    write.load(30, 0)
    write.load(31, 1)
    write.load(32, 2)
    write.load(20, "")
    if rng.random() < 0.5:
        write.op("MOVE", registers[0], rng.choice(registers))
    only_read = rng.random() < 0.5

    def use() -> None:
        register = rng.choice(registers)
        if not containers:
            write.observe(20, register, 22)
        elif only_read or rng.random() < 0.7:
            write.op("ARRAY_GET", rng.choice((5, 6, 7)), register, rng.choice((30, 31, 32)))
        else:
            write.load(8, write.any_value(SMALL_KINDS))
            write.op("ARRAY_SET", register, rng.choice((30, 31, 32)), rng.choice((COUNTER, 8, 5)))

    write.load(5, None)
    write.load(6, None)
    write.load(7, None)

    def body() -> None:
        for _ in range(rng.randint(1, 5)):
            use()
        order = registers[:]
        if rng.random() < 0.4:
            rng.shuffle(order)
        if rng.random() < 0.4:
            order = order[: rng.randint(2, count)]
        # Where one is left out, two registers come to hold the same value.
        left_out = rng.randrange(count) if rng.random() < 0.5 else count
        write.op("MOVE", 9, order[0])
        for place, (target, source) in enumerate(zip(order, order[1:])):
            if place != left_out:
                write.op("MOVE", target, source)
        write.op("MOVE", rng.choice(registers) if rng.random() < 0.3 else order[-1], 9)
        if rng.random() < 0.3:
            use()
        if rng.random() < 0.3:
            write.each(rng.choice((2, 3, 7)), lambda: write.op("MOVE", 9, rng.choice(registers)))
        if rng.random() < 0.3:
            write.observe(20, 5, 22)

    write.loop(length, body)
    write.show(*registers, 5, 6, 7, 20)


@family
def lists_in_turn(write: Writer, length: int) -> None:
    """Registers that hold lists, two of them often the same one, and pass them around in a circle,
    so that the loop ends with what was known of one list known of another.
    """
    rng = write.rng
    count = rng.randint(2, 6)
    registers = [10 + number for number in range(count)]
    size = rng.choice((1, 3, 3, 4))
    kind = rng.choice((None, "int", "float", "string", "any"))
    write.load(30, 0)
    write.load(31, 1)
    write.load(32, size - 1)
    write.load(33, size)
    write.load(20, "")
    for register in registers:
        if kind is None:
            write.op("NEW_ARRAY", register, 33)
        else:
            write.load(
                register,
                [
                    write.any_value(SMALL_KINDS) if kind == "any" else write.value(kind)
                    for _ in range(size)
                ],
            )
    for _ in range(rng.choice((0, 1, 1, 2))):
        write.op("MOVE", rng.choice(registers), rng.choice(registers))
    scratch = (5, 6, 7)
    for register in scratch:
        write.load(register, None)
    indexes = (30, 31, 32) if size > 1 else (30, 32)
    reads = [rng.choice(registers) for _ in range(rng.randint(count - 1, 2 * count))]
    stores = rng.random() < 0.3
    measures = rng.random() < 0.2

    def body() -> None:
        for register in reads:
            write.op("ARRAY_GET", rng.choice(scratch), register, rng.choice(indexes))
            if stores and rng.random() < 0.3:
                write.op(
                    "ARRAY_SET", rng.choice(registers), rng.choice(indexes), rng.choice(scratch)
                )
            if measures and rng.random() < 0.3:
                write.op("ARRAY_LEN", 8, rng.choice(registers))
        circle = registers[: rng.randint(2, count)] if rng.random() < 0.4 else registers
        left_out = rng.randrange(len(circle)) if rng.random() < 0.6 else -1
        write.op("MOVE", 9, circle[0])
        for number, (target, source) in enumerate(zip(circle, circle[1:])):
            if number != left_out:
                write.op("MOVE", target, source)
        write.op("MOVE", circle[-1], 9)
        if rng.random() < 0.3:
            write.observe(20, rng.choice(scratch), 22)
        if rng.random() < 0.2:
            write.each(
                rng.choice((2, 3, length // 2 + 1)),
                lambda: write.op("MOVE", rng.choice(registers), rng.choice(registers)),
            )

    write.loop(length, body)
    write.show(*registers, *scratch, 20)


@family
def aliases(write: Writer, length: int) -> None:
    """One container in two places, of which one is changed: registers, elements, entries, globals,
    arguments.
    """
    rng = write.rng
    write.load(10, rng.choice(SMALL_ARRAYS))
    write.load(11, rng.choice(SMALL_ARRAYS))
    write.load(12, [[0, 0], [0, 0], None])
    write.load(13, {"a": 1, "b": [1, 2]} if rng.random() < 0.5 else {"a": {"b": 1}})
    write.load(30, 0)
    write.load(31, 1)
    write.load(32, "a")
    write.load(33, "b")
    write.load(20, "")
    write.op("MOVE", 14, 10)
    write.op("STORE_GLOBAL", 10, "g")
    calls = rng.random() < 0.4
    write.load(34, "f")

    def change(register: int) -> Writer:
        return write.op(
            "ARRAY_SET", register, rng.choice((30, 31)), rng.choice((COUNTER, 31, 32, 14))
        )

    def change_global() -> Writer:
        write.op("LOAD_GLOBAL", 19, "g")
        return change(19)

    def change_copy_of_element() -> None:
        write.op("ARRAY_GET", 15, 12, 30).op("MOVE", 15, 10)
        change(15)

    steps: tuple[Part, ...] = (
        lambda: write.op("MOVE", 14, 10),
        lambda: write.op("MOVE", 11, 14),
        lambda: change(10),
        lambda: change(11),
        lambda: change(14),
        lambda: write.op("ARRAY_SET", 12, 30, rng.choice((10, 11, 14))),
        change_copy_of_element,
        lambda: write.op("ARRAY_GET", 15, 12, 31).op("CHECK_TYPE", TEST, 15, 0),
        lambda: write.op("DICT_SET", 13, rng.choice((32, 33)), rng.choice((10, 11, COUNTER))),
        lambda: write.op("DICT_GET", 17, 13, rng.choice((32, 33))),
        lambda: write.op("DICT_VALUES", 18, 13).op("ARRAY_SET", 18, 30, 31),
        lambda: write.op("STORE_GLOBAL", rng.choice((10, 11, 14)), "g"),
        change_global,
        lambda: change_global().op("STORE_GLOBAL", 19, "g"),
        lambda: write.op("MOVE", 26, 13).op("DICT_SET", 26, 32, COUNTER),
        lambda: write.op("MOVE", 26, 13).op("DICT_REMOVE", 13, 32),
        lambda: write.op("CALL", 34, 27, (10, 11)) if calls else None,
        lambda: write.op("CALL", 34, 10, (10, 14)) if calls else None,
    )
    chosen = [rng.choice(steps) for _ in range(rng.randint(2, 7))]

    def body() -> None:
        for step in chosen:
            if rng.random() < 0.25:
                write.each(rng.choice((2, 3)), step)
            else:
                step()
        if rng.random() < 0.5:
            write.each(rng.choice((7, length // 3 + 1)), lambda: write.show(10, 11, 12, 13, 14))
        if rng.random() < 0.3:
            # Nesting would grow without end.
            write.each(
                3,
                lambda: (
                    write.load(10, rng.choice(SMALL_ARRAYS))
                    .load(11, [1, 2, 3])
                    .load(14, [0.5, 2.5])
                ),
            )
        else:
            write.load(14, [1, 2])
            if rng.random() < 0.5:
                write.op("MOVE", 10, 14)

    write.loop(length, body)
    write.show(10, 11, 14, 17, 18, 19, 26, 27)
    write.op("RETURN", 30)
    if calls:
        write.function("f")
        for _ in range(rng.randint(1, 3)):
            write.op("ARRAY_SET", rng.choice((0, 1)), 30, rng.choice((31, 30)))
        if rng.random() < 0.3:
            write.op("STORE_GLOBAL", 0, "g")
        write.op("RETURN", rng.choice((0, 1)))


DICT_OPERATIONS = (
    "SET",
    "SET",
    "SET",
    "GET",
    "GET",
    "REMOVE",
    "REMOVE",
    "REMOVE",
    "CONTAINS",
    "KEYS",
    "VALUES",
    "LEN",
    "CLEAR",
    "COPY",
    "UPDATE",
)


@family
def dict_entries(write: Writer, length: int) -> None:
    """Entries under constant and computed keys, of one kind and another, removed and added
    again.
    """
    rng = write.rng
    kinds = rng.choice((("int",), ("float",), ("bool",), ("int", "float"), SMALL_KINDS, KINDS))
    write.op("DICT_NEW", 10)
    for key in rng.sample(("a", "b", "c", "é"), rng.randint(0, 3)):
        write.load(11, key)
        write.load(12, write.any_value(kinds))
        write.op("DICT_SET", 10, 11, 12)
    write.load(20, "")
    write.load(21, 0)
    write.load(15, rng.choice((1, 2, 3, 5, 10, 40)))

    def put_key(register: int) -> None:
        if rng.random() < 0.5:
            write.load(register, rng.choice(("a", "b", "c", "é", "")))
        else:
            write.op("MOD", register, COUNTER, 15)
            write.op("CAST", register, register, 4)

    def step() -> None:
        put_key(11)
        operation = rng.choice(DICT_OPERATIONS)
        if operation == "SET":
            write.load(12, write.any_value(kinds)) if rng.random() < 0.7 else write.op(
                "MOVE", 12, COUNTER
            )
            write.op("DICT_SET", 10, 11, 12)
        elif operation == "GET":
            write.op("DICT_GET", 13, 10, 11)
            write.observe(20, 13, 22)
        elif operation == "UPDATE":
            write.op("DICT_GET", 13, 10, 11)
            write.op("CHECK_TYPE", 22, 13, 2)
            write.load(23, 1)
            write.either(
                22,
                lambda: (
                    write.load(24, 1000)
                    .op("MOD", 13, 13, 24)
                    .op("ADD", 13, 13, 23)
                    .op("DICT_SET", 10, 11, 13)
                ),
            )
        elif operation == "REMOVE":
            write.op("DICT_REMOVE", 10, 11)
        elif operation == "CONTAINS":
            write.op("DICT_CONTAINS", 13, 10, 11)
            write.either(13, lambda: write.op("ADD", 21, 21, ONE))
        elif operation == "COPY":
            write.op("MOVE", 16, 10)
        elif operation == "CLEAR":
            write.each(rng.choice((5, 20)), lambda: write.op("DICT_CLEAR", 10))
        elif operation == "LEN":
            write.op("DICT_LEN", 13, 10)
            write.op("ADD", 21, 21, 13)
        else:
            write.op("DICT_" + operation, 14, 10)
            write.op("ARRAY_LEN", 13, 14)
            write.op("ADD", 21, 21, 13)

    def body() -> None:
        for _ in range(rng.randint(1, 4)):
            if rng.random() < 0.4:
                write.each(rng.choice((2, 3, 7, length // 2 + 1)), step)
            else:
                step()

    write.op("MOVE", 16, 10)
    write.loop(length, body)
    write.op("DICT_KEYS", 14, 10)
    write.op("DEBUG_PRINT", 14)
    write.show(10, 16, 20, 21)


@family
def globals_in_loops(write: Writer, length: int) -> None:
    """Global variables read and written in a loop and in what it calls, with kinds that change."""
    rng = write.rng
    names = ("g", "h")
    for name in names:
        if rng.random() < 0.8:
            write.load(10, write.any_value())
            write.op("STORE_GLOBAL", 10, name)
    write.load(20, "")
    write.load(34, "f")
    calls = rng.random() < 0.5
    array = rng.random() < 0.5
    if array:
        write.load(10, rng.choice(SMALL_ARRAYS))
        write.op("STORE_GLOBAL", 10, "arr")

    def step() -> None:
        what = rng.randrange(6)
        name = rng.choice(names)
        if what == 0:
            write.op("LOAD_GLOBAL", 11, name)
            write.observe(20, 11, 22)
        elif what == 1:
            write.load(11, write.any_value()) if rng.random() < 0.5 else write.op(
                "MOVE", 11, COUNTER
            )
            write.op("STORE_GLOBAL", 11, name)
        elif what == 2 and array:
            write.op("LOAD_GLOBAL", 12, "arr")
            write.load(13, rng.randrange(3))
            write.op("ARRAY_SET", 12, 13, COUNTER if rng.random() < 0.6 else 20)
            if rng.random() < 0.8:
                write.op("STORE_GLOBAL", 12, "arr")
        elif what == 3 and calls:
            write.op("CALL", 34, 14, (COUNTER,))
        elif what == 4:
            write.op("LOAD_GLOBAL", 11, names[0])
            write.op("LOAD_GLOBAL", 12, names[1])
            write.op("STORE_GLOBAL", 12, names[0])
            write.op("STORE_GLOBAL", 11, names[1])
        else:
            late = rng.randrange(length)
            write.once(late, lambda: write.load(11, write.any_value()).op("STORE_GLOBAL", 11, name))

    def body() -> None:
        for _ in range(rng.randint(1, 4)):
            step() if rng.random() < 0.7 else write.each(rng.choice((2, 3)), step)

    write.loop(length, body)
    for name in (*names, "arr", "count"):
        write.op("LOAD_GLOBAL", 11, name)
        write.show(11)
    write.show(20)
    write.op("RETURN", 20)
    if calls:
        write.function("f")
        write.op("LOAD_GLOBAL", 5, "count")
        write.op("CHECK_TYPE", 6, 5, 2)
        write.either(6, lambda: write.load(7, 1).op("ADD", 5, 5, 7), lambda: write.load(5, 0))
        write.op("STORE_GLOBAL", 5, "count")
        if rng.random() < 0.5:
            write.op("LOAD_GLOBAL", 6, "g")
            write.op("STORE_GLOBAL", 6, "h")
        write.op("RETURN", *((5,) if rng.random() < 0.7 else ()))


@family
def wrong_element(write: Writer, length: int) -> None:
    """One array of numbers, of which an element is read and then given one constant or another."""
    rng = write.rng
    pool = FLOATS if rng.random() < 0.7 else (0, 1, -1, 2, 5, 2**62)
    size = rng.choice((1, 1, 2, 3))
    write.load(10, [rng.choice(pool) for _ in range(size)])
    write.load(20, 0.0)
    write.load(21, "")
    values = [rng.choice(pool) for _ in range(rng.randint(2, 3))]
    for number, value in enumerate(values):
        write.compute(13 + number, value, 19)
    write.load(11, rng.randrange(size))
    by_register = rng.random() < 0.5

    def store(number: int) -> None:
        if by_register:
            write.op("ARRAY_SET", 10, 11, 13 + number)
        else:
            write.load(12, values[number])
            write.op("ARRAY_SET", 10, 11, 12)

    def body() -> None:
        write.op("ARRAY_GET", 5, 10, 11)
        if rng.random() < 0.4:
            write.op("DEBUG_PRINT", 5)
        if rng.random() < 0.4:
            write.observe(21, 5, 22)
        else:
            write.op("ADD", 20, 20, 5)
        write.each(rng.choice((2, 3, 3, 5)), lambda: store(0), lambda: store(1))
        if len(values) > 2:
            write.each(rng.choice((4, 7, length // 2 + 1)), lambda: store(2))

    write.loop(length, body)
    write.show(10, 20, 21)
