"""Strings: joined, compared, measured, used as keys; and the text forms of everything."""

from __future__ import annotations

from functools import partial

from ..writer import COUNTER, KINDS, ONE, STRINGS, TEST, Writer
from . import family


@family
def strings(write: Writer, length: int) -> None:
    """Strings that grow in a loop on either side, are compared and measured on the way, and
    begin anew.
    """
    rng = write.rng
    for register in (10, 11, 12):
        write.load(register, rng.choice(STRINGS))
    write.load(13, 0)
    write.load(15, rng.choice((3, 20, 300, 5000)))
    write.op("DICT_NEW", 16)

    def body() -> None:
        for _ in range(rng.randint(1, 4)):
            what = rng.randrange(7)
            target = rng.choice((10, 11))
            if what == 0:
                write.load(14, rng.choice(STRINGS))
                write.op("ADD", target, target, 14)
            elif what == 1:
                write.load(14, rng.choice(STRINGS))
                write.op("ADD", target, 14, target)
            elif what == 2:
                write.op("CONCAT_STR", target, target, rng.choice((COUNTER, 13)))
            elif what == 3:
                write.op(
                    rng.choice(("EQ", "LT", "LTE", "GT", "NEQ")),
                    17,
                    *rng.choice(((10, 11), (11, 10), (10, 12), (12, 12))),
                )
                write.either(17, lambda: write.op("ADD", 13, 13, ONE))
            elif what == 4:
                write.op("MOVE", 12, target)
            elif what == 5:
                write.op("CAST", 14, COUNTER, 4)
                write.op("EQ", 17, 14, target)
                write.op("ADD", target, target, 14)
            else:
                write.load(14, rng.choice(("a", "b")))
                write.op("DICT_SET", 16, rng.choice((14, 12)), COUNTER)
        for register in (10, 11):
            write.op("STR_LEN", TEST, register)
            write.op("GT", TEST, TEST, 15)
            write.either(TEST, partial(write.load, register, rng.choice(STRINGS)))
        write.op("DICT_LEN", TEST, 16)
        write.op("GT", TEST, TEST, 15)
        write.either(TEST, lambda: write.op("DICT_NEW", 16))

    write.loop(length, body)
    write.show(10, 11, 12, 13)
    write.op("DICT_LEN", 17, 16)
    write.show(17)


@family
def text_forms(write: Writer, length: int) -> None:
    """The texts of all kinds of values, made in a loop: printed, cast, joined, nested."""
    rng = write.rng
    values = [write.any_value(KINDS) for _ in range(rng.randint(2, 4))]
    write.load(20, "")
    write.load(11, values[0])

    def body() -> None:
        for value in values:
            write.load(10, value)
            what = rng.randrange(4)
            if what == 0:
                write.observe(20, 10, 22)
            elif what == 1:
                write.op("DEBUG_PRINT", 10)
            elif what == 2:
                write.load(12, [None, value if not isinstance(value, (list, dict)) else 1])
                write.load(13, 0)
                write.op("ARRAY_SET", 12, 13, 11)
                write.op("DEBUG_PRINT", 12)
            else:
                write.op("CAST", 14, 10, 4)
                write.op("EQ", 15, 14, 11)
                write.op("MOVE", 11, 14)
                write.observe(20, 15, 22)
        if rng.random() < 0.5:
            write.op("CAST", 16, COUNTER, 3)
            write.load(17, rng.choice((0.1, 3.0, 1e15, 1e-7, 1e300)))
            write.op("MUL", 16, 16, 17)
            write.op("DEBUG_PRINT", 16)
            write.observe(20, 16, 22)

    write.loop(min(length, 1500), body)
    write.show(11, 20)
