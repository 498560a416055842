"""Random programs with hot loops, for comparing the JIT with the interpreter.

A program is a few loops, one after the other, over a fixed set of registers: some always hold ints,
some floats, strings, an array or a dict, and a few hold whatever the last turn has put there. The
text depends on nothing but the seed. Ints are kept small by a MOD and strings short by starting
over, but not always: overflow and other errors are wanted too.
"""

from __future__ import annotations

import random

INTS = ("r10", "r11", "r12")
FLOATS = ("r20", "r21")
STRINGS = ("r30", "r31")
ANYTHING = ("r40", "r41", "r42")
ARRAY = "r50"
DICT = "r51"
COUNTER, ONE, TURNS, CONDITION = "r0", "r1", "r2", "r3"
SCRATCH = ("r4", "r5", "r6")
PRIME = "r7"
ARRAY_SIZE = 5

CONSTANTS = {
    "int": ("0", "1", "-1", "2", "7", "1000003", "-5", "9223372036854775807"),
    "float": ("0.5", "-2.25", "3.0", "1e300", "0.0", "-0.0", "nan", "inf", "9007199254740993.0"),
    "string": ('""', '"a"', '"text"', '"\u00e9\u4e16"', '"0"'),
    "other": ("true", "false", "empty"),
}
TYPES = ("empty", "bool", "int", "float", "string", "function", "url", "77")

FUNCTIONS = """
.func Twice
    ADD          r0, r0, r0
    RETURN       r0
.func Larger
    GT           r2, r0, r1
    JUMP_IF      r2, larger_first
    RETURN       r1
larger_first:
    RETURN       r0
.func Describe
    CHECK_TYPE   r1, r0, int
    JUMP_IF      r1, describe_int
    CHECK_TYPE   r1, r0, float
    JUMP_IF      r1, describe_float
    LOAD_CONST   r1, "other"
    RETURN       r1
describe_int:
    RETURN       r0
describe_float:
    CAST         r0, r0, string
    RETURN       r0
.func Sum
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, 0
    JUMP_IF_NOT  r0, sum_done
    SUB          r3, r0, r1
    LOAD_CONST   r4, "Sum"
    CALL         r2, r4(r3)
    ADD          r2, r2, r0
sum_done:
    RETURN       r2
.func Fill
    NEW_ARRAY    r2, r0
    LOAD_CONST   r3, 0
    LOAD_CONST   r4, 1
    JUMP         fill_test
fill_next:
    ARRAY_SET    r2, r3, r1
    ADD          r3, r3, r4
fill_test:
    LT           r5, r3, r0
    JUMP_IF      r5, fill_next
    RETURN       r2
.func Nothing
    LOAD_GLOBAL  r0, "calls"
    LOAD_CONST   r1, 1
    ADD          r0, r0, r1
    STORE_GLOBAL r0, "calls"
    RETURN
"""


class _Maker:
    """Makes one program."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []
        self.labels = 0

    def emit(self, name: str, *operands: str) -> None:
        self.lines.append(f"    {name:<12} {', '.join(operands)}".rstrip())

    def label(self) -> str:
        self.labels += 1
        return f"label{self.labels}"

    def place(self, label: str) -> None:
        self.lines.append(f"{label}:")

    def constant(self, *kinds: str) -> str:
        return self.random.choice(CONSTANTS[self.random.choice(kinds or tuple(CONSTANTS))])

    def value(self) -> str:
        """A register that is no container: elements must not nest deeper with every turn."""
        return self.random.choice(INTS + FLOATS + STRINGS)

    def call(self, function: str, result: str, *arguments: str) -> None:
        self.emit("LOAD_CONST", SCRATCH[2], f'"{function}"')
        self.emit("CALL", result, f"{SCRATCH[2]}({', '.join(arguments)})")

    # What a turn may do

    def ints(self) -> None:
        target, left, right = (self.random.choice(INTS) for _ in range(3))
        self.emit(self.random.choice(("ADD", "SUB", "MUL")), target, left, right)
        if self.random.random() < 0.9:
            self.emit("MOD", target, target, PRIME)

    def int_division(self) -> None:
        target, left, right = (self.random.choice(INTS) for _ in range(3))
        divide = self.label()
        self.emit("JUMP_IF", right, divide)
        self.emit("MOVE", right, ONE)
        self.place(divide)
        self.emit(self.random.choice(("DIV", "MOD")), target, left, right)

    def floats(self) -> None:
        target, left = (self.random.choice(FLOATS) for _ in range(2))
        right = self.random.choice(FLOATS + INTS + (COUNTER,))
        self.emit(self.random.choice(("ADD", "SUB", "MUL")), target, left, right)

    def negate(self) -> None:
        register = self.random.choice(INTS + FLOATS)
        self.emit("NEG", register, register)

    def strings(self) -> None:
        target = self.random.choice(STRINGS)
        self.emit(
            "CONCAT_STR", target, target, self.random.choice(INTS + FLOATS + STRINGS + (COUNTER,))
        )
        short = self.label()
        self.emit("STR_LEN", SCRATCH[0], target)
        self.emit("LOAD_CONST", SCRATCH[1], str(self.random.choice((10, 200, 600))))
        self.emit("LT", CONDITION, SCRATCH[0], SCRATCH[1])
        self.emit("JUMP_IF", CONDITION, short)
        self.emit("LOAD_CONST", target, self.constant("string"))
        self.place(short)

    def change(self) -> None:
        """From some turn on, a register holds something else."""
        later = self.label()
        self.emit("LOAD_CONST", SCRATCH[0], str(self.random.randrange(1500)))
        self.emit(self.random.choice(("EQ", "GT", "LT")), CONDITION, COUNTER, SCRATCH[0])
        self.emit("JUMP_IF_NOT", CONDITION, later)
        self.emit("LOAD_CONST", self.random.choice(ANYTHING), self.constant())
        self.place(later)

    def polymorphic_sum(self) -> None:
        """An ADD that sees ints, then floats, then strings, with no other type coming near it."""
        register = self.random.choice(ANYTHING)
        other, done = self.label(), self.label()
        self.emit("CHECK_TYPE", CONDITION, register, self.random.choice(("int", "float")))
        self.emit("JUMP_IF_NOT", CONDITION, other)
        self.emit("ADD", SCRATCH[0], register, register)
        self.emit("EQ", CONDITION, SCRATCH[0], register)
        self.emit("JUMP", done)
        self.place(other)
        self.emit("CONCAT_STR", SCRATCH[0], register, COUNTER)
        self.place(done)
        self.emit("MOVE", self.random.choice(ANYTHING), SCRATCH[0])

    def move(self) -> None:
        self.emit(
            "MOVE",
            self.random.choice(ANYTHING),
            self.random.choice(INTS + FLOATS + STRINGS + (ARRAY, DICT, COUNTER)),
        )

    def compare(self) -> None:
        left, right = (
            self.random.choice(INTS + FLOATS + STRINGS + ANYTHING + (ARRAY, DICT)) for _ in range(2)
        )
        self.emit(
            self.random.choice(("EQ", "NEQ", "AND", "OR")),
            self.random.choice(ANYTHING),
            left,
            right,
        )

    def order(self) -> None:
        kind = self.random.choice((INTS + FLOATS, STRINGS))
        left, right = (self.random.choice(kind) for _ in range(2))
        self.emit(
            self.random.choice(("LT", "GT", "LTE", "GTE")),
            self.random.choice(ANYTHING),
            left,
            right,
        )

    def types(self) -> None:
        source = self.random.choice(ANYTHING + INTS)
        if self.random.random() < 0.6:
            self.emit("DEFINE", source, self.random.choice(TYPES))
        self.emit("CHECK_TYPE", CONDITION, source, self.random.choice(TYPES))
        same = self.label()
        self.emit("JUMP_IF", CONDITION, same)
        self.emit("ADD", INTS[0], INTS[0], ONE)
        self.place(same)

    def cast(self) -> None:
        self.emit(
            "CAST",
            self.random.choice(ANYTHING),
            self.random.choice(ANYTHING),
            self.random.choice(("bool", "string")),
        )

    def index(self) -> None:
        """An index that the array has, in the first scratch register."""
        self.emit("LOAD_CONST", SCRATCH[1], str(ARRAY_SIZE))
        self.emit("MOD", SCRATCH[0], COUNTER, SCRATCH[1])

    def array(self) -> None:
        self.index()
        action = self.random.randrange(4)
        if action == 0:
            self.emit("ARRAY_GET", self.random.choice(ANYTHING), ARRAY, SCRATCH[0])
        elif action == 1:
            self.emit("ARRAY_LEN", SCRATCH[1], ARRAY)
            self.emit("ADD", INTS[1], INTS[1], SCRATCH[1])
        else:
            self.emit("ARRAY_SET", ARRAY, SCRATCH[0], self.value())

    def dict(self) -> None:
        self.index()
        self.emit("LOAD_CONST", SCRATCH[1], self.random.choice(('"k"', '"key"')))
        self.emit("CONCAT_STR", SCRATCH[0], SCRATCH[1], SCRATCH[0])
        action = self.random.randrange(8)
        if action < 4:
            self.emit("DICT_SET", DICT, SCRATCH[0], self.value())
        elif action == 4:
            self.emit("DICT_GET", self.random.choice(ANYTHING), DICT, SCRATCH[0])
        elif action == 5:
            self.emit("DICT_REMOVE", DICT, SCRATCH[0])
        elif action == 6:
            self.emit("DICT_CONTAINS", self.random.choice(ANYTHING), DICT, SCRATCH[0])
        else:
            self.emit(
                self.random.choice(("DICT_KEYS", "DICT_VALUES", "DICT_LEN")),
                self.random.choice(ANYTHING),
                DICT,
            )

    def globals(self) -> None:
        name = self.random.choice(('"first"', '"second"'))
        if self.random.random() < 0.5:
            self.emit(
                "STORE_GLOBAL", self.random.choice(INTS + FLOATS + STRINGS + (ARRAY, DICT)), name
            )
        else:
            self.emit("LOAD_GLOBAL", self.random.choice(ANYTHING), name)

    def calls(self) -> None:
        function = self.random.choice(("Twice", "Larger", "Describe", "Sum", "Fill", "Nothing"))
        target = self.random.choice(ANYTHING)
        if function == "Twice":
            self.call(function, target, self.random.choice((COUNTER, *FLOATS)))
        elif function == "Larger":
            self.call(function, target, *self.random.sample(INTS + FLOATS, 2))
        elif function == "Describe":
            self.call(function, target, self.random.choice(ANYTHING))
        elif function == "Nothing":
            self.call(function, target)
        else:
            self.emit("LOAD_CONST", SCRATCH[1], str(ARRAY_SIZE))
            self.emit("MOD", SCRATCH[0], COUNTER, SCRATCH[1])
            self.call(function, target, SCRATCH[0], *([self.value()] if function == "Fill" else []))

    def phi(self) -> None:
        left, right, meet = self.label(), self.label(), self.label()
        self.emit("EQ", CONDITION, *self.random.sample(INTS, 2))
        self.place(left)
        self.emit("JUMP_IF", CONDITION, meet)
        self.place(right)
        self.emit("JUMP", meet)
        self.place(meet)
        self.emit(
            "PHI",
            self.random.choice(INTS),
            f"[{self.random.choice(INTS)} from {left}, {self.random.choice(INTS)} from {right}]",
        )

    def print_sometimes(self) -> None:
        quiet = self.label()
        self.emit("LOAD_CONST", SCRATCH[1], str(self.random.choice((97, 211, 1009))))
        self.emit("MOD", SCRATCH[0], COUNTER, SCRATCH[1])
        self.emit("JUMP_IF", SCRATCH[0], quiet)
        self.emit(
            "DEBUG_PRINT", self.random.choice(INTS + FLOATS + STRINGS + ANYTHING + (ARRAY, DICT))
        )
        self.place(quiet)

    def error(self) -> None:
        """Something that fails, in one late turn."""
        fine = self.label()
        self.emit("LOAD_CONST", SCRATCH[0], str(self.random.randrange(2000)))
        self.emit("NEQ", CONDITION, COUNTER, SCRATCH[0])
        self.emit("JUMP_IF", CONDITION, fine)
        self.random.choice(
            (
                lambda: self.emit("MUL", SCRATCH[0], STRINGS[0], INTS[0]),
                lambda: self.emit("ARRAY_GET", SCRATCH[0], ARRAY, STRINGS[0]),
                lambda: self.emit("STR_LEN", SCRATCH[0], ARRAY),
                lambda: self.emit("ASSERT", INTS[0], "range 1..2", '"in range"'),
                lambda: self.emit("CAST", SCRATCH[0], FLOATS[0], "int"),
                lambda: self.emit("LT", SCRATCH[0], DICT, INTS[0]),
            )
        )()
        self.place(fine)

    # The program

    def loop(self, turns: int) -> None:
        body = [
            self.ints,
            self.int_division,
            self.floats,
            self.negate,
            self.strings,
            self.change,
            self.polymorphic_sum,
            self.move,
            self.compare,
            self.order,
            self.types,
            self.cast,
            self.array,
            self.dict,
            self.globals,
            self.calls,
            self.phi,
        ]
        top = self.label()
        self.emit("LOAD_CONST", COUNTER, "0")
        self.emit("LOAD_CONST", TURNS, str(turns))
        self.place(top)
        for _ in range(self.random.randrange(3, 10)):
            self.random.choice(body)()
        if self.random.random() < 0.2:
            self.error()
        self.print_sometimes()
        self.emit("ADD", COUNTER, COUNTER, ONE)
        self.emit("LT", CONDITION, COUNTER, TURNS)
        self.emit("JUMP_IF", CONDITION, top)

    def make(self) -> str:
        self.lines.append(".func main")
        self.emit("LOAD_CONST", ONE, "1")
        self.emit("LOAD_CONST", PRIME, "1000003")
        self.emit("LOAD_CONST", SCRATCH[0], "0")
        self.emit("STORE_GLOBAL", SCRATCH[0], '"calls"')
        self.emit("LOAD_CONST", SCRATCH[0], str(ARRAY_SIZE))
        self.emit("NEW_ARRAY", ARRAY, SCRATCH[0])
        self.emit("DICT_NEW", DICT)
        for registers, kind in ((INTS, "int"), (FLOATS, "float"), (STRINGS, "string")):
            for register in registers:
                self.emit("LOAD_CONST", register, self.constant(kind))
        for register in INTS:
            self.emit("MOD", register, register, PRIME)
        for register in ANYTHING:
            self.emit("LOAD_CONST", register, self.constant())
        for _ in range(self.random.randrange(1, 4)):
            self.loop(self.random.choice((40, 300, 2500)))
        for register in INTS + FLOATS + STRINGS + ANYTHING + (ARRAY, DICT):
            self.emit("DEBUG_PRINT", register)
        self.emit("RETURN", INTS[0])
        return "\n".join(self.lines) + FUNCTIONS


def loop_program(seed: int) -> str:
    """The text of the program with this seed."""
    return _Maker(seed).make()
