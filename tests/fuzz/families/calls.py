"""Calls: recursion, registers that a callee finds, arguments, errors that pass several frames."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..writer import COUNTER, KINDS, LENGTH, ONE, SMALL_KINDS, TEST, Writer
from . import family


@family
def calls_in_loops(write: Writer, length: int) -> None:
    """Functions called in a loop, by name or by number, with few or many arguments, which read what
    their caller had.
    """
    rng = write.rng
    names = [f"f{number}" for number in range(rng.randint(1, 3))]
    # A function that takes one argument does not find the counter in r1, so it only gets numbers
    # there.
    for register in (10, 11, 12):
        write.load(register, write.any_value())
    write.load(20, "")
    write.load(21, 0)
    for number, name in enumerate(names):
        write.load(34 + number, name)

    def body() -> None:
        for _ in range(rng.randint(1, 3)):
            number = rng.randrange(len(names))
            arguments = tuple(
                rng.choice((COUNTER, 10, 11, 12)) for _ in range(rng.choice((0, 1, 2, 3, 3, 5)))
            )
            write.op("CALL", 34 + number, rng.choice((10, 11, 13)), arguments)
            if rng.random() < 0.5:
                write.observe(20, rng.choice((10, 11, 13)), 22)
        if rng.random() < 0.4:
            write.each(
                rng.choice((2, 3, length // 2 + 1)),
                lambda: write.load(rng.choice((10, 11, 12)), write.any_value()),
            )
        if len(names) > 1 and rng.random() < 0.3:
            write.op("MOVE", 40, 34)
            write.op("MOVE", 34, 35)
            write.op("MOVE", 35, 40)

    write.load(13, None)
    write.loop(length, body)
    write.show(10, 11, 12, 13, 20)
    write.op("RETURN", 20)
    for number, name in enumerate(names):
        write.function(name)
        for _ in range(rng.randint(1, 3)):
            what = rng.randrange(6)
            if what == 0:
                write.op(
                    rng.choice(("EQ", "AND", "OR", "NEQ")),
                    5,
                    rng.choice((0, 10)),
                    rng.choice((1, 11, 12)),
                )
            elif what == 1:
                write.op("MOVE", 0, rng.choice((10, 11, 1)))
            elif what == 2:
                write.load(10, write.any_value())
            elif what == 3:
                after = write.label()
                write.op("JUMP_IF", rng.choice((0, 1, 10)), after)
                write.load(5, write.any_value(SMALL_KINDS))
                write.op("RETURN", rng.choice((0, 5, 11)))
                write.mark(after)
            elif what == 4 and number + 1 < len(names):
                write.op(
                    "CALL", 35 + number, 5, (rng.choice((0, 1, 10)),) if rng.random() < 0.7 else ()
                )
            else:
                write.op("CHECK_TYPE", 5, 0, rng.choice((0, 1, 2, 3, 4)))
        write.op("RETURN", *((rng.choice((0, 1, 5, 10, 11)),) if rng.random() < 0.8 else ()))


@family
def recursion(write: Writer, length: int) -> None:
    """Functions that call themselves or each other, some levels deep, called over and over."""
    rng = write.rng
    depth = rng.choice((1, 2, 5, 10, 20, 60))
    rounds = max(2, length // (depth + 1))
    mutual = rng.random() < 0.4
    twice = depth <= 5 and rng.random() < 0.5
    write.load(34, "f")
    write.load(35, "g" if mutual else "f")
    write.load(36, rng.choice((1, 1, 2)))
    write.load(20, 0)
    write.load(21, "")
    write.load(11, write.any_value(("int", "float", "string", "array")))

    def body() -> None:
        write.load(10, depth)
        write.op("CALL", 34, 12, (10, 11))
        write.observe(21, 12, 22)
        if rng.random() < 0.4:
            write.each(
                rng.choice((2, 3, rounds // 2 + 1)),
                lambda: write.load(11, write.any_value(("int", "float", "string", "array"))),
            )

    write.loop(rounds, body)
    write.show(11, 12, 20, 21)
    write.op("RETURN", 12)
    for name in ("f", "g")[: 1 + mutual]:
        write.function(name)
        go_on = write.label()
        write.load(5, 0)
        write.op("GT", 6, 0, 5)
        write.op("JUMP_IF", 6, go_on)
        if rng.random() < 0.3:
            write.load(1, write.any_value(SMALL_KINDS))
        write.op("RETURN", rng.choice((0, 1)))
        write.mark(go_on)
        own = rng.choice((7, 8, 70))
        write.op("MOVE", own, rng.choice((0, 1)))
        write.op("SUB", 0, 0, 36)
        if rng.random() < 0.4:
            write.op("CHECK_TYPE", 9, 1, 2)
            write.either(9, lambda: write.load(9, 1000).op("MOD", 1, 1, 9).op("ADD", 1, 1, 0))
        write.op("CALL", 35 if name == "f" else 34, 13, (0, 1) if rng.random() < 0.7 else (0,))
        if twice:
            write.op("CALL", 34, 14, (0, 13))
            write.op("EQ", 15, 13, 14)
        write.op("EQ", 15, own, 13)
        write.either(15, partial(write.op, "MOVE", 13, own))
        write.op("RETURN", rng.choice((13, 13, own, 1)))


@family
def errors_in_calls(write: Writer, length: int) -> None:
    """An error some calls deep, after many calls that went well."""
    rng = write.rng
    depth = rng.randint(1, 4)
    names = [f"f{number}" for number in range(depth)]
    for number, name in enumerate(names):
        write.load(34 + number, name)
    late = rng.randrange(length)
    write.load(10, rng.choice((1, 2.5, 7)))
    write.load(11, [1, 2, 3])
    write.load(12, {"a": 1})
    write.load(13, rng.choice((2, 3, 0.5)))
    write.load(14, "text")

    def spoil() -> None:
        write.load(
            rng.choice((10, 11, 12, 13, 14)), write.any_value((*KINDS, "empty", "bool", "array"))
        )
        if rng.random() < 0.4:
            write.load(13, rng.choice((0, 0.0, -0.0, -1, 2**63 - 1)))

    def body() -> None:
        write.once(late, spoil)
        if rng.random() < 0.3:
            write.op("DEBUG_PRINT", COUNTER)
        write.op("CALL", 34, 5, (10, 11, 12, 13, 14))

    write.loop(length, body)
    write.show(5, 10)
    write.op("RETURN", 5)
    for number, name in enumerate(names):
        write.function(name)
        if number + 1 < depth:
            if rng.random() < 0.3:
                write.op("MOVE", 50, 0)
            write.op("CALL", 35 + number, 6, (0, 1, 2, 3, 4))
            if rng.random() < 0.5:
                write.op("EQ", 7, 6, 0)
            write.op("RETURN", rng.choice((6, 0)))
            continue
        operations: tuple[tuple[Any, ...], ...] = (
            ("ADD", 6, 0, 3),
            ("SUB", 6, 0, 3),
            ("MUL", 6, 0, 3),
            ("DIV", 6, 0, 3),
            ("MOD", 6, 0, 3),
            ("NEG", 6, 0),
            ("LT", 6, 0, 3),
            ("ARRAY_LEN", 6, 1),
            ("ARRAY_GET", 6, 1, 51),
            ("ARRAY_SET", 1, 51, 0),
            ("DICT_GET", 6, 2, 52),
            ("DICT_LEN", 6, 2),
            ("DICT_SET", 2, 52, 0),
            ("STR_LEN", 6, 4),
            ("CAST", 6, 0, 2),
            ("CAST", 6, 3, 3),
            ("NEW_ARRAY", 6, 53),
            ("GTE", 6, 3, 0),
        )
        write.load(
            51, rng.choice((0, 2, 2, 3, -1)) if rng.random() < 0.1 else rng.choice((0, 1, 2))
        )
        write.load(52, "a")
        write.load(53, 3)
        for operation in rng.sample(operations, rng.randint(1, 3)):
            write.op(operation[0], *operation[1:])
        if rng.random() < 0.2:
            write.op("ASSERT", 0, rng.choice((0, 1)), "late")
        write.op("RETURN", rng.choice((0, 1, 6, 3)))
    write.op("MOVE", TEST, LENGTH)
    write.op("MOVE", TEST, ONE)


@family
def deep_calls(write: Writer, length: int) -> None:
    """One recursion as deep as the loop would be long, with something carried all the way down and
    back.
    """
    rng = write.rng
    depth = min(length, 900)
    write.load(34, "f")
    write.load(2, 1)
    write.load(10, depth)
    write.load(11, write.any_value(("int", "float", "string", "array", "dict")))
    write.load(20, 0)
    for _ in range(rng.randint(1, 3)):
        write.op("CALL", 34, 12, (10, 11))
        write.show(12)
    write.op("RETURN", 12)
    write.function("f")
    go_on = write.label()
    write.op("JUMP_IF", 0, go_on)
    write.op("RETURN", 1)
    write.mark(go_on)
    write.load(5, 1)
    write.op("MOVE", rng.choice((7, 77)), 0)
    write.op("SUB", 0, 0, 5)
    if rng.random() < 0.3:
        write.load(6, rng.randrange(depth))
        write.op("EQ", 6, 0, 6)
        write.either(6, lambda: write.load(1, write.any_value()))
    write.op("CALL", 34, 8, (0, 1))
    if rng.random() < 0.5:
        write.op("EQ", 9, 8, 1)
        write.either(9, lambda: write.op("MOVE", 8, 1))
    write.op("RETURN", 8)


@family
def endless_recursion(write: Writer, length: int) -> None:
    """Functions that call each other for ever, with arguments of several kinds in frames of several
    sizes, and much else to do before and after the call.
    """
    rng = write.rng
    by_number = rng.random() < 0.2
    names = [f"func_{number}" for number in range(rng.choice((1, 1, 2, 3)))]
    many = rng.choice((1, 2, 3, 4, 6, 12, 40, 200))
    arguments = tuple(range(many))
    write.load(201, 1)
    for register in arguments:
        write.load(register, write.any_value() if register < 12 else register)
    write.load(0, 0)
    if rng.random() < 0.3:
        write.op("DEBUG_PRINT", 0)
    write.load(202, 0 if by_number else names[0])
    write.op("CALL", 202, 203, arguments)
    write.op("RETURN", 203)
    for number, name in enumerate(names):
        write.function(name)
        write.load(201, 1)
        write.op("ADD", 0, 0, 201)  # which of the calls it is
        if rng.random() < 0.2:
            write.load(205, rng.choice((100, 1000)))
            write.op("MOD", 205, 0, 205)
            write.op("NOT", 205, 205)
            write.either(205, lambda: write.op("DEBUG_PRINT", 0))
        if rng.random() < 0.3:
            write.load(206, rng.randint(1, 9))
            again = write.label()
            write.mark(again)
            write.op("SUB", 206, 206, 201)
            write.op("JUMP_IF", 206, again)
        kept = rng.randint(0, min(many - 1, 12)) if many > 1 else 0
        if kept:
            what = rng.randrange(4)
            if what == 0:
                write.load(kept, write.any_value())
            elif what == 1:
                write.op("MOVE", kept, rng.randrange(many))
            elif what == 2:
                write.load(207, 2)
                write.op("NEW_ARRAY", kept, 207)
            else:
                write.op("CAST", kept, 0, rng.choice((2, 3)))
        following = rng.randrange(len(names)) if rng.random() < 0.3 else (number + 1) % len(names)
        write.load(202, following if by_number else names[following])
        given = arguments if rng.random() < 0.8 else arguments[: rng.randint(1, many)]
        write.op("CALL", 202, 203, given)
        for register in rng.sample(arguments, min(many, rng.choice((0, 1, 3, 200)))):
            write.op("EQ", 204, 203, register)  # so that it lives on
        write.op("RETURN", rng.choice((203, 204, 0)))
