"""Sets, and dicts with any scalars as keys."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..writer import COUNTER, TEST, Part, Writer
from . import latest_family

FIRST, SECOND, THIRD = 10, 11, 12
KEY, VALUE, FOUND, STEP = 13, 14, 15, 16
SEEN, SCRATCH = 20, 21
KEY_KINDS = ("int", "int", "wide", "string", "float", "bool", "mixed", "late")


class _Keys:
    """Loads of keys, of one kind or several."""

    def __init__(self, write: Writer, length: int) -> None:
        self.write = write
        self.rng = write.rng
        self.kind = self.rng.choice(KEY_KINDS)
        self.late = self.rng.randrange(length)
        self.round = self.rng.choice((3, 5, 8, 20, 100))

    def key(self) -> int:
        """A register with a key."""
        write, rng = self.write, self.rng
        kind = self.kind
        if rng.random() < 0.01:
            write.load(KEY, rng.choice(([], {}, float("nan"))))
        elif kind == "mixed" or rng.random() < 0.05:
            write.load(KEY, write.scalar())
        elif kind == "late":
            self.number()
            write.from_on(self.late, lambda: write.load(KEY, write.scalar()))
        else:
            self.number()
            if kind == "wide":
                write.load(STEP, rng.choice((2**32, 2**40 + 1, -(2**58), 2**20)))
                write.op("MUL", KEY, KEY, STEP)
            elif kind in ("string", "float", "bool"):
                write.op("CAST", KEY, KEY, {"string": 4, "float": 3, "bool": 1}[kind])
        return KEY

    def number(self) -> None:
        """Some int below `round` in KEY."""
        if self.rng.random() < 0.3:
            self.write.load(KEY, self.rng.randrange(self.round))
            return
        self.write.load(STEP, self.rng.choice((1, 3, 7)))
        self.write.op("MUL", KEY, COUNTER, STEP)
        self.write.load(STEP, self.round)
        self.write.op("MOD", KEY, KEY, STEP)


def _choose(write: Writer, ways: tuple[tuple[int, Part], ...]) -> None:
    write.rng.choices([way for _, way in ways], [weight for weight, _ in ways])[0]()


@latest_family
def sets(write: Writer, length: int) -> None:
    """Sets that get and lose members, with who else holds them; members of one kind, or late
    another.
    """
    rng = write.rng
    keys = _Keys(write, length)
    registers = (FIRST, FIRST, SECOND, THIRD)

    def some() -> int:
        return rng.choice(registers)

    def observe_found() -> None:
        write.observe(SEEN, FOUND, SCRATCH)

    def seen(name: str, *operands: int) -> None:
        write.op(name, FOUND, *operands)
        observe_found()

    def contains() -> None:
        write.op("SET_CONTAINS", FOUND, some(), keys.key())
        write.either(FOUND, lambda: write.op("SET_REMOVE", some(), KEY), observe_found)

    def go_through() -> None:
        write.op("SET_VALUES", FOUND, some())
        if rng.random() < 0.3:
            write.op("ARRAY_PUSH", FOUND, COUNTER)
        write.op("ARRAY_LEN", FOUND, FOUND) if rng.random() < 0.5 else None
        observe_found()

    ways: tuple[tuple[int, Part], ...] = (
        (8, lambda: write.op("SET_ADD", some(), keys.key())),
        (4, lambda: write.op("SET_REMOVE", some(), keys.key())),
        (3, contains),
        (2, lambda: seen("SET_CONTAINS", some(), keys.key())),
        (2, lambda: seen("SET_LEN", some())),
        (2, go_through),
        (2, lambda: write.op("MOVE", some(), some())),
        (1, lambda: seen("EQ", some(), some())),
        (1, lambda: write.op("DEBUG_PRINT", some())),
        (1, lambda: write.op(rng.choice(("LOAD_GLOBAL", "STORE_GLOBAL")), some(), "set")),
    )
    for register in (FIRST, SECOND, THIRD):
        members = [rng.randrange(9) for _ in range(rng.randrange(4))]
        write.set_of(register, members if keys.kind != "mixed" else [write.scalar()], KEY)
    write.op("STORE_GLOBAL", SECOND, "set")
    write.load(SEEN, "")

    def body() -> None:
        for _ in range(rng.choice((2, 4, 7))):
            _choose(write, ways)
        write.op("SET_LEN", FOUND, FIRST)
        write.load(TEST, rng.choice((6, 30, 1000)))
        write.op("GT", TEST, FOUND, TEST)
        write.either(TEST, lambda: write.op("SET_NEW", FIRST))

    write.loop(length, body)
    write.op("SET_VALUES", FOUND, FIRST)
    write.show(FIRST, SECOND, THIRD, SEEN, FOUND)
    write.op("LOAD_GLOBAL", SECOND, "set")
    write.show(SECOND)
    write.op("RETURN", rng.choice((FIRST, SECOND, FOUND)))


@latest_family
def scalar_keys(write: Writer, length: int) -> None:
    """Dicts with keys of one kind or of all, which get and lose entries, and who else holds them."""
    rng = write.rng
    keys = _Keys(write, length)
    value_kind = rng.choice(("int", "float", "bool", "string", "array", "mixed"))

    def some() -> int:
        return rng.choice((FIRST, FIRST, SECOND, THIRD))

    def value() -> Any:
        return write.any_value() if value_kind == "mixed" else write.value(value_kind)

    def put() -> None:
        key = keys.key()
        write.load(VALUE, value()) if rng.random() < 0.5 else write.op("MOVE", VALUE, COUNTER)
        write.op("DICT_SET", some(), key, VALUE)

    def observe_found() -> None:
        write.observe(SEEN, FOUND, SCRATCH)

    def seen(name: str, *operands: int) -> None:
        write.op(name, FOUND, *operands)
        observe_found()

    def count() -> None:
        """As one counts words."""
        counted = some()
        write.op("DICT_GET", FOUND, counted, keys.key())
        write.op("CHECK_TYPE", TEST, FOUND, 2)
        write.either(TEST, lambda: None, lambda: write.load(FOUND, 0))
        write.load(VALUE, 1)
        write.op("ADD", FOUND, FOUND, VALUE)
        write.load(VALUE, 1000)
        write.op("MOD", FOUND, FOUND, VALUE)
        write.op("DICT_SET", counted, KEY, FOUND)

    def push_to() -> None:
        """The entry is a list that grows."""
        holder = some()
        write.op("DICT_GET", FOUND, holder, keys.key())
        write.op("CHECK_TYPE", TEST, FOUND, 9)
        write.either(TEST, lambda: None, lambda: write.load(FOUND, []))
        write.op("ARRAY_PUSH", FOUND, COUNTER)
        write.op("DICT_SET", holder, KEY, FOUND)

    ways: tuple[tuple[int, Part], ...] = (
        (7, put),
        (3, count),
        (2, push_to),
        (3, lambda: write.op("DICT_REMOVE", some(), keys.key())),
        (3, lambda: seen("DICT_GET", some(), keys.key())),
        (3, lambda: seen("DICT_CONTAINS", some(), keys.key())),
        (1, lambda: seen("DICT_LEN", some())),
        (1, lambda: seen("DICT_KEYS", some())),
        (1, lambda: seen("DICT_VALUES", some())),
        (2, lambda: write.op("MOVE", some(), some())),
        (1, lambda: seen("EQ", some(), some())),
        (1, lambda: write.op("DEBUG_PRINT", some())),
        (1, lambda: write.op(rng.choice(("LOAD_GLOBAL", "STORE_GLOBAL")), some(), "dict")),
    )
    for register in (FIRST, SECOND, THIRD):
        write.op("DICT_NEW", register)
    write.op("STORE_GLOBAL", SECOND, "dict")
    write.load(SEEN, "")

    def body() -> None:
        for _ in range(rng.choice((2, 4, 7))):
            _choose(write, ways)
        for register in (FIRST, SECOND, THIRD):
            write.op("DICT_LEN", FOUND, register)
            write.load(TEST, rng.choice((6, 30)))
            write.op("GT", TEST, FOUND, TEST)
            write.either(TEST, partial(write.op, "DICT_CLEAR", register))

    write.loop(length, body)
    write.op("DICT_KEYS", FOUND, FIRST)
    write.show(FIRST, SECOND, THIRD, SEEN, FOUND)
    write.op("LOAD_GLOBAL", SECOND, "dict")
    write.show(SECOND)
    write.op("RETURN", rng.choice((FIRST, SECOND, FOUND)))
