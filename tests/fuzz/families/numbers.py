"""Numbers and kinds: constants of every size on either side, and variables whose kind changes."""

from __future__ import annotations

from functools import partial

from ..writer import COUNTER, EDGES, FLOATS, INT_LIMIT, KINDS, ONE, SMALL_KINDS, TEST, Writer
from . import family

ARITHMETIC = ("ADD", "SUB", "MUL", "DIV", "MOD")
COMPARISONS = ("LT", "GT", "LTE", "GTE", "EQ", "NEQ")


@family
def int_constants(write: Writer, length: int) -> None:
    """Operations with a constant int on one side and ints that vary on the other."""
    rng = write.rng
    operation = rng.choice((*ARITHMETIC, *ARITHMETIC, *COMPARISONS, "AND", "OR"))
    constant = write.edge()
    start = rng.choice((0, 1, -1, write.edge(), -(length // 2), rng.randint(-100, 100)))
    step = rng.choice((0, 1, 1, -1, 2, 7, -1000003, write.edge()))
    in_register = rng.random() < 0.5
    write.load(10, start)
    write.load(11, step)
    write.load(13, rng.choice((0, 0.0)))
    write.load(14, 1000003)
    write.load(17, constant)
    write.load(18, 0)

    def body() -> None:
        if not in_register:
            write.load(17, constant)
        left, right = (10, 17) if rng.random() < 0.6 else (17, 10)
        write.op(operation, 12, left, right)
        if operation in ARITHMETIC:
            write.op("MOD", 15, 12, 14)
            write.op("ADD", 13, 13, 15)
        else:
            write.either(12, lambda: write.op("ADD", 18, 18, ONE))
        if rng.random() < 0.3:
            _second_operation(write, 12)
        write.op("ADD", 10, 10, 11)
        if rng.random() < 0.5:
            write.each(rng.choice((2, 3, length // 2 + 1)), lambda: write.load(10, start))

    write.loop(length, body)
    write.show(10, 12, 13, 18)


def _second_operation(write: Writer, source: int) -> None:
    """A result goes on into an operation with another constant, which the optimiser may put
    together.
    """
    rng = write.rng
    write.load(19, write.edge())
    left, right = (source, 19) if rng.random() < 0.5 else (19, source)
    write.op(rng.choice(("DIV", "MOD", "LT", "EQ", "GTE")), 20, left, right)
    write.load(21, "")
    write.op("CONCAT_STR", 21, 21, 20)


@family
def int_pairs(write: Writer, length: int) -> None:
    """Two constants alone, without a loop around them, and the same inside one where each comes
    from somewhere.
    """
    rng = write.rng
    operation = rng.choice((*ARITHMETIC, *COMPARISONS))
    left, right = write.edge(), write.edge()
    write.load(12, None)

    def body() -> None:
        write.compute(10, left, 14)
        write.compute(11, right, 15)
        write.op(operation, 12, 10, 11)

    if rng.random() < 0.3:
        body()
    else:
        write.load(10, 1)
        write.load(11, 1)
        if rng.random() < 0.5:
            late = rng.randrange(length)
            write.loop(
                length, lambda: write.from_on(late, body, lambda: write.op(operation, 13, 10, 11))
            )
        else:
            write.loop(length, body)
    write.show(12)


# What must fail, and how near it is what must not.
FAILING = (
    ("DIV", -INT_LIMIT, -1),
    ("MOD", -INT_LIMIT, -1),
    ("MUL", -INT_LIMIT, -1),
    ("MUL", -1, -INT_LIMIT),
    ("ADD", INT_LIMIT - 1, 1),
    ("ADD", -INT_LIMIT, -1),
    ("SUB", -INT_LIMIT, 1),
    ("SUB", 0, -INT_LIMIT),
    ("DIV", 5, 0),
    ("MOD", -INT_LIMIT, 0),
    ("DIV", 0, 0),
    ("MUL", 2**32, 2**31),
    ("MUL", 2**62, 2),
    ("GT", 1, "x"),
    ("LTE", "x", 2.0),
    ("GTE", True, 1),
)


def _succeeds(operation: str, left: int, right: int) -> bool:
    if operation in ("DIV", "MOD"):
        return right != 0 and (left, right) != (-INT_LIMIT, -1)
    result = {"ADD": left + right, "SUB": left - right, "MUL": left * right}.get(operation, 0)
    return -INT_LIMIT <= result < INT_LIMIT


@family
def edge_tables(write: Writer, length: int) -> None:
    """One operation with one constant on one side and, in turn, every int from a table that it does
    not fail with.
    """
    rng = write.rng
    operation = rng.choice((*ARITHMETIC, "DIV", "MOD", *COMPARISONS))
    constant = write.edge()
    constant_left = rng.random() < 0.4
    table = [
        edge
        for edge in EDGES
        if (
            _succeeds(operation, constant, edge)
            if constant_left
            else _succeeds(operation, edge, constant)
        )
    ]
    table = rng.sample(table, min(len(table), 12)) or [1]
    if not _succeeds(
        operation, constant if constant_left else table[0], table[0] if constant_left else constant
    ):
        constant = 1
    write.load(10, table)
    write.load(11, len(table))
    write.load(20, "")
    write.load(17, constant)
    given = rng.random() < 0.5

    def body() -> None:
        write.op("MOD", 12, COUNTER, 11).op("ARRAY_GET", 13, 10, 12)
        if not given:
            write.load(17, constant)
        write.op(operation, 14, *((17, 13) if constant_left else (13, 17)))
        if rng.random() < 0.5:
            write.op("CONCAT_STR", 15, 20, 14).op("DEBUG_PRINT", 15)
        else:
            write.observe(20, 14, 22)

    write.loop(length, body)
    write.show(20)
    if rng.random() < 0.7:
        failing, left, right = rng.choice(FAILING)
        write.compute(10, left, 12)
        write.compute(11, right, 13)
        write.op(failing, 14, 10, 11)
        write.show(14)


@family
def bounds(write: Writer, length: int) -> None:
    """Comparisons that tell the optimiser what an int can be, and operations that follow from
    it.
    """
    rng = write.rng
    write.load(10, rng.choice((0, -5, write.edge())))
    write.load(11, rng.choice((1, 3, -1)))
    write.load(13, 0)

    def body() -> None:
        for _ in range(rng.randint(1, 3)):
            write.load(14, rng.choice((0, 1, -1, 2, 5, 100, write.edge())))
            left, right = (10, 14) if rng.random() < 0.7 else (14, 10)
            write.op(rng.choice(COMPARISONS), 15, left, right)

            def then() -> None:
                write.load(
                    16,
                    rng.choice(
                        (1, 2, 3, 4, 8, 16, -1, -2, 7, rng.choice([edge for edge in EDGES if edge]))
                    ),
                )
                write.op(rng.choice(("DIV", "MOD", "DIV", "MOD", "MUL", "ADD", "SUB")), 17, 10, 16)
                write.load(16, 1000003)
                write.op("MOD", 17, 17, 16)
                write.op("ADD", 13, 13, 17)

            write.either(
                15, then, (lambda: write.op("SUB", 13, 13, ONE)) if rng.random() < 0.5 else None
            )
        write.op("ADD", 10, 10, 11)

    write.loop(length, body)
    write.show(10, 13)


@family
def float_branches(write: Writer, length: int) -> None:
    """A register that is one number or another by the branch, constants or computed, and goes round
    the loop.
    """
    rng = write.rng
    values = [rng.choice((*FLOATS, 1, 0, -1, 2)) for _ in range(rng.randint(2, 4))]
    write.load(20, rng.choice((0.0, 0, -0.0)))
    write.load(21, "")
    write.compute(10, values[0], 11)
    shown = rng.random() < 0.6

    def body() -> None:
        early = rng.random() < 0.5
        if early:
            _use_number(write, 10, 20, shown)
        for value in values[1:]:

            def change(value: float = value) -> None:
                write.compute(10, value, 11)

            write.each(rng.choice((2, 3, 3, 4, 7, length // 3 + 1, length // 2 + 1)), change)
        if rng.random() < 0.3:
            write.op("NEG", 10, 10)
        if not early:
            _use_number(write, 10, 20, shown)

    write.loop(length, body)
    write.show(10, 20)


def _use_number(write: Writer, number: int, total: int, shown: bool) -> None:
    rng = write.rng
    if shown and rng.random() < 0.7:
        write.op("DEBUG_PRINT", number)
    operation = rng.choice(("ADD", "ADD", "SUB", "MUL", "NEG", "LT", "EQ", "NOT", "CAST", "CONCAT"))
    if operation in ("ADD", "SUB"):
        write.op(operation, total, total, number)
    elif operation == "MUL":
        write.load(12, 0.5)
        write.op("MUL", 12, 12, number)
        write.op("ADD", total, total, 12)
    elif operation == "NEG":
        write.op("NEG", 12, number)
        write.op("ADD", total, total, 12)
    elif operation in ("LT", "EQ"):
        write.op(operation, 12, number, total)
        write.op("CAST", 12, 12, 2)
        write.op("ADD", total, total, 12)
    elif operation == "NOT":
        write.either(number, lambda: write.op("ADD", total, total, ONE))
    elif operation == "CAST":
        write.op("CAST", 12, number, 3)
        write.op("ADD", total, total, 12)
    else:
        write.observe(21, number, 12)


@family
def late_kinds(write: Writer, length: int) -> None:
    """A variable whose kind changes after the loop was compiled, perhaps twice, perhaps back."""
    rng = write.rng
    registers = (10, 11, 12)[: rng.randint(1, 3)]
    for register in registers:
        write.load(register, write.any_value())
    write.load(20, "")
    write.load(21, 0)
    moments = sorted(rng.randrange(length) for _ in range(rng.randint(1, 3)))
    numbers = rng.random() < 0.4

    def body() -> None:
        for register in registers:
            if rng.random() < 0.5:
                write.observe(20, register, 22)
            else:
                write.op(
                    rng.choice(("EQ", "NEQ", "AND", "OR")),
                    22,
                    register,
                    rng.choice((*registers, 21)),
                )
                write.either(22, lambda: write.op("ADD", 21, 21, ONE))
        for moment in moments:
            register = rng.choice(registers)
            kinds = ("int", "float") if numbers else KINDS
            write.once(moment, partial(write.load, register, write.any_value(kinds)))
        if numbers and rng.random() < 0.3:
            write.op("ADD", registers[0], registers[0], registers[-1])
        if rng.random() < 0.3:
            write.op("MOVE", registers[0], registers[-1])

    write.loop(length, body)
    write.show(*registers, 20, 21)


@family
def kinds_by_branch(write: Writer, length: int) -> None:
    """A register that holds a value of one kind in one branch and of another in the other."""
    rng = write.rng
    write.load(10, write.any_value())
    write.load(20, "")
    write.load(21, 0)
    choices = [
        write.any_value(KINDS if rng.random() < 0.5 else SMALL_KINDS)
        for _ in range(rng.randint(2, 4))
    ]

    def put(value: object) -> None:
        if isinstance(value, (list, dict)):
            write.load(10, value)
        else:
            write.compute(10, value, 13)

    def look() -> None:
        what = rng.randrange(5)
        if what == 0:
            write.observe(20, 10, 22)
        elif what == 1:
            write.load(23, rng.choice(choices))
            write.op("EQ", 22, 10, 23)
            write.either(22, lambda: write.op("ADD", 21, 21, ONE))
        elif what == 2:
            write.op("CHECK_TYPE", 22, 10, rng.choice((0, 1, 2, 3, 4, 7)))
            write.either(22, lambda: write.op("ADD", 21, 21, ONE))
        elif what == 3:
            write.either(10, lambda: write.op("ADD", 21, 21, ONE))
        else:
            write.op("MOVE", 11, 10)
            write.op("EQ", 22, 11, 12)
            write.op("MOVE", 12, 11)
            write.either(22, lambda: write.op("ADD", 21, 21, ONE))

    def body() -> None:
        if rng.random() < 0.5:
            look()
        step = rng.choice((2, 2, 3, 5))
        write.each(step, lambda: put(choices[0]), lambda: put(choices[1]))
        for value in choices[2:]:
            write.each(rng.choice((3, 7, length // 2 + 1)), partial(put, value))
        look()

    write.load(12, None)
    write.loop(length, body)
    write.show(10, 20, 21)


@family
def float_arithmetic(write: Writer, length: int) -> None:
    """Floats that are computed, with constants on either side and an int now and then."""
    rng = write.rng
    write.load(10, rng.choice(FLOATS))
    write.load(11, rng.choice((0.5, 1.0, -1.0, 0.1, 3)))
    write.load(13, 0)

    def body() -> None:
        for _ in range(rng.randint(1, 3)):
            operation = rng.choice(("ADD", "SUB", "MUL", "DIV", "MOD", "NEG", "LT", "EQ", "LTE"))
            write.load(
                12,
                rng.choice(
                    (0.5, 1.0, -1.0, 2.0, 3.0, 0.1, 1, 2, -1, 0.0, -0.0, 4.0, rng.choice(FLOATS))
                ),
            )
            left, right = (10, 12) if rng.random() < 0.6 else (12, 10)
            if operation == "NEG":
                write.op("NEG", 10, 10)
            elif operation in ("LT", "EQ", "LTE"):
                write.op(operation, 15, left, right)
                write.either(15, lambda: write.op("ADD", 13, 13, ONE))
            else:
                if operation in ("DIV", "MOD"):
                    left, right = 10, 12
                    write.load(
                        12,
                        rng.choice(
                            (
                                0.5,
                                1.0,
                                -1.0,
                                2.0,
                                3,
                                0.1,
                                1,
                                2,
                                -4.0,
                                8.0,
                                1e300,
                                5e-324,
                                float("inf"),
                            )
                        ),
                    )
                write.op(operation, 10, left, right)
        if rng.random() < 0.4:
            write.each(rng.choice((2, 5, 11)), lambda: write.load(10, rng.choice(FLOATS)))
        if rng.random() < 0.5:
            write.op("DEBUG_PRINT", 10)

    write.loop(length, body)
    write.show(10, 13)


@family
def casts(write: Writer, length: int) -> None:
    """Casts between kinds, near the ends of what fits."""
    rng = write.rng
    write.load(10, rng.choice((2.0**62, 2.0**63, -(2.0**63), 0.0, -0.0, 1.0, 2.0**53)))
    write.load(20, "")
    write.load(13, 0)

    def body() -> None:
        for _ in range(rng.randint(1, 2)):
            write.load(11, rng.choice((0.0, -0.0, 1.0, -1.0, 2.0**52, 2.0**62, 1, 0, True, False)))
            write.op("CAST", 12, 11, rng.choice((1, 2, 3, 4)) if rng.random() < 0.7 else 4)
            write.observe(20, 12, 14)
        write.op("CAST", 15, COUNTER, rng.choice((1, 3, 4)))
        write.observe(20, 15, 14)
        if rng.random() < 0.5:
            write.op("CAST", 16, 10, 2)
            write.op("EQ", 17, 16, 10)
            write.either(17, lambda: write.op("ADD", 13, 13, ONE))
        if rng.random() < 0.3:
            late = rng.randrange(length)
            write.once(late, lambda: write.load(10, rng.choice((*FLOATS, 7, True, "7", None))))

    write.loop(length, body)
    write.show(10, 13, 20)
    write.op("MOVE", TEST, 13)


@family
def numbers_in_globals(write: Writer, length: int) -> None:
    """Loops that keep all their numbers in global variables, which functions change too; now and
    then one holds another kind of value.
    """
    rng = write.rng
    names = [f"v{number}" for number in range(rng.choice((2, 3, 3, 5, 8)))]
    kinds = ["int", "int", "float", "mixed"]
    kind = rng.choice(kinds)
    for name in names:
        write.load(10, write.value(rng.choice(kinds[:3]) if kind == "mixed" else kind))
        write.op("STORE_GLOBAL", 10, name)
    write.load(20, "")
    write.load(30, 1000003)
    calls = rng.random() < 0.4

    def step() -> None:
        """Changes one variable by what others hold, and looks at one."""
        write.op("LOAD_GLOBAL", 10, rng.choice(names))
        write.op("LOAD_GLOBAL", 11, rng.choice(names))
        if rng.random() < 0.3:
            write.op("STORE_GLOBAL", 11, rng.choice(names))
        write.op(rng.choice(("ADD", "SUB", "MUL")), 12, 10, 11)
        if rng.random() < 0.7:
            write.op("MOD", 12, 12, 30)
        write.op("STORE_GLOBAL", 12, rng.choice(names))
        if rng.random() < 0.5:
            write.op("LOAD_GLOBAL", 13, rng.choice(names))
            write.op("LT", 13, 13, 10)
            write.either(13, lambda: write.op("STORE_GLOBAL", COUNTER, rng.choice(names)))

    def body() -> None:
        for _ in range(rng.randint(1, 4)):
            step()
            if calls and rng.random() < 0.5:
                write.call("change", 14, (12,), 15)
        if rng.random() < 0.5:
            write.op("LOAD_GLOBAL", 16, rng.choice(names))
            write.observe(20, 16, 22)
        if rng.random() < 0.3:
            late = rng.randrange(length)
            value = write.any_value(("int", "float", "float"))
            write.once(
                late, lambda: write.load(10, value).op("STORE_GLOBAL", 10, rng.choice(names))
            )
        if rng.random() < 0.3:
            write.inner_loop(17, rng.choice((2, 5)), step)

    write.loop(length, body)
    for name in names:
        write.op("LOAD_GLOBAL", 10, name)
        write.show(10)
    write.op("RETURN", 20)
    if calls:
        write.function("change")
        write.op("LOAD_GLOBAL", 5, rng.choice(names))
        if rng.random() < 0.5:
            write.op("STORE_GLOBAL", 5, rng.choice(names))
        if rng.random() < 0.5:
            write.op("STORE_GLOBAL", 0, rng.choice(names))
        write.op("RETURN", 5)
