"""What the families write their programs with."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pymdvm import URL, Function
from tests.differential.source import Item, Latest, Mark, function, line, load
from tests.differential.values import make_value, show_register

# In every loop of a Writer: how often it has been executed, how often it shall be, 1, and scratch.
COUNTER, LENGTH, ONE, TEST = 0, 1, 2, 3

INT_LIMIT = 2**63
POWERS = (1, 2, 3, 4, 8, 31, 32, 33, 52, 53, 61, 62)
EDGES = sorted(
    {sign * 2**power + near for sign in (1, -1) for power in POWERS for near in (-1, 0, 1)}
    | {0, 1, -1, 3, -3, 7, 10, -10, 1000, INT_LIMIT - 1, INT_LIMIT - 2, -INT_LIMIT, 1 - INT_LIMIT}
)
# Those that optimisers get wrong.
SHARP = (0, 1, -1, 2, -2, -INT_LIMIT, INT_LIMIT - 1, 1 - INT_LIMIT)
FLOATS = (
    0.0,
    -0.0,
    1.0,
    -1.0,
    1.5,
    2.5,
    0.1,
    -3.0,
    3.0,
    1e16,
    1e-5,
    5e-324,
    1.7e308,
    2.0**53,
    2.0**63,
    -(2.0**63),
    1e23,
    float("nan"),
    float("inf"),
    float("-inf"),
)
SHARP_FLOATS = (0.0, -0.0, float("nan"), float("inf"), 1.0)
STRINGS = ("", "a", "b", "ab", "abc", "x" * 40, "1", "é", '\n"', "\U0001f600", "empty")
SMALL_KINDS = ("int", "float", "string", "bool", "empty")
KINDS = (*SMALL_KINDS, "array", "dict")

SCALARS = (
    *(0, 1, 2, 3, -1, INT_LIMIT - 1, -INT_LIMIT),
    *(0.0, -0.0, 1.0, 2.5, float("inf"), 2.0**53),
    *("", "a", "b", "1", "x" * 40, "a:b", "é"),
    *(True, False, None, URL("a:b"), URL("http://x"), Function("f"), Function("len")),
)

# What writes a part of a program.
Part = Callable[[], object]


class Writer:
    """Collects the lines of one program.  rng: what all choices come from. is_latest: whether it is
    one of version 2.
    """

    def __init__(self, rng: random.Random, is_latest: bool = False) -> None:
        self.rng = rng
        self.is_latest = is_latest
        self.items: list[Item] = [Latest()] if is_latest else []
        self._labels = 0

    # Lines

    def op(self, name: str, *operands: Any) -> Writer:
        """Add an instruction.  Returns the writer, so that several can be written in a row."""
        self.items.append(line(name, *operands))
        return self

    def load(self, register: int, value: Any) -> Writer:
        """Put a constant, or a container built of them, into the register."""
        if isinstance(value, (list, dict)):
            self.items.extend(make_value(register, value))
        else:
            self.items.append(load(register, value))
        return self

    def set_of(self, register: int, members: Iterable[Any], scratch: int) -> None:
        """Put a set into the register."""
        self.op("SET_NEW", register)
        for member in members:
            self.load(scratch, member)
            self.op("SET_ADD", register, scratch)

    def call(self, name: str, target: int, arguments: Sequence[int], scratch: int) -> None:
        """Call a function by its name."""
        self.load(scratch, name)
        self.op("CALL", scratch, target, tuple(arguments))

    def label(self) -> str:
        self._labels += 1
        return f"l{self._labels}"

    def mark(self, label: str) -> None:
        self.items.append(Mark(label))

    def function(self, name: str) -> None:
        self.items.append(function(name))

    def show(self, *registers: int) -> None:
        """Print the registers' values in the debug form.  Takes r250 and r251."""
        for register in registers:
            self.items.extend(show_register(register))

    # Control

    def loop(self, length: int, body: Part) -> None:
        """Execute what body writes as often as length says.  Takes r0 to r3."""
        self.load(COUNTER, 0)
        self.load(LENGTH, length)
        self.load(ONE, 1)
        head = self.label()
        self.mark(head)
        body()
        self.op("ADD", COUNTER, COUNTER, ONE)
        self.op("LT", TEST, COUNTER, LENGTH)
        self.op("JUMP_IF", TEST, head)

    def inner_loop(self, counter: int, length: int, body: Part) -> None:
        """A loop inside another.  Takes the register `counter` and the next one, and r3."""
        self.load(counter, length)
        head = self.label()
        self.mark(head)
        body()
        self.op("SUB", counter, counter, ONE)
        self.op("JUMP_IF", counter, head)

    def either(self, condition: int, then: Part, otherwise: Part | None = None) -> None:
        """An if on a register."""
        after = self.label()
        if self.rng.random() < 0.5:
            other = self.label()
            self.op("JUMP_IF_NOT", condition, other)
            then()
            if otherwise is not None:
                self.op("JUMP", after)
            self.mark(other)
            if otherwise is not None:
                otherwise()
        else:
            first = self.label()
            self.op("JUMP_IF", condition, first)
            if otherwise is not None:
                otherwise()
            self.op("JUMP", after)
            self.mark(first)
            then()
        self.mark(after)

    def each(self, step: int, then: Part, otherwise: Part | None = None) -> None:
        """In the iterations whose number is divisible by step one thing, in the others another.
        Takes r3.
        """
        self.load(TEST, step)
        self.op("MOD", TEST, COUNTER, TEST)
        self.op("NOT", TEST, TEST)
        self.either(TEST, then, otherwise)

    def once(self, iteration: int, then: Part) -> None:
        """In one iteration only.  Takes r3."""
        self.load(TEST, iteration)
        self.op("EQ", TEST, COUNTER, TEST)
        self.either(TEST, then)

    def from_on(self, iteration: int, then: Part, otherwise: Part | None = None) -> None:
        """From one iteration on; before it something else.  Takes r3."""
        self.load(TEST, iteration)
        self.op("GTE", TEST, COUNTER, TEST)
        self.either(TEST, then, otherwise)

    # Values

    def value(self, kind: str) -> Any:
        """Some value of the kind; int and float ones near the edges."""
        rng = self.rng
        if kind == "int":
            return self.edge() if rng.random() < 0.3 else rng.randint(-4, 9)
        if kind == "float":
            return rng.choice(SHARP_FLOATS if rng.random() < 0.4 else FLOATS)
        if kind == "string":
            return rng.choice(STRINGS)
        if kind == "bool":
            return rng.random() < 0.5
        if kind == "array":
            return [self.value(rng.choice(SMALL_KINDS)) for _ in range(rng.randint(0, 3))]
        if kind == "dict":
            return {"k": self.value(rng.choice(SMALL_KINDS))} if rng.random() < 0.7 else {}
        return None

    def edge(self) -> int:
        """An int of those that are special to some operation."""
        return self.rng.choice(SHARP if self.rng.random() < 0.5 else EDGES)

    def scalar(self) -> Any:
        """A key or a member: few of each kind, and some that only their kind tells apart."""
        return self.rng.choice(SCALARS)

    def any_value(self, kinds: Sequence[str] = KINDS) -> Any:
        return self.value(self.rng.choice(kinds))

    def compute(self, register: int, value: Any, scratch: int) -> None:
        """Put a scalar into the register in a way that the VM does not take for a constant:
        computed, or out of a container.
        """
        way = self.rng.randrange(4)
        if way == 0 and isinstance(value, float):
            self.load(register, value)
            self.load(scratch, 1.0)
            self.op("MUL", register, register, scratch)
        elif way == 1 and isinstance(value, int) and not isinstance(value, bool):
            self.load(register, value)
            self.load(scratch, 0)
            self.op("ADD", register, register, scratch)
        elif way == 2:
            self.load(scratch, 1)
            self.op("NEW_ARRAY", scratch, scratch)
            self.load(TEST, 0)
            self.load(register, value)
            self.op("ARRAY_SET", scratch, TEST, register)
            self.op("ARRAY_GET", register, scratch, TEST)
        else:
            self.load(register, value)

    def observe(self, accumulator: int, register: int, scratch: int) -> None:
        """Let the accumulator, a string of bounded length, depend on whatever the register holds;
        never fails.
        """
        self.op("CONCAT_STR", accumulator, accumulator, register)
        self.op("STR_LEN", scratch, accumulator)
        self.load(TEST, 200)
        self.op("GT", TEST, scratch, TEST)

        def shorten() -> None:
            self.op("DEBUG_PRINT", accumulator)
            self.load(accumulator, "")

        self.either(TEST, shorten)
