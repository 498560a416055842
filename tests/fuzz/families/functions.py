"""Functions as values: of the program and built in, out of registers, containers and globals."""

from __future__ import annotations

from typing import Any

from pymdvm import URL, Function

from ..writer import COUNTER, KINDS, Writer
from . import latest_family

FUNCTIONS = (30, 31, 32)
RESULT, KEPT, SEEN, SCRATCH, HOLDER, KEY = 10, 11, 20, 21, 12, 13
# Built-in functions that take any one value, or two.
OF_ONE = ("str", "bool", "type", "str")
OF_TWO = ("min", "max")


@latest_family
def function_values(write: Writer, length: int) -> None:
    """Calls of what a register holds, which is now one function and now another, by its name, its
    number, as a Function, out of a list, a dict or a set.
    """
    rng = write.rng
    own = [f"f{number}" for number in range(rng.randint(1, 3))]
    if rng.random() < 0.1:
        own[0] = rng.choice(("str", "len"))  # the file's own goes before the built-in one

    def named() -> Any:
        name = rng.choice((*own, *own, *OF_ONE))
        way = rng.random()
        if way < 0.02:
            return rng.choice(("missing", Function("missing"), None, 1.5, 99, URL("f:x")))
        return Function(name) if way < 0.6 else name

    for register in FUNCTIONS:
        write.load(register, named())
    write.load(SEEN, "")
    write.load(KEPT, write.any_value())
    write.load(HOLDER, [])
    for _ in range(3):
        write.load(SCRATCH, named())
        write.op("ARRAY_PUSH", HOLDER, SCRATCH)
    write.op("STORE_GLOBAL", FUNCTIONS[0], "function")

    def change() -> None:
        what = rng.randrange(7)
        register = rng.choice(FUNCTIONS)
        if what == 0:
            write.load(register, named())
        elif what == 1:
            write.op("MOVE", register, rng.choice(FUNCTIONS))
        elif what == 2:
            write.load(KEY, 3)
            write.op("MOD", KEY, COUNTER, KEY)
            write.op("ARRAY_GET", register, HOLDER, KEY)
        elif what == 3:
            write.op("LOAD_GLOBAL", register, "function")
        elif what == 4:
            write.op("STORE_GLOBAL", register, "function")
        elif what == 5:
            write.load(register, rng.choice(own))
            write.op("CAST", register, register, 5)
        else:
            write.op("SET_NEW", SCRATCH)
            write.op("SET_ADD", SCRATCH, register)
            write.op("SET_VALUES", SCRATCH, SCRATCH)
            write.load(KEY, 0)
            write.op("ARRAY_GET", register, SCRATCH, KEY)

    def body() -> None:
        for _ in range(rng.randint(1, 3)):
            if rng.random() < 0.5:
                write.each(rng.choice((2, 3, length // 2 + 1)), change)
            arguments = (rng.choice((COUNTER, KEPT, RESULT)),)
            write.op("CALL", rng.choice(FUNCTIONS), rng.choice((RESULT, KEPT)), arguments)
            write.observe(SEEN, rng.choice((RESULT, KEPT)), SCRATCH)
        if rng.random() < 0.3:
            write.op("EQ", RESULT, *(rng.choice(FUNCTIONS) for _ in range(2)))
            write.observe(SEEN, RESULT, SCRATCH)
        if rng.random() < 0.3:
            write.op("CHECK_TYPE", RESULT, rng.choice(FUNCTIONS), rng.choice((4, 5)))
            write.observe(SEEN, RESULT, SCRATCH)
        if rng.random() < 0.3:
            write.load(KEPT, write.any_value())

    write.load(RESULT, None)
    write.loop(length, body)
    write.show(*FUNCTIONS, RESULT, KEPT, SEEN, HOLDER)
    write.op("RETURN", rng.choice((RESULT, *FUNCTIONS)))
    for number, name in enumerate(own):
        write.function(name)
        what = rng.randrange(5)
        if what == 0:
            write.call(rng.choice(OF_ONE), 5, (0,), 6)
        elif what == 1:
            write.load(5, write.any_value(KINDS))
            write.op("EQ", 5, 0, 5)
        elif what == 2:
            write.op("CONCAT_STR", 5, 0, 0)
            write.load(6, 0)
            write.load(7, 3)
            write.call("repeat", 5, (5, 6), 8)
        elif what == 3 and number + 1 < len(own):
            write.load(6, Function(own[number + 1]))
            write.op("CALL", 6, 5, (0,))
        else:
            write.op("MOVE", 5, 0)
        write.op("RETURN", 5)


@latest_family
def higher_order(write: Writer, length: int) -> None:
    """A function that gets another one as its argument and calls it for each element of a list."""
    rng = write.rng
    names = ("double", "text", "keep")
    write.load(30, "each")
    write.load(SEEN, "")
    write.load(HOLDER, [rng.choice((1, 2, 5)) for _ in range(rng.randint(1, 6))])

    def body() -> None:
        name = rng.choice((*names, "str", "abs", "float"))
        write.load(31, rng.choice((Function(name), name)))
        if rng.random() < 0.4:
            write.each(2, lambda: write.load(31, Function(rng.choice(names))))
        write.op("CALL", 30, RESULT, (HOLDER, 31))
        write.observe(SEEN, RESULT, SCRATCH)
        if rng.random() < 0.3:
            write.op("ARRAY_PUSH", HOLDER, COUNTER)
            write.load(KEY, 0)
            write.op("ARRAY_REMOVE", SCRATCH, HOLDER, KEY)

    write.loop(length, body)
    write.show(RESULT, HOLDER, SEEN)
    write.op("RETURN", RESULT)
    write.function("each")
    write.load(2, [])
    write.load(3, 0)
    write.load(4, 1)
    write.op("ARRAY_LEN", 5, 0)
    again = write.label()
    write.mark(again)
    write.op("ARRAY_GET", 6, 0, 3)
    write.op("CALL", 1, 7, (6,))
    write.op("ARRAY_PUSH", 2, 7)
    write.op("ADD", 3, 3, 4)
    write.op("LT", 8, 3, 5)
    write.op("JUMP_IF", 8, again)
    write.op("RETURN", 2)
    for name in names:
        write.function(name)
        if name == "double":
            write.op("ADD", 1, 0, 0)
            write.op("RETURN", 1)
        elif name == "text":
            write.op("CAST", 1, 0, 4)
            write.op("RETURN", 1)
        else:
            write.op("RETURN", 0)


@latest_family
def applied_functions(write: Writer, length: int) -> None:
    """map, filter and fold with functions of the program, which may change what they find, call
    each other and map themselves, and with built-in ones.
    """
    rng = write.rng
    names = ("f", "g", "h")
    items, other, start = 14, 15, 16
    for register in (items, other):
        write.load(register, [rng.choice((1, 2, 5, 2.5)) for _ in range(rng.randint(0, 5))])
    write.load(start, rng.choice((0, 1.5, "", [], [7])))
    write.op("STORE_GLOBAL", items, "items")
    write.load(KEPT, write.any_value())
    write.load(SEEN, "")
    write.load(RESULT, None)

    def applied() -> None:
        name = rng.choice((*names, *names, *names, "str", "type", "bool"))
        if rng.random() < 0.01:
            name = rng.choice(("missing", "map", "abs", "max"))
        write.load(31, Function(name) if rng.random() < 0.6 else name)

    def apply() -> None:
        what = rng.choice(("map", "filter", "fold"))
        arguments: tuple[int, ...] = (rng.choice((items, items, other)), 31)
        if what == "fold":
            write.load(31, Function(rng.choice((*names, "max"))) if rng.random() < 0.9 else "f")
            arguments += (rng.choice((start, KEPT)),)
        if rng.random() < 0.005:
            arguments = rng.choice((arguments[:1], (KEPT, *arguments[1:]), (*arguments, 31)))
        write.call(what, rng.choice((RESULT, RESULT, other, KEPT)), arguments, 32)

    def body() -> None:
        for _ in range(rng.randint(1, 2)):
            if rng.random() < 0.7:
                applied()
            apply()
            write.observe(SEEN, RESULT, SCRATCH)
        if rng.random() < 0.5:
            write.op("ARRAY_PUSH", items, COUNTER)
            write.op("ARRAY_LEN", KEY, items)
            write.load(HOLDER, 8)
            write.op("GT", KEY, KEY, HOLDER)
            write.either(KEY, lambda: write.load(items, [1]))
        if rng.random() < 0.3:
            write.op(rng.choice(("LOAD_GLOBAL", "STORE_GLOBAL")), items, "items")
        write.op("CHECK_TYPE", KEY, other, 9)
        write.either(KEY, lambda: None, lambda: write.load(other, [3, 1]))
        if rng.random() < 0.4:
            write.load(KEPT, write.any_value())

    applied()
    write.loop(length, body)
    write.show(items, other, start, RESULT, KEPT, SEEN)
    write.op("LOAD_GLOBAL", items, "items")
    write.show(items)
    write.op("RETURN", RESULT)
    for number, name in enumerate(names):
        write.function(name)
        _applied_function(write, names[number + 1 :])


def _applied_function(write: Writer, callees: tuple[str, ...]) -> None:
    """A function of one value, or two, that is applied.  What else it reads is its caller's."""
    rng = write.rng
    what = rng.randrange(8)
    if what == 0:
        write.op("MOVE", 5, rng.choice((0, KEPT, 16)))
    elif what == 1:
        write.op("EQ", 5, 0, rng.choice((1, KEPT)))
    elif what == 2:
        write.op("CHECK_TYPE", 6, 0, 9)
        write.op("MOVE", 5, 0)
        write.either(6, lambda: write.op("ARRAY_PUSH", 5, 1))
    elif what == 3:
        write.op("LOAD_GLOBAL", 6, "items")
        write.op("ARRAY_LEN", 7, 6)
        write.load(8, 9)
        write.op("LT", 7, 7, 8)
        write.either(7, lambda: write.op("ARRAY_PUSH", 6, 0))
        write.op("STORE_GLOBAL", 6, "items")
        write.op("MOVE", 5, rng.choice((0, 6)))
    elif what == 4 and callees:
        write.load(6, Function(rng.choice(callees)))
        write.load(7, [1, 2])
        write.call(rng.choice(("map", "filter")), 5, (7, 6), 8)
    elif what == 5 and callees:
        write.call(rng.choice(callees), 5, (0, 1), 6)
    elif what == 6:
        write.op("CONCAT_STR", 5, 0, rng.choice((0, 14)))
        write.op("STR_LEN", 6, 5)
        write.load(7, 60)
        write.op("GT", 6, 6, 7)
        write.either(6, lambda: write.load(5, "short"))
    else:
        write.load(6, rng.choice((1, 2, 0.5)))
        write.op("CHECK_TYPE", 7, 0, 2)
        write.op("MOVE", 5, 0)
        write.either(7, lambda: write.op("ADD", 5, 0, 6) if rng.random() < 0.9 else None)
    if rng.random() < 0.9:
        write.op("RETURN", 5)
    else:
        write.op("RETURN")
