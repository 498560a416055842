"""The shapes of loops: states, loops in loops, jumps into every head, PHIs, comparisons that are
jumped on.
"""

from __future__ import annotations

from ..writer import COUNTER, FLOATS, LENGTH, ONE, SMALL_KINDS, TEST, Writer
from . import family


@family
def states(write: Writer, length: int) -> None:
    """A machine that keeps its state in a register, a constant in each of its branches: loops that
    are traced again.
    """
    rng = write.rng
    count = rng.randint(2, 6)
    kind = rng.choice(("int", "int", "float", "string", "mixed"))
    names: list[object] = []
    while len(names) < count:
        value = write.value(
            rng.choice(("int", "float", "string", "bool")) if kind == "mixed" else kind
        )
        if value == value and not any(value == other for other in names):
            names.append(value)
        elif kind in ("float", "string") and len(names) >= 2:
            break
    write.load(10, names[0])
    write.load(13, 0)
    write.load(14, 1000003)
    write.load(20, "")
    write.load(16, rng.choice((0, 0.0, 1)))

    def body() -> None:
        done = write.label()
        for name in names:
            other = write.label()
            write.load(11, name)
            write.op("EQ", 12, 10, 11)
            write.op("JUMP_IF_NOT", 12, other)
            write.load(15, rng.randint(1, 9))
            write.op(rng.choice(("ADD", "MUL", "SUB")), 13, 13, 15)
            write.op("MOD", 13, 13, 14)
            if rng.random() < 0.4:
                write.load(16, write.any_value(("int", "float")))
            if rng.random() < 0.3:
                write.observe(20, 16, 22)
            if rng.random() < 0.7:
                write.load(10, rng.choice(names))
            else:
                write.each(
                    rng.choice((2, 3, 5)),
                    lambda: write.load(10, rng.choice(names)),
                    lambda: write.load(10, rng.choice(names)),
                )
            write.op("JUMP", done)
            write.mark(other)
        write.load(10, names[0])
        write.mark(done)

    write.loop(length, body)
    write.show(10, 13, 16, 20)


@family
def loops_in_loops(write: Writer, length: int) -> None:
    """Nested loops of a few iterations, with values that go in and come out of each."""
    rng = write.rng
    inner = rng.choice((1, 2, 3, 5, 10))
    outer = max(2, length // inner)
    write.load(10, write.any_value(("int", "float")))
    write.load(11, 0)
    write.load(12, rng.choice(([0, 0, 0], [0.5, 0.0, 1.0], [None, 1, "x"])))
    write.load(20, "")

    def work() -> None:
        what = rng.randrange(5)
        if what == 0:
            write.op("ADD", 11, 11, ONE)
        elif what == 1:
            write.load(15, rng.randrange(3))
            write.op("ARRAY_SET", 12, 15, rng.choice((11, 40, COUNTER)))
        elif what == 2:
            write.observe(20, rng.choice((10, 11, 40, 42)), 22)
        elif what == 3:
            write.each(rng.choice((2, 3)), lambda: write.load(10, write.any_value(SMALL_KINDS)))
        else:
            write.load(15, rng.randrange(3))
            write.op("ARRAY_GET", 10, 12, 15)

    def innermost() -> None:
        for _ in range(rng.randint(1, 2)):
            work()

    def body() -> None:
        if rng.random() < 0.6:
            work()
        if rng.random() < 0.3:
            write.inner_loop(40, 2, lambda: write.inner_loop(42, inner, innermost))
        else:
            write.inner_loop(40, inner, innermost)
        if rng.random() < 0.4:
            write.inner_loop(42, rng.randint(1, 4), innermost)
        if rng.random() < 0.6:
            work()

    write.load(40, None)
    write.load(42, None)
    write.loop(outer, body)
    write.show(10, 11, 12, 20)


@family
def many_heads(write: Writer, length: int) -> None:
    """Several loop heads, and branches that come to each of them with values of their own."""
    rng = write.rng
    count = rng.randint(2, 4)
    heads = [write.label() for _ in range(count)]
    write.load(COUNTER, 0)
    write.load(LENGTH, length)
    write.load(ONE, 1)
    write.load(10, rng.choice((1.5, 1, "x", None)))
    write.load(11, [1.0, 2.0, 3.0] if rng.random() < 0.5 else [1, 2, 3])
    write.load(12, 0)
    write.load(13, 0.0)
    write.load(20, "")
    out = write.label()
    for number, head in enumerate(heads):
        write.mark(head)
        write.op("ADD", COUNTER, COUNTER, ONE)
        write.op("GTE", TEST, COUNTER, LENGTH)
        write.op("JUMP_IF", TEST, out)
        for _ in range(rng.randint(1, 3)):
            what = rng.randrange(6)
            if what == 0:
                write.load(10, write.any_value())
            elif what == 1:
                write.load(14, rng.randrange(3))
                write.op("ARRAY_GET", 10, 11, 14)
            elif what == 2:
                write.load(14, rng.randrange(3))
                write.op("ARRAY_SET", 11, 14, rng.choice((10, COUNTER, 13)))
            elif what == 3:
                write.observe(20, 10, 22)
            elif what == 4:
                write.load(13, rng.choice(FLOATS))
            else:
                write.op("ADD", 12, 12, ONE)
        for _ in range(rng.randint(1, 2)):
            write.load(TEST, rng.choice((2, 3, 5, 7)))
            write.op("MOD", TEST, COUNTER, TEST)
            write.op(rng.choice(("JUMP_IF", "JUMP_IF_NOT")), TEST, rng.choice(heads))
        if number == count - 1 or rng.random() < 0.3:
            write.op("JUMP", rng.choice(heads))
    write.mark(out)
    write.show(10, 11, 12, 13, 20)


@family
def comparisons(write: Writer, length: int) -> None:
    """Comparisons of ints, floats, NaN and strings that are jumped on, kept, or both."""
    rng = write.rng
    kinds = rng.choice((("int",), ("float",), ("float",), ("int", "float"), ("string",)))
    for register in (10, 11):
        write.load(register, write.any_value(kinds))
    write.load(13, 0)
    write.load(20, "")

    def body() -> None:
        for _ in range(rng.randint(1, 4)):
            register = rng.choice((10, 11))
            if rng.random() < 0.4:
                write.load(register, write.any_value(kinds))
            elif rng.random() < 0.3 and kinds != ("string",):
                write.op("MOVE", register, COUNTER)
            if rng.random() < 0.3 and "float" in kinds:
                write.op("CAST", register, register, 3)
            write.op(
                rng.choice(("LT", "GT", "LTE", "GTE", "EQ", "NEQ")),
                12,
                *rng.choice(((10, 11), (11, 10), (register, register))),
            )
            kept = rng.random() < 0.4
            write.either(
                12,
                lambda: write.op("ADD", 13, 13, ONE),
                (lambda: write.op("SUB", 13, 13, ONE)) if rng.random() < 0.3 else None,
            )
            if kept:
                write.observe(20, 12, 22)
        if rng.random() < 0.3:
            write.each(rng.choice((2, 3, 5)), lambda: write.load(10, write.any_value(kinds)))
        if rng.random() < 0.2:
            write.once(rng.randrange(length), lambda: write.load(11, write.any_value()))

    write.loop(length, body)
    write.show(10, 11, 13, 20)


@family
def phis(write: Writer, length: int) -> None:
    """PHIs behind branches in a loop, with labels that were jumped from and labels that were
    not.
    """
    rng = write.rng
    write.load(10, write.any_value())
    write.load(11, write.any_value())
    write.load(12, None)
    write.load(20, "")
    state = {"index": 0}

    def here() -> int:
        """The index that the next instruction has."""
        return sum(hasattr(item, "operands") for item in write.items)

    def body() -> None:
        state["index"] = here()
        write.load(13, rng.choice((2, 3)))
        write.op("MOD", 13, COUNTER, 13)
        merge = write.label()
        first = here()
        write.op("JUMP_IF", 13, merge)
        if rng.random() < 0.7:
            write.load(11, write.any_value(SMALL_KINDS))
        second = here()
        write.op("JUMP", merge) if rng.random() < 0.7 else write.op("NOP")
        write.mark(merge)
        labels = [
            rng.choice((first, first, second, second, rng.randrange(60)))
            for _ in range(rng.randint(1, 4))
        ]
        write.op("PHI", 12, tuple((rng.choice((10, 11, 12, COUNTER)), label) for label in labels))
        write.observe(20, 12, 22)

    write.loop(length, body)
    write.show(10, 11, 12, 20)


@family
def tags(write: Writer, length: int) -> None:
    """DEFINEs and what takes a tag away again, in a loop."""
    rng = write.rng
    write.load(10, write.any_value())
    write.load(70, write.any_value())
    write.load(13, 0)
    write.load(34, "f")

    def step() -> None:
        register = rng.choice((10, 70))
        write.op("DEFINE", register, rng.choice((0, 2, 4, 7, 99)))
        what = rng.randrange(8)
        if what == 0:
            write.op("MOVE", register, register)
        elif what in (1, 4, 5):
            write.op("CALL", 34, rng.choice((10, 15, 15, 70)), (rng.choice((10, 70)),))
        elif what == 2:
            write.each(2, lambda: write.load(register, write.any_value()))
        elif what == 3:
            write.op("MOVE", 10, register)
        write.op("CHECK_TYPE", 12, register, rng.choice((0, 2, 4, 7, 8)))
        write.either(12, lambda: write.op("ADD", 13, 13, ONE))

    def body() -> None:
        for _ in range(rng.randint(1, 4)):
            step()

    write.loop(length, body)
    write.op("CHECK_TYPE", 14, 70, 7)
    write.show(10, 70, 13, 14)
    write.op("RETURN", 13)
    write.function("f")
    write.op("CHECK_TYPE", 5, rng.choice((0, 10, 70)), rng.choice((0, 2, 7)))
    write.op("RETURN", *((5,) if rng.random() < 0.7 else ()))


@family
def ranges(write: Writer, length: int) -> None:
    """Assertions in a loop, which fail late or not at all; scopes and breakpoints between them."""
    rng = write.rng
    write.load(10, rng.choice((0, write.edge())))
    write.load(11, rng.choice((1, 1, 2, -1)))
    low = rng.choice((-(2**63), 0, -length, write.edge()))
    high = rng.choice((2**63 - 1, length, length // 2, write.edge()))

    def body() -> None:
        kind = rng.randrange(3)
        write.op(
            "ASSERT",
            rng.choice((10, ONE, LENGTH)),
            kind,
            rng.choice(("m", "é", "")),
            *(((low, high),) if kind == 2 else ()),
        )
        write.op(rng.choice(("NOP", "BREAKPOINT")))
        write.op("SCOPE_ENTER", rng.randrange(3))
        write.op("ADD", 10, 10, 11)
        write.op("SCOPE_EXIT", rng.randrange(3))
        if rng.random() < 0.2:
            write.once(
                rng.randrange(length),
                lambda: write.load(10, write.any_value(("int", "float", "empty"))),
            )

    write.loop(length, body)
    write.show(10)
