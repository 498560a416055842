"""Calls of built-in functions in loops: with arguments that they take, and with any others."""

from __future__ import annotations

from typing import Any

from ..writer import COUNTER, FLOATS, STRINGS, Writer
from . import latest_family

# The kinds of the parameters of each; "?" behind those that may be left out.
PARAMETERS = {
    "len": ("text|container",),
    "bytes": ("text",),
    "str": ("value",),
    "int": ("value",),
    "float": ("value",),
    "bool": ("value",),
    "type": ("value",),
    "upper": ("text",),
    "lower": ("text",),
    "trim": ("text",),
    "repeat": ("text", "small"),
    "find": ("text|list", "part", "index?"),
    "at": ("text|list", "index"),
    "slice": ("text|list", "index", "index?"),
    "replace": ("text", "text", "text"),
    "split": ("text", "text?"),
    "join": ("list", "text?"),
    "starts with": ("text", "text"),
    "ends with": ("text", "text"),
    "contains": ("text|container", "part"),
    "code": ("character",),
    "character": ("code",),
    "format": ("number", "small"),
    "abs": ("number",),
    "min": ("orderable", "orderable?", "orderable?"),
    "max": ("orderable", "orderable?", "orderable?"),
    "round": ("number", "small?"),
    "floor": ("number",),
    "ceil": ("number",),
    "sqrt": ("number",),
    "power": ("number", "small"),
    "exp": ("number",),
    "log": ("number", "number?"),
    "sin": ("number",),
    "cos": ("number",),
    "tan": ("number",),
    "atan2": ("number", "number"),
    "modulo": ("number", "number"),
    "sum": ("numbers",),
    "sort": ("orderables",),
    "reverse": ("text|list",),
    "range": ("small", "small?", "small?"),
}
TEXTS = (
    *STRINGS,
    " a b  c ",
    "a,b,,c,",
    "Straße",
    "ÉÀé à",
    "12",
    " -7 ",
    "1.5e3",
    "12x",
    "inf",
    "aXbXc",
    "aaaa",
    "ab" * 70,
    "日本語テキスト",
    "a\tb\nc",
    "9223372036854775808",
    "-9223372036854775808",
)
ARGUMENTS = (10, 11, 12)
RESULT, SEEN, SCRATCH, NAME, KEPT = 14, 20, 21, 22, 15


class _Calls:
    def __init__(self, write: Writer) -> None:
        self.write = write
        self.rng = write.rng

    def value(self, kind: str) -> Any:
        """Some value of a kind of PARAMETERS."""
        rng, write = self.rng, self.write
        if kind == "text":
            return rng.choice(TEXTS)
        if kind == "character":
            return rng.choice("aé日\U0001f600 ")
        if kind == "small":
            return rng.choice((0, 1, 2, 3, 3, 5, 8, -1, 20))
        if kind == "index":
            return rng.choice((0, 0, 1, 1, 2, 3, -1))
        if kind == "code":
            return rng.choice((65, 97, 0, 233, 0x65E5, 0x1F600, 0xD7FF, 0xD800, 0x10FFFF, -1))
        if kind == "number":
            if rng.random() < 0.5:
                return rng.choice((*FLOATS, 0.5, -0.5, 2.675, 1e15, -7.25, 123.456))
            return write.value("int")
        if kind == "numbers":
            return self.numbers()
        if kind == "orderable":
            return rng.choice((rng.randint(-3, 9), rng.choice(FLOATS[:9]), rng.choice(TEXTS[:8])))
        if kind in ("orderables", "list"):
            return self.list_of(rng.choice(("int", "int", "float", "text", "number", "any")))
        if kind == "part":
            return rng.choice((rng.choice(TEXTS[:12]), rng.randint(0, 5), rng.choice(FLOATS[:6])))
        if kind in ("text|list", "text|container"):
            if rng.random() < 0.4:
                return rng.choice(TEXTS)
            kinds = ("int", "float", "text", "any")
            return self.list_of(rng.choice(kinds)) if rng.random() < 0.7 else {"a": 1, "b": 2}
        return write.any_value() if rng.random() < 0.5 else rng.choice(TEXTS)

    def numbers(self) -> list[Any]:
        rng = self.rng
        kind = rng.choice(("int", "int", "float", "mixed"))
        size = rng.choice((0, 1, 3, 5, 20))
        if kind == "int":
            return [rng.randint(-9, 99) for _ in range(size)]
        if kind == "float":
            return [rng.choice(FLOATS[:9]) for _ in range(size)]
        return [rng.choice((rng.randint(-9, 9), rng.choice(FLOATS))) for _ in range(size)]

    def list_of(self, kind: str) -> list[Any]:
        rng = self.rng
        size = rng.choice((0, 1, 2, 5, 5, 14, 30))
        choices: dict[str, Any] = {
            "int": lambda: rng.randint(-5, 9),
            "float": lambda: rng.choice(FLOATS),
            "text": lambda: rng.choice(TEXTS),
            "number": lambda: rng.choice((rng.randint(-5, 5), rng.choice(FLOATS[:8]))),
            "any": self.write.any_value,
        }
        return [choices[kind]() for _ in range(size)]

    def argument(self, register: int, kind: str) -> int:
        """A register with an argument: of the kind, now and then any other."""
        rng, write = self.rng, self.write
        way = rng.random()
        if way < 0.006:
            write.load(register, write.any_value())
        elif way < 0.01:
            write.set_of(register, [write.scalar() for _ in range(3)], SCRATCH)
        elif way < 0.02 and kind in ("value", "text"):
            write.load(register, write.scalar())
        elif kind in ("small", "number", "value") and way < 0.35:
            write.load(register, rng.choice((7, 5, 12)))
            write.op("MOD", register, COUNTER, register)
        elif kind == "number" and way < 0.6:
            write.op("CAST", register, COUNTER, 3)
            write.load(SCRATCH, rng.choice((0.5, -0.25, 3.0, 1e-3, 1e17)))
            write.op("MUL", register, register, SCRATCH)
        elif kind in ("numbers", "orderables", "list", "text|list") and way < 0.3:
            self.grown(register)
        elif way < 0.1:
            return KEPT
        else:
            write.load(register, self.value(kind))
        return register

    def grown(self, register: int) -> None:
        """A list that was made by pushes."""
        write, rng = self.write, self.rng
        write.load(register, [])
        for _ in range(rng.randint(0, 4)):
            if rng.random() < 0.6:
                write.op("CAST", SCRATCH, COUNTER, rng.choice((2, 2, 3)))
            else:
                write.load(SCRATCH, rng.choice((rng.randint(0, 5), rng.choice(FLOATS[:8]), "a")))
            write.op("ARRAY_PUSH", register, SCRATCH)

    def call(self) -> None:
        write, rng = self.write, self.rng
        name = rng.choice(tuple(PARAMETERS))
        kinds = [kind for kind in PARAMETERS[name] if kind[-1] != "?" or rng.random() < 0.6]
        if rng.random() < 0.003:
            kinds = [*kinds, "value"] if rng.random() < 0.5 else kinds[:-1]
        arguments = tuple(
            self.argument(register, kind.rstrip("?"))
            for register, kind in zip((*ARGUMENTS, 13), kinds)
        )
        way = rng.random()
        target = rng.choice((RESULT, RESULT, KEPT, *arguments[:1]))
        if way < 0.8:
            write.load(NAME, name)
        else:
            write.load(NAME, [name])
            write.load(SCRATCH, 0)
            write.op("ARRAY_GET", NAME, NAME, SCRATCH)
            if way < 0.9:
                write.op("CAST", NAME, NAME, 5)
        write.op("CALL", NAME, target, arguments)
        if rng.random() < 0.7:
            write.observe(SEEN, target, SCRATCH)
        if rng.random() < 0.1:
            write.op("DEBUG_PRINT", target)
        if rng.random() < 0.2 and arguments:
            write.observe(SEEN, rng.choice(arguments), SCRATCH)


@latest_family
def built_in_calls(write: Writer, length: int) -> None:
    """Calls of built-in functions whose arguments fit, nearly always."""
    calls = _Calls(write)
    write.load(SEEN, "")
    write.load(KEPT, calls.value(write.rng.choice(("text", "numbers", "number"))))
    write.load(RESULT, None)
    count = write.rng.choice((1, 2, 4))

    def body() -> None:
        for _ in range(count):
            calls.call()
        if write.rng.random() < 0.5:
            write.load(KEPT, calls.value(write.rng.choice(("text", "numbers", "number", "value"))))

    write.loop(length, body)
    write.show(RESULT, KEPT, SEEN)
    write.op("RETURN", RESULT)


@latest_family
def characters(write: Writer, length: int) -> None:
    """Loops over the characters of a text, of one byte each or more, and parts of it."""
    rng = write.rng
    text, index, char, size, other = 10, 11, 12, 13, 16
    write.load(text, rng.choice(("abc", "aébc", "日本語", "x", "a\U0001f600b" * 3, "ab cd " * 30)))
    write.load(other, rng.choice(("b", "é", "日", "cd", "")))
    write.load(SEEN, "")
    grows = rng.random() < 0.5

    def body() -> None:
        if grows:
            write.load(char, rng.choice(("z", "é", "日")))
            write.op(rng.choice(("ADD", "CONCAT_STR")), text, text, char)
        write.call("len", size, (text,), NAME)
        write.op("MOD", index, COUNTER, size)
        for _ in range(rng.randint(1, 3)):
            what = rng.randrange(6)
            if what == 0:
                write.call("at", char, (text, index), NAME)
                write.op("EQ", RESULT, char, other)
                write.either(RESULT, lambda: write.op("DEBUG_PRINT", char))
            elif what == 1:
                write.call("slice", char, (text, index), NAME)
            elif what == 2:
                write.call("slice", char, (text, index, size), NAME)
            elif what == 3:
                write.call("find", char, (text, other, index), NAME)
            elif what == 4:
                write.call("split", char, (text, other) if rng.random() < 0.2 else (text,), NAME)
            else:
                write.call("at", char, (text, index), NAME)
                write.call("code", char, (char,), NAME)
            write.observe(SEEN, char, SCRATCH)
        if grows:
            write.load(char, 300)
            write.op("GT", RESULT, size, char)
            write.either(RESULT, lambda: write.load(text, "é"))

    write.loop(length, body)
    write.show(text, char, SEEN)
