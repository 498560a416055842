"""The lines of both programs, and the definitions of variables."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager

from .conditions import Conditions
from .values import (
    ATOM,
    DECLARED,
    FLOAT,
    KEYS,
    NAMED,
    NUMBERS,
    OR,
    SET,
    TABLE,
    TEXT,
    TEXTS,
    WHOLE,
    YES_NO,
    Value,
)

# Texts and names, in which no line ends.
_OUTSIDE = re.compile(r"(_\"\"\".*?\"\"\"_|_\".*?\"_|\".*?\"|_'.*?'_|`[^`]*`(?:'s)?|# a comment)")
_GOES_ON = re.compile(
    r" (?=(?:plus|minus|times|divided|modulo|equals|and|or|joined|of|else|otherwise|to|in|from|with)\b)"
)
_NAMES = (
    *("total", "x", "result", "it's item-2", "long name of it", "Set", "größe", "count 2"),
    *("last", "number", "text", "Name", "_private", "value", "first item", "i", "d", "end"),
)
SIMPLE = (WHOLE, FLOAT, TEXT, YES_NO)
KINDS = (*SIMPLE, WHOLE, TEXT, NUMBERS, NUMBERS, TEXTS, TABLE, NAMED, SET)


class Writer(Conditions):
    """Writes a program. lines: of the document; python: of the program in Python."""

    def __init__(self, source: random.Random) -> None:
        super().__init__(source)
        self.lines: list[str] = []
        self.python: list[str] = []
        self._depth = 0
        self._indent = 0
        self._loops = 0
        self._space = "G"
        self._hidden = 0
        self._gives = ""
        self._used: set[str] = set()

    # ____________________________________________________________ lines

    def _marks(self) -> str:
        if not self._depth:
            return ""
        return self.pick(("> " * self._depth, ">" * self._depth + " "))

    def line(self, words: str) -> None:
        """A line of the document, in the block that is open."""
        for part in self._broken(words) if self.rarely(6) else [words]:
            self.lines.append(self._marks() + part)

    def _broken(self, words: str) -> list[str]:
        """A statement over several lines, which break in front of words that go on with it."""
        if words.startswith(("- ", "_What")):
            return [words]
        parts = _OUTSIDE.split(words)
        places = [
            (index, match.start())
            for index, part in enumerate(parts)
            if index % 2 == 0
            for match in _GOES_ON.finditer(part)
        ]
        if not places:
            return [words]
        index, start = self.pick(places)
        before = "".join(parts[:index]) + parts[index][:start]
        behind = parts[index][start:] + "".join(parts[index + 1 :])
        end = "\\" if self.rarely() else ""
        return [before + end, behind.lstrip()]

    def code(self, words: str) -> None:
        """A line of the program in Python."""
        self.python.append("    " * self._indent + words)

    def end(self) -> str:
        """The end of a statement."""
        return self.pick((".", ".", ".", " .", ".  # a comment"))

    @contextmanager
    def _block(self) -> Iterator[None]:
        """A block of both programs, at whose end its variables are forgotten."""
        self._depth += 1
        self._indent += 1
        before = {kind: list(values) for kind, values in self.names.variables.items()}
        fixed = list(self.names.fixed)
        yield
        self.names.variables, self.names.fixed = before, fixed
        self._depth -= 1
        self._indent -= 1

    # ____________________________________________________________ names

    def _name(self) -> str:
        """A name that is not in use."""
        free = [name for name in _NAMES if name not in self._used]
        name = self.pick(free) if free else f"name {len(self._used)}"
        self._used.add(name)
        return name

    def _variable(self, name: str, kind: str, fixed: bool = False) -> Value:
        value = Value(f"`{name}`", ATOM, f"{self._space}[{name!r}]")
        self.names.variables.setdefault(kind, []).append(value)
        if fixed:
            self.names.fixed.append(value)
        return value

    def _target(self, *kinds: str) -> tuple[Value, str] | None:
        """A variable that may be changed."""
        found = [
            (value, kind)
            for kind in kinds
            for value in self.names.variables.get(kind, [])
            if value not in self.names.fixed
        ]
        return self.pick(found) if found else None

    # ____________________________________________________________ definitions

    def define(self, kind: str) -> None:
        """A variable, with a value."""
        name = self._name()
        declared = self.pick(DECLARED[kind])
        as_ = self.pick(("as", "as", "**as**", "AS"))
        if kind == SET:
            self.line(f"Define `{name}` {as_} {declared}{self.end()}")
            self.code(f"{self._space}[{name!r}] = []")
            target = self._variable(name, kind)
            for _ in range(self.random.randrange(4)):
                self.add_member(target)
            return
        if kind == NAMED:
            self.line(f"Define `{name}` {as_} {declared}{self.end()}")
            self._entries(Value(f"`{name}`", ATOM, f"{self._space}[{name!r}]"))
            self._variable(name, kind)
            return
        value = self.value(kind, 2)
        python = f"{self._space}[{name!r}] = copied({value.python})"
        if kind in SIMPLE and self.rarely():
            constant = self.literal(kind)
            if self.rarely(3):
                self.line(f"Define `{name}` {as_} {declared}.")
                self.line(f"_What it is for_ (default: {constant.words}){self.end()}")
            else:
                self.line(
                    f"Define `{name}` {as_} {declared} (default: {constant.words}){self.end()}"
                )
            python = f"{self._space}[{name!r}] = {constant.python}"
        elif self.rarely():
            self.line(f"Set `{name}` as {declared} to {value.words}{self.end()}")
        else:
            self.line(f"Define `{name}` {as_} {declared}{self.end()}")
            self._set_words(f"`{name}`", kind, value)
        self.code(python)
        self._variable(name, kind)

    def add_member(self, target: Value) -> None:
        """An Add to a set."""
        value = self.value(WHOLE, 1)
        self.line(f"Add {value.at(OR)} to {target.words}{self.end()}")
        self.code(f"join({target.python}, {value.python})")

    def _set_words(self, target: str, kind: str, value: Value) -> None:
        """A Set; of a list now and then with its items below each other."""
        is_written_out = kind in (NUMBERS, TEXTS) and value.words.startswith("[")
        if is_written_out and value.level == ATOM and self.rarely(2) and self._items(target, value):
            return
        to = self.pick(("to", "to", "**to**", "to be"))
        self.line(f"{self.pick(('Set', 'set', 'Set the'))} {target} {to} {value.words}{self.end()}")

    def _items(self, target: str, value: Value) -> bool:
        inner = value.words[1:-1]
        if any(sign in inner for sign in "[(\"'`") or not inner:
            return False
        items = inner.split(", ")
        numbered = self.rarely(2)
        at_margin = self.rarely(2)
        self.line(f"Set {target} to:")
        if self.rarely(3) and not self._depth:
            self.lines.append("")
        for number, item in enumerate(items, 1):
            marker = f"{number}." if numbered else "-"
            line = f"{marker} {item}{self.pick(('.', ''))}"
            if at_margin:
                self.lines.append(line)
            else:
                self.line(line)
        self.lines.append("")
        return True

    def _entries(self, target: Value) -> None:
        keys = [key for key in KEYS if self.rarely(2)]
        if not keys:
            self.line(f"Set {target.words} to blank{self.end()}")
            self.code(f"{target.python} = {{}}")
            return
        self.line(f"Set {target.words} to:")
        values = [self.value(WHOLE, 1) for _ in keys]
        for key, value in zip(keys, values):
            words = self.pick((f'"{key}"', f'_"{key}"_', key))
            self.line(f"- {words}: {value.words}{self.pick(('.', ''))}")
        self.lines.append("")
        entries = ", ".join(f"{key!r}: {value.python}" for key, value in zip(keys, values))
        self.code(f"{target.python} = {{{entries}}}")
