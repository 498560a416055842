"""Random programs that end, mean the same on both VMs, and get far before their first error.

One seed, one program. The writer keeps a guess of what each register holds and mostly picks
operands that fit; now and then it does not. What mdvm does differently on purpose is kept out here,
by construction, rather than forgiven afterwards:

* a function writes only registers below 64, since the published VM lets the higher ones leak back
  to the caller (it does read whatever its caller has, low and high);
* an argument never comes from a register that an earlier argument has overwritten by then, and
  there are at most 16;
* calls are counted in a global variable, which stops recursion far above the published VM's limit
  of 1,000;
* a dict gets its keys from a small set, and what shows their order runs once, so that asking the
  published VM again, which orders them at random, will meet mdvm's order.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from mdvm import opcodes

from .source import EntryOf, Item, Line, Mark, function, line, load
from .values import FLOATS, INTS, STRINGS

KEYS = ("a", "b", "\u00e9")
GLOBALS = ("g", "h", "")
SMALL_INTS = (0, 1, 1, 2, 2, 3, 4, -1, 5, 10)
PLAIN_FLOATS = (0.5, 1.5, 2.0, -3.0, 0.1)
PLAIN_STRINGS = ("x", "hello", "", "b")
# Mostly as large as the indices below.
ARRAY_SIZES = (3, 3, 3, 3, 4, 4, 5, 6, 40)
LOOP_TURNS = (1, 2, 2, 3, 3, 4, 5, 30)
KINDS = ("int", "int", "int", "float", "string", "bool", "empty", "array", "dict")
SCALAR_KINDS = ("int", "int", "float", "string", "bool", "empty")

# Registers with a job of their own, which no other instruction writes.
LOOP_COUNTERS = (56, 57)
LOOP_STEP, LOOP_TEST = 58, 59
FUEL, FUEL_STEP, FUEL_TEST = 60, 61, 62
FIRST_LEAKING_REGISTER = 64
FUEL_NAME = "fuel"

MISFIT_CHANCE = 0.01
MOST_ARGUMENTS = 16

_ARITHMETIC = ("ADD", "SUB", "MUL", "DIV", "MOD")
_COMPARISONS = ("LT", "GT", "LTE", "GTE")
# Instructions whose operands are all registers, or a type, and that neither jump nor need a certain
# kind of value.
_ANY_OPERANDS = ("NOT", "AND", "OR", "EQ", "NEQ", "CONCAT_STR", "MOVE")


def program(seed: object) -> list[Item]:
    """The program of a seed; the seed's text counts."""
    return _ProgramWriter(random.Random(str(seed))).write()


class _ProgramWriter:
    """The parts of one program: functions, and the code where it starts."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.functions = [f"f{number}" for number in range(rng.choice((0, 1, 1, 2, 3)))]
        self.low = rng.sample(range(LOOP_COUNTERS[0]), rng.randint(4, 9))
        self.high = rng.sample(range(FIRST_LEAKING_REGISTER, 256), rng.randint(0, 3))
        self.labels = 0

    def new_label(self) -> str:
        self.labels += 1
        return f"l{self.labels}"

    def write(self) -> list[Item]:
        start_in_table = self.rng.random() < 0.3
        start = self._start()
        functions = [item for name in self.functions for item in self._function(name)]
        if start_in_table:
            return [*functions, function("main"), *start]
        return [*start, *functions]

    def _start(self) -> list[Item]:
        rng = self.rng
        code = _CodeWriter(
            self,
            writable=[*self.low, *self.high],
            readable=[*self.low, *self.high],
            in_function=False,
        )
        if self.functions:
            code.add(load(FUEL, rng.randint(1, 40)), line("STORE_GLOBAL", FUEL, FUEL_NAME))
        for register in code.writable:
            if rng.random() < 0.7:
                code.make(register, rng.choice(KINDS))
        code.statements(rng.randint(4, 40))
        code.show_everything()
        return code.items

    def _function(self, name: str) -> list[Item]:
        rng = self.rng
        written = sorted({*rng.sample(self.low, rng.randint(2, len(self.low))), 0, 1})
        code = _CodeWriter(
            self, writable=written, readable=[*self.low, *self.high, 0, 1, 2], in_function=True
        )
        code.add(
            function(name),
            line("LOAD_GLOBAL", FUEL, FUEL_NAME),
            load(FUEL_STEP, 1),
            line("SUB", FUEL, FUEL, FUEL_STEP),
            line("STORE_GLOBAL", FUEL, FUEL_NAME),
            load(FUEL_STEP, 0),
            line("GT", FUEL_TEST, FUEL, FUEL_STEP),
        )
        go_on = self.new_label()
        code.add(
            line("JUMP_IF", FUEL_TEST, go_on), line("RETURN", *rng.choice(((), (0,)))), Mark(go_on)
        )
        code.statements(rng.randint(1, 9))
        code.leave()
        return code.items


class _CodeWriter:
    """A run of statements, in the start code or in a function."""

    def __init__(
        self,
        program: _ProgramWriter,
        writable: Sequence[int],
        readable: Sequence[int],
        in_function: bool,
    ) -> None:
        self.program = program
        self.rng = program.rng
        self.writable = list(writable)
        self.readable = list(readable)
        self.in_function = in_function
        self.items: list[Item] = []
        self.kinds: dict[int, str] = {}
        self.loops = 0

    def add(self, *items: Item) -> None:
        self.items.extend(items)

    # Registers

    @property
    def repeats(self) -> bool:
        """Whether this code runs more than once, so that what it makes larger each time must stay
        in bounds.
        """
        return self.in_function or self.loops > 0

    def target(self) -> int:
        return self.rng.choice(self.writable)

    def anything(self) -> int:
        return self.rng.choice(self.readable)

    def holding(self, *kinds: str) -> int:
        """A register that should hold a value of one of the kinds; made on the spot if there is
        none; rarely a misfit.
        """
        if self.rng.random() < MISFIT_CHANCE:
            return self.anything()
        fitting = [register for register, kind in self.kinds.items() if kind in kinds]
        if fitting and self.rng.random() < 0.9:
            return self.rng.choice(fitting)
        register = self.target()
        self.make(register, self.rng.choice(kinds))
        return register

    def wrote(self, register: int, kind: str) -> None:
        self.kinds[register] = kind

    def scratch(self, *avoid: int) -> int:
        """A register to write that is none of those about to be read, as far as there are
        enough.
        """
        free = [register for register in self.writable if register not in avoid]
        return self.rng.choice(free or self.writable)

    # Values

    def make(self, register: int, kind: str) -> None:
        """Put a new value of the kind into a register."""
        if kind == "array":
            self.make_array(register)
        elif kind == "dict":
            self.add(line("DICT_NEW", register))
            for key in self.rng.sample(KEYS, self.rng.choice((0, 0, 1, 2))):
                self.add(load(FUEL_STEP, key), line("DICT_SET", register, FUEL_STEP, FUEL_STEP))
        else:
            self.add(load(register, self.scalar(kind)))
        self.wrote(register, kind)

    def make_array(self, register: int) -> None:
        """An array, left Empty or filled with one kind of value, for which a VM may well store it
        in a special way.
        """
        size = self.rng.choice(ARRAY_SIZES)
        self.add(load(register, size), line("NEW_ARRAY", register, register))
        if self.rng.random() < 0.5:
            kind = self.rng.choice(SCALAR_KINDS)
            for index in range(self.rng.randint(1, min(size, 4))):
                self.add(
                    load(FUEL_STEP, index),
                    load(FUEL_TEST, self.scalar(kind)),
                    line("ARRAY_SET", register, FUEL_STEP, FUEL_TEST),
                )

    def scalar(self, kind: str) -> Any:
        rng = self.rng
        common: dict[str, Sequence[Any]] = {
            "int": SMALL_INTS,
            "float": PLAIN_FLOATS,
            "string": PLAIN_STRINGS,
            "bool": (False, True),
            "empty": (None,),
        }
        edges: dict[str, Sequence[Any]] = {"int": INTS, "float": FLOATS, "string": STRINGS}
        return rng.choice(edges[kind] if kind in edges and rng.random() < 0.15 else common[kind])

    # Statements

    def statements(self, count: int) -> None:
        for _ in range(count):
            self.statement()

    def statement(self) -> None:
        writers, weights = zip(*_STATEMENTS)
        self.rng.choices(writers, weights)[0](self)

    def load_value(self) -> None:
        self.make(self.target(), self.rng.choice(KINDS))

    def move(self) -> None:
        source, target = self.anything(), self.target()
        self.add(line("MOVE", target, source))
        self.wrote(target, self.kinds.get(source, "any"))

    def arithmetic(self) -> None:
        name = self.rng.choice(_ARITHMETIC)
        if name == "ADD" and self.rng.random() < 0.3:
            self.add_strings()
            return
        left, right = self.holding("int", "float"), self.holding("int", "float")
        if name in ("DIV", "MOD") and self.rng.random() < 0.8:
            right = self.scratch(left)
            self.add(load(right, self.rng.choice((1, 2, 3, -7, 0.5))))
            self.wrote(right, "any")
        target = self.target()
        self.add(line(name, target, left, right))
        self.wrote(
            target, "float" if "float" in (self.kinds.get(left), self.kinds.get(right)) else "int"
        )

    def add_strings(self) -> None:
        left = self.holding("string")
        right = self.holding("string")
        if self.repeats:
            # Doubling a string each time round would not end well.
            right = self.scratch(left)
            self.make(right, "string")
        target = self.target()
        self.add(line("ADD", target, left, right))
        self.wrote(target, "string")

    def negate(self) -> None:
        source, target = self.holding("int", "float"), self.target()
        self.add(line("NEG", target, source))
        self.wrote(target, self.kinds.get(source, "int"))

    def compare(self) -> None:
        kinds = ("string",) if self.rng.random() < 0.2 else ("int", "float")
        left, right, target = self.holding(*kinds), self.holding(*kinds), self.target()
        self.add(line(self.rng.choice(_COMPARISONS), target, left, right))
        self.wrote(target, "bool")

    def any_operands(self) -> None:
        """An instruction that takes whatever there is."""
        name = self.rng.choice(_ANY_OPERANDS)
        if name == "CONCAT_STR":
            self.concatenate()
            return
        target = self.target()
        reads = [
            self.anything()
            for operand in opcodes.BY_NAME[name].operands
            if operand.kind == opcodes.READ
        ]
        self.add(line(name, target, *reads))
        self.wrote(target, self.kinds.get(reads[0], "any") if name == "MOVE" else "bool")

    def concatenate(self) -> None:
        left, right = self.anything(), self.anything()
        if self.repeats:
            left = self.holding(*SCALAR_KINDS, "array")
            right = self.scratch(left)
            self.make(right, self.rng.choice(SCALAR_KINDS))
        target = self.target()
        self.add(line("CONCAT_STR", target, left, right))
        self.wrote(target, "string")

    def string_length(self) -> None:
        source, target = self.holding("string"), self.target()
        self.add(line("STR_LEN", target, source))
        self.wrote(target, "int")

    def cast(self) -> None:
        rng = self.rng
        texts = self.holding(*SCALAR_KINDS, "array") if self.repeats else self.anything()
        kind, source = rng.choice(
            (
                ("bool", self.anything()),
                ("string", texts),
                ("int", self.holding("int", "bool")),
                ("float", self.holding("int", "float")),
            )
        )
        target = self.target()
        wanted = (
            opcodes.TYPE_NAMES.index(kind)
            if rng.random() > 0.01
            else rng.choice((0, 5, 6, 7, 65535))
        )
        self.add(line("CAST", target, source, wanted))
        self.wrote(target, kind)

    def tag(self) -> None:
        self.add(line("DEFINE", self.target(), self.some_type()))

    def check_tag(self) -> None:
        target = self.target()
        self.add(line("CHECK_TYPE", target, self.anything(), self.some_type()))
        self.wrote(target, "bool")

    def some_type(self) -> int:
        return self.rng.choice((0, 1, 2, 2, 3, 4, 5, 6, 7, 99))

    def global_variable(self) -> None:
        name = self.rng.choice(GLOBALS)
        if self.rng.random() < 0.5:
            self.add(line("STORE_GLOBAL", self.anything(), name))
        else:
            target = self.target()
            self.add(line("LOAD_GLOBAL", target, name))
            self.wrote(target, "any")

    def array(self) -> None:
        rng = self.rng
        array = self.holding("array")
        index = self.scratch(array)
        action = rng.randrange(4)
        if action == 0:
            target = self.target()
            self.add(line("ARRAY_LEN", target, array))
            self.wrote(target, "int")
            return
        value = self.element(array, index)
        self.add(load(index, rng.choice((0, 0, 1, 1, 2, 2, rng.choice((2, 2, 2, 2, -1, 3))))))
        self.wrote(index, "int")
        if action == 1:
            target = self.target()
            self.add(line("ARRAY_GET", target, array, index))
            self.wrote(target, "any")
        elif array in self.writable:
            self.add(line("ARRAY_SET", array, index, value))

    def element(self, *avoid: int) -> int:
        """A register with a value to store in a container."""
        if not self.repeats:
            return self.anything()
        # A container stored into itself each time round would double each time round.
        register = self.scratch(*avoid)
        self.make(register, self.rng.choice(SCALAR_KINDS))
        return register

    def dictionary(self) -> None:
        rng = self.rng
        dictionary = self.holding("dict")
        key = self.scratch(dictionary)
        value = self.element(dictionary, key)
        self.add(load(key, rng.choice(KEYS)))
        self.wrote(key, "string")
        target = self.target()
        actions = ["SET", "SET", "SET", "GET", "REMOVE", "CONTAINS", "LEN", "CLEAR"]
        if not self.repeats:
            # Each dict has an order of its own on the published VM; of many dicts, chance would
            # never get all orders right.
            actions += ["KEYS", "VALUES"]
        action = rng.choice(actions)
        if action in ("SET", "REMOVE", "CLEAR"):
            if dictionary in self.writable:
                operands = {"SET": (key, value), "REMOVE": (key,), "CLEAR": ()}[action]
                self.add(line(f"DICT_{action}", dictionary, *operands))
            return
        self.add(
            line(
                f"DICT_{action}",
                target,
                dictionary,
                *((key,) if action in ("GET", "CONTAINS") else ()),
            )
        )
        self.wrote(
            target,
            {"GET": "any", "CONTAINS": "bool", "KEYS": "any", "VALUES": "any", "LEN": "int"}[
                action
            ],
        )

    def show(self) -> None:
        self.add(line("DEBUG_PRINT", self.anything()))

    def branch(self) -> None:
        otherwise, end = self.program.new_label(), self.program.new_label()
        self.add(line(self.rng.choice(("JUMP_IF", "JUMP_IF_NOT")), self.anything(), otherwise))
        before = dict(self.kinds)
        self.statements(self.rng.randint(1, 3))
        first = self.kinds
        self.kinds = before
        if self.rng.random() < 0.5:
            self.add(line("JUMP", end))
            self.add(Mark(otherwise))
            self.statements(self.rng.randint(1, 3))
            self.add(Mark(end))
        else:
            self.add(Mark(otherwise))
        self.agree_with(first)

    def agree_with(self, others: dict[int, str]) -> None:
        """Where two ways meet, only what both left in a register is known."""
        self.kinds = {
            register: kind for register, kind in self.kinds.items() if others.get(register) == kind
        }

    def loop(self) -> None:
        if self.loops == len(LOOP_COUNTERS):
            return
        counter = LOOP_COUNTERS[self.loops]
        start = self.program.new_label()
        self.add(load(counter, self.rng.choice(LOOP_TURNS)), Mark(start))
        self.loops += 1
        # The second turn sees what the first one left; a guess at what it will not touch.
        kept = self.rng.sample(list(self.kinds), len(self.kinds) // 2)
        self.kinds = {register: self.kinds[register] for register in kept}
        self.statements(self.rng.randint(1, 6))
        self.loops -= 1
        self.add(
            load(LOOP_STEP, 1),
            line("SUB", counter, counter, LOOP_STEP),
            load(LOOP_STEP, 0),
            line("GT", LOOP_TEST, counter, LOOP_STEP),
            line("JUMP_IF", LOOP_TEST, start),
        )

    def call(self) -> None:
        if not self.program.functions:
            return
        rng = self.rng
        name = rng.choice(self.program.functions)
        holder = self.target()
        known = rng.random() > 0.01
        self.add(
            load(
                holder,
                (EntryOf(name) if rng.random() < 0.15 else name)
                if known
                else rng.choice(("nobody", 12345, 2.0, None)),
            )
        )
        self.wrote(holder, "any")
        arguments: list[int] = []
        for position in range(rng.choice((0, 1, 1, 2, 2, 3, rng.randint(0, MOST_ARGUMENTS)))):
            safe = [register for register in self.readable if register >= position]
            if not safe:
                break
            arguments.append(rng.choice(safe))
        target = self.target()
        self.add(line("CALL", holder, target, tuple(arguments)))
        self.wrote(target, "any")

    def odd(self) -> None:
        """What ends a program or a function early, behind a condition; and what does nothing."""
        rng = self.rng
        if rng.random() < 0.5:
            self.add(line(rng.choice(("NOP", "BREAKPOINT"))))
            return
        past = self.program.new_label()
        self.add(line("JUMP_IF", self.anything(), past))
        ending = rng.randrange(4)
        if ending == 0:
            self.add(line("HALT"))
        elif ending == 1:
            self.add(line("JUMP", rng.choice((10_000, -10_000, 2**31 - 1, -(2**31)))))
        elif ending == 2:
            self.add(line("LOAD_CONST", self.target(), 60_000))
        else:
            self.leave()
        self.add(Mark(past))

    def leave(self) -> None:
        """A RETURN, with or without a value."""
        self.add(line("RETURN", *((self.anything(),) if self.rng.random() < 0.85 else ())))

    def show_everything(self) -> None:
        """At the end of the program: the tags of some registers, then all of them, in one array."""
        size, box = LOOP_STEP, LOOP_TEST
        for register in self.rng.sample(self.readable, min(3, len(self.readable))):
            self.add(
                line("CHECK_TYPE", FUEL, register, self.some_type()), line("DEBUG_PRINT", FUEL)
            )
        self.add(load(size, len(self.readable)), line("NEW_ARRAY", box, size))
        for position, register in enumerate(self.readable):
            self.add(load(size, position), line("ARRAY_SET", box, size, register))
        self.add(line("RETURN", box))


_STATEMENTS = (
    (_CodeWriter.load_value, 14),
    (_CodeWriter.move, 7),
    (_CodeWriter.arithmetic, 14),
    (_CodeWriter.negate, 2),
    (_CodeWriter.compare, 6),
    (_CodeWriter.any_operands, 9),
    (_CodeWriter.string_length, 2),
    (_CodeWriter.cast, 5),
    (_CodeWriter.tag, 3),
    (_CodeWriter.check_tag, 4),
    (_CodeWriter.global_variable, 6),
    (_CodeWriter.array, 13),
    (_CodeWriter.dictionary, 13),
    (_CodeWriter.show, 9),
    (_CodeWriter.branch, 6),
    (_CodeWriter.loop, 4),
    (_CodeWriter.call, 8),
    (_CodeWriter.odd, 1),
)


def instructions_of(items: Sequence[Item]) -> list[str]:
    """The names of a program's instructions."""
    return [item.name for item in items if isinstance(item, Line)]
